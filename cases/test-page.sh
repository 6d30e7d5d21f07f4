#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The page of a run, in a real browser: its fields, its filters, what a click shows, and that nothing leaves it. TAP.
set -u
source=${srcdir:-$(dirname "$0")/..}
. "$source/cases/tap.sh"
browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome)}
if [ -z "$browser" ]; then
	echo "1..0 # SKIP no browser: Debian's chromium is not installed"
	exit 0
fi

cat >"$folder/<b>odd" <<'END'
#!/bin/sh
printf '</script><script>document.title = "taken over"</script><img src="http://example.invalid/x">\n'
exit 1
END
chmod +x "$folder/<b>odd"
run run --store "$db" --case broadcast-only --subject directed --fault none --fault go-1.18 --placement unbound --placement one-pu --budget 3s
run run --store "$db" --case broadcast-only --case hup-broadcast --subject directed --fault none --fault go-1.18 --placement unbound --placement one-pu --budget 4s
run exec --store "$db" --runs 2 -- "$folder/<b>odd"

# The page, with what drives it behind it; and what that has found, a line each.
drive() { # RUN SCRIPT
	"$hupstorm" report --store "$db" --run "$1" --format html >"$folder/page.html" 2>"$err"
	{
		printf '<script>"use strict"; const found = []; const say = (text) => found.push(text);\n'
		printf 'const all = (what) => [...document.querySelectorAll(what)];\n'
		printf 'const choose = (id, value) => { const input = document.getElementById(id); input.value = value; input.dispatchEvent(new Event("input")); };\n'
		printf 'try { %s } catch (error) { say("error: " + error); }\n' "$2"
		printf 'say("requests " + performance.getEntriesByType("resource").length); say("title " + document.title);\n'
		printf 'document.body.replaceChildren(document.createElement("pre")); document.querySelector("pre").textContent = "\\n" + found.join("\\n") + "\\n";</script>\n'
	} >>"$folder/page.html"
	"$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --user-data-dir="$folder/browser" --enable-logging=stderr --dump-dom \
		"file://$folder/page.html" >"$out" 2>"$err"
}

# What threads did last, for one of them: a signal from each to the other.
bundle=$(find "$db.evidence" -name '2-*' | sort | head -n 1)
cat >"$bundle/trace.json" <<'END'
{"traceEvents":[
{"ph":"M","pid":1,"tid":1,"args":{"name":"0 <script>sender"}},{"ph":"M","pid":1,"tid":2,"args":{"name":"1 receiver"}},
{"ph":"M","pid":1,"tid":3,"args":{"name":"1 receiver: handler"}},
{"ph":"X","tid":1,"ts":1.5,"name":"signal sent"},{"ph":"s","tid":1,"ts":1.5,"id":1},
{"ph":"B","tid":3,"ts":3,"name":"handler 1"},{"ph":"X","tid":2,"ts":3,"name":"handler entered"},{"ph":"f","tid":2,"ts":3,"id":1},
{"ph":"E","tid":3,"ts":4},{"ph":"X","tid":2,"ts":4,"name":"handler left"}
]}
END
drive 2 '
	say("rows " + all("#matrix tbody tr").length + ", fields " + all("td.heat button").length);
	say("states " + all("td.heat.expected").length + " " + all("td.heat.bad").length);
	say("columns " + all("#matrix thead th[data-column]").map((th) => th.textContent).join(" "));
	say("history " + all("#matrix svg.history")[0].querySelectorAll("rect").length);
	choose("filter-case", "hup-broadcast");
	say("of a case " + all("#matrix tbody tr").filter((tr) => !tr.hidden).length);
	choose("filter-case", "");
	choose("filter-subject", "go-1.18");
	say("of a subject " + all("#matrix tbody tr").filter((tr) => !tr.hidden).length);
	choose("filter-subject", "");
	choose("filter-placement", "one-pu");
	say("of a placement " + all("td.heat").filter((td) => !td.hidden).length);
	choose("filter-placement", "");
	choose("filter-state", "expected");
	say("red " + all("#matrix tbody tr").filter((tr) => !tr.hidden).length + ", " + document.getElementById("shown").textContent);
	choose("filter-state", "");
	all("td.heat.expected button")[0].click();
	say("opened " + document.getElementById("field").open + ", " + all("#field tbody tr").length + " " + all("#field tbody td")[1].textContent);
	say("again " + all("#field code")[0].textContent);
	document.querySelector("#field .close").click();
	say("closed " + !document.getElementById("field").open);
	say("lanes " + all("details.failure .lanes").every((lanes) => lanes.querySelectorAll(".steps path").length > 0 && lanes.querySelectorAll("svg > rect").length > 0));
	const lanes = all(".lanes").filter((lanes) => lanes.textContent.includes("\x3cscript>sender"));
	say("drawn " + lanes.map((lanes) => [".steps path", ".arrows path", "rect.handler"].map((what) => lanes.querySelectorAll(what).length)));
	say("arrow " + lanes.map((lanes) => lanes.querySelector(".arrows title").textContent));
	say("machines " + all("#machine figure img").filter((img) => decodeURIComponent(img.src).includes(">all threads<")).length + " of " + all("#machine b").length);
	say("evidence " + all("details.failure pre").filter((pre) => pre.textContent.includes("The world: broadcasting")).length);
