#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hupstorm exec, on programs that do each of the things that it tells apart. TAP.
set -u
. "${0%/*}/tap.sh"
hangs=${HUPSTORM_PROGRAMS:-.}/cases/hangs
setresuid=${HUPSTORM_PROGRAMS:-.}/examples/storm-setresuid
source=$(cd "${0%/*}/.." && pwd)

execute() { # OPTION... -- COMMAND...
	run exec --store "$db" --timeout 60s "$@"
}

# It is called by its name, once, in all of its runs.
called() { # VERDICT WORDS OPTION... -- COMMAND...
	verdict=$1
	words=$2
	shift 2
	execute --runs 1 "$@"
	if grep -q "^1/1 .*: $verdict, .*$words" "$out"; then
		ok "$verdict: $*"
	else
		not_ok "$verdict: $*"
	fi
}

# A program that shows by lines how far it is.
called pass '' --progress '^tick' -- "$hangs" pass
called deadlock '2 in futex; it said last: tick' --progress '^tick' -- "$hangs" deadlock
called livelock 'no progress' --progress '^tick' -- "$hangs" livelock
called livelock 'no progress' --progress '^tick' -- "$hangs" spin
called lost-signal 'pending and blocked' --progress '^tick' -- "$hangs" lost-signal
called deadlock '1 in wait4, 2 in futex' --progress '^tick' -- "$hangs" hung-child
called slow 'it gets on' --progress '^tick' --timeout 2s -- "$hangs" slow
called invalid 'stopped by a signal' --progress '^tick' --timeout 3s -- "$hangs" stopped
called crash 'SIGABRT' -- "$hangs" crash
called oracle 'exit status 3; it said last: it does not add up' -- "$hangs" fail
called oracle 'exit status 1' -- "$hangs" signal-parent

# By bytes on a descriptor.
called deadlock 'everybody sleeps' --progress fd:5 -- sh -c "echo x >&5; exec '$hangs' deadlock"
called pass '' --progress fd:5 -- sh -c 'echo x >&5'

# By processor time: what sleeps with a timeout, or may be woken from outside, is not hung.
called deadlock 'everybody sleeps' -- "$hangs" deadlock
called deadlock 'everybody sleeps' -- "$hangs" hung-child
called slow 'clock_nanosleep' --timeout 2s -- "$hangs" doze
called slow 'a socket may wake it' --timeout 2s -- "$hangs" serve
called slow "a timer's signal may wake it" --timeout 2s -- "$hangs" alarm
called slow 'not done' --timeout 2s -- "$hangs" busy-child

# Under a storm: what waits for the signals gets on, what only handles them does not.
called slow 'it gets on' --storm HUP:500 --progress '^tick' --timeout 4s -- "$hangs" follow-signals
called deadlock 'everybody sleeps' --storm HUP:500 --progress '^tick' -- "$hangs" ignore-signals
called invalid 'SIGUSR2 was never sent' --storm USR2:100 -- "$hangs" pass

# Held off the processors by others, with a priority that needs a privilege.
if chrt -r 1 true 2>/dev/null; then
	hogs=
	for pu in $(seq 0 $(($(nproc --all) - 1))); do
		taskset -c "$pu" chrt -r 1 "$hangs" spin >/dev/null 2>&1 &
		hogs="$hogs $!"
	done
	called starved 'could run and was not let' --placement one-pu --timeout 3s --progress '^tick' -- "$hangs" work
	kill $hogs
	wait $hogs 2>/dev/null
else
	skip 'starved: real-time priorities are not permitted here'
fi

# How often, and until when.
execute --runs 3 --jobs 2 -- "$hangs" pass 10
check 'as many runs as were asked for' says '3 cells: 3 as expected'
check 'and all passed' [ $status -eq 0 ]
execute --runs 5 --failfast -- "$hangs" fail 1
check 'the first failure ends it' says '4 of them missing'
check 'and tells by its status' [ $status -eq 1 ]
execute --budget 1s -- "$hangs" pass 10
check 'runs until the time is up' [ $status -eq 0 ]
check 'more than one' says 'cells: '

# What is left behind: nothing.
execute --runs 1 -- "$hangs" leave-child
check 'a child that was left is killed' nobody_runs "$hangs leave-child"
for signal in INT TERM KILL; do
	"$hupstorm" exec --store "$db" --runs 1 --storm HUP:100 -- sh -c "'$hangs' doze & exec '$hangs' doze" >"$out" 2>"$err" &
	await_program "$hangs doze"
	kill -$signal $!
	wait $! 2>/dev/null
	check "nobody survives SIG$signal" nobody_runs "$hangs doze"
done

# The C library's own mechanism, and Go's.
execute --runs 2 --storm HUP:2000:rotate --progress '^done' -- "$setresuid" 2000
check "glibc's setresuid under the storm" [ $status -eq 0 ]
if command -v go >/dev/null; then
	HOME=$folder GOFLAGS=-mod=mod GOCACHE=$folder/cache go build -o "$folder/storm-go" "$source/examples/storm-go.go" 2>"$err"
	execute --runs 3 --storm HUP:2000:process --progress '^done' -- "$folder/storm-go" 5000
	check "Go's AllThreadsSyscall under the storm" [ $status -eq 0 ]
else
	skip "Go's AllThreadsSyscall under the storm: Debian's golang-go is not installed"
fi

# Bad input.
refused "expected a command" exec
refused "'/nonexistent/program'" exec -- /nonexistent/program
refused "expected a program, not a folder" exec -- /tmp
refused "--storm 'KILL:10'" exec --storm KILL:10 -- true
refused "--storm 'HUP:0'" exec --storm HUP:0 -- true
refused "--storm 'HUP:10:everybody'" exec --storm HUP:10:everybody -- true
refused "--progress '('" exec --progress '(' -- true
refused "--progress 'fd:1'" exec --progress fd:1 -- true
refused "did you mean '--storm'" exec --strom HUP:1 -- true
refused "unknown placement 'one-pv'; did you mean 'one-pu'" exec --placement one-pv -- true
refused "set-user-ID" exec -- su
finish
