#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The evidence of cells that failed: what is in it, how much is kept, and show and rerun. TAP.
set -u
source=${srcdir:-$(dirname "$0")/..}
. "$source/cases/tap.sh"
hangs=${HUPSTORM_PROGRAMS:-.}/cases/hangs

execute() { # ARGUMENT...
	run exec --store "$db" --progress '^tick' "$@"
}

show() { # ARGUMENT...
	run show --store "$db" "$@"
}

parses() { # FILE
	python3 -m json.tool "$1" >/dev/null 2>"$err"
}

has_python() { command -v python3 >/dev/null; }

# A program whose two threads wait for each other.
execute --runs 1 -- "$hangs" deadlock
check "the report says how to see why" says 'why: hupstorm show 1/1'
show 1/1
check "both functions are named" grep -qE '^ +take_second_then_first  hangs\.c:[0-9]+' "$out"
check "with file and line" grep -qE '^ +deadlock  hangs\.c:[0-9]+' "$out"
check "and the locks, by address, with who has them" \
	grep -qE '^  \* thread [0-9]+ waits for a mutex at 0x[0-9a-f]+ .*, which has thread [0-9]+$' "$out"
check "which is a cycle" says 'these wait for each other'
check "of two" [ "$(grep -c '^  \* thread' "$out")" -eq 2 ]
check "with what the locks hold" [ "$(grep -cE 'waits for a mutex at 0x[0-9a-f]+ \(0x2\), which' "$out")" -eq 2 ]
check "and what the kernel says of them" grep -qE '^ +[0-9]+ S in futex' "$out"
check "and what was written last" grep -q '^tick$' "$out"
check "and the command that runs it again" says "again: hupstorm exec --runs 1"

# Those that do not wait for each other; what is pending, and for whom.
execute --runs 1 -- "$hangs" lost-signal
show 1
check "who waits for no one is in no cycle" [ "$(grep -c '^  \*\|each other' "$out")" -eq 0 ]
check "a word that is 0 is 0" [ "$(grep -cE 'waits for a futex at 0x[0-9a-f]+ \(0\)$' "$out")" -eq 2 ]
check "what is pending for the process" says 'Threads (pending for any of them: signals 200)'
check "and for a thread, and what is blocked" [ "$(grep -cE 'S in futex +pending 800 blocked a00 ' "$out")" -eq 1 ]
check "and not for the other" [ "$(grep -cE 'S in futex +pending 0 blocked a00  ran 0.0 ms, 0 switches' "$out")" -eq 1 ]
execute --runs 1 -- "$hangs" spin
show 1
check "what has run is told" grep -qE 'R in .* ran [1-9][0-9.]* ms, ' "$out"
check "where nobody waits nothing is said of waiting" [ "$(grep -c 'Who waits' "$out")" -eq 0 ]

# One of several processes.
execute --runs 1 -- "$hangs" hung-child
show 1
check "the stacks of all processes are there" grep -qE '^ +take_second_then_first  hangs\.c' "$out"
check "that of who waits for the other too" grep -qE '^ +wait_for_hung_child  hangs\.c' "$out"
check "and the locks of the other" says 'these wait for each other'

# A cell of our own.
run run --store "$db" --case broadcast-only --subject directed --fault go-1.18 --placement unbound --slots 2
show 1
check "a cell's phase, and the state of each thread" grep -qE '^The world: broadcasting' "$out"
check "slot, park word, fixup, pending and blocked signals" \
	grep -qE '^ +[0-9]+ [a-z-]+ .* slot.* park [0-9]+ fixup [0-9]+ .* pending [0-9a-f]+ blocked [0-9a-f]+' "$out"
check "the stacks of its threads" grep -qE '^ +(park|note|thread)_[a-z_]+  [a-z]+\.c:[0-9]+' "$out"
check "what the coordinator waits for" grep -qE 'waits for the (threads that owe the broadcast|park note of thread [0-9]+)' "$out"
check "what the threads did last, a column for each" grep -qE '^ *-[0-9.]+ ms \|' "$out"
run report --store "$db" --run 5 --format json
check "and in one word, for all reports" grep -qE '"anchor":"(stop_and_run|broadcast_[a-z_]+|coordinate|world_[a-z_]+)"' "$out"
run rerun --store "$db" 5/1
check "run again it fails again" says '*1 dead'

