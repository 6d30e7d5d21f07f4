#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hupstorm report --compare: what has changed between runs in a store. TAP.
set -u
. "${0%/*}/tap.sh"

# A program of one's own that works, until it is broken.
program() {
	run exec --store "$db" --runs "$1" --progress cpu -- /bin/sh -c "test ! -e $folder/broken"
}

program 8
check "a program that works" [ $status -eq 0 ]
check "what that excludes is told, in runs" says "0 / 8 runs, < 3.2e-01"
program 4
run report --store "$db" --compare 1
check "nothing has changed: status 0" [ $status -eq 0 ]
check "the report is there" says "4 cells: 4 as expected"
check "and says so" says "Run 2 against run 1: 0 new, 0 still, 0 gone"
touch "$folder/broken"
program 5
program 5
run report --store "$db" --compare 1
check "broken: status 1" [ $status -eq 1 ]
check "broken: it is new" says "! NEW  "
check "broken: before" says "    before  0 / 8 runs, < 3.2e-01"
check "broken: now" says "    now     5 / 5 runs, 4.7e-01 to 1.0e+00: 5 "
check "broken: since when" says "    since   run 3 ("
check "a forbidden outcome needs no test" [ "$(grep -c 'p = ' "$out")" -eq 0 ]
run report --store "$db" --run 4 --compare 3
check "still broken" says "! STILL  "
rm "$folder/broken"
program 5
run report --store "$db" --compare 4
check "repaired: status 0" [ $status -eq 0 ]
check "repaired: gone" says "  GONE  "
check "repaired: or luck" says "still there with a probability of 3 %"
run run --store "$db" --case signal-trace --subject cooperative --slots 2 --placement unbound --fault none --cycles 4
check "another plan" [ $status -eq 0 ]
run report --store "$db" --compare 5
check "is not compared: what is in one plan only" says "  + signal-trace, cooperative"
check "is not compared: nor has it changed" says "0 new, 0 still, 0 gone, 0 not tried again"

refused "expected another run" report --store "$db" --run 3 --compare 3
refused "expected another run" report --store "$db" --compare 6
refused "there is no run 99" report --store "$db" --compare 99
refused "from 1 on" report --store "$db" --compare 0
refused "--compare N, --format" report --store "$db" --compare

finish
