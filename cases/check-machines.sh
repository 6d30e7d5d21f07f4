# SPDX-License-Identifier: BSD-2-Clause
# usage: check-machines.sh [ARCH...] (ppc64le and ppc64 if none is named)
# The unit tests on whole emulated machines, each program on one that is booted for it, with the real kernel of its
# architecture: seccomp, NUMA nodes and big-endian system calls. Half an hour each. TAP. TESTS: some of the programs only.
. "$(dirname "$0")/tap.sh"
source=$(cd "$(dirname "$0")/../runners/builders" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/hupstorm
# A whole machine that is emulated on a busy one is a hundred times slower, and silent as long as a test is.
patience=20
GUEST_SILENCE=${GUEST_SILENCE:-900}
GUEST_LIMIT=${GUEST_LIMIT:-1800}
export GUEST_SILENCE GUEST_LIMIT
failed=0

bad() {
	not_ok "$1"
	failed=1
}

# What it says goes on as TAP, under numbers of its own.
retell() { # NAME, of $hand/output
	while read -r line; do
		case $line in
		'ok '*) ok "$architecture: $1: ${line#* - }" ;;
		'# '*) echo "$line" ;;
		'not ok '*) bad "$architecture: $1: ${line#* - }" ;;
		esac
	done <"$hand/output"
}

run_there() { # PROGRAM
	name=${1##*/}
	hand=$folder/$architecture-$name
	mkdir "$hand"
	cp "$1" "$hand/$name"
	status=0
	"$source/qemu-system" "$architecture" "$hand" PWD=/tmp HUPSTORM_EMULATED=1 CK_TIMEOUT_MULTIPLIER=$patience \
		"/hand/$name" >"$out" 2>"$err" || status=$?
	[ ! -e "$hand/output" ] || retell "$name"
	if [ $status -ne 0 ]; then
		echo "exit status $status" >>"$err"
		bad "$architecture: $name ends well"
	fi
	rm -rf "$hand"
}

[ $# -gt 0 ] || set -- ppc64le ppc64
for architecture in "$@"; do
	build=$cache/build-$architecture
	if ! "$source/cross" "$architecture" "$build" >"$out" 2>"$err"; then
		if grep -q 'is missing' "$err"; then
			skip "$architecture: $(tail -n 1 "$err")"
		else
			bad "$architecture: it is made"
		fi
		continue
	fi
	for name in ${TESTS:-$(cd "$build/cases" && find . -name 'test-*' -type f -perm -u+x | sort)}; do
		run_there "$build/cases/${name#./}"
	done
done
finish
[ $failed -eq 0 ]
