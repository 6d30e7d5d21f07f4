#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The program from outside: its words, its exit statuses, and what it leaves behind however it ends. TAP.
set -u
. "${0%/*}/tap.sh"

nobody_left() {
	nobody_runs "run --store $db"
}

# Start a long run and return when its third cell has its outcome.
start_run() {
	rm -f "$folder/lines"
	mkfifo "$folder/lines"
	"$hupstorm" run --store "$db" --subject cooperative --jobs 2 >"$folder/lines" 2>"$err" &
	pid=$!
	exec 3<"$folder/lines"
	while read -r line <&3; do
		case $line in
		3/*) break ;;
		esac
	done
	cat <&3 >"$folder/rest" &
	reader=$!
	exec 3<&-
}

# Wait for that run to end, and take what it wrote for what the last command wrote.
end_run() {
	wait $pid 2>/dev/null
	status=$?
	wait $reader
	mv "$folder/rest" "$out"
}

run version
check "version" [ $status -eq 0 ]
run help
check "help" [ $status -eq 0 ]
run run --help
check "run --help" says "usage: hupstorm run"
for kind in cases subjects faults placements; do
	run list $kind
	check "list $kind" [ $status -eq 0 -a -s "$out" ]
done
run list cases
check "a case says what it guards" says "guards: go#44193"
run
check "no command: status 2" [ $status -eq 2 ]

refused "did you mean 'report'?" repot
refused "did you mean 'cases'?" list case
refused "did you mean 'hup-broadcast'?" run --case hub-broadcast
refused "did you mean 'cooperative'?" run --subject coperative
refused "did you mean 'pre-seed'?" run --fault preseed
refused "unknown fault 'sead'; did you mean 'seed'?" run --fault handler-waits,sead
refused "'park-spurious' is no fault of subject 'directed'" run --subject directed --fault seed
refused "'directed-quota' is no fault of subject 'cooperative'" run --subject cooperative --fault go-1.18
refused "is no fault of subject" run --fault park-spurious,directed-quota
refused "is no fault of subject 'directed'" run --subject cooperative --subject directed --fault park-spurious
refused "did you mean 'one-pu'?" run --placement onepu
refused "did you mean '--cycles'?" run --cycle-s 5
refused "expected a value" run --case
refused "expected a number from 1 to 256" run --slots 0
refused "expected a number from 1 to 256" run --slots 257
refused "expected a number from 1 to 256" run --slots two
refused "expected a number" run --cycles -1
refused "expected a number" run --cycles ""
refused "expected a number" run --cycles 99999999999999999999999
refused "expected a number from 1 to 512" run --workers 513
refused "expected a time like 30s" run --budget fast
refused "expected a time like 30s" run --budget 0s
refused "expected leader or thread" run --coordinator follower
refused "unknown target 'everybody'" run --target everybody
refused "unexpected argument 'please'" run please
refused "expected the name of a file" run --store ""
refused "No such file" run --store "$folder/missing/store.db" --case signal-trace
refused "not a regular file" run --store "$folder" --case signal-trace
refused "No such file" report --store "$folder/nothing.db"
refused "from 1 on" report --run 0
refused "from 1 on" report --compare none
echo "This is a text, long enough for SQLite to look at it and see that it is none of its own files." >"$folder/text"
refused "not an SQLite file" run --store "$folder/text" --case signal-trace
refused "not an SQLite file" report --store "$folder/text"
check "the text is as it was" grep -q "This is a text" "$folder/text"

small="--case signal-trace --subject cooperative --slots 2 --placement unbound"
# shellcheck disable=SC2086 # words
run run --store "$db" $small --fault none --cycles 40
check "a small run is as expected" [ $status -eq 0 ]
check "it shows the matrix" says "  cooperative              4 pass"
check "it says what green excludes" says "0 / 40 cycles, < 7.5e-02"
sed -n '/^signal-trace/,$p' "$out" >"$folder/matrix"
run report --store "$db"
sed -n '/^signal-trace/,$p' "$out" >"$folder/again"
check "report shows the same" [ $status -eq 0 ]
check "report has the matrix" grep -q "4 pass" "$folder/again"
run report --store "$db" --run 999
check "a run that is not there: status 2" [ $status -eq 2 ]

# shellcheck disable=SC2086 # words
run run --store "$db" $small --fault none --budget 8s
cycles=$(sed -n 's|.* 0 / \([0-9]*\) cycles.*|\1|p' "$out")
check "a budget is used up, beyond the case's own number of cycles" [ "${cycles:-0}" -gt 400 ]

run run --store "$db" --case hup-broadcast --fault seed --placement unbound --slots 2
check "a known-red cell is red as expected" [ $status -eq 0 ]
check "and has a reason" says "* hup-broadcast, cooperative + seed: 1"
again=$(sed -n 's/^ *again: hupstorm //p' "$out")
# shellcheck disable=SC2086 # words
run $again --store "$db"
check "the command that runs it again does" [ $status -eq 0 ]
check "and finds it red again" says "* hup-broadcast, cooperative + seed: 1"
run run --store "$db" --case broadcast-only --fault go-1.18 --placement unbound --slots 4
check "a fault is tried on the subject that it is of" [ $status -eq 0 ]
check "and on no other" says "1 cells: 1 as expected"
check "and shows as it should" says "* broadcast-only, directed + go-1.18: 1 deadlock"
run run --store "$db" --case blocked-read --fault seed --placement unbound --slots 2 --no-sandbox
check "without the sandbox it is red too" [ $status -eq 0 ]
run run --store "$db" --case hup-broadcast --fault seed --placement unbound --slots 8 --coordinator leader --cycles 1 --repeat 3
check "a known-red cell that survives: status 1" [ $status -eq 1 ]
check "and is named" says "passed, but is known to be wrong"
if "$hupstorm" list placements | grep -q "^same-core.*(no: "; then
	# shellcheck disable=SC2086 # words
	run run --store "$db" --case signal-trace --fault none --slots 1 --placement same-core
	check "a placement that is not here is skipped: status 0" [ $status -eq 0 ]
	check "with its reason" says "no core has more than one processing unit"
else
	ok "same-core is here # SKIP"
	ok "same-core is here # SKIP"
fi

for signal in INT TERM HUP; do
	start_run
	kill -$signal $pid
	end_run
	check "SIG$signal: ends by it" [ $status -gt 128 ]
	check "SIG$signal: shows the matrix so far" says "of them missing)"
	check "SIG$signal: nobody is left" nobody_left
	run report --store "$db"
	check "SIG$signal: the finished cells are kept" grep -q "[0-9] pass" "$out"
done

start_run
run report --store "$db"
check "reading it meanwhile is fine" says "of them missing)"
killed=$("$hupstorm" export --store "$db" | grep -c '"type":"run"')
# shellcheck disable=SC2086 # words
run run --store "$db" $small --fault none --cycles 4
check "and so is another run: status 0" [ $status -eq 0 ]
kill -KILL $pid
end_run
check "SIGKILL: nobody is left" nobody_left
run report --store "$db" --run "$killed"
check "SIGKILL: the store opens, the finished cells are there" says "of them missing)"
check "SIGKILL: three at least" [ "$(grep -c 'pass' "$out")" -ge 1 ]
# shellcheck disable=SC2086 # words
run run --store "$db" $small --fault none --cycles 4
check "SIGKILL: the store can be written again" [ $status -eq 0 ]

echo "1..$count"
