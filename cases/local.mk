# SPDX-License-Identifier: BSD-2-Clause
# What is asked: one file for each case, declared as data; the programs that check it all.
noinst_LIBRARIES += libcases.a

case_sources = \
	cases/cases.h cases/cases.c cases/recipes.h cases/recipes.c \
	cases/blocked-calls.c cases/blocked-read.c cases/broadcast-only.c \
	cases/burst-birth.c cases/cold-start.c cases/fork-exec.c cases/hup-blocked.c \
	cases/hup-broadcast.c cases/hup-ignored.c cases/hup-trace-broadcast.c \
	cases/many-broadcasters.c cases/many-stoppers.c cases/nudge-blocked.c \
	cases/nudges.c cases/pending-limit.c cases/relays.c cases/services.c cases/signal-churn.c \
	cases/signal-sequence.c cases/signal-trace.c cases/template-birth.c \
	cases/thread-limit.c cases/three-signals.c cases/timers.c
libcases_a_SOURCES = $(case_sources)

check_PROGRAMS += cases/test-cells cases/test-classes cases/test-directed cases/test-judge cases/test-oracles \
	cases/test-perturbation cases/test-place cases/test-power cases/test-runtime cases/test-signals \
	cases/test-compare cases/test-history cases/test-lanes cases/test-rota cases/test-statistics cases/test-store cases/test-storms cases/test-trace cases/test-watch
EXTRA_DIST += cases/tap.sh cases/junit.rng
dist_check_SCRIPTS = cases/test-boot.sh cases/test-command.sh cases/test-disk.sh cases/test-evidence.sh cases/test-exchange.sh cases/test-exec.sh cases/test-explore.sh cases/test-formats.sh cases/test-nightly.sh cases/test-nights.sh cases/test-page.sh cases/test-parts.sh cases/test-perturb.sh cases/test-report.sh cases/test-seam.sh cases/test-slurm.sh cases/test-ssh.sh cases/test-states.sh \
	cases/test-topologies.sh
# Machines that are not here, and the placements that are planned for them.
EXTRA_DIST += cases/topologies/README \
	cases/topologies/epyc.xml cases/topologies/epyc.txt \
	cases/topologies/power9.xml cases/topologies/power9.txt \
	cases/topologies/this-machine.xml cases/topologies/this-machine.txt
# What the tests of hupstorm exec run: a program for each verdict, and the examples.
noinst_PROGRAMS += cases/hangs examples/storm-setresuid
cases_hangs_SOURCES = cases/hangs.c
examples_storm_setresuid_SOURCES = examples/storm-setresuid.c
EXTRA_DIST += examples/storm-go.go examples/nightly/hupstorm-nightly.service examples/nightly/hupstorm-nightly.timer \
	examples/nightly/crontab

# Nights that never were, for the reports.
noinst_PROGRAMS += cases/make-history
cases_make_history_SOURCES = cases/make-history.c cases/nights.c cases/nights.h
cases_make_history_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
cases_make_history_LDADD = libresults.a -lm $(SQLITE_LIBS)

check_headers = cases/check_cell.h cases/check_suite.h cases/check_world.h

check_cppflags = $(AM_CPPFLAGS) -I$(top_srcdir)/cases $(CHECK_CFLAGS) $(HWLOC_CFLAGS) \
	$(SQLITE_CFLAGS)
check_libs = librunners.a libcases.a libhupstorm.a libresults.a \
	-lm $(CHECK_LIBS) $(DW_LIBS) $(ELF_LIBS) $(HWLOC_LIBS) $(SECCOMP_LIBS) $(SQLITE_LIBS)

