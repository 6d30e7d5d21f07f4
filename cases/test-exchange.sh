#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Runs that go from one store to another: export, import, merge. TAP.
set -u
source=${srcdir:-$(dirname "$0")/..}
. "$source/cases/tap.sh"

a=$folder/a.db
b=$folder/b.db
all=$folder/all.db
lines=$folder/lines

# What a program wrote may be anything.
run exec --store "$a" --runs 3 -- sh -c 'printf "\\303(\\377 <b>\"q\"\\n"; exit 1'
run run --store "$b" --case broadcast-only --subject cooperative --fault none --placement unbound --budget 1s
run run --store "$b" --case broadcast-only --subject directed --fault go-1.18 --placement unbound --budget 2s

without_evidence() { sed 's/"evidence":"[^"]*"//' "$1"; }
exported() { # STORE ARGUMENT...
	store=$1
	shift
	"$hupstorm" export --store "$store" "$@" >"$folder/exported" 2>"$err" && without_evidence "$folder/exported"
}

run export --store "$a"
cp "$out" "$lines"
check "a line for the store, the run, its machine and each cell" [ "$(wc -l <"$lines")" -eq 6 ]
if command -v python3 >/dev/null; then
	python3 -c 'import json, sys
for line in open(sys.argv[1], encoding="utf-8", errors="strict"): json.loads(line)' "$lines" 2>"$err"
	check "each of them is JSON in UTF-8" [ $? -eq 0 ]
else
	skip "each of them is JSON in UTF-8: python3 is not installed"
fi

run import --store "$all" "$lines"
check "they come in" says '1 new runs, 3 new outcomes'
exported "$all" >"$folder/again"
without_evidence "$lines" >"$folder/first"
check "and go out as they were" cmp -s "$folder/first" "$folder/again"
run import --store "$all" "$lines"
check "once" says '0 new runs, 0 new outcomes'
"$hupstorm" export --store "$b" --run 2 | "$hupstorm" import --store "$all" - >"$out" 2>"$err"
check "a run alone, by way of a pipe" says 'standard input: 1 new runs'
run report --store "$all"
check "the matrix of what has come is that of where it was" says '*1 dead'

run merge "$all" "$a" "$b"
check "what is there already is not taken again" says "$a: 0 new runs, 0 new outcomes"
check "and the rest is" says "$b: 1 new runs, "
run merge "$folder/new.db" "$b" "$a" "$b"
check "into a store that is made for it" [ $status -eq 0 ]
check "with the evidence that there is" grep -qE "^$a: .*, 3 bundles of evidence" "$out"
check "once" [ "$(grep -c "^$b: .*bundles" "$out")" -eq 1 ]
last=$("$hupstorm" export --store "$folder/new.db" | grep '"type":"run"' | grep -n 'exec --store' | cut -d: -f1)
run show --store "$folder/new.db" "$last/2"
check "it is shown as where it was" [ $status -eq 0 ]
sed -i '1s/^cell [0-9]*/cell N/; s/^.*hupstorm.*$//' "$out"
mv "$out" "$folder/shown"
run show --store "$a" 1/2
sed -i '1s/^cell [0-9]*/cell N/; s/^.*hupstorm.*$//' "$out"
check "the same" cmp -s "$out" "$folder/shown"
rm -r "$a.evidence/1-3"
run merge "$folder/fewer.db" "$a"
check "what is no more there does not come" says ", 2 bundles of evidence"
if command -v python3 >/dev/null; then
	cp "$a" "$folder/odd.db"
	cp -r "$a.evidence" "$folder/odd.db.evidence"
	mkdir "$folder/secret"
	echo secret >"$folder/secret/report.txt"
	python3 -c 'import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE outcome SET evidence = ? WHERE number = 0", ("../secret",))
db.commit()' "$folder/odd.db"
	run merge "$folder/safe.db" "$folder/odd.db"
	check "nor does what is elsewhere" says ", 1 bundles of evidence"
else
	skip "nor does what is elsewhere: python3 is not installed"
fi
exported "$folder/new.db" | sort >"$folder/merged"
exported "$all" | sort >"$folder/imported"
check "which has the same as the other way" cmp -s "$folder/merged" "$folder/imported"

# A run that is under way comes in two parts.
head -4 "$lines" >"$folder/part"
run import --store "$folder/parts.db" "$folder/part"
check "a part of a run" says '1 new runs, 1 new outcomes'
run import --store "$folder/parts.db" "$lines"
check "and the rest of it" says '0 new runs, 2 new outcomes'
exported "$folder/parts.db" >"$folder/again"
check "are the whole" cmp -s "$folder/first" "$folder/again"

# All or nothing.
{
	cat "$lines"
	echo '{"type":"cell"'
} >"$folder/torn"
refused "torn: line 7: no JSON object" import --store "$folder/none.db" "$folder/torn"
run export --store "$folder/none.db"
check "nothing of a torn file is kept" grep -q 'there is no run in it yet' "$err"
sed '1s/:[0-9]*}/:99}/' "$lines" >"$folder/newer"
refused "newer: line 1: of a newer hupstorm" import --store "$all" "$folder/newer"
sed 1d "$lines" >"$folder/headless"
refused "headless: line 1: expected the first line of hupstorm export" import --store "$all" "$folder/headless"
sed '2s/"seed"/"sed"/' "$lines" >"$folder/lacking"
refused "lacking: line 2: lacks what" import --store "$folder/none.db" "$folder/lacking"
: >"$folder/empty"
refused "empty: empty; expected lines" import --store "$all" "$folder/empty"
refused "No such file" import --store "$all" "$folder/nowhere"
refused "No such file" merge "$all" "$folder/nowhere.db"
refused "not an SQLite file" merge "$all" "$lines"
refused "not an SQLite file" merge "$lines" "$all"
refused "expected a store, and others" merge "$all"
refused "there is no run 9 in it" export --store "$a" --run 9
refused "--run 'x'" export --store "$a" --run x
run export --store "$a" >/dev/null
"$hupstorm" export --store "$b" >/dev/full 2>"$err"
check "a full disk is told" [ $? -eq 2 ]
finish
