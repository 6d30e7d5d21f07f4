#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What it costs a program to be run by hupstorm exec, neither stormed nor perturbed: pairs of runs, by itself and
# supervised, in turn; and what evidence of 64 threads costs, by its own count.
set -u
hupstorm=${HUPSTORM:-./hupstorm}
program=${HUPSTORM_PROGRAMS:-.}/examples/storm-setresuid
hangs=${HUPSTORM_PROGRAMS:-.}/cases/hangs
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
broadcasts=${1:-30000}

seconds() { # COMMAND...: that it takes
	began=$(date +%s%N)
	"$@" >/dev/null || exit 1
	echo $(($(date +%s%N) - began)) | awk '{ printf "%.3f", $1 / 1e9 }'
}

for round in 1 2 3 4 5 6 7 8 9 10 11; do
	alone=$(seconds "$program" "$broadcasts")
	supervised=$("$hupstorm" exec --runs 1 --store "$folder/store.db" --progress '^done' -- "$program" "$broadcasts" |
		sed -n 's/^1\/1 .* pass, \([0-9.]*\) s$/\1/p')
	echo "$alone $supervised"
done | awk -v count="$broadcasts" '{ ratio[NR] = $1 / $2; rate[NR] = count / $2; alone[NR] = count / $1 } END {
	for (i = 1; i <= NR; i++) for (k = i + 1; k <= NR; k++) if (ratio[k] < ratio[i]) { t = ratio[i]; ratio[i] = ratio[k]; ratio[k] = t }
	m = int((NR + 1) / 2)
	printf "exec         %8.0f setresuid/s supervised, beside %8.0f alone; ratio %.3f [%.3f-%.3f]\n", rate[m], alone[m], ratio[m], ratio[1], ratio[NR] }'

"$hupstorm" exec --runs 5 --store "$folder/store.db" --progress '^tick' -- "$hangs" deadlock-many >/dev/null
for cell in 1 2 3 4 5; do
	"$hupstorm" show --store "$folder/store.db" $cell | sed -n 's/^(Taken in \([0-9.]*\) ms, from 64 threads)$/\1/p'
done | sort -n | awk '{ took[NR] = $1 } END { printf "evidence     %8.1f ms from 64 threads, median of %d [%.1f-%.1f]\n", took[int((NR + 1) / 2)], NR, took[1], took[NR] }'