cases_test_cells_SOURCES = cases/test-cells.c $(check_headers)
cases_test_cells_CPPFLAGS = $(check_cppflags)
cases_test_cells_LDADD = $(check_libs)
cases_test_classes_SOURCES = cases/test-classes.c $(check_headers)
cases_test_classes_CPPFLAGS = $(check_cppflags)
cases_test_classes_LDADD = $(check_libs)
cases_test_compare_SOURCES = cases/test-compare.c $(check_headers)
cases_test_compare_CPPFLAGS = $(check_cppflags)
cases_test_compare_LDADD = $(check_libs)
cases_test_directed_SOURCES = cases/test-directed.c $(check_headers)
cases_test_directed_CPPFLAGS = $(check_cppflags)
cases_test_directed_LDADD = $(check_libs)
cases_test_history_SOURCES = cases/test-history.c cases/nights.c cases/nights.h $(check_headers)
cases_test_history_CPPFLAGS = $(check_cppflags)
cases_test_history_LDADD = $(check_libs)
cases_test_judge_SOURCES = cases/test-judge.c $(check_headers)
cases_test_judge_CPPFLAGS = $(check_cppflags)
cases_test_judge_LDADD = $(check_libs)
cases_test_lanes_SOURCES = cases/test-lanes.c $(check_headers)
cases_test_lanes_CPPFLAGS = $(check_cppflags)
cases_test_lanes_LDADD = $(check_libs)
cases_test_oracles_SOURCES = cases/test-oracles.c $(check_headers)
cases_test_oracles_CPPFLAGS = $(check_cppflags)
cases_test_oracles_LDADD = $(check_libs)
cases_test_perturbation_SOURCES = cases/test-perturbation.c $(check_headers)
cases_test_perturbation_CPPFLAGS = $(check_cppflags)
cases_test_perturbation_LDADD = $(check_libs)
cases_test_place_SOURCES = cases/test-place.c $(check_headers)
cases_test_place_CPPFLAGS = $(check_cppflags)
cases_test_place_LDADD = $(check_libs)
cases_test_power_SOURCES = cases/test-power.c $(check_headers)
cases_test_power_CPPFLAGS = $(check_cppflags)
cases_test_power_LDADD = $(check_libs)
cases_test_rota_SOURCES = cases/test-rota.c $(check_headers)
cases_test_rota_CPPFLAGS = $(check_cppflags)
cases_test_rota_LDADD = $(check_libs)
cases_test_runtime_SOURCES = cases/test-runtime.c $(check_headers)
cases_test_runtime_CPPFLAGS = $(check_cppflags)
cases_test_runtime_LDADD = $(check_libs)
cases_test_signals_SOURCES = cases/test-signals.c $(check_headers)
cases_test_signals_CPPFLAGS = $(check_cppflags)
cases_test_signals_LDADD = $(check_libs)
cases_test_statistics_SOURCES = cases/test-statistics.c $(check_headers)
cases_test_statistics_CPPFLAGS = $(check_cppflags)
cases_test_statistics_LDADD = $(check_libs)
cases_test_store_SOURCES = cases/test-store.c $(check_headers)
cases_test_store_CPPFLAGS = $(check_cppflags)
cases_test_store_LDADD = $(check_libs)
cases_test_storms_SOURCES = cases/test-storms.c $(check_headers)
cases_test_storms_CPPFLAGS = $(check_cppflags)
cases_test_storms_LDADD = $(check_libs)
cases_test_trace_SOURCES = cases/test-trace.c $(check_headers)
cases_test_trace_CPPFLAGS = $(check_cppflags)
cases_test_trace_LDADD = $(check_libs)
cases_test_watch_SOURCES = cases/test-watch.c $(check_headers)
cases_test_watch_CPPFLAGS = $(check_cppflags)
cases_test_watch_LDADD = $(check_libs)

EXTRA_PROGRAMS += hupstorm-bench
CLEANFILES += hupstorm-bench
hupstorm_bench_SOURCES = cases/bench.c
hupstorm_bench_LDADD = libhupstorm.a