# Those who die have stacks too.
execute --runs 1 -- "$hangs" crash
show 1
check "a program that has gone leaves what it wrote" says 'What it wrote last'
check "and no heading over nothing" [ "$(grep -c '^Who waits\|^Stacks\|^Threads\|^The world' "$out")" -eq 0 ]
execute --runs 1 -- sh -c 'printf "\033[31mtick\n\177"; exit 1'
show 1
check "what it wrote is no command to the terminal" [ "$(LC_ALL=C grep -c '[^ -~]' "$out")" -eq 0 ]
execute --runs 1 -- sh -c 'exit 1'
show 1
check "what wrote nothing is not quoted" [ "$(grep -c 'What it wrote' "$out")" -eq 0 ]
run run --store "$db" --case broadcast-only --subject cooperative --fault skips-others --placement unbound --slots 2
show 1
check "an oracle's last words are given with the stack of who said them" grep -qE '^ +oracle_broken' "$out"
run run --store "$db" --case hup-broadcast --subject directed --fault directed-stale-tid --placement unbound --slots 2 --target rotate
show 1
check "so are those of one that dies" grep -qE '^ +die  die\.c' "$out"

# For programs.
show --json 1
cp "$out" "$folder/evidence.json"
show --trace "$folder/trace.json" 1
if has_python; then
	check "the evidence parses" parses "$folder/evidence.json"
	check "so does the trace" parses "$folder/trace.json"
	python3 - "$folder/trace.json" >"$out" 2>"$err" <<'END'
import json, sys
events = json.load(open(sys.argv[1]))["traceEvents"]
assert len(events) > 10
for event in events:
    assert {"ph", "pid", "tid"} <= event.keys(), event
    assert event["ph"] == "M" or "ts" in event, event
print("names", sorted({e["args"]["name"] for e in events if e.get("name") == "thread_name"}))
END
	check "its events have what a viewer needs" grep -q "0 leader" "$out"
else
	skip "the evidence parses: python3 is not installed"
fi
execute --runs 1 -- sh -c 'printf "\"\\\\ \\001\\377\\303(\\342\\202\\254\\n"; exit 1'
show --json 1
cp "$out" "$folder/odd.json"
if has_python; then
	check "whatever a program writes" parses "$folder/odd.json"
else
	skip "whatever a program writes: python3 is not installed"
fi

# Many threads.
execute --runs 1 -- "$hangs" deadlock-many
show 1
check "all of 64 threads are there" grep -q 'from 64 threads' "$out"
check "who waits for one of a circle is not in it" \
	[ "$(grep -cE '^    thread [0-9]+ waits for a mutex .*, which has thread' "$out")" -eq 1 ]
check "and one stack is given once" [ "$(grep -cE '^  thread [0-9]+, .* and 55 more$' "$out")" -eq 1 ]
check "and no other" [ "$(grep -cE '^  thread [0-9]+$' "$out")" -eq 1 ]
check "with the first of those who have it" [ "$(grep -oE '^  thread [0-9]+, .* and 55' "$out" |
	grep -oE '[0-9]{2,}' | sort -u | wc -l)" -eq 9 ]

# No more than was allowed: the oldest go.
db=$folder/small.db
for i in 1 2 3 4 5 6 7 8; do
	run run --store "$db" --evidence 1 --case broadcast-only --subject directed --fault go-1.18 --placement unbound --slots 2 --repeat 5
done
size=$(cat "$db.evidence"/*/* | wc -c)
check "the folder is bounded ($size bytes)" [ "$size" -le 1048576 ]
check "what was dropped is written down" grep -q '^1-1 ' "$db.evidence/dropped"
show 1/1
check "and said of the cell" grep -q 'was dropped on' "$err"
show 1
check "while the newest is there" grep -q '^Stacks' "$out"
rm -f "$db" "$db"-*
run run --store "$db" --evidence 1 --case broadcast-only --subject directed --fault go-1.18 --placement unbound --slots 2
show 1
check "what a store that is no more has left is replaced" grep -q '^Stacks' "$out"
db=$folder/none.db
run run --store "$db" --evidence 0 --case broadcast-only --subject directed --fault go-1.18 --placement unbound --slots 2
check "none is kept if none is wanted" [ ! -e "$db.evidence" ]
show 1
check "and that is said" grep -q 'there is no evidence' "$err"

# Bad input.
refused "'x/1': expected the number of a cell" show --store "$db" x/1
refused "'1/99': run 1 has 1 cells" show --store "$db" 1/99
refused "$folder/nowhere.db" show --store "$folder/nowhere.db" 1
refused "expected the number of one cell" rerun --store "$db"
refused "'1/99': run 1 has 1 cells" rerun --store "$db" 1/99
refused "--repeat '0'" rerun --store "$db" --repeat 0 1
finish
