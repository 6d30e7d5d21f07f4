#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hupstorm nightly: several builders, one store; and builders that fail, however they do.
. "$(dirname "$0")/tap.sh"
source=$(cd "$(dirname "$0")/../runners/builders" && pwd)
HUPSTORM_BUILDERS=$folder/builders
export HUPSTORM_BUILDERS
mkdir "$HUPSTORM_BUILDERS"

builder() { # NAME HOW: a builder whose runs are short
	printf '%s\n' 'arch native # this one' "how $2" 'options --case hup-broadcast --subject cooperative --fault none' \
		>"$HUPSTORM_BUILDERS/$1.builder"
}

exported() { "$hupstorm" export --store "$db" | grep -qF -- "$1"; }
nothing_left() { [ ! -e "$db.nightly" ]; }

cp "$source/how-local" "$HUPSTORM_BUILDERS"
refused 'no builders there' builders
builder one local
builder two local
run builders
check 'builders are shown' says 'one              native   local          60 min'
refused "unknown builder 'on'; did you mean 'one'?" nightly --builders on --store "$db"
refused "--budget 'soon'" nightly --budget soon
refused "'--sight'" nightly --sight x
for bad in 'arch a/b' 'patience 0' 'limit soon' 'emulated perhaps' 'colour red' 'host'; do
	printf 'arch native\nhow local\n%s\n' "$bad" >"$HUPSTORM_BUILDERS/bad.builder"
	refused 'bad.builder:3: ' builders
done
echo 'arch native' >"$HUPSTORM_BUILDERS/bad.builder"
refused "expected a line 'how'" builders
rm "$HUPSTORM_BUILDERS/bad.builder"

run nightly --budget 1s --store "$db" --site "$folder/site"
check 'two builders: all as expected' [ $status -eq 0 ]
check 'a line for each' [ "$(grep -cE '^(one|two) +[1-9][0-9]* as expected, 0 not as' "$out")" -eq 2 ]
check '... with its own cells alone' [ "$(awk '/as expected, 0 not as/ { print $2 }' "$out" | sort -u | wc -l)" -eq 1 ]
check 'one store has the runs of the first' exported '"builder":"one"'
check '... and of the second' exported '"builder":"two"'
check 'nothing is left beside it' nothing_left
check 'it is told on one screen' [ "$(wc -l <"$out")" -le 24 -a "$(awk '{ if (length > most) most = length } END { print most }' "$out")" -le 80 ]
check 'of each it is the first night' [ "$("$hupstorm" export --store "$db" | grep -c -- '--night=0 ')" -eq 2 ]
run nightly --budget 1s --store "$db" --builders one
check 'the next one takes the next turn' exported '--night=1 '
builder slow local
echo 'emulated yes' >>"$HUPSTORM_BUILDERS/slow.builder"
run nightly --budget 1s --store "$db" --builders slow
check 'an emulated builder is taken to be slow' exported '--night=0 --pace=400 '
for night in 1 2 3; do
	run nightly --budget 1s --store "$db" --builders slow
done
check '... until it was measured' [ "$("$hupstorm" export --store "$db" | grep '"builder":"slow"' | grep -c -- '--pace=400 ')" -eq 3 ]
rm "$HUPSTORM_BUILDERS/slow.builder"
run nightly --budget 1s --store "$db" --builders two --seed 77
check 'or what the seed gives' exported '--seed=77 '

# One at a time: whoever has the lock waits here until the other has been told.
cat >"$HUPSTORM_BUILDERS/how-wait" <<'END'
#!/bin/sh
read -r line <"$(dirname "$0")/go"
exec "$(dirname "$0")/how-local" "$@"
END
chmod +x "$HUPSTORM_BUILDERS/how-wait"
mkfifo "$HUPSTORM_BUILDERS/go"
builder wait wait
"$hupstorm" nightly --budget 1s --store "$db" --builders wait >"$folder/first" 2>&1 &
first=$!
until [ -d "$db.nightly/wait" ]; do kill -0 $first || break; done
refused 'there is a night for it already' nightly --budget 1s --store "$db" --builders one
echo >"$HUPSTORM_BUILDERS/go"
wait $first
check 'the first goes on' [ $? -eq 0 ]
check 'and nothing is left of its lock' nothing_left
rm "$HUPSTORM_BUILDERS/wait.builder"
check 'the pages are written' [ -s "$folder/site/index.html" ]

# What is not as expected is named: a known fault that has no time to show itself has passed.
builder blind local
sed -i 's/--fault none/--fault seed --cycles 1 --slots 2 --placement unbound/' "$HUPSTORM_BUILDERS/blind.builder"
run nightly --builders blind --budget 1s --seed 1 --store "$db"
check 'a known-red cell that passes makes no good night' [ $status -eq 1 ]
check '... and is named' grep -qE '^! hup-broadcast, cooperative \+ seed, unbound, 2 slots' "$out"
check '... with what is wrong, and what runs it again' sh -c "tr -s '\n ' ' ' <'$out' | grep -qE 'pass, but it is known to be wrong .hupstorm rerun [0-9]+/1.'"
rm "$HUPSTORM_BUILDERS/blind.builder"

# A builder that is not there, and one whose run is killed in the middle: by the number of the process that was started.
builder gone nowhere
cat >"$HUPSTORM_BUILDERS/how-cut" <<'END'
#!/bin/sh
mkdir -p "$1/work" && cd "$1/work" || exit
shift
"$HUPSTORM" "$@" & run=$!
until "$HUPSTORM" export --store store.db 2>/dev/null | grep -q '"verdict":"pass"'; do kill -0 $run || exit; done
kill -KILL $run
wait $run
END
chmod +x "$HUPSTORM_BUILDERS/how-cut"
builder cut cut
run nightly --builders gone --store "$db"
check 'a builder that fails makes the night one that is not good' [ $status -eq 1 ]
run nightly --builders gone,cut,one --budget 20s --store "$db"
check '... and so does a run that was cut off' [ $status -eq 1 ]
check 'it says which, and why' grep -q '^! gone .*how-nowhere: No such file' "$out"
check 'what one that was cut off had done is told' grep -qE '^cut +[1-9][0-9]* as expected.*missing' "$out"
check '... and is in the store' exported '"builder":"cut"'
check 'the next builder has its turn' grep -qE '^one +[1-9]' "$out"
check 'where the failed ones worked is kept' [ -d "$db.nightly/cut" -a -d "$db.nightly/gone" ]
"$hupstorm" export --store "$db" >"$folder/before"
builder cut local
run nightly --builders cut --budget 1s --store "$db"
check 'what was taken already is not taken again' \
	[ "$("$hupstorm" export --store "$db" | grep -c '"type":"run"')" -eq $(($(grep -c '"type":"run"' "$folder/before") + 1)) ]
finish
