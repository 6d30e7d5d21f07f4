# SPDX-License-Identifier: BSD-2-Clause
# What runs outside a cell: plan, place, sandbox, watch, the command line.
noinst_LIBRARIES += librunners.a
bin_PROGRAMS += hupstorm

# Which builders there are, and what runs there.
buildersdir = $(pkgdatadir)/builders
dist_builders_DATA = runners/builders/common.sh runners/builders/init.c runners/builders/kernel-ppc64.config \
	runners/builders/aarch64-user.builder runners/builders/local.builder runners/builders/ppc64.builder \
	runners/builders/ppc64-user.builder runners/builders/ppc64le.builder runners/builders/ppc64le-user.builder
dist_builders_SCRIPTS = runners/builders/cross runners/builders/how-local runners/builders/how-qemu-system \
	runners/builders/how-qemu-user runners/builders/how-slurm runners/builders/how-ssh runners/builders/kernel runners/builders/qemu-system runners/builders/qemu-user runners/builders/remote runners/builders/slurm-local \
	runners/builders/sysroot

librunners_a_CPPFLAGS = $(AM_CPPFLAGS) -DBUILDERS_OF_SOURCES='"$(abs_top_srcdir)/runners/builders"' \
	-DBUILDERS_INSTALLED='"$(buildersdir)"' $(DW_CFLAGS) $(ELF_CFLAGS) $(HWLOC_CFLAGS) $(SECCOMP_CFLAGS)
librunners_a_SOURCES = \
	runners/anchor.h runners/audit.h runners/bandit.h runners/beside.h runners/builder.h runners/build.h runners/bundle.h runners/call.h runners/cell.h runners/classes.h runners/columns.h runners/companion.h runners/conduct.h \
	runners/drawing.h runners/engine.h runners/evidence.h runners/execute.h runners/filter.h runners/fresh.h runners/go.h runners/line.h runners/output.h \
	runners/parse.h runners/processes.h runners/program.h runners/program_child.h \
	runners/program_judge.h runners/program_watch.h runners/stacks.h runners/storm_outside.h \
	runners/timeline.h runners/waits.h runners/info.h runners/inside.h runners/judge.h \
	runners/kill.h runners/levels.h runners/lookback.h runners/machine.h runners/options.h runners/perturbation.h runners/part.h runners/perturber.h runners/place.h runners/plan.h runners/power_plan.h \
	runners/rota.h runners/sandbox.h runners/site.h runners/snapshot.h runners/subset.h runners/suggest.h runners/watch.h \
	runners/anchor.c runners/audit.c runners/bandit.c runners/beside.c runners/builder.c runners/bundle.c runners/bundle_evidence.c runners/call.c runners/cell.c runners/classes.c runners/columns.c runners/companion.c runners/conduct.c \
	runners/drawing.c runners/engine.c runners/evidence.c runners/evidence_json.c runners/evidence_print.c \
	runners/execute.c runners/filter.c runners/fresh.c runners/go.c runners/line.c runners/output.c \
	runners/parse.c runners/processes.c runners/program.c runners/program_child.c \
	runners/program_judge.c runners/program_watch.c runners/stacks.c runners/storm_outside.c \
	runners/timeline.c runners/timeline_trace.c runners/waits.c runners/info.c runners/inside.c runners/judge.c \
	runners/kill.c runners/levels.c runners/lookback.c runners/build.c runners/machine.c runners/options.c runners/perturbation.c runners/part.c runners/perturber.c runners/place.c runners/plan.c runners/power_plan.c \
	runners/rota.c runners/sandbox.c runners/site.c runners/snapshot.c runners/subset.c runners/suggest.c runners/watch.c

hupstorm_CPPFLAGS = $(AM_CPPFLAGS) $(HWLOC_CFLAGS)
hupstorm_SOURCES = \
	runners/commands.h runners/night.h runners/night_lock.h runners/taking.h runners/display.h runners/exec_command.h runners/exec_options.h runners/exhibit.h runners/report_compare.h runners/report_page.h runners/session.h runners/stored_cell.h \
	runners/complain.c runners/display.c runners/exchange.c runners/exec.c runners/exec_command.c runners/exec_options.c runners/exhibit.c runners/explored.c runners/hunt.c runners/list.c runners/list_placements.c runners/main.c \
	runners/minimise.c runners/builders_command.c runners/night.c runners/night_lock.c runners/nightly.c runners/taking.c \
	runners/power.c runners/report.c runners/report_compare.c runners/pager.c runners/pager.h runners/report_history.c runners/report_history.h runners/report_options.c runners/report_options.h runners/report_page.c runners/rerun.c runners/run.c runners/session.c runners/show.c \
	runners/stored_cell.c