'
check "a row for each case and subject, and a field for each placement" says 'rows 4, fields 8'
check "what is red and was expected to be is that, and nothing else" says 'states 4 0'
check "columns by placement" says 'columns unbound one-pu'
check "the runs before it" says 'history 2'
check "filter by case" says 'of a case 2'
check "by subject" says 'of a subject 2'
check "by placement" says 'of a placement 4'
check "by state" says 'red 2, 2 of 4 rows'
check "a click lists the cells of a field" says 'opened true, 1 deadlock'
check "with what runs each again" grep -q '^again hupstorm rerun 2/[0-9]' "$out"
check "and can be closed" says 'closed true'
check "the evidence is in the page" grep -q '^evidence [1-9]' "$out"
check "and drawn: what lasts, and what happened" says 'lanes true'
check "all that there is" says 'drawn 3,1,1'
check "with an arrow from where a signal was sent" says 'arrow 0 &lt;script&gt;sender to 1 receiver'
if command -v lstopo-no-graphics >/dev/null; then
	check "the machine is drawn, with each placement" says 'machines 1 of 2'
else
	echo "# no lstopo-no-graphics: drawings are not looked at"
fi
check "nothing is asked of the network" says 'requests 0'
check "and nothing is wrong with the script" sh -c "! grep -q '^error:' '$out' && ! grep -q 'CONSOLE.*rror' '$err'"

drive 3 '
	say("states " + all("td.heat.bad").length + ", images " + all("img").length);
	all("td.heat.bad button")[0].click();
	say("text " + all("details.failure > p")[0].textContent.includes("\x3c/script>\x3cscript>document.title"));
	say("reason " + all("#field tbody td")[5].textContent);
'
check "what a program wrote is text" says 'states 1, images 0'
check "also in the list of cells" grep -q '^reason exit status 1; it said last: &lt;/script&gt;' "$out"
check "all of it" says 'text true'
check "and takes nothing over" says 'title hupstorm, run 3'

# What the page says is what the report for programs says.
if command -v python3 >/dev/null; then
	drive 2 '
		for (const tr of all("#matrix tbody tr"))
			say("row\t" + tr.dataset.case + "\t" + tr.dataset.subject + "\t" + [...tr.querySelectorAll("td.heat button")].map((b) => b.textContent).join("; "));
		for (const tr of all("#rates tbody tr"))
			say("rate\t" + [...tr.children].map((td) => td.textContent).join("\t"));
		for (const tr of all("#overlaps tbody tr"))
			say("phase\t" + [...tr.children].map((td) => td.textContent).join("\t"));
		say("cells\t" + all(".verdict b").map((b) => b.textContent).join("\t"));
	'
	cp "$out" "$folder/said"
	"$hupstorm" report --store "$db" --run 2 --format json >"$folder/run.json" 2>"$err"
	"$hupstorm" report --store "$db" --run 2 | sed -n '/^Signals, by what/,/being started/p' >"$folder/phases"
	python3 - "$folder/said" "$folder/run.json" "$folder/phases" >"$out" 2>"$err" <<'END'
