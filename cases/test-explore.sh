#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The explorer from outside: what it finds, what it does not, and that it finds it again. TAP.
set -u
hupstorm=${HUPSTORM:-./hupstorm}
folder=$(mktemp -d) || exit 99
trap 'rm -rf "$folder"' EXIT
out=$folder/out
store=-
count=0

ok() { # DESCRIPTION TRUTH
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then echo "ok $count - $1"; else
		echo "not ok $count - $1"
		tail -n 20 "$out" | sed 's/^/# /'
	fi
}

run() { # ARGUMENT...
	"$hupstorm" "$@" >"$out" 2>&1
	status=$?
}

explore() { # STATUS WORDS ARGUMENT...
	want=$1
	words=$2
	shift 2
	run explore --store "$store" "$@"
	[ $status -eq "$want" ] && grep -qE "$words" "$out"
	ok "explore $*: $words" $?
}

schedule() {
	sed -n "s/^again: hupstorm replay '\\(.*\\)'/\\1/p" "$out"
}

# Ours is clean wherever it is looked at: whole storms,
for case in signal-trace hup-broadcast hup-trace-broadcast broadcast-only blocked-read; do
	for coordinator in thread leader; do
		explore 0 'nothing failed' --storm --case $case --coordinator $coordinator --target rotate --schedules 90
	done
done
# those with much in them, for which a schedule is long, few times,
for case in template-birth many-broadcasters many-stoppers blocked-calls signal-churn three-signals nudges cold-start \
	hup-blocked hup-ignored nudge-blocked timers services; do
	explore 0 'nothing failed' --storm --case $case --target rotate --schedules 12
done
for target in leader coordinator parked template poller sysmon receiver syscall newborn ending; do
	explore 0 'nothing failed' --storm --case services --target $target --workers 1 --schedules 6
done
explore 0 'nothing failed' --storm --workers 2 --slots 3 --schedules 100
# small worlds by chance, and small worlds to the end.
for scheduler in random sticky pct; do
	explore 0 'nothing failed' --scheduler $scheduler --slots 1 --schedules 200
	explore 0 'nothing failed' --scheduler $scheduler --level fine --sysmon --template --schedules 200
done
# Nothing of a thread that is born in one schedule is left in the next.
explore 0 'nothing failed' --scheduler chance --schedules 2000 --threads 0 --poller --newborn=1 \
	--broadcasters=2 --broadcasts 1 --signals 1 --seed 1 --jobs 1
# Shared out: as many schedules, and the same failures.
explore 0 '^300 schedules, ' --scheduler chance --jobs 3
explore 0 '^(livelock|crash|oracle|deadlock): ' --scheduler chance --jobs 3 --fault seed --shorten 1
# A schedule is the same, whichever process it is run by, and whatever was run there before it.
steps() { # JOBS
	"$hupstorm" explore --store - --storm --case hup-trace-broadcast --scheduler pct --schedules 300 --jobs "$1" |
		sed -n 's/^300 schedules, \([0-9]*\) steps.*/\1/p'
}
one=$(steps 1)
seven=$(steps 7)
echo "$one and $seven" >"$out"
[ -n "$one" ] && [ "$one" = "$seven" ]
ok "300 schedules have as many steps in one process as in seven: ${one:-none}" $?
# Where it takes more schedules, in the program that is made for speed (chance_main.c), it is the same one that fails.
late='--fault park-spurious --scheduler random --threads 0 --broadcasts 2 --signals 2 --shorten 0'
explore 0 '^crash: ' $late --schedules 100000
seed=$(sed -n 's/^random scheduler, seed \([0-9]*\): .*/\1/p' "$out")
[ "${seed:-0}" -gt 100 ] && grep -q "^$seed schedules, " "$out"
ok "it fails by schedule ${seed:-none}" $?
explore 0 '^crash: ' $late --schedules 1 --seed "${seed:-1}"
small='--threads 0 --broadcasts 1 --signals 1'
explore 0 ' complete, 0 kinds of failure, 0 doomed' $small --scheduler graph
explore 0 ' complete, 0 kinds of failure, 0 doomed' $small --scheduler graph --slots 1
explore 0 ' complete, 0 kinds of failure, 0 doomed' $small --stops 1 --broadcasts 0 --scheduler graph
# Idle threads are interchangeable: were they not, there would be 498486 states.
explore 0 '^1[0-3][0-9]{4} states.* complete, 0 kinds of failure, 0 doomed' --threads 3 --broadcasts 1 --signals 0 --scheduler graph
explore 0 ' complete within 1 preemptions, 0 kinds' $small --sysmon --scheduler bounded --bound 1
explore 0 ' complete within 0 preemptions, 0 kinds' $small --sysmon --template --scheduler bounded --bound 0
explore 0 ' not complete, 0 kinds' $small --scheduler graph --states 1000
explore 0 'nothing failed' --subject directed --storm --case hup-broadcast --target rotate --schedules 90
explore 0 ' complete, 0 kinds of failure, 0 doomed' --subject directed $small --scheduler graph
explore 0 ' complete, 0 kinds of failure, 0 doomed' --subject directed $small --slots 1 --broadcasters 2 --scheduler graph

