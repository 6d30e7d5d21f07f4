#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The plan of placements for machines that are not here, word by word; and bad ones refused. TAP.
set -u
. "${0%/*}/tap.sh"

topologies=${0%/*}/topologies

for machine in this-machine epyc power9; do
	run list placements --all --topology "$topologies/$machine.xml"
	diff "$topologies/$machine.txt" "$out" >>"$err"
	check "$machine: the plan" cmp -s "$topologies/$machine.txt" "$out"
	check "$machine: status 0" [ $status -eq 0 ]
done

run list placements --topology "pack:2 core:2 pu:2"
check "a synthetic topology" says "classes over package, core, pu; the first"
check "shows the cover, and how many more" says "more, by turn (--all)"
run list placements --topology "pu:1"
check "on one PU there is no class" says "(no: there are not two processing units)"

echo '<topology version="2.0"><object type="Mach' >"$folder/cut.xml"
sed 's/type="PU"/type="Core"/' "$topologies/power9.xml" >"$folder/no-pu.xml"
refused "--topology '$folder/cut.xml': expected a file" list placements --topology "$folder/cut.xml"
refused "--topology '$folder/no-pu.xml': expected a file" list placements --topology "$folder/no-pu.xml"
refused "--topology '$folder/none.xml': expected a file" list placements --topology "$folder/none.xml"
refused "--topology '$folder': expected a file" list placements --topology "$folder"
refused "--topology '': expected a file" list placements --topology ""
refused "expected --topology WHAT" list placements --topologies
refused "expected --topology WHAT" list placements --topology
refused "unexpected argument 'here'" list placements here

refused "on this machine" run --placement by-role:pu=0123,pu=0123
refused "did you mean 'by-role'?" run --placement by-rule
refused "expected one that needs no roles" exec --placement by-role -- true
refused "expected one that needs no roles" exec --placement by-role:pu=0000 -- true

hupstorm=$(command -v "$hupstorm") || exit 99
mkdir "$folder/empty"
before=$PATH
PATH=$folder/empty
"$hupstorm" list placements --draw >"$out" 2>"$err"
status=$?
PATH=$before
check "--draw without lstopo: status 2" [ $status -eq 2 ]
check "and names the package" grep -q "hwloc-nox" "$err"
check "and prints nothing else" [ ! -s "$out" ]
if command -v lstopo-no-graphics >/dev/null; then
	run list placements --draw --topology "pack:2 core:2 pu:1"
	check "--draw draws" says "Package L#1"
	check "and lists behind that" says "by-role:pu=0000"
else
	skip "--draw draws: no lstopo-no-graphics"
	skip "and lists behind that: no lstopo-no-graphics"
fi

class=$("$hupstorm" list placements | sed -n 's/^ *\(by-role:[^ ]*\) .*/\1/p' | tail -n 1)
if [ -n "$class" ]; then
	run run --store "$db" --case hup-broadcast --subject cooperative --fault none --slots 2 --placement "$class" --cycles 200
	check "a class by name: all as expected" [ $status -eq 0 ]
	check "is what the cells say" says ", $class, 2 slots"
	run run --store "$db" --case hup-broadcast --subject cooperative --fault none --slots 2 --placement by-role --cycles 200
	check "the family: all as expected" [ $status -eq 0 ]
	check "the first class of the cover is among them" says ", by-role:pu=0000, 2 slots"
	check "the matrix has one column for it" [ "$(grep -c '^ *by-role *$' "$out")" -eq 1 ]
	run run --store "$db" --case hup-broadcast --subject cooperative --fault none --slots 2 --coordinator leader --target process --placement by-role --cycles 200 --seed 7
	mv "$out" "$folder/first"
	run run --store "$db" --case hup-broadcast --subject cooperative --fault none --slots 2 --coordinator leader --target process --placement by-role --cycles 200 --seed 7
	cells='s|^[0-9/ ]*hup-broadcast, \(.*\): pass.*|\1|p'
	sed -n "$cells" "$folder/first" >"$folder/one"
	sed -n "$cells" "$out" >"$folder/two"
	check "the same seed takes the same" cmp -s "$folder/one" "$folder/two"
else
	skip "classes are run: there is one PU"
fi

finish
