#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# hupstorm nightly on a builder that is a batch system: Slurm, on this machine alone, with two nodes. TAP.
. "$(dirname "$0")/tap.sh"
source=$(cd "$(dirname "$0")/../runners/builders" && pwd)
cluster=$folder/cluster
if ! "$source/slurm-local" up "$cluster" >"$out" 2>"$err"; then
	"$source/slurm-local" down "$cluster"
	echo "1..0 # SKIP $(tail -n 1 "$err")"
	exit 0
fi
trap '"$source/slurm-local" down "$cluster"; rm -rf "$folder"' EXIT
SLURM_CONF=$cluster/slurm.conf
HUPSTORM_BUILDERS=$folder/builders
export SLURM_CONF HUPSTORM_BUILDERS
mkdir "$HUPSTORM_BUILDERS"
cp "$source/how-slurm" "$source/common.sh" "$HUPSTORM_BUILDERS"
printf '%s\n' 'arch native' 'how slurm' 'nodes 2' \
	'options --case hup-broadcast --subject cooperative --fault none --repeat 5' >"$HUPSTORM_BUILDERS/batch.builder"
lines() { # TYPE
	"$hupstorm" export --store "$db" 2>/dev/null | grep -c "\"type\":\"$1\""
}
finished() { # cells in the stores of the parts
	for part in "$db".nightly/batch/work/part-*.db; do
		"$hupstorm" export --store "$part" 2>/dev/null
	done | grep -c '"verdict":"'
}

# What runs on node two: the tasks, whose parents are Slurm's own processes for them.
on_two() {
	for process in /proc/[0-9]*; do
		tr '\0' '\n' <"$process/environ" >"$folder/environ" 2>/dev/null || continue
		grep -qxF SLURMD_NODENAME=two "$folder/environ" && grep -qxF "SLURM_CONF=$SLURM_CONF" "$folder/environ" &&
			echo "${process#/proc/}"
	done
}
lose_node_two() {
	until tasks=$(on_two); [ -n "$tasks" ]; do kill -0 $night 2>/dev/null || return; done
	parents=$(for task in $tasks; do ps -o ppid= -p "$task"; done)
	# shellcheck disable=SC2046,SC2086 # lists of numbers
	kill -KILL $(cat "$cluster/two.pid") $(for parent in $parents; do echo "$tasks" | grep -qx "$parent" || echo "$parent"; done | sort -u) $tasks
}

# 200 cells over two nodes. In the middle one is gone, with all that runs there.
"$hupstorm" nightly --budget 30s --seed 7 --store "$db" >"$out" 2>"$err" &
night=$!
until [ "$(finished)" -ge 20 ] && [ "$(squeue -h -t running -w two | wc -l)" -eq 1 ]; do kill -0 $night 2>/dev/null || break; done
lose_node_two
check "a node goes in the middle" [ -n "$tasks" -a -n "$parents" ]
# Slurm would wait two minutes before it begins what was lost again.
until again=$(squeue -h -t pending -o '%i %r' | sed -n 's/ BeginTime$//p') && [ -n "$again" ]; do kill -0 $night 2>/dev/null || break; done
for job in $again; do
	scontrol update JobId="$job" StartTime=now
done
wait $night
status=$?
check "the night is as it should be" [ $status -eq 0 ]
check "its line too" grep -qE '^batch +200 as expected, 0 not as expected, 0 not judged, ' "$out"
check "one run" [ "$(lines run)" -eq 1 ]
check "of two hundred cells" [ "$(lines cell)" -eq 200 ]
run report --store "$db"
check "each of which is there, once" says '200 cells: 200 as expected'
check "Slurm has begun something again" grep -q 'equeue' "$cluster/slurmctld.log"
check "and has nothing more to do" [ -z "$(squeue -h)" ]

# Told to end it takes its jobs with it, and keeps what there is.
"$hupstorm" nightly --budget 60s --store "$db" >"$out" 2>"$err" &
night=$!
until [ "$(finished)" -ge 3 ]; do kill -0 $night 2>/dev/null || break; done
kill -TERM $night
wait $night
until [ -z "$(squeue -h -t pending,running)" ]; do :; done
check "told to end its jobs end" [ -z "$(squeue -h -t pending,running)" ]
finish