# The seed is not, and what fails once fails again from the start, always.
for fault in seed pre-seed; do
	for seed in 1 1001 2001; do
		explore 0 '^(livelock|crash|oracle|deadlock): ' --fault $fault --seed $seed --shorten 1
		same=0
		text=$(schedule)
		verdict=$(tail -n 2 "$out" | head -n 1)
		for again in 1 2 3 4 5; do
			run replay "$text"
			[ "$(tail -n 2 "$out" | head -n 1)" = "$verdict" ] || same=1
		done
		ok "replay gives: $verdict" $same
	done
done
explore 0 'livelock: .*in a system call' --case blocked-read --fault blocked-unreached --shorten 1
explore 0 '^oracle: oracle atomicity' --fault fixup-cleared-early --shorten 1
explore 0 '^crash: fatal: park: .* woke without a slot' --fault park-spurious --shorten 1

# The graph finds them too, by the shortest way, and certifies that a hang is one.
for fault in seed pre-seed; do
	explore 0 '^livelock: certified' $small --fault $fault --scheduler graph --every-kind
	explore 0 '^(livelock|crash|oracle|deadlock): ' $small --fault $fault --scheduler bounded
done

# Within a bound too, where many states only seem to be doomed.
explore 0 '^livelock: suspected: .*in the poller' --threads 0 --broadcasts 1 --signals 0 --poller=2 --scheduler bounded \
	--bound 0 --fault poller-broken-once
explore 0 ' complete within 1 preemptions, 0 kinds' --threads 0 --broadcasts 1 --signals 0 --poller=2 --scheduler bounded \
	--bound 1
# So are those of the second subject found.
explore 0 '^deadlock: .*not reached: thread 0 .leader.' --subject directed --fault go-1.18 $small --scheduler graph
explore 0 '^deadlock: ' --subject directed --fault directed-waits-masked --threads 0 --broadcasters 2 --signals 0 --scheduler graph
explore 0 '^crash: .*there is none' --subject directed --fault directed-arguments-reused $small --scheduler graph
explore 0 '^crash: .*back from reading' --subject directed --fault directed-interrupts --threads 0 --syscall --signals 0 --scheduler graph

# A stranger's mechanism, and its historic bug.
stranger='--subject synccall --scheduler graph --threads 1 --broadcasts 1 --signals 0'
explore 0 ' complete, 0 kinds of failure, 0 doomed' $stranger
explore 0 '^oracle: user code runs before every thread' $stranger --fault one-semaphore
explore 0 '^(deadlock|livelock): ' $stranger --threads 0 --signals 1 --fault any-signal

