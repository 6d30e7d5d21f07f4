#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hupstorm report of many nights (cases/nights.h): its history, parts of it, and how it looks on a terminal. TAP.
set -u
. "${0%/*}/tap.sh"
make=${HUPSTORM_PROGRAMS:-.}/cases/make-history

if ! "$make" "$db" regression gone broken missing short 2>"$err"; then
	not_ok "nights are made"
	finish
	exit
fi
run report --store "$db" --history
check "the history of 80 nights" [ $status -eq 0 ]
check "says how long it is" says "158 runs of 20 rows on 2 builders, from 2026-01-01 to 2026-03-21"
check "a broken builder" says "! builder-2: run 100, 2026-02-19, to run 108, 2026-02-23"
check "a regression" says "2026-02-06 ("
check "and its rates" [ "$(grep -c "    before  [0-9]* / 11[0-9]* cycles, [0-9.]*e-0[67] to [0-9.]*e-06" "$out")" -eq 2 ]
check "an old flake" says "case-1, directed, on builder-1"
check "which is gone" [ "$(grep -c 'still there with a probability of [0-9.]*e-' "$out")" -eq 4 ]
check "a short night" says "builder-1: run 89, 2026-02-14: 160 of 320 cells are missing"
check "a missing night" says "builder-2: 1 between run 118, 2026-02-28, and run 120, 2026-03-02"
check "and nothing else" [ "$(grep -c '^[! ] [a-z]' "$out")" -eq 10 ]
check "in 80 columns" [ "$(awk 'length($0) > 80' "$out" | wc -l)" -eq 0 ]
run report --store "$db" --history --run 60
check "up to a run: the regression is not there yet" [ "$(grep -c '^Fail more' "$out")" -eq 0 ]
check "nor is the broken builder" [ "$(grep -c 'broken' "$out")" -eq 0 ]
run report --store "$db" --history --case 'case-[1]' --builder builder-1
check "of some rows and a builder" says "case-1, directed, on builder-1"
check "and of no other row" [ "$(grep -c 'case-0' "$out")" -eq 0 ]
check "nor builder" [ "$(grep -c 'builder-2' "$out")" -eq 0 ]
if command -v python3 >/dev/null; then
	"$hupstorm" report --store "$db" --history --format json >"$out" 2>"$err"
	check "the same for programs" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
assert d["history"] == {"runs": 158, "rows": 20, "builders": 2}, d["history"]
kinds = [f["kind"] for f in d["findings"]]
assert kinds == ["broken"] + 2 * ["forbidden"] + 2 * ["more-often"] + 2 * ["less-often"] + ["short"] + 2 * ["gap"], kinds
more = [f for f in d["findings"] if f["kind"] == "more-often"]
assert {f["first"] for f in more} == {73, 74} and all(f["p"] < 1e-9 and f["case"] == "case-0" for f in more), more
assert all(f["before"]["rate_low"] < 2e-6 < f["before"]["rate_high"] for f in more), more
assert d["findings"][0]["builder"] == "builder-2" and (d["findings"][0]["first"], d["findings"][0]["last"]) == (100, 108)
' "$out"
else
	skip "the same for programs: python3 is not installed"
fi

# Parts.
run report --store "$db" --case case-3 --placement by-role
check "a case and a family of placements" says "8 cells: 8 as expected"
check "and no other column" [ "$(grep -c 'one-pu' "$out")" -eq 0 ]
run report --store "$db" --builder builder-1 --until 2026-02-14 --case case-0 --subject 'coop*' --fault none
check "of a night, on a builder" says "16 cells: "
check "which is the night that is asked for" says "16 not judged"
run report --store "$db" --since 2026-02-14 --until 2026-02-14 --builder '*-1'
check "a night that was short" says "160 of them missing"
"$hupstorm" report --store "$db" --run 9 --format json --case case-9 >"$out" 2>"$err"
check "cells keep their numbers" says '{"number":289,'
refused "run 158 has no such cell" report --store "$db" --case nix
refused "it has no such run" report --store "$db" --builder nix
refused "it has no such run" report --store "$db" --since 2027-01-01
refused "expected a date like" report --store "$db" --since 2026-1-1
refused "expected a date like" report --store "$db" --until 2026-02-30x
refused "expected no --builder" report --store "$db" --run 3 --builder x
refused "--history: expected no --compare" report --store "$db" --history --compare 3
refused "there is nothing to tell of" report --store "$db" --history --since 2027-01-01

# On a terminal.
run run --store "$folder/red.db" --case hup-broadcast --fault seed --placement unbound --slots 2
COLUMNS=80 run report --store "$folder/red.db"
check "a report fits 80 columns" [ "$(awk 'length($0) > 80' "$out" | wc -l)" -eq 0 ]
again=$(sed -n '/again: hupstorm/,/[^\\]$/p' "$out" | sed 's/again: hupstorm/"$hupstorm"/')
check "its commands go over several lines" [ "$(echo "$again" | wc -l)" -gt 1 ]
(cd "$folder" && hupstorm=$(cd "$OLDPWD" && realpath "$hupstorm") && eval "$again") >"$out" 2>"$err"
check "of which a shell makes one" says "hup-broadcast"
if command -v script >/dev/null; then
	terminal() { # SETTING... COMMAND
		env TERM=xterm "$@" script -qec "stty cols 60; $command" /dev/null </dev/null 2>"$err" |
			tr -d '\r' >"$out"
	}
	command="'$hupstorm' report --store '$folder/red.db'"
	terminal LC_ALL=C.UTF-8 PAGER="sed s/^/paged:/"
	check "a pager is used" [ "$(grep -c '^paged:' "$out")" -gt 5 ]
	check "with colours" grep -q "$(printf '\033')\[31m" "$out"
	check "and marks" says "●"
	check "in as many columns as there are" [ "$(sed 's/^paged://' "$out" | sed 's/\x1b\[[0-9;]*m//g' |
		LC_ALL=C.UTF-8 awk 'length($0) > 60' | wc -l)" -eq 0 ]
	terminal LC_ALL=C PAGER= NO_COLOR=1
	check "none if none is wanted" [ "$(grep -c '^paged:' "$out")" -eq 0 ]
	check "no colours either" [ "$(grep -c "$(printf '\033')" "$out")" -eq 0 ]
	check "and no more than ASCII" [ "$(LC_ALL=C grep -c '[^ -~]' "$out")" -eq 0 ]
	terminal LC_ALL=C PAGER="head -n 2"
	check "a reader who leaves early" [ "$(wc -l <"$out")" -eq 2 ]
else
	skip "on a terminal: script is not installed"
fi
finish