explorers = hupstorm-explore$(EXEEXT) hupstorm-chance$(EXEEXT)
bench: hupstorm-bench$(EXEEXT) hupstorm$(EXEEXT) $(explorers) cases/hangs$(EXEEXT) \
	cases/make-history$(EXEEXT) examples/storm-setresuid$(EXEEXT)
	./hupstorm-bench$(EXEEXT)
	HUPSTORM=./hupstorm $(SHELL) $(srcdir)/cases/bench-explore.sh
	HUPSTORM=./hupstorm $(SHELL) $(srcdir)/cases/bench-exec.sh
	HUPSTORM=./hupstorm $(SHELL) $(srcdir)/cases/bench-store.sh

# Every small world on the list, to its end or within its bound; and each fault found.
EXTRA_DIST += cases/worlds cases/interleavings cases/bench-exec.sh cases/bench-explore.sh cases/bench-store.sh cases/fault-table.sh
prove: hupstorm$(EXEEXT) $(explorers)
	./hupstorm prove $(PROVE_FLAGS) $(srcdir)/cases/worlds

# Which scheduler finds which fault, and how fast.
fault-table: hupstorm$(EXEEXT) $(explorers)
	HUPSTORM=./hupstorm $(SHELL) $(srcdir)/cases/fault-table.sh $(srcdir)/cases/worlds
.PHONY: bench fault-table prove

# The explorer once more, at $(ANOTHER): by another compiler or with other flags (cases/test-states.sh).
another_of = { sed 's/ /\n/g' | sed -n 's,.*\.c$$,$(srcdir)/&,p'; }
another-explorer: libresults.a
	$(CC) -r -nostdlib $(DEFS) $(libsimulated_a_CPPFLAGS) $(CPPFLAGS) $(libsimulated_a_CFLAGS) $(CFLAGS) \
		$$(echo $(libsimulated_a_SOURCES) $(libexplored_a_SOURCES) | $(another_of)) -o $(ANOTHER)-simulated.o
	$(CC) -r -nostdlib $(DEFS) $(libfine_a_CPPFLAGS) $(CPPFLAGS) $(libfine_a_CFLAGS) $(CFLAGS) \
		$$(echo $(libfine_a_SOURCES) | $(another_of)) -o $(ANOTHER)-fine.o
	$(CC) -r -nostdlib $(DEFS) $(libmachine_a_CPPFLAGS) $(CPPFLAGS) $(libmachine_a_CFLAGS) $(CFLAGS) \
		$$(echo $(libmachine_a_SOURCES) | $(another_of)) -o $(ANOTHER)-machine.o
	$(CC) $(DEFS) $(libexplorer_a_CPPFLAGS) $(CPPFLAGS) $(AM_CFLAGS) $(CFLAGS) \
		$$(echo $(hupstorm_explore_SOURCES) $(libexplorer_a_SOURCES) | $(another_of)) $(ANOTHER)-simulated.o $(ANOTHER)-fine.o $(ANOTHER)-machine.o \
		libresults.a $(explorer_libs) $(LIBS) -o $(ANOTHER)
.PHONY: another-explorer

# The litmus tests of what is racy on purpose, by a model checker, in memory that is weaker than this machine's.
EXTRA_DIST += cases/check-models.sh doc/models/weak.pml doc/models/note.pml doc/models/stop.pml \
	doc/models/signals.pml doc/models/fixup.pml doc/models/list.pml
check-models:
	$(SHELL) $(srcdir)/cases/check-models.sh

# Other architectures: cross compiled, and emulated. The first time some minutes.
EXTRA_DIST += cases/check-emulated.sh cases/check-machines.sh
check-emulated: hupstorm$(EXEEXT) hupstorm-explore$(EXEEXT)
	HUPSTORM=$(abs_top_builddir)/hupstorm $(SHELL) $(srcdir)/cases/check-emulated.sh $(EMULATED)
# The unit tests on whole emulated machines: half an hour for each architecture.
check-machines:
	$(SHELL) $(srcdir)/cases/check-machines.sh $(EMULATED)
.PHONY: check-emulated check-machines check-models
