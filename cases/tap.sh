# SPDX-License-Identifier: BSD-2-Clause
# What the tests of the program share: to be read by a shell. TAP.
hupstorm=${HUPSTORM:-./hupstorm}
folder=$(mktemp -d) || exit 99
trap 'rm -rf "$folder"' EXIT
out=$folder/out
err=$folder/err
db=$folder/store.db
count=0

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

not_ok() {
	count=$((count + 1))
	echo "not ok $count - $1"
	sed 's/^/# /' "$out" "$err" | tail -n 30
}

check() { # DESCRIPTION COMMAND...: the command succeeds
	description=$1
	shift
	if "$@"; then ok "$description"; else not_ok "$description"; fi
}

run() { # ARGUMENT...: run hupstorm, keep its output and status
	"$hupstorm" "$@" >"$out" 2>"$err"
	status=$?
}

refused() { # WORDS ARGUMENT...: status 2, one line on standard error with these words, nothing else done
	words=$1
	shift
	run "$@"
	if [ $status -eq 2 ] && [ "$(wc -l <"$err")" -eq 1 ] && grep -qF -- "$words" "$err"; then
		ok "refused: $*"
	else
		not_ok "refused: $* (status $status)"
	fi
}

says() { grep -qF -- "$1" "$out"; }

# No process whose command line has these words.
nobody_runs() {
	for attempt in 1 2 3 4 5 6 7 8 9 10; do
		left=no
		for command in /proc/[0-9]*/cmdline; do
			tr '\0' ' ' <"$command" 2>/dev/null | grep -qF -- "$1" && left=$command
		done
		[ $left = no ] && return 0
		sleep 0.2
	done
	echo "# left: $left after $attempt looks" >>"$err"
	return 1
}

# Until one is there.
await_program() {
	for attempt in $(seq 100); do
		nobody=yes
		for command in /proc/[0-9]*/cmdline; do
			tr '\0' ' ' <"$command" 2>/dev/null | grep -qF -- "$1" && nobody=no
		done
		[ $nobody = no ] && return 0
		sleep 0.05
	done
	echo "# '$1' has not come in $attempt looks" >>"$err"
}

skip() { # WHAT: WHY
	count=$((count + 1))
	echo "ok $count - ${1%%: *} # SKIP ${1#*: }"
}

finish() {
	echo "1..$count"
}
