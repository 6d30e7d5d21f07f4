#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The speed of the explorer, by its own count: schedules and steps a second by chance, states a second and bytes a state
# in a graph; and beside them, in the same call, the same for a stranger's mechanism, which has no runtime below it.
set -u
hupstorm=${HUPSTORM:-./hupstorm}

chance() { # NAME ARGUMENT...
	name=$1
	shift
	"$hupstorm" explore --store - --scheduler random "$@" | awk -v name="$name" '/schedules,/ {
		printf "%-12s %8.0f schedules/s of %.0f steps, %.1f million steps/s\n", name, $1 / $5, $3 / $1, $3 / $5 / 1e6 }'
}

graph() { # NAME ARGUMENT...
	name=$1
	shift
	"$hupstorm" explore --store - --scheduler graph "$@" | awk -v name="$name" '/states,/ {
		printf "%-12s %8.2f million states/s, %.1f million transitions/s, %s bytes a state, of %d states\n",
			name, $1 / $8 / 1e6, $3 / $8 / 1e6, $10, $1 }'
}

for round in 1 2 3; do
	chance cooperative --threads 0 --broadcasts 2 --signals 2 --schedules 50000
	chance synccall --subject synccall --threads 1 --broadcasts 1 --signals 0 --schedules 50000
	graph cooperative --threads 0 --broadcasts 3 --signals 3
	graph synccall --subject synccall --threads 1 --broadcasts 1 --signals 1
done
