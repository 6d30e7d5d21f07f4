#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hupstorm run --part: a run in parts, each into a store of its own, put together by merge. TAP.
. "$(dirname "$0")/tap.sh"
options='--case hup-broadcast --case blocked-read --case broadcast-only --subject directed --fault none --fault go-1.18 --placement unbound --placement one-pu'

part() { # I/N STORE BUDGET
	# shellcheck disable=SC2086 # a list of options
	run run --store "$2" --part "$1" --of night-1 --seed 7 --budget "$3" $options
}
lines() { # STORE TYPE
	"$hupstorm" export --store "$1" 2>/dev/null | grep -c "\"type\":\"$2\""
}

refused 'expected I/N' run --part 3/2 --of x
refused 'expected I/N' run --part 0/2 --of x
refused 'expected I/N' run --part 2 --of x
refused 'expected I/N' run --part 1/5000 --of x
refused '--part I/N and --of NAME' run --part 1/2
refused '--part I/N and --of NAME' run --of x
refused 'expected --seed' run --part 1/2 --of x
refused "'--part'" power --part 1/2

for i in 1 2 3; do
	part $i/3 "$folder/$i.db" 6s
	check "part $i runs" [ $status -eq 0 ]
done
cells=$(lines "$folder/1.db" cell)
check "each has the whole plan" [ "$cells" -gt 30 -a "$(lines "$folder/2.db" cell)" -eq "$cells" ]
sum=0
for i in 1 2 3; do
	own=$("$hupstorm" export --store "$folder/$i.db" | grep -c '"verdict":"')
	check "and runs about a third of it" [ "$own" -ge $((cells / 6)) -a "$own" -le $((cells / 2)) ]
	sum=$((sum + own))
done
check "all of it together, and nothing twice" [ $sum -eq "$cells" ]
run merge "$db" "$folder/1.db" "$folder/2.db" "$folder/3.db"
check "merged they are one run" [ "$(lines "$db" run)" -eq 1 ]
check "with every cell" [ "$(lines "$db" cell)" -eq "$cells" ]
run merge "$db" "$folder/3.db" "$folder/1.db"
run report --store "$db"
check "of which none is missing" [ $status -eq 0 -a "$(grep -c missing "$out")" -eq 0 ]
check "all as expected" says "$cells cells: $cells as expected"
run report --store "$db" --history
check "and history knows one" says '1 runs of '

# Who has done its part has nothing to do; who was cut off goes on.
part 1/3 "$folder/1.db" 6s
check "a part that is done is not done again" [ $status -eq 0 -a "$(lines "$folder/1.db" run)" -eq 1 ]
part_by_pieces() {
	# shellcheck disable=SC2086 # a list of options
	"$hupstorm" run --store "$folder/cut.db" --part 2/2 --of night-2 --seed 7 --budget 20s $options >"$out" 2>"$err" &
	child=$!
	until [ "$("$hupstorm" export --store "$folder/cut.db" 2>/dev/null | grep -c '"verdict":"')" -ge "$1" ]; do
		kill -0 $child 2>/dev/null || break
	done
	kill -KILL $child
	wait $child
	true
}
part_by_pieces 3 2>/dev/null
before=$("$hupstorm" export --store "$folder/cut.db" | grep '"verdict":"' | sort)
check "it is cut off in the middle" [ -n "$before" ]
# shellcheck disable=SC2086 # a list of options
run run --store "$folder/cut.db" --part 2/2 --of night-2 --seed 7 --budget 20s $options
check "it goes on" [ $status -eq 0 ]
check "in the same run" [ "$(lines "$folder/cut.db" run)" -eq 1 ]
"$hupstorm" export --store "$folder/cut.db" | grep '"verdict":"' | sort >"$folder/after"
check "what was there stays as it was" [ "$(echo "$before" | grep -cFx -f - "$folder/after")" -eq "$(echo "$before" | wc -l)" ]
# shellcheck disable=SC2086 # a list of options
run run --store "$folder/cut.db" --part 1/2 --of night-2 --seed 7 --budget 20s $options
run report --store "$folder/cut.db"
check "and with the other part, into the same store, it is whole" says "$cells cells: $cells as expected"
finish
