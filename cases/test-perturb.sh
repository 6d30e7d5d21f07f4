#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What is done at system calls, by the whole program: delays, errors, holds, who reaches out, and which place
# matters. TAP.
set -u
source=${srcdir:-$(dirname "$0")/..}
. "$source/cases/tap.sh"
hangs=${HUPSTORM_PROGRAMS:-.}/cases/hangs

storm() { # PLAN OPTION...: the default subject in a few cells
	plan=$1
	shift
	run run --store "$db" --case hup-broadcast --subject cooperative --fault none --slots 2 \
		--placement unbound --target rotate --budget 2s --perturb "$plan" "$@"
}

execute() { # ARGUMENT...
	run exec --store "$db" "$@"
}

storm delays
if grep -qE 'notifies nobody|no seccomp filter' "$out"; then
	echo "1..0 # SKIP no seccomp user notification here"
	exit 0
fi

run list perturbations
check "the calls are listed" says 'rt_sigprocmask'

# Without faults all is green, whatever is done.
for plan in delays errors plain,delays 'futex.wait~tgkill' clone=EAGAIN,futex=EINTR rt_sigprocmask prctl; do
	storm "$plan"
	check "green: $plan" [ $status -eq 0 ]
	check "and something was done: $plan" grep -qE 'System calls: ([1-9][0-9]* held up|0 held up.* [1-9][0-9]* failed)' "$out"
done
storm delays --case fork-exec --case thread-limit
check "green: delays where processes are made, and threads refused" [ $status -eq 0 ]
run run --store "$db" --case broadcast-only --subject directed --fault none --slots 2 --placement unbound \
	--budget 2s --perturb errors,delays
check "green: the broadcast by signals" [ $status -eq 0 ]

# A recipe: a fault that storms alone do not show.
run power --store "$db" --fault fixup-unmasked --repeat 4 --evidence 0
check "the recipe at system calls shows its fault" grep -qE 'tgkill\.HUP~prctl.*: [1-4]/4' "$out"

# What hangs if one of its system calls is held up, and not otherwise.
execute --runs 3 --progress '^tick' --perturb prctl --seed 1 -- "$hangs" narrow
check "it hangs when that call is delayed" says 'deadlock'
run show --store "$db" 1
check "the one that fails is shown with what was done to it" grep -q -- '--perturb prctl' "$out"
run rerun --store "$db" 1
check "and run again in the same way" says 'deadlock'
execute --runs 1 --progress '^tick' --perturb delays --seed 1 -- "$hangs" narrow
run minimise --store "$db" --repeat 3 --budget 90s 1
check "the place that matters is found" grep -q '^  prctl@' "$out"
check "and it is one alone" says '1 of '
check "which the last command names" grep -qE 'again: hupstorm exec .*--perturb prctl@' "$out"
execute --runs 1 -- true
run minimise --store "$db" 1
check "what did not fail is not minimised" [ $status -eq 2 ]
execute --runs 1 -- false
refused 'it was not perturbed' minimise --store "$db" 1
refused 'expected the number of one cell' minimise --store "$db"

# What the kernel never says, nor does the perturber.
for plan in delays plain,delays; do
	execute --runs 2 --storm HUP:8000:process --perturb $plan -- "$hangs" no-eintr
	check "no call fails for a signal: $plan" [ $status -eq 0 ]
done

# Too slow with it, and perhaps without.
execute --runs 1 --timeout 1s --perturb delays --progress '^tick' -- "$hangs" work 100000000
check "what is slow and perturbed is invalid" says 'may have drowned it'

# The sandbox tells who reaches out.
sleep 1000 &
sibling=$!
SIBLING=$sibling
export SIBLING
execute --runs 1 --progress '^refused' -- "$hangs" reach-out
check "a program that reaches out is refused, each time" says 'and 3 calls more were'
check "which is an oracle failure" grep -q 'oracle.*sandbox: thread [0-9]* (hangs) tried kill(' "$out"
check "and nobody was reached" kill -0 $sibling
kill $sibling
execute --runs 1 -- sh -c "sleep 1000 & kill \$! && wait; exit 0"
check "its own children it may signal" [ $status -eq 0 ]

# Whoever perturbs may be killed: nobody is left waiting for an answer.
for signal in INT TERM KILL; do
	"$hupstorm" exec --store "$folder/killed.db" --runs 1 --perturb delays --progress '^tick' -- "$hangs" work 100000000 >"$out" 2>"$err" &
	await_program "$hangs work 100000000"
	kill -$signal $!
	wait $! 2>/dev/null
	check "nobody survives SIG$signal" nobody_runs "$hangs work 100000000"
done

# Bad input.
refused "unknown perturbation 'futx'; did you mean 'futex'" exec --perturb futx -- true
refused "unknown perturbation 'futx'; did you mean 'futex'" run --perturb delays,futx
refused "'sched_yield=EINTR'" run --perturb sched_yield=EINTR
refused "expected a value behind it" exec --perturb
finish