# The two levels say the same: what is clean at one is clean at the other, and what fails does so in the same way.
verdict() { # LEVEL ARGUMENT...
	level=$1
	shift
	run explore --store "$store" --scheduler graph --level "$level" --threads 0 --broadcasts 1 "$@"
	sed -n 's/.* complete, 0 kinds of failure, 0 doomed states$/clean/p; s/^\(deadlock\|livelock\|oracle\|crash\): .*/\1/p' "$out" | head -n 1
}
same_verdict() { # VERDICT ARGUMENT...
	want=$1
	shift
	coarse=$(verdict coarse "$@")
	[ "$coarse" = "$want" ] && [ "$(verdict fine "$@")" = "$coarse" ]
	ok "at both levels: $*: $want" $?
}
for faults in '' '--fault seed' '--fault pre-seed' '--fault park-spurious' '--fault handler-waits' '--fault lost-runnable'; do
	same_verdict clean --signals 0 $faults
done
same_verdict clean --signals 1 --slots 1
same_verdict oracle --signals 0 --fault fixup-cleared-early
same_verdict livelock --signals 0 --fault receiver-unreached
same_verdict livelock --signals 0 --fault note-before-fixup
same_verdict crash --signals 1 --slots 1 --fault park-spurious
same_verdict livelock --signals 1 --slots 1 --fault handler-waits
same_verdict deadlock --signals 1 --slots 1 --fault signal-dropped
same_verdict oracle --signals 1 --slots 1 --fault lost-runnable

# Lists of worlds.
list=$folder/worlds
cat >"$list" <<'END'
# a comment
pass all none broadcasts=1 signals=1 slots=1
pass 0 none broadcasts=1 signals=1
crash all note-shared broadcasts=1 signals=1
pass all none broadcasts=1 subject=synccall
END
prove() { # STATUS WORDS ARGUMENT...
	want=$1
	words=$2
	shift 2
	run prove --store "$store" "$@"
	[ $status -eq "$want" ] && grep -qE "$words" "$out"
	ok "prove $*: $words" $?
}
# The list that is proved has the world of each fault without it too, or one that is left in would not be missed.
worlds=${srcdir:-$(dirname "$0")/..}/cases/worlds
grep -E '^(deadlock|livelock|oracle|crash) ' "$worlds" | grep -v subject= | cut -d ' ' -f 4- | sort -u |
	while read -r world; do
		grep -qxE "pass (all|chance|[0-9]+) none $world" "$worlds" || echo "$world"
	done >"$out"
[ ! -s "$out" ] && [ "$(grep -c '^pass all none' "$worlds")" -gt 30 ]
ok 'each fault has its world without it' $?
prove 0 '^4 worlds, .*: 4 as expected, 0 not, 0 not finished' "$list"
prove 1 '^2 worlds, .*: 1 as expected, 1 not' --fault note-shared,lost-runnable "$list"
prove 2 '1 as expected, 0 not, 3 not finished' --states 1000 --jobs 1 "$list"

# What is explored is in the store, with what repeats it.
store=$folder/store
reported() { # DESCRIPTION WORDS...
	description=$1
	shift
	run report --store "$store"
	found=0
	for words; do grep -qE -- "$words" "$out" || found=1; done
	ok "report: $description" $found
}
explore 0 '^crash: ' --fault park-spurious
reported 'a schedule that fails' '^\* small worlds, .* park-spurious: 1 crash' "again: hupstorm replay 'hupstorm-1;" '1 skipped'
run replay "$(sed -n "s/^ *again: hupstorm replay '\\(.*\\)'/\\1/p" "$out")"
[ $status -eq 0 ] && grep -q '^crash: ' "$out"
ok 'the schedule in the report fails' $?
"$hupstorm" show --store "$store" 1 >"$out" 2>&1
grep -qE '^ +1 \| ' "$out" && grep -qE '^ +\| [0-9]+ [a-z]+ .*\| [0-9]+ ' "$out"
ok 'its interleaving is kept, with a column for each thread' $?
"$hupstorm" report --store "$store" --format html 2>&1 | grep -qE '^ +1 \| '
ok 'and is in the page' $?
explore 0 'complete' --threads 0 --broadcasts 1 --signals 1 --slots 1
reported 'a graph that is complete' '1 world, complete: [0-9]+ states' '1 world, 300 schedules' '2 as expected, 0 not'
explore 0 'not complete' --scheduler graph --states 1000
reported 'a graph that is not' '1 slow' 'not complete: 1[0-9]+ states'
again=$(sed -n 's/^ *again: hupstorm \(explore .*\)/\1/p' "$out")
run $again --states 1000 --store -
[ $status -eq 0 ] && grep -q 'not complete' "$out"
ok "the command in the report: $again" $?
prove 0 '4 as expected' "$list"
reported 'a list of worlds' '1 world, complete: [0-9]+ states' '1 world, within bound 0' 'note-shared: 1 crash' '4 as expected, 0 not'

