# SPDX-License-Identifier: BSD-2-Clause
# What runs inside a cell: the runtime, the mechanism, the storms.
lib_LIBRARIES += libhupstorm.a

stressincludedir = $(includedir)/hupstorm
stressinclude_HEADERS = \
	stress/atomic.h stress/die.h stress/event.h stress/fault.h stress/inspect.h \
	stress/lock.h stress/noise.h stress/note.h stress/observe.h stress/oracles.h stress/os.h stress/os_native.h stress/storm.h \
	stress/stress.h stress/subject.h stress/trace.h

# The same files, whatever is below the seam.
parted_sources = stress/lock.c stress/note.c
runtime_sources = \
	$(stressinclude_HEADERS) \
	stress/align.h stress/oracle.h stress/random.h stress/roles.h stress/runtime.h stress/text.h \
	stress/align.c stress/births.c stress/broadcast.c stress/channel.c stress/churn.c \
	stress/die.c stress/directed.c stress/event.c stress/fault.c stress/forks.c \
	stress/inspect.c stress/noise.c stress/observe.c stress/oracle.c \
	stress/oracle_broadcast.c stress/oracle_order.c stress/oracle_progress.c \
	stress/oracle_signals.c stress/oracles.c stress/park.c \
	stress/poller.c stress/queue.c stress/ready.c stress/roles.c stress/senders.c \
	stress/sequence.c stress/signal.c \
	stress/sigqueue.c stress/sleepers.c stress/slot.c stress/stop.c stress/stoppers.c \
	stress/storm.c stress/subject.c \
	stress/syscall.c stress/sysmon.c stress/template.c stress/text.c stress/thread.c \
	stress/timer.c stress/trace.c stress/trace_read.c stress/waiters.c stress/world.c
libhupstorm_a_SOURCES = $(runtime_sources) $(parted_sources) stress/os_native.c

# ... and on the simulated machine.
noinst_LIBRARIES += libsimulated.a
libsimulated_a_CPPFLAGS = $(AM_CPPFLAGS) -DHUPSTORM_SIMULATED $(FENTRY_FLAGS) $(TRACED_CPPFLAGS)
libsimulated_a_CFLAGS = $(HUPSTORM_CFLAGS) $(SIMULATED_CFLAGS) $(TRACED_CFLAGS) -pthread
libsimulated_a_SOURCES = $(runtime_sources) \
	stress/sim/inside.h stress/sim/level.h stress/sim/machine.h stress/sim/os_sim.h stress/sim/point.h \
	stress/sim/kernel.c stress/sim/level.c

# The machine itself is not traced (stress/sim/touch.h), and neither is what a trace calls.
machine_sources = stress/sim/contention.c stress/sim/coroutine.c stress/sim/machine.c stress/sim/opening.c
noinst_LIBRARIES += libmachine.a
libmachine_a_CPPFLAGS = $(AM_CPPFLAGS) -DHUPSTORM_SIMULATED $(FENTRY_FLAGS)
libmachine_a_CFLAGS = $(HUPSTORM_CFLAGS) $(SIMULATED_CFLAGS) -pthread
libmachine_a_SOURCES = stress/sim/coroutine.h stress/sim/scrub.h stress/sim/touch.h \
	$(machine_sources) stress/sim/scrub.c

# Locks and notes of the runtime get other names there: level.c chooses between them and
# single steps.
fine_names = -Dlock_acquire=fine_lock_acquire -Dlock_release=fine_lock_release \
	-Dnote_post=fine_note_post -Dnote_wake=fine_note_wake \
	-Dnote_sleep=fine_note_sleep -Dnote_take=fine_note_take
noinst_LIBRARIES += libfine.a
libfine_a_CPPFLAGS = $(libsimulated_a_CPPFLAGS) $(fine_names)
libfine_a_CFLAGS = $(libsimulated_a_CFLAGS)
libfine_a_SOURCES = $(parted_sources)

# The same again, for speed alone (hupstorm-chance): nothing is told of accesses, and frames are not cleared.
noinst_LIBRARIES += libswift.a libswiftfine.a
libswift_a_CPPFLAGS = $(AM_CPPFLAGS) -DHUPSTORM_SIMULATED -DHUPSTORM_SWIFT
libswift_a_SOURCES = $(libsimulated_a_SOURCES) stress/sim/coroutine.h stress/sim/scrub.h stress/sim/touch.h \
	$(machine_sources)
libswiftfine_a_CPPFLAGS = $(libswift_a_CPPFLAGS) $(fine_names)
libswiftfine_a_SOURCES = $(parted_sources)
