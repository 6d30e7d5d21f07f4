# SPDX-License-Identifier: BSD-2-Clause
# The litmus tests of doc/models, by spin: each holds with the orders that the code has, and fails with each of those that
# it says are weaker (a line "weakened: 1 2"). TAP.
. "$(dirname "$0")/tap.sh"
models=$(cd "$(dirname "$0")/../doc/models" && pwd)

if ! command -v spin >/dev/null; then
	skip 'litmus tests: spin is missing (the Debian package spin)'
	finish
	exit 0
fi

verify() { # MODEL NUMBER: run the verifier, its output in $out
	(
		cd "$folder" && rm -f pan* &&
			spin -a -DWEAKENED="$2" "$models/$1.pml" &&
			cc -O2 -DSAFETY -DVECTORSZ=2048 -DCOLLAPSE -w -o pan pan.c &&
			./pan -m200000 -n
	) >"$out" 2>"$err"
}

# Nothing was cut short, and it is not the model that is too small.
searched() { ! grep -qE 'max search depth too small|Search not completed|last\[|error: ' "$out"; }
holds() { grep -q 'errors: 0' "$out" && searched; }
fails() { grep -qE 'errors: [1-9]' "$out" && ! grep -qF 'last[' "$out"; }

failed=0
judge() { # DESCRIPTION PREDICATE: make has to know, too
	if "$2"; then
		ok "$1"
	else
		not_ok "$1"
		failed=1
	fi
}

for model in note stop signals fixup list; do
	verify $model 0
	judge "$model: holds ($(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' "$out") states)" holds
	for number in $(sed -n 's/.*weakened: \([0-9 ]*\).*/\1/p' "$models/$model.pml"); do
		verify $model "$number"
		judge "$model: fails with order $number weakened" fails
	done
done
finish
[ "$failed" -eq 0 ]