import html, json, math, re, sys
said = [html.unescape(line).rstrip("\n").split("\t") for line in open(sys.argv[1])]
run = json.load(open(sys.argv[2]))
name = lambda row: row["subject"] + (" + " + row["faults"] if row["faults"] else "")
rows = {(row["case"], name(row)): row for row in run["rows"]}
seen = 0
for _, case, subject, fields in [line for line in said if line[0] == "row"]:
    sums = {}
    for count, verdict in re.findall(r"(\d+) ([a-z-]+)", fields):
        sums[verdict] = sums.get(verdict, 0) + int(count)
    assert sums == rows[case, subject]["verdicts"], (case, subject, sums)
    seen += 1
assert seen == len(rows), seen
def near(text, number, up):  # rounded outwards to two digits
    value = float(text)
    assert (value >= number * (1 - 1e-6) if up else value <= number * (1 + 1e-6)) and abs(value - number) <= 0.1 * number + 1e-300, (text, number)
rates = [line for line in said if line[0] == "rate"]
for _, case, subject, text in rates:
    row = rows[case, subject]
    failures, exposure, rest = re.match(r"(\d+) / (\d+) cycles, (.*) per cycle", text).groups()
    assert (int(failures), int(exposure)) == (row["failures"], row["exposed_cycles"]), text
    bounds = rest.replace("< ", "0 to ").split(" to ")
    if float(bounds[0]):
        near(bounds[0], row["rate_low"], False)
    near(bounds[1], row["rate_high"], True)
assert len(rates) == 2, rates
unexpected, expected, unjudged, cells = [int(n) for n in [line for line in said if line[0] == "cells"][0][1:]]
standings = run["run"]["standings"]
assert (unexpected, expected, unjudged, cells) == (standings["unexpected"], standings["as-expected"], standings["not-judged"], run["run"]["cells"])
phases = [line.split() for line in open(sys.argv[3])][2:]
said_phases = [" ".join(line[1:]).split() for line in said if line[0] == "phase"]
assert len(phases) == 5 and said_phases == phases, (said_phases, phases)
assert sum(int(line[-3]) for line in phases) > 100, phases
print("the same")
END
	check "every number of the page is that of the report for programs" says 'the same'
else
	skip "every number of the page is that of the report for programs: python3 is not installed"
fi

# To be looked at: light and dark, wide and narrow.
if [ -n "${HUPSTORM_SCREENSHOTS:-}" ]; then
	mkdir -p "$HUPSTORM_SCREENSHOTS"
	"$hupstorm" report --store "$db" --run 2 --format html >"$folder/page.html" 2>"$err"
	for shape in 1280,2400 420,3200; do
		for scheme in 0-dark 1-light; do
			"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$folder/browser" \
				--window-size=$shape --blink-settings=preferredColorScheme=${scheme%-*} \
				--screenshot="$HUPSTORM_SCREENSHOTS/run-${shape%,*}-${scheme#*-}.png" "file://$folder/page.html" >"$out" 2>&1
		done
	done
	check "pictures of it are taken" [ "$(find "$HUPSTORM_SCREENSHOTS" -name 'run-*.png' -size +20k | wc -l)" -eq 4 ]
fi

# Many nights.
if "${HUPSTORM_PROGRAMS:-.}/cases/make-history" "$folder/nights.db" regression gone broken missing short 2>"$err"; then
	store=$db
	db=$folder/nights.db
	drive 158 '
		say("bars " + all("#matrix svg.history")[0].querySelectorAll("rect").length);
		say("charts " + all("svg.chart").length + ", changed " + all("svg.chart path.change").length);
		say("grey " + all("svg.chart")[0].querySelectorAll("rect.broken").length);
		say("caption " + all("figcaption").map((f) => f.textContent)[0]);
		say("since " + all("figure .lines")[0].textContent.includes("since   run 74, 2026-02-06"));
		say("table " + all("figure table")[0].querySelectorAll("tbody tr").length);
		say("nights " + all("#nights p").length);
		say("clusters " + all("#clusters tbody tr").length + ", gone " + all("#clusters tbody tr").filter((tr) => /<.0[.]01/.test(tr.textContent)).length);
	'
	check "a bar for each of the last nights" says 'bars 60'
	check "a chart for each row that failed while its builder was well, with its changes" says 'charts 4, changed 2'
	check "which shows when it was not" says 'grey 5'
	check "and what it failed in all" grep -qE '^caption case-0, cooperative: [0-9]+ / 21[0-9]{6} cycles' "$out"
	check "and since when" says 'since true'
	check "also as a table" says 'table 60'
	check "nights that say nothing are told" says 'nights 4'
	check "each failure once, and whether it is gone" says 'clusters 24, gone 21'
	check "and nothing is wrong with the script either" sh -c "! grep -q '^error:' '$out'"
	run report --store "$db" --site "$folder/nights"
	check "each failure has its page" [ "$(find "$folder/nights" -name 'cluster-*' | wc -l)" -ge 20 ]
	check "the same in each store" [ -s "$folder/nights/cluster-041c0ac74f4f69bf.html" ]
	db=$store
