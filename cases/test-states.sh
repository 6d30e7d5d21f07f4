#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What a compiler leaves behind on a stack is no state: a world has as many states, within 2 %, whoever has compiled it,
# at whatever level, and whatever is put where nobody is to look (runners/explore/stack.c). Builds the explorer again for
# each. TAP.
set -u
# shellcheck source=cases/tap.sh
. "${srcdir:-$(dirname "$0")/..}/cases/tap.sh"
programs=${HUPSTORM_PROGRAMS:-.}
: >"$err"

counts() { # PROGRAM: the states of some worlds, each of which is small and has another part of the runtime in it
	while read -r world; do
		# shellcheck disable=SC2086 # a list of words
		"$1" explore --store - --scheduler graph $world | sed -n 's/^\([0-9]*\) states, .* complete, 0 kinds.*/\1/p'
	done <<'END'
--threads 1 --broadcasts 1 --signals 1 --slots 1
--threads 0 --broadcasts 1 --signals 1 --stops 1 --syscall
--threads 0 --broadcasts 1 --signals 0 --sysmon --slots 1
--threads 0 --broadcasts 1 --signals 0 --template
--threads 0 --broadcasts 1 --signals 0 --newborn=1
--threads 0 --broadcasts 1 --signals 1 --subject directed
--threads 1 --broadcasts 1 --signals 1 --subject synccall
END
}

as_many() { # FILE FILE: the same numbers, within 2 %
	paste "$1" "$2" | awk '{
		least = $1 < $2 ? $1 : $2
		if (NF != 2 || $1 + $2 - 2 * least > least / 50) { print "states: " $1 " and " $2; bad = 1 }
	} END { exit bad || NR != 7 }' >"$out"
}

counts "$programs/hupstorm-explore" >"$folder/here"
# How each compiler is told to trace; where this build is not traced the others are not.
traced() { # COMPILER PREPROCESSOR-FLAGS
	grep -q '^TRACED_CFLAGS = .' "$programs/Makefile" || return
	case "$1 $2" in
	*-UHUPSTORM_TRACED) ;;
	clang*) echo '-fsanitize=thread -fno-sanitize-link-runtime -mllvm -tsan-instrument-func-entry-exit=0' ;;
	*) echo '-fsanitize=thread --param tsan-instrument-func-entry-exit=0' ;;
	esac
}

another() { # COMPILER LEVEL PREPROCESSOR-FLAGS
	if ! command -v "$1" >/dev/null; then
		count=$((count + 1))
		echo "ok $count - $1 $2 # SKIP there is no $1"
		return
	fi
	case $3 in
	*-UHUPSTORM_TRACED) untraced=TRACED_CPPFLAGS= ;;
	*) untraced= ;;
	esac
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$programs" another-explorer CC="$1" LEVEL="$2" CPPFLAGS="$3" \
		TRACED_CFLAGS="$(traced "$1" "$3")" ${untraced:+"$untraced"} \
		ANOTHER="$folder/another" >"$err" 2>&1 && counts "$folder/another" >"$folder/there"
	check "by $1 $2 $3 there are as many states" as_many "$folder/here" "$folder/there"
	rm -f "$folder/there"
}
# Every step made, none known by what it reads (runners/explore/steps.h).
another gcc -Os -UHUPSTORM_TRACED
another gcc -O3 -DSTACK_DEAD_BYTE=0xa5
another clang -O1 ''
another clang -O3 -DSTACK_DEAD_BYTE=0xa5
echo "1..$count"
