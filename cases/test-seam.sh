#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The seam: no file of the runtime but the native implementation of the seam calls the C library, beyond what
# touches memory alone. TAP.
set -u
library=${HUPSTORM_LIBRARY:-./libhupstorm.a}
allowed='memcpy|memset|memcmp|bcmp|memchr|memmove|strlen|strcmp|strncpy|strcspn'
# What the inline functions of os_native.h need.
native='syscall|clock_gettime|epoll_wait|usleep|__errno_location|os_.*'
# The compiler's own.
compiler='_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__tls_get_addr|__[atu]san_.*|__ubsan_.*|__asan_.*'

echo 1..1
# Symbols that are used in the members and defined in none, one "member symbol" a line.
nm -A -u "$library" | grep -v ':os_native\.o:' | sed 's/.*:\([^:]*\.o\): *U */\1 /; s/@.*//' | sort -u >seam-used.$$
nm -A --defined-only "$library" | sed 's/.* //' | sort -u >seam-defined.$$
foreign=$(while read -r member symbol; do
	grep -qxF "$symbol" seam-defined.$$ || echo "$member $symbol"
done <seam-used.$$ | grep -vE " ($allowed|$native|$compiler)\$")
rm -f seam-used.$$ seam-defined.$$
if [ -z "$foreign" ]; then
	echo "ok 1 - the runtime reaches the system through its seam alone"
else
	echo "not ok 1 - the runtime reaches the system through its seam alone"
	echo "$foreign" | sed 's/^/# /'
fi
