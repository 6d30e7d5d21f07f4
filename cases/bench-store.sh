#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a store of a million cells costs: to report a run of a million and a hundred nights of ten thousand, and to
# merge ten stores of a hundred thousand; each beside reading the same bytes (cksum) in the same call.
set -u
hupstorm=${HUPSTORM:-./hupstorm}
make=${HUPSTORM_PROGRAMS:-.}/cases/make-history
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

seconds() { # COMMAND...: that it takes
	began=$(date +%s%N)
	"$@" >/dev/null || exit 1
	echo $(($(date +%s%N) - began)) | awk '{ printf "%.3f", $1 / 1e9 }'
}

# NAME STORE COMMAND...: three times each, in turn; medians.
measure() {
	name=$1
	store=$2
	shift 2
	for round in 1 2 3; do
		echo "$(seconds "$@") $(seconds cksum "$store")"
	done | sort -n | sed -n 2p | awk -v name="$name" -v size="$(stat -c %s "$store")" \
		'{ printf "%-24s %6.2f s, beside %5.2f s to read its %.0f MB: ratio %.1f\n", name, $1, $2, size / 1e6, $1 / $2 }'
}

"$make" "$folder/run.db" nights=1 builders=1 cases=50 cells=2500 || exit 1
measure "report, 1 x 1000000" "$folder/run.db" "$hupstorm" report --store "$folder/run.db"
for limit in 32 64 128 200 400 800 1600; do
	if (ulimit -v $((limit * 1024)) && exec "$hupstorm" report --store "$folder/run.db") >/dev/null 2>&1; then
		echo "report, 1 x 1000000        within $limit MB of address space"
		break
	fi
done
rm "$folder/run.db"
"$make" "$folder/nights.db" nights=100 builders=1 cases=25 cells=50 || exit 1
measure "report, 100 x 10000" "$folder/nights.db" "$hupstorm" report --store "$folder/nights.db"
measure "history, 100 x 10000" "$folder/nights.db" "$hupstorm" report --store "$folder/nights.db" --history
rm "$folder/nights.db"
for part in 0 1 2 3 4 5 6 7 8 9; do
	"$make" "$folder/$part.db" seed=$part nights=10 builders=1 cases=25 cells=50 || exit 1
done
merge() { # into nothing, of all ten
	rm -f "$folder/all.db"
	"$hupstorm" merge "$folder/all.db" "$folder"/[0-9].db
}
merge >/dev/null
measure "merge, 10 x 100000" "$folder/all.db" merge
