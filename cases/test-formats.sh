#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# One run in every format of the report: the same in each, and nothing of what a program wrote gets out of its place. TAP.
set -u
source=${srcdir:-$(dirname "$0")/..}
. "$source/cases/tap.sh"

run run --store "$db" --case broadcast-only --subject directed --fault none --fault go-1.18 --placement unbound --placement spread-numa --budget 3s
cat >"$folder/odd #SKIP <name>" <<'END'
#!/bin/sh
printf '\001 <b>&"]]> | #SKIP \303(\n'
exit 1
END
chmod +x "$folder/odd #SKIP <name>"
run exec --store "$db" --runs 2 -- "$folder/odd #SKIP <name>"

format() { # RUN FORMAT: into $out
	run report --store "$db" --run "$1" --format "$2"
}

format 1 text
check "text is the default" [ $status -eq 0 ]
summary=$(grep ' cells: ' "$out")
cells=${summary%% cells*}
for name in markdown json junit tap; do
	for number in 1 2; do
		format $number $name
		cp "$out" "$folder/$number.$name"
	done
done
check "markdown has a row for each subject" [ "$(grep -c '^| broadcast-only |' "$folder/1.markdown")" -eq 2 ]
check "and the sum of the text" grep -qF "$(echo "$summary" | sed 's/ as expected.*//') as expected" "$folder/1.markdown"
check "and what a program wrote is not markup" grep -qF '\<b\>' "$folder/2.markdown"
check "tap has a line for each cell" [ "$(grep -cE '^(not )?ok ' "$folder/1.tap")" -eq "$cells" ]
check "what is red and was expected to be is ok" [ "$(grep -c '^not ok' "$folder/1.tap")" -eq 0 ]
check "what is not judged is skipped" grep -q '^ok .*spread-numa.* # SKIP skipped: ' "$folder/1.tap"
check "a failure is not ok" [ "$(grep -c '^not ok' "$folder/2.tap")" -eq 2 ]
check "its words are no directive" [ "$(grep -c '^not ok .*#' "$folder/2.tap")" -eq 0 ]
if command -v python3 >/dev/null; then
	python3 - "$folder" "$cells" >"$out" 2>"$err" <<'END'
import json, sys
import xml.etree.ElementTree as xml
folder, cells = sys.argv[1], int(sys.argv[2])
one, two = (json.load(open(f"{folder}/{n}.json")) for n in (1, 2))
assert one["run"]["cells"] == len(one["cells"]) == cells
assert sum(one["run"]["verdicts"].values()) == cells
for row in one["rows"]:
    mine = [c for c in one["cells"] if (c["case"], c["subject"], c["faults"]) == (row["case"], row["subject"], row["faults"])]
    assert len(mine) == row["cells"] and sum(c["cycles"] + (c["verdict"] != "pass") for c in mine if c["verdict"] != "skipped") == row.get("exposed_cycles")
for n, run in ((1, one), (2, two)):
    suite = xml.parse(f"{folder}/{n}.junit").getroot()[0]
    cases = suite.findall("testcase")
    standings = [c["standing"] for c in run["cells"]]
    assert len(cases) == int(suite.get("tests")) == len(standings)
    assert len(suite.findall("testcase/failure")) == int(suite.get("failures")) == standings.count("unexpected")
    assert len(suite.findall("testcase/skipped")) == int(suite.get("skipped")) == standings.count("not-judged")
assert two["cells"][0]["reason"].endswith('<b>&"]]> | #SKIP ?('), two["cells"][0]["reason"]
print("agree")
END
	check "json and junit parse, and agree" says 'agree'
else
	skip "json and junit parse, and agree: python3 is not installed"
fi
if command -v xmllint >/dev/null; then
	valid() { xmllint --noout --relaxng "$source/cases/junit.rng" "$1" >"$out" 2>"$err"; }
	check "junit is what Jenkins takes" valid "$folder/1.junit"
	check "with failures too" valid "$folder/2.junit"
	sed 's/ name="/ nome="/' "$folder/1.junit" >"$folder/bad.junit"
	check "and nothing else is" [ "$(valid "$folder/bad.junit" || echo no)" = no ]
else
	skip "junit is what Jenkins takes: xmllint is not installed"
fi
refused "--format 'pdf': expected text, markdown, json, junit, tap or html" report --store "$db" --format pdf
"$hupstorm" report --store "$db" --format json >/dev/full 2>"$err"
check "a full disk is told" [ $? -eq 2 ]
finish