# Whoever is killed loses nothing that was finished, and leaves nobody: the pipe comes to its end when the last one
# that writes to it has gone. The last world takes a minute.
printf '%s\n' 'pass all none broadcasts=1 signals=1 slots=1' 'pass 0 none broadcasts=1 signals=1' \
	'pass all none threads=2 broadcasts=3 signals=3 sysmon=1 template=1' >"$list"
for signal in TERM HUP KILL; do
	mkfifo "$folder/lines"
	"$hupstorm" prove --store "$store" --jobs 1 "$list" >"$folder/lines" 2>&1 &
	{ read -r line && read -r line && kill -$signal $! && timeout 20 cat >"$out"; } <"$folder/lines"
	ok "$signal leaves nobody" $?
	wait $!
	rm "$folder/lines"
	reported "$signal loses nothing" '2 pass 1 missing' '1 world, complete' '1 world, within bound 0' '2 as expected'
done
store=-
mkfifo "$folder/lines"
"$hupstorm" explore --store - --scheduler random --schedules 4000000000 >"$folder/lines" 2>&1 &
{
	until grep -q . "/proc/$!/task/$!/children"; do kill -0 $! || break; done
	kill -KILL $! && timeout 20 cat >"$out"
} <"$folder/lines"
ok "nobody is left of those who share the schedules" $?
wait $!
rm "$folder/lines"

# A world in which sysmon goes round before it is open is no world to wait for.
timeout 60 "$hupstorm" explore --store - --fault pre-seed --slots 1 --sysmon --syscall --budget 1 >"$out" 2>&1
[ $? -eq 0 ] && grep -q '^livelock: suspected: before the world is open' "$out"
ok 'a world that never opens hangs by itself alone' $?
run replay "$(schedule)"
grep -q '^livelock: suspected: before the world is open' "$out"
ok 'and again' $?
timeout 60 "$hupstorm" explore --store - --fault pre-seed --slots 1 --sysmon --syscall --scheduler graph >"$out" 2>&1
[ $? -eq 2 ] && [ "$(wc -l <"$out")" -eq 1 ] && grep -q 'fails before it begins: suspected' "$out"
ok 'nor has it a graph' $?

# A budget holds within a schedule, too;
timeout 60 "$hupstorm" explore --store - --storm --case many-stoppers --cycles 1000000 --budget 1 --jobs 2 >"$out" 2>&1
[ $? -eq 0 ] && grep -q '^0 schedules, ' "$out" && grep -qx 'no schedule came to its end within the budget' "$out"
ok 'a schedule that takes longer than the budget is cut short' $?
# and an unfair schedule in which all get on but those who would end it is not left to itself.
timeout 60 "$hupstorm" explore --store - --storm --case many-stoppers --cycles 60 --scheduler pct --seed 399 --schedules 1 \
	>"$out" 2>&1
[ $? -eq 0 ] && grep -q '^1 schedules, 4[0-9]\{6\} steps' "$out"
ok 'an unfair schedule comes to an end' $?

# The interleavings on record are what happens: step by step, and to the same end.
for file in "${srcdir:-$(dirname "$0")/..}"/cases/interleavings/*; do
	run replay "$(sed -n "s/^again: hupstorm replay '\\(.*\\)'/\\1/p" "$file")"
	grep -v '^#' "$file" | cmp -s - "$out"
	ok "interleaving: ${file##*/}" $?
done

