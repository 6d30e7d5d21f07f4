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
refused "--compare N, " report --store "$db" --compare


# Known failures.
db=$folder/known.db
rules=$folder/rules
bad() { run exec --store "$db" --runs 2 -- sh -c 'echo the known thing; exit 1'; }
good() { run exec --store "$db" --runs "$1" -- sh -c 'true the known thing; exit 0'; }
bad
cat >"$rules" <<'END'
# what is known
known never-seen <- case=sh & verdict=deadlock
known thing#1 <- case=sh & subject=calm & verdict=oracle & reason~known thing
known too-late <- case=sh
END
run report --store "$db"
check "it is not expected" [ $status -eq 1 ]
run report --store "$db" --known "$rules"
check "unless it is known" [ $status -eq 0 ]
check "by its name" says '(known: thing#1)'
run report --store "$db" --known "$rules" --format html
check "in the page too" [ $status -eq 0 ]
check "whose heading says so" says '<h1>All is as expected</h1>'
run report --store "$db" --known "$rules" --site "$folder/known"
check "and in a folder of pages" grep -q '<h1>All is as expected</h1>' "$folder/known/run-1.html"
check "in the list of runs" [ "$(grep -c 'tag bad' "$folder/known/index.html")" -eq 0 ]
run report --store "$db" --site "$folder/unknown"
check "but where it is not known" grep -q '<h1>Something is not as expected</h1>' "$folder/unknown/run-1.html"
run report --store "$db" --known "$rules"
check "the first rule that fits" grep -qE '^  thing#1 +2 in this run, 2 in all' "$out"
check "one that fits nothing is told" grep -qE '^  never-seen +has never fitted anything; is line 2 right' "$out"
run exec --store "$db" --runs 1 -- sh -c 'echo another thing; exit 1'
run report --store "$db" --known "$rules"
check "another failure of the same is no such thing" grep -q 'known: too-late' "$out"
sed -i '/too-late/d' "$rules"
run report --store "$db" --known "$rules"
check "without a rule it is not expected" [ $status -eq 1 ]
good 100
bad
run report --store "$db" --known "$rules"
check "what has not been seen for long has expired, and is news" [ $status -eq 1 ]
check "and again known when it has come back" grep -qE '^  thing#1 .* 4 in all' "$out"
good 400
run report --store "$db" --known "$rules"
check "a rule that has expired is told" grep -qE '^  thing#1 +has expired: .* take line 3 out' "$out"
rule() { echo "$1" >"$rules"; }
rule 'unknown x <- case=a'
refused "rules: line 1: expected known NAME" report --store "$db" --known "$rules"
rule 'known x <- cake=a'
refused "rules: line 1: 'cake': expected case" report --store "$db" --known "$rules"
rule 'known x <- verdict=dead'
refused "rules: line 1: 'dead': expected a verdict" report --store "$db" --known "$rules"
rule 'known x <- case'
refused "rules: line 1: 'case': expected KEY=VALUE" report --store "$db" --known "$rules"
refused "nowhere': No such file" report --store "$db" --known "$folder/nowhere"

# Builders side by side: what came of each row when it was last run on each.
sides="$folder/sides.db"
on() { # BUILDER EMULATED RUNS NAME STATUS
	printf '#!/bin/sh\nexit %d\n' "$5" >"$folder/$4"
	chmod +x "$folder/$4"
	HUPSTORM_BUILDER=$1 HUPSTORM_EMULATED=$2 "$hupstorm" exec --store "$sides" --runs "$3" --progress cpu -- "$folder/$4" >"$out" 2>"$err"
}
on here 0 3 one 0
on there 1 3 two 1
on here 0 2 three 1
run report --store "$sides" --builders
check "a column for each builder" grep -qE '^ +here +there *$' "$out"
check "which says if it is emulated" grep -qE '^ +\(emulated\) *$' "$out"
check "what came of a row stays until it is run there again" [ "$(sed -n '/^one$/{n;s/  */ /g;p}' "$out")" = " calm 3 " ]
check "what failed is marked, with how many" grep -qE '! 3/3 *$' "$out"
check "where it was run, and not where it was not" [ "$(sed -n '/^three$/{n;s/  */ /g;p}' "$out")" = " calm ! 2/2 " ]
check "and what emulation cannot show" says "memory order, timing and SMT"
run report --store "$sides" --builders --builder here
check "those alone that are asked for" [ "$(grep -cE "^two|^ +here +there" "$out")" -eq 0 ]
run report --store "$sides" --builders --run 1
check "and runs up to one" [ "$(grep -c '! [0-9]' "$out")" -eq 0 ]
refused "--history: expected no --builders" report --store "$sides" --builders --history
refused "--builders: expected no --compare" report --store "$sides" --builders --compare 1
run report --store "$sides" --format html
check "the page has the same table" says '<table id="sides">'
check "with the same fields" [ "$(grep -o '<td class="side [a-z]*" title="[^"]*">[^<]*' "$out" | sed 's/.*side \([a-z]*\)".*>/\1 /' | sort | tr '\n' ' ')" = "bad ! 2/2 bad ! 3/3 none  none  none  pass 3 " ]
run report --store "$db" --format html
check "and none where there is one builder" [ "$(grep -c 'id="sides"' "$out")" -eq 0 ]
if command -v python3 >/dev/null; then
	run report --store "$sides" --builders --format json
	python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
assert [(b["builder"], b["emulated"]) for b in report["builders"]] == [("here", False), ("there", True)], report
fields = [[f and (f["run"], f["red"], f["judged"], f["failures"], f["runs"]) for f in row["on"]] for row in report["rows"]]
assert fields == [[(1, 0, 3, 0, 3), None], [None, (2, 3, 3, 3, 3)], [(3, 2, 2, 2, 2), None]], fields
' "$out" 2>"$err"
	check "and for programs too" [ $? -eq 0 ]
else
	echo "# no python3: the report for programs is not looked at"
fi
finish
