#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Whole emulated POWER machines as builders: booted, and a few cells run there. What the little-endian one needs is made if
# it is not there; for the big-endian one that takes a quarter of an hour, so it is left out then. TAP.
. "$(dirname "$0")/tap.sh"
source=$(cd "$(dirname "$0")/../runners/builders" && pwd)
HUPSTORM_BUILDERS=$folder/builders
export HUPSTORM_BUILDERS
mkdir "$HUPSTORM_BUILDERS"
# The scripts know their tree by where they are.
printf '#!/bin/sh\nexec "%s/how-qemu-system" "$@"\n' "$source" >"$HUPSTORM_BUILDERS/how-qemu-system"
chmod +x "$HUPSTORM_BUILDERS/how-qemu-system"

# Why it cannot be booted here, or nothing.
why_not() { # ARCH TRIPLET
	for tool in qemu-system-ppc64 "$2-gcc" cpio dpkg-deb readelf; do
		command -v "$tool" >/dev/null || {
			echo "$tool is not installed"
			return
		}
	done
	[ "$1" != ppc64 ] || export HUPSTORM_MADE_ONLY=1
	for part in sysroot kernel; do
		"$source/$part" "$1" >"$out" 2>"$err" || {
			tail -n 1 "$err"
			return
		}
	done
}

says_of_run() { # PYTHON-EXPRESSION over run
	python3 -c 'import json, sys
run = json.load(open(sys.argv[1]))
machine = run["run"]
rows = {(row["subject"], row["faults"]): row["verdicts"] for row in run["rows"]}
sys.exit(not eval(sys.argv[2]))' "$folder/run.json" "$1" 2>"$err"
}

boot() { # ARCH BYTE-ORDER
	printf '%s\n' "arch $1" 'how qemu-system' 'emulated yes' 'patience 4' 'limit 15m' \
		'options --case hup-broadcast --placement one-pu --placement spread-package --slots 2 --coordinator thread --target rotate' \
		>"$HUPSTORM_BUILDERS/$1.builder"
	run nightly --builders "$1" --budget 20s --seed 1 --store "$db"
	check "$1: a night: all as expected" [ $status -eq 0 ]
	check "... and said to be emulated" grep -qE "^$1 +[1-9][0-9]* as expected, 0 not as expected.*emulated" "$out"
	"$hupstorm" report --store "$db" --format json >"$folder/run.json" 2>"$err"
	command -v python3 >/dev/null || {
		echo "# no python3: what was run there is not looked at"
		return
	}
	check "... on a machine of its kind" says_of_run "machine['architecture'] == '$1' and machine['byte_order'] == '$2' and machine['emulated']"
	check "... whose NUMA nodes hwloc sees" says_of_run "machine['numa_nodes'] == 2"
	check "... what is known to be red is red" says_of_run "rows['directed', 'go-1.18'] == {'deadlock': 2} and all('pass' not in rows['cooperative', faults] for faults in ('seed', 'pre-seed'))"
	check "... and what is repaired is green" says_of_run "rows['directed', ''] == rows['cooperative', ''] == {'pass': 2}"
}

# A guest that is killed in the middle goes on where it was. Its store is its own until it has ended; what it says is not.
descendants() { # PID
	for child in $(pgrep -P "$1"); do
		echo "$child"
		descendants "$child"
	done
}
kill_in_the_middle() {
	until grep -q ': pass' "$db.nightly/ppc64le/output" 2>/dev/null; do
		kill -0 $night 2>/dev/null || return 1
	done
	# shellcheck disable=SC2046 # a list of numbers
	kill -KILL $(for process in $(descendants $night); do
		readlink "/proc/$process/exe" | grep -q 'qemu-system-ppc64$' && echo "$process"
	done)
}
lose_a_guest() {
	"$hupstorm" nightly --builders ppc64le --budget 40s --seed 2 --store "$db" >"$out" 2>"$err" &
	night=$!
	check "ppc64le: its guest is killed in the middle" kill_in_the_middle
	wait $night
	check "... it goes on, and all is as expected" [ $? -eq 0 ]
	check "... and nothing is missing" sh -c "grep -qE '^ppc64le +10 as expected, 0 not' '$out' && ! grep -q 'of them missing' '$out'"
}

for architecture in ppc64le ppc64; do
	case $architecture in
	ppc64le) triplet=powerpc64le-linux-gnu order=little-endian ;;
	ppc64) triplet=powerpc64-linux-gnu order=big-endian ;;
	esac
	reason=$(why_not $architecture $triplet)
	if [ -n "$reason" ]; then
		skip "$architecture: $reason"
	else
		boot $architecture $order
		[ $architecture = ppc64 ] || lose_a_guest
	fi
done
finish