else
	not_ok "nights are made"
fi

# What the harness catches: the same numbers as in the text.
store=$db
db=$folder/power.db
run power --store "$db" --fault skips-template --fault lost-runnable --repeat 3
run report --store "$db"
sed -nE 's|^  ([a-z-]+) +([0-9]+)/([0-9]+) +([0-9.]+ s) +([0-9.]+ s) +([0-9]+) cycles.*|fault \1 \2 / \3 \4 \5 \6|p' "$out" >"$folder/faults"
sed -nE 's/^  (hangs|all others) +([0-9]+) times, median ([0-9.]+) s, 99 % within ([0-9.]+) s.*/\2 times, median \3 s, 99 % within \4 s/p' "$out" >"$folder/times"
drive 1 '
	for (const tr of all("#faults tbody tr").filter((tr) => !tr.textContent.includes("(control")))
		say("fault " + [0, 3, 4, 5, 6].map((i) => tr.children[i].textContent).join(" "));
	say("curves " + all("#detection .curve").length + " " + all("#detection .area").length);
	say("summary " + all("#detection figcaption")[0].textContent);
	say("sums " + all("#score + p b")[0].textContent);
'
check "each fault has a row" [ "$(wc -l <"$folder/faults")" -eq 2 ]
check "which says what the text says" sh -c "grep '^fault ' '$out' | cmp -s - '$folder/faults'"
check "how soon they are seen is drawn" grep -qE '^curves [12] [12]$' "$out"
check "and told as in the text" sh -c "[ -s '$folder/times' ] && while read -r line; do grep '^summary' '$out' | grep -qF \"\$line\" || exit 1; done <'$folder/times'"
check "and how many there were" says 'sums 2 of 2'
check "and nothing is wrong with that script" sh -c "! grep -q '^error:' '$out'"
db=$store

# A folder of pages.
site=$folder/site
run report --store "$db" --site "$site"
check "a folder of pages" [ $status -eq 0 ]
for name in index.html run-1.html run-2.html run-3.html case-broadcast-only.html case-_3cb_3eodd.html feed.json badge.svg; do
	check "has $name" [ -s "$site/$name" ]
done
links() { grep -o 'href="[^"#]*"' "$1" | sed 's/^href="//; s/"$//' | sort -u; }
for page in "$site"/*.html; do
	for link in $(links "$page"); do
		[ -e "$site/$link" ] || echo "$page: $link"
	done
done >"$out"
check "every link leads to a page" [ ! -s "$out" ]
if command -v python3 >/dev/null; then
	check "the feed parses" python3 -c 'import json, sys
feed = json.load(open(sys.argv[1]))
assert len(feed["items"]) == 3 and feed["items"][0]["url"] == "run-3.html"' "$site/feed.json"
else
	skip "the feed parses: python3 is not installed"
fi
echo kept >"$site/run-1.html"
run exec --store "$db" --runs 1 -- true
run report --store "$db" --site "$site"
check "what is there stays" grep -q kept "$site/run-1.html"
check "and what is new comes" [ -s "$site/run-4.html" ]
check "also in the index" grep -q 'run-4.html' "$site/index.html"
"$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
	--disable-component-update --disable-sync --user-data-dir="$folder/browser" --dump-dom "file://$site/index.html" >"$out" 2>"$err"
check "a browser shows all runs" [ "$(grep -c '<th scope="row" class="case"><a href="run-' "$out")" -eq 4 ]
refused "Not a directory" report --store "$db" --site "$db"
finish