# It leaves nothing where it is run.
mkdir "$folder/empty"
case $hupstorm in /*) program=$hupstorm ;; *) program=$PWD/$hupstorm ;; esac
{
	cd "$folder/empty"
	"$program" explore --store - --scheduler chance --schedules 10
	"$program" replay "$text"
	"$program" prove --store - --states 1000 "$list"
	cd "$OLDPWD"
} >"$out" 2>&1
grep -q 'schedules, ' "$out" && grep -q 'not finished' "$out" && [ -z "$(ls -A "$folder/empty")" ]
ok 'nothing is left behind' $?

refused() { # WORDS ARGUMENT...
	words=$1
	shift
	run "$@"
	[ $status -eq 2 ] && [ "$(wc -l <"$out")" -eq 1 ] && grep -qF -- "$words" "$out"
	ok "refused: $*" $?
}
refused "no case is called 'nothing'" explore --case nothing
cp "${HUPSTORM_PROGRAMS:-.}/hupstorm-explore" "$folder/empty/alone"
"$folder/empty/alone" explore --store - --schedules 100 --jobs 3 >"$out" 2>&1
[ $? -eq 2 ] && [ "$(wc -l <"$out")" -eq 1 ] && grep -qF "$folder/empty/hupstorm-chance: No such file" "$out"
ok 'without the program for schedules by chance it says so' $?
pretended() { # COMMAND in place of that program
	printf '#!/bin/sh\n%s\n' "$1" >"$folder/empty/hupstorm-chance"
	chmod +x "$folder/empty/hupstorm-chance"
	"$folder/empty/alone" explore --store - --schedules 100 >"$out" 2>&1
	status=$?
}
# One that tells of a failure that there is not (the first schedule): what fails there has to fail here.
chance=$(cd "${HUPSTORM_PROGRAMS:-.}" && pwd)/hupstorm-chance
pretended "{ '$chance' \"\$@\" | head -c 24; head -c 8 /dev/zero; } >'$folder/told'; cat '$folder/told'"
[ $status -eq 2 ] && grep -qF 'did not fail again (seed 1, in hupstorm-chance)' "$out"
ok 'what fails in that program alone is no verdict' $?
# One in which the same seeds give other schedules, and all pass.
pretended "'$chance' \"\$1\" \"\$(echo \"\$2\" | sed 's/,1,/,2,/')\""
[ $status -eq 2 ] && [ "$(wc -l <"$out")" -eq 1 ] && grep -qF 'expected both of the same build' "$out"
ok 'schedules that are others in that program are no pass' $?
# What is not looked at there, for no word was written, is looked at now and then to see that it holds.
world='hupstorm-1;level=fine;subject=cooperative;fault=start-forgets-runnable;slots=2;threads=0;broadcasters=1;'
world=$world'broadcasts=2;stops=0;signals=2;numbers=1;sysmon=0;template=0;poller=0;syscall=0;newborn=0;dissent=0;'
"$chance" "${world}points=ffffffffffffffff:" 0,3,1,0,1,300,60000000000 >"$folder/told" 2>"$out"
[ $? -eq 0 ] && [ -s "$folder/told" ]
ok 'no invariant is broken without a word that is written' $?
refused "case 'fork-exec' cannot be explored: it forks" explore --storm --case fork-exec
refused "case 'thread-limit' cannot be explored: it is about a limit" explore --storm --case thread-limit
refused 'expected 0 to 4' explore --threads 5
refused 'expected coarse or fine' explore --level rough
refused "no fault is called 'nothing'" explore --fault nothing
refused "'park-spurious' is no fault of subject 'directed'" explore --subject directed --fault seed
refused "'directed-quota' is no fault of subject 'cooperative'" explore --fault directed-quota
refused 'expected 1 to 16' explore --slots 0
refused 'expected 1 to 64' explore --jobs 65
echo 'pass all none slots=99' >"$list"
refused 'not a world' prove "$list"
refused 'expected one list' prove
refused 'cannot be read' prove "$folder/none"
refused 'expected random, sticky, pct, chance, bounded or graph' explore --scheduler best
echo 'pass all none broadcasts=1 slots=1' >"$list"
refused 'not an SQLite file' explore --store "$0"
refused 'expected the name of a file' prove --store '' "$list"
refused 'not a schedule of this version' replay nonsense
refused 'not an action' replay "${text%%:*}:0.x/none"
refused 'are not possible' replay "${text%%:*}:30.1,31!1/none"
echo "1..$count"
