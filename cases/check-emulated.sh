# SPDX-License-Identifier: BSD-2-Clause
# usage: check-emulated.sh [ARCH...] (ppc64le, ppc64 and aarch64 if none is named)
# The tree, made for other architectures, their instructions emulated: the unit tests (those that need no seccomp, which is
# not there), stores of one byte order read in the other, and the plan, which is the same everywhere. TAP.
. "$(dirname "$0")/tap.sh"
tree=$(cd "$(dirname "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hupstorm
failed=0
programs='classes compare history judge perturbation place runtime signals statistics store storms trace'

judge() { # DESCRIPTION COMMAND...: make has to know, too
	judged=$1
	shift
	if "$@"; then
		ok "$judged"
	else
		not_ok "$judged"
		failed=1
	fi
}

theirs() { timeout 200 "$tree/runners/builders/qemu-user" "$architecture" "$build/hupstorm" "$@"; }

passes() { # PROGRAM: what it leaves out, it tells
	timeout 300 "$tree/runners/builders/qemu-user" "$architecture" "$build/cases/test-$1" >"$out" 2>"$err" || return
	grep '^#' "$out"
	grep -q '^ok' "$out" && ! grep -q '^not' "$out"
}

same() { [ -s "$1" ] && cmp "$1" "$2" >"$err"; }

merged() { theirs merge "$folder/both-$architecture.db" "$folder/here.db" "$folder/$architecture.db" >"$out" 2>"$err"; }

storm() { # COMMAND STORE: one cell; what comes of it is not asked, for the audit finds the emulator's own threads
	timeout 100 "$@" run --no-sandbox --case hup-broadcast --subject cooperative --fault none --placement unbound \
		--slots 2 --coordinator thread --target process --cycles 20 --seed 7 --store "$folder/$architecture.db" \
		>"$out" 2>"$err"
	[ -s "$folder/$architecture.db" ]
}

# Of the whole matrix, which is in the store before its first cell has run; nobody waits for more.
plan() { # PROGRAM...
	timeout -s INT 10 "$@" run --seed 7 --budget 60s --store "$folder/plan-$architecture.db" >"$out" 2>"$err"
	[ -s "$folder/plan-$architecture.db" ]
}

# What was planned, without what came of it, when, and where.
planned() { # STORE
	"$hupstorm" export --store "$1" | grep '"type":"cell"' | sed 's/,"outcome":.*//; s/"uid":"[^"]*",//'
}

check_stores() {
	judge "$architecture: a storm" storm "$tree/runners/builders/qemu-user" "$architecture" "$build/hupstorm"
	theirs report --format json --store "$folder/$architecture.db" >"$folder/theirs" 2>"$err"
	"$hupstorm" report --format json --store "$folder/$architecture.db" >"$folder/ours" 2>"$err"
	judge "$architecture: its store says the same here" same "$folder/theirs" "$folder/ours"
	theirs report --format json --store "$folder/here.db" >"$folder/theirs" 2>"$err"
	"$hupstorm" report --format json --store "$folder/here.db" >"$folder/ours" 2>"$err"
	judge "$architecture: a store of here says the same there" same "$folder/theirs" "$folder/ours"
	judge "$architecture: they are merged there" merged
	plan "$tree/runners/builders/qemu-user" "$architecture" "$build/hupstorm"
	planned "$folder/plan-$architecture.db" >"$folder/theirs"
	planned "$folder/plan-here.db" >"$folder/ours"
	judge "$architecture: the plan is the same" same "$folder/theirs" "$folder/ours"
	judge "$architecture: ... and is one of hundreds of cells" [ "$(wc -l <"$folder/ours")" -gt 300 ]
	for topology in "$tree"/cases/topologies/*.xml; do
		theirs list placements --topology "$topology" --all >"$folder/theirs" 2>"$err"
		"$hupstorm" list placements --topology "$topology" --all >"$folder/ours" 2>"$err"
		judge "$architecture: placements of $(basename "$topology") are the same" same "$folder/theirs" "$folder/ours"
	done
}

# Schedules by chance, few enough that no other program is begun for them, but for how long they took.
schedules() { # PROGRAM...
	timeout 300 "$@" explore --store - --threads 0 --broadcasts 2 --signals 2 --schedules 30 --scheduler chance 2>"$err" |
		sed 's/, [0-9.]* s$//' >"$out"
	grep -q '^30 schedules, ' "$out"
}

# A simulated machine is the same everywhere: so is what a schedule does.
check_explorer() {
	judge "$architecture: schedules by chance" schedules "$tree/runners/builders/qemu-user" "$architecture" \
		"$build/hupstorm-explore"
	judge "$architecture: ... are the same" same "$out" "$folder/schedules-here"
	for file in "$tree"/cases/interleavings/*; do
		timeout 100 "$tree/runners/builders/qemu-user" "$architecture" "$build/hupstorm-explore" replay \
			"$(sed -n "s/^again: hupstorm replay '\(.*\)'/\1/p" "$file")" >"$folder/theirs" 2>"$err"
		grep -v '^#' "$file" >"$folder/ours"
		same "$folder/theirs" "$folder/ours" || echo "${file##*/}"
	done >"$folder/differ"
	cp "$folder/differ" "$err"
	judge "$architecture: ... and so are the interleavings on record" [ ! -s "$folder/differ" ]
}

[ $# -gt 0 ] || set -- ppc64le ppc64 aarch64
architecture=here
storm "$hupstorm"
plan "$hupstorm"
judge 'here: schedules by chance' schedules "$(dirname "$hupstorm")/hupstorm-explore"
cp "$out" "$folder/schedules-here"
for architecture in "$@"; do
	build=$cache/build-$architecture
	if ! "$tree/runners/builders/cross" "$architecture" "$build" >"$out" 2>"$err"; then
		if grep -q 'is missing' "$err"; then
			skip "$architecture: $(tail -n 1 "$err")"
		else
			failed=1
			not_ok "$architecture: it is made"
		fi
		continue
	fi
	for program in $programs; do
		judge "$architecture: test-$program" passes "$program"
	done
	check_stores
	check_explorer
done
finish
[ $failed -eq 0 ]
