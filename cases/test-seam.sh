#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The seam: no file of the runtime but the native implementation of the seam calls the C library, beyond what
# touches memory alone; and the simulated machine runs the same files, compiled with one switch. TAP.
set -u
library=${HUPSTORM_LIBRARY:-./libhupstorm.a}
allowed='memcpy|memset|memcmp|bcmp|memchr|memmove|strlen|strcmp|strncpy|strcspn'
# What the inline functions of os_native.h need.
native='syscall|clock_gettime|epoll_wait|usleep|__errno_location|os_.*'
# The compiler's own.
compiler='_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__tls_get_addr|__[atu]san_.*|__ubsan_.*|__asan_.*'

source=${srcdir:-$(dirname "$0")/..}/stress
count=0

ok() { # DESCRIPTION WHAT-IS-WRONG
	count=$((count + 1))
	[ -z "$2" ] || printf 'not '
	echo "ok $count - $1"
	[ -z "$2" ] || echo "$2" | sed 's/^/# /'
}

# Symbols that are used in the members and defined in none, one "member symbol" a line.
nm -A -u "$library" | grep -v ':os_native\.o:' | sed 's/.*:\([^:]*\.o\): *U */\1 /; s/@.*//' | sort -u >seam-used.$$
nm -A --defined-only "$library" | sed 's/.* //' | sort -u >seam-defined.$$
foreign=$(while read -r member symbol; do
	grep -qxF "$symbol" seam-defined.$$ || echo "$member $symbol"
done <seam-used.$$ | grep -vE " ($allowed|$native|$compiler)\$")
rm -f seam-used.$$ seam-defined.$$
ok "the runtime reaches the system through its seam alone" "$foreign"

# The members of libraries, without what automake puts before their names.
members() { # LIBRARY...
	for library; do ar t "$library"; done | sed -n 's/^lib[a-z]*_a-//; /\.o$/p' | sort -u
}
# os_native.c is the seam here, stress/sim there.
members "$library" | grep -vx 'os_native\.o' >seam-here.$$
there() { # LIBRARY...: those of its members that are no part of the machine
	members "$@" | while read -r member; do
		[ -e "$source/sim/${member%.o}.c" ] || echo "$member"
	done >seam-there.$$
}
there libsimulated.a libfine.a
ok "both builds are made of the same files" "$(diff seam-here.$$ seam-there.$$)"
there libswift.a libswiftfine.a
ok "and so is the simulated one for speed" "$(diff seam-here.$$ seam-there.$$)"
ok "there are files in them" "$([ "$(wc -l <seam-here.$$)" -ge 20 ] || echo few)"
rm -f seam-here.$$ seam-there.$$

ok "no source of the runtime looks at the switch" "$(grep -l HUPSTORM_SIMULATED "$source"/*.c)"

# Where nobody sleeps there is nothing to call: all that locks and notes call is the system, to sleep or to wake, and
# the end of the process.
calls=$(nm -A -u "$library" | sed -n 's/@.*//; s/.*:\(lock\|note\)\.o: *U //p' |
	grep -vE '^(os_this_thread|world|syscall|__errno_location|die|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__tls_get_addr|__[atu]san_.*|__ubsan_.*)$')
ok "locks and notes call nothing but the system" "$calls"
echo "1..$count"
