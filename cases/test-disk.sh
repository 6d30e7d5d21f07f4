#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# A store on a disk that is full, or that may not be written to: nothing that was finished is lost. A small tmpfs in
# a mount namespace of its own, which is gone with this test. TAP.
set -u
source=${srcdir:-$(dirname "$0")/..}
if [ "${1-}" != inside ]; then
	if ! unshare -m true 2>/dev/null; then
		echo "1..0 # SKIP no mount namespace of one's own: $(unshare -m true 2>&1)"
		exit
	fi
	exec unshare -m sh "$0" inside
fi
. "$source/cases/tap.sh"

disk=$folder/disk
db=$disk/store.db
mkdir "$disk"
if ! mount -t tmpfs -o size=240k tmpfs "$disk" 2>"$err"; then
	echo "1..0 # SKIP no tmpfs: $(cat "$err")"
	exit
fi
stored() { # how many outcomes
	"$hupstorm" report --store "$1" --format json 2>>"$err" | grep -c '"verdict":"pass"'
}

run run --store "$db" --case signal-trace --subject cooperative --fault none --cycles 200 --repeat 10
check "a run on a disk that is full: status 2" [ $status -eq 2 ]
check "says so" grep -qF "$db: cannot write to it: database or disk is full; the cells before that are kept" "$err"
check "in one line" [ "$(wc -l <"$err")" -eq 1 ]
shown=$(sed -n 's/.* cells: \([0-9]*\) as expected.*/\1/p' "$out")
kept=$(stored "$db")
check "some cells were finished" [ "${shown:-0}" -gt 10 ]
check "all of them but the last are kept" [ "$kept" -ge $((shown - 1)) ]
refused "database or disk is full" run --store "$db" --case signal-trace --cycles 10
refused "disk is full" run --store "$disk/other.db" --case signal-trace --cycles 10
check "nothing is left of a store that could not be made" [ "$(find "$disk" -name '*.new-*' | wc -l)" -eq 0 ]
run run --store "$folder/small.db" --case signal-trace --subject cooperative --fault none --cycles 200 --repeat 10
refused "database or disk is full" merge "$db" "$folder/small.db"
"$hupstorm" export --store "$folder/small.db" >"$folder/lines" 2>"$err"
refused "database or disk is full" import --store "$db" "$folder/lines"
check "none of these took anything" [ "$(stored "$db")" -eq "$kept" ]
mount -o remount,size=4m "$disk"
run merge "$db" "$folder/small.db"
check "with room again: status 0" [ $status -eq 0 ]
check "it all comes" says ": 1 new runs, 400 new outcomes"
run report --store "$db" --run 1
check "beside what was there" says "$kept as expected"

mount -o remount,ro "$disk"
run report --store "$db"
check "a disk that may be read alone: reports" says "400 as expected"
refused "Read-only file system" run --store "$db" --case signal-trace --cycles 10
refused "Read-only file system" run --store "$disk/new.db" --case signal-trace --cycles 10
refused "Read-only file system" merge "$db" "$folder/small.db"
umount "$disk"
finish