hupstorm_LDADD = librunners.a libcases.a libhupstorm.a libresults.a \
	-lm $(DW_LIBS) $(ELF_LIBS) $(HWLOC_LIBS) $(SECCOMP_LIBS) $(SQLITE_LIBS)

# What is explored, beside the runtime: it is on virtual stacks.
noinst_LIBRARIES += libexplored.a
libexplored_a_CPPFLAGS = $(libsimulated_a_CPPFLAGS)
libexplored_a_CFLAGS = $(libsimulated_a_CFLAGS)
libexplored_a_SOURCES = cases/strangers/synccall.c \
	runners/explore/small.h runners/explore/stranger.h \
	runners/explore/small.c

# ... and for speed.
noinst_LIBRARIES += libswiftexplored.a
libswiftexplored_a_CPPFLAGS = $(libswift_a_CPPFLAGS)
libswiftexplored_a_SOURCES = $(libexplored_a_SOURCES)

# What explores.
noinst_LIBRARIES += libexplorer.a
libexplorer_a_CPPFLAGS = $(AM_CPPFLAGS) $(HWLOC_CFLAGS) $(CAPSTONE_CFLAGS) $(ELF_CFLAGS) -DHUPSTORM_SIMULATED
libexplorer_a_SOURCES = $(case_sources) \
	runners/beside.c runners/beside.h runners/bundle.c runners/columns.c runners/commands.h runners/complain.c runners/conduct.c runners/info.c runners/judge.c \
	runners/build.c runners/line.c runners/machine.c \
	runners/snapshot.c \
	runners/explore/archive.h runners/explore/capture.h runners/explore/chance.h runners/explore/child.h runners/explore/clock.h \
	runners/explore/edges.h runners/explore/explore.h runners/explore/functions.h runners/explore/graph.h runners/explore/intern.h runners/explore/liveness.h \
	runners/explore/minimise.h runners/explore/moves.h runners/explore/opening.h \
	runners/explore/options.h runners/explore/pool.h runners/explore/program.h \
	runners/explore/prove.h runners/explore/recipe.h runners/explore/schedule.h \
	runners/explore/scheduler.h runners/explore/share.h runners/explore/stack.h runners/explore/states.h runners/explore/steps.h \
	runners/explore/symmetry.h runners/explore/table.h runners/explore/words.h \
	runners/explore/worlds.h \
	runners/explore/archive.c runners/explore/capture.c runners/explore/chance.c runners/explore/child.c runners/explore/edges.c runners/explore/explore.c \
	runners/explore/functions.c runners/explore/graph.c runners/explore/intern.c runners/explore/invariant.c runners/explore/liveness.c \
	runners/explore/minimise.c runners/explore/moves.c runners/explore/opening.c \
	runners/explore/options.c runners/explore/pool.c runners/explore/program.c \
	runners/explore/prove.c runners/explore/recipe.c runners/explore/schedule.c \
	runners/explore/scheduler.c runners/explore/share.c runners/explore/stack.c runners/explore/states.c runners/explore/steps.c \
	runners/explore/strangers.c runners/explore/symmetry.c runners/explore/table.c runners/explore/words.c \
	runners/explore/worlds.c

explorer_libs = $(CAPSTONE_LIBS) $(ELF_LIBS) $(HWLOC_LIBS) $(SQLITE_LIBS)
bin_PROGRAMS += hupstorm-explore hupstorm-chance
hupstorm_explore_SOURCES = runners/explore/main.c stress/sim/touch.c
hupstorm_explore_LDADD = libexplorer.a libexplored.a libsimulated.a libfine.a libmachine.a libresults.a $(explorer_libs)
hupstorm_chance_SOURCES = runners/explore/chance_main.c stress/sim/touch.c
hupstorm_chance_LDADD = libexplorer.a libswiftexplored.a libswift.a libswiftfine.a libresults.a $(explorer_libs)
