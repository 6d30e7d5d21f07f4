#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Which scheduler finds which fault, and how fast: for each fault on a list of worlds, in its world, the schedules and the
# time that each of those by chance takes to its first failure (median of ROUNDS seeds, each with BUDGET seconds), the
# fewest preemptions and the time to it, and the states, the time and the shortest way of the whole graph.
# "-": not found in most rounds, or at all.
set -u
hupstorm=${HUPSTORM:-./hupstorm}
list=$1
ROUNDS=${ROUNDS:-9}
BUDGET=${BUDGET:-10}
BOUNDS=${BOUNDS:-4}

explore() {
	"$hupstorm" explore --store - --threads 0 --broadcasts 0 --stops 0 --signals 0 --shorten 0 --budget "$BUDGET" "$@"
}

chance() { # SCHEDULER ARGUMENT...
	scheduler=$1
	shift
	round=0
	while [ $round -lt "$ROUNDS" ]; do
		round=$((round + 1))
		explore --scheduler "$scheduler" --seed $((round * 100000000)) --schedules 4000000000 "$@" | awk '
			/schedules,/ { schedules = $1; seconds = $5 }
			/^(pass|deadlock|livelock|oracle|crash): / { found = 1 }
			END { print found ? schedules " " seconds : "- -" }'
	done | sort -k 2,2g | awk '{ schedules[NR] = $1; seconds[NR] = $2; found += $1 != "-" }
		END { # Those without come first in the order.
			at = int((NR + 1) / 2) + NR - found
			if (at > NR) printf "%9s %8s", "-", "-"
			else printf "%9d %8.3f", schedules[at], seconds[at] }'
}

bounded() { # ARGUMENT...
	bound=0
	while [ $bound -le "$BOUNDS" ]; do
		explore --scheduler bounded --bound $bound "$@" | awk -v bound=$bound '
			/states,/ { seconds = $8 }
			/^(deadlock|livelock|oracle|crash): / { found = 1 }
			END { if (found) printf "%7d %8.3f", bound, seconds; exit !found }' && return
		bound=$((bound + 1))
	done
	printf '%7s %8s' - -
}

graph() { # ARGUMENT...
	explore --scheduler graph "$@" | awk '
		/states,/ { states = $1; seconds = $8 }
		/ actions, / && !actions { actions = $1 }
		END { if (actions) printf "%9d %8.3f %4d", states, seconds, actions; else printf "%9s %8s %4s", "-", "-", "-" }'
}

options() { # NAME=NUMBER...
	for word; do printf ' --%s' "$word"; done
}

printf '%-50s %18s %18s %18s %16s %23s\n' '' random sticky pct bounded graph
printf '%-50s %9s %8s %9s %8s %9s %8s %7s %8s %9s %8s %4s\n' fault schedules s schedules s schedules s bound s states s way
grep -v '^#' "$list" | while read -r expected _ fault world; do
	case $expected:$fault in pass:* | :* | *:none) continue ;; esac
	# shellcheck disable=SC2046,SC2086
	set -- --fault "$fault" $(options $world)
	printf '%-50s %s %s %s %s %s\n' "$fault" "$(chance random "$@")" "$(chance sticky "$@")" "$(chance pct "$@")" \
		"$(bounded "$@")" "$(graph "$@")"
done
