/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of faults and presets. The branches themselves are where the correctness was.
 */
#include "fault.h"

#include <errno.h>
#include <string.h>

static const struct fault_info faults[FAULT_COUNT] = {
	[FAULT_PARK_SPURIOUS] = {
		.name = "park-spurious",
		.reference = "7e97e4e8 B2",
		.taken_out = "a park returns only for a real wake; without it, whenever no fixup ran now",
		.seen_as = "crash: a thread goes on without a slot",
		.subject = "cooperative",
	},
	[FAULT_NOTE_SHARED] = {
		.name = "note-shared",
		.reference = "7e97e4e8 B1",
		.taken_out = "a fixup wake and a real wake are different events on the park note",
		.seen_as = "crash: double wakeup",
		.subject = "cooperative",
	},
	[FAULT_HANDLER_WAITS] = {
		.name = "handler-waits",
		.reference = "7e97e4e8 B3 B4 B5",
		.taken_out = "a handler never waits; it spins until the receiver has run",
		.seen_as = "livelock, when the handler sits on what the receiver needs",
		.subject = "cooperative",
	},
	[FAULT_RECEIVER_NEEDS_SLOT] = {
		.name = "receiver-needs-slot",
		.reference = "7e97e4e8 B3 B4 B5",
		.taken_out = "the receiver answers a fixup wake without a slot; it queues for one",
		.seen_as = "oracle: signal-queue; makes handler-waits wait for the end of the broadcast",
		.subject = "cooperative",
	},
	[FAULT_POLLER_BROKEN_ONCE] = {
		.name = "poller-broken-once",
		.reference = "go#44193 B6",
		.taken_out = "the poller is broken out again while the coordinator waits",
		.seen_as = "livelock of the coordinator, with no signal involved",
		.subject = "cooperative",
	},
	[FAULT_BLOCKED_UNREACHED] = {
		.name = "blocked-unreached",
		.reference = "go#50113",
		.taken_out = "a thread blocked in a system call is reached by a directed signal",
		.seen_as = "livelock of the coordinator",
		.subject = "cooperative",
	},
	[FAULT_FIXUP_LOCKED] = {
		.name = "fixup-locked",
		.reference = "7e97e4e8",
		.taken_out = "a fixup is claimed by one atomic exchange; it is run under a lock",
		.seen_as = "nothing alone; deadlock with fixup-unmasked",
		.subject = "cooperative",
	},
	[FAULT_COORDINATOR_UNMASKED] = {
		.name = "coordinator-unmasked",
		.reference = "go#44193 hunk 1",
		.taken_out = "the coordinator blocks all signals during the broadcast",
		.seen_as = "livelock of the coordinator in its own handler, with handler-waits",
		.with = "handler-waits,receiver-needs-slot",
		.subject = "cooperative",
	},
	[FAULT_SEND_ONLY_YIELDS] = {
		.name = "send-only-yields",
		.reference = "go#44193 hunk 2",
		.taken_out = "a handler that waits runs the fixup of its own thread meanwhile",
		.seen_as = "livelock, with handler-waits",
		.with = "handler-waits,receiver-needs-slot",
		.subject = "cooperative",
	},
	[FAULT_FIXUP_UNMASKED] = {
		.name = "fixup-unmasked",
		.reference = "go#44193 hunk 3",
		.taken_out = "a fixup runs with all signals blocked, and no fixup costs nothing",
		.seen_as = "deadlock on the own fixup lock, with fixup-locked and handler-waits",
		.with = "fixup-locked,handler-waits,receiver-needs-slot",
		.subject = "cooperative",
	},
	[FAULT_COMPLETION_UNDER_LOCK] = {
		.name = "completion-under-lock",
		.reference = "go#44193 hunk 4",
		.taken_out = "the coordinator polls for completion without taking the fixup locks",
		.seen_as = "livelock: the coordinator sleeps on the lock of a thread whose handler waits",
		.with = "fixup-locked,fixup-opens-early,handler-waits,receiver-needs-slot",
		.subject = "cooperative",
	},
	[FAULT_FIXUP_CLEARED_EARLY] = {
		.name = "fixup-cleared-early",
		.reference = "go#44193 hunk 5",
		.taken_out = "a fixup is marked done only after its function has run",
		.seen_as = "oracle: user code runs before every thread has changed",
		.subject = "cooperative",
	},
	[FAULT_RECEIVER_UNREACHED] = {
		.name = "receiver-unreached",
		.reference = "go#43149",
		.taken_out = "the coordinator wakes a receiver that sleeps on its note",
		.seen_as = "livelock of the coordinator",
		.subject = "cooperative",
	},
	[FAULT_BIRTH_UNSERIALISED] = {
		.name = "birth-unserialised",
		.reference = "go 1.16 syscall_runtime_doAllThreadsSyscall",
		.taken_out = "the coordinator waits until the template thread has made who was asked for",
		.seen_as = "oracle: state: a newborn inherits what its maker has changed, and changes it again",
		.subject = "cooperative",
	},
	[FAULT_RESULTS_IGNORED] = {
		.name = "results-ignored",
		.reference = "go#42178",
		.taken_out = "the results of the function are compared",
		.seen_as = "oracle: a thread differs and nobody is told",
	},
	[FAULT_MASK_NOT_RESTORED] = {
		.name = "mask-not-restored",
		.reference = "go#44193 hunk 1",
		.taken_out = "the coordinator restores its signal mask when the broadcast has failed too",
		.seen_as = "oracle: masks",
	},
	[FAULT_LOST_WAKE] = {
		.name = "lost-wake",
		.reference = "Drepper 2011",
		.taken_out = "a post to a note wakes who sleeps on it; without it, not if the post is a fixup",
		.seen_as = "livelock of the coordinator",
		.subject = "cooperative",
	},
	[FAULT_TRACE_EMPTY] = {
		.name = "trace-empty",
		.reference = "go#38794",
		.taken_out = "a trace is written before it is switched off",
		.seen_as = "oracle: an empty trace",
	},
	[FAULT_LOST_RUNNABLE] = {
		.name = "lost-runnable",
		.reference = "runtime/proc.go, handoffp",
		.taken_out = "a slot becomes idle under the same lock under which nobody was found to want it",
		.seen_as = "livelock: a runnable thread and an idle slot",
	},
	[FAULT_LOCK_FORGETS_SLEEPERS] = {
		.name = "lock-forgets-sleepers",
		.reference = "Drepper 2011",
		.taken_out = "a thread that slept on a lock says that there may be others",
		.seen_as = "deadlock: a sleeper that nobody wakes",
	},
	[FAULT_NOTE_BEFORE_FIXUP] = {
		.name = "note-before-fixup",
		.reference = "runtime/proc.go, doAllThreadsSyscall",
		.taken_out = "a fixup is there before its thread is woken for it",
		.seen_as = "livelock of the coordinator",
		.subject = "cooperative",
	},
	[FAULT_NOTE_WAKES_FIRST] = {
		.name = "note-wakes-first",
		.reference = "runtime/lock_futex.go",
		.taken_out = "a note is up before its sleeper is woken; without it, a fixup note is not",
		.seen_as = "livelock of the coordinator",
		.subject = "cooperative",
	},
	[FAULT_SIGNAL_DROPPED] = {
		.name = "signal-dropped",
		.reference = "go#44193",
		.taken_out = "a signal is queued in every state of the receiver; without it, not in state fixup",
		.seen_as = "oracle: a lost signal",
		.subject = "cooperative",
	},
	[FAULT_RECEIVER_SLEEPS_ON_NEWS] = {
		.name = "receiver-sleeps-on-news",
		.reference = "runtime/sigqueue.go",
		.taken_out = "the receiver goes to sleep by a compare-and-swap, which fails if there is news",
		.seen_as = "oracle: a lost signal",
	},
	[FAULT_SYSCALL_KEEPS_SLOT] = {
		.name = "syscall-keeps-slot",
		.reference = "runtime/proc.go, entersyscall",
		.taken_out = "a thread that enters a system call looks whether the world is being stopped",
		.seen_as = "livelock of the stop",
	},
	[FAULT_START_FORGETS_RUNNABLE] = {
		.name = "start-forgets-runnable",
		.reference = "runtime/proc.go, startTheWorld",
		.taken_out = "the start of the world gives slots to those who are runnable",
		.seen_as = "livelock: a runnable thread and an idle slot",
	},
	[FAULT_STOP_RIGHT_SHARED] = {
		.name = "stop-right-shared",
		.reference = "go#40459",
		.taken_out = "the right to stop the world is handed to the first who waits for it",
		.seen_as = "crash: two stop at once",
	},
	[FAULT_POLLER_LOWERS_FIRST] = {
		.name = "poller-lowers-first",
		.reference = "runtime/netpoll_epoll.go",
		.taken_out = "a poller takes the break before it says that there is none",
		.seen_as = "livelock: the poller cannot be broken any more",
	},
	[FAULT_TEMPLATE_SLEEPS_ON_REQUEST] = {
		.name = "template-sleeps-on-request",
		.reference = "runtime/proc.go, templateThread",
		.taken_out = "the template thread says that it waits under the lock under which it found nothing",
		.seen_as = "livelock: a newborn that is never made",
	},
	[FAULT_SYSMON_FORGETS_POST] = {
		.name = "sysmon-forgets-post",
		.reference = "runtime/proc.go, sysmon",
		.taken_out = "sysmon waits for a post that it is owed",
		.seen_as = "crash: double wakeup",
	},
	[FAULT_COORDINATOR_MASKS_LATE] = {
		.name = "coordinator-masks-late",
		.reference = "go#44193 hunk 1",
		.taken_out = "the coordinator blocks all signals before it stops the world; it does when the world is stopped",
		.seen_as = "livelock: the coordinator in its own handler",
		.with = "handler-waits,receiver-needs-slot",
		.subject = "cooperative",
	},
	[FAULT_COORDINATOR_OPENS_EARLY] = {
		.name = "coordinator-opens-early",
		.reference = "go#44193 hunk 1",
		.taken_out = "the coordinator's mask is restored after the world has been started; it is before",
		.seen_as = "livelock: the coordinator in its own handler",
		.with = "handler-waits,receiver-needs-slot",
		.subject = "cooperative",
	},
	[FAULT_FIXUP_OPENS_EARLY] = {
		.name = "fixup-opens-early",
		.reference = "go#44193 hunk 3",
		.taken_out = "the mask is restored after the fixup lock was given back; it is before",
		.seen_as = "livelock: a handler on a thread that holds its own fixup lock",
		.with = "fixup-locked,handler-waits,receiver-needs-slot",
		.subject = "cooperative",
	},
	[FAULT_HANDLER_LOCKS] = {
		.name = "handler-locks",
		.reference = "go#20146, go#31264",
		.taken_out = "a handler takes no lock that other code takes too",
		.seen_as = "deadlock: a handler waits for a lock that its own thread holds",
	},
	[FAULT_NUDGE_BLOCKED] = {
		.name = "nudge-blocked",
		.reference = "go#52226",
		.taken_out = "the runtime's own signal is open on every thread whatever the mask of the process is",
		.seen_as = "livelock, or deadlock of the subject directed: a thread in a system call is not reached",
	},
	[FAULT_NUDGE_UNGATED] = {
		.name = "nudge-ungated",
		.reference = "go#37741",
		.taken_out = "a thread is nudged only when the last nudge has arrived",
		.seen_as = "nothing: stops are served one at a time, and each asks every 100 us at the most",
	},
	[FAULT_TEMPLATE_PROMISED] = {
		.name = "template-promised",
		.reference = "go#38931",
		.taken_out = "no safepoint lies between the flag that says that there is a template thread and its birth",
		.seen_as = "livelock: the coordinator waits for a template thread that nobody makes",
	},
	[FAULT_SAFEPOINT_IN_TRANSIT] = {
		.name = "safepoint-in-transit",
		.reference = "go#42237",
		.taken_out = "no safepoint lies between the assignment of a slot and the wake of its thread",
		.seen_as = "livelock: a stop waits for a slot that is on its way",
	},
	[FAULT_SLOT_PUT_BACK] = {
		.name = "slot-put-back",
		.reference = "go#45975",
		.taken_out = "a slot that nobody wants is put back under the lock under which it was taken",
		.seen_as = "livelock: a stop has not seen the slot",
	},
	[FAULT_STOP_NOTE_SHARED] = {
		.name = "stop-note-shared",
		.reference = "go f0dd002895",
		.taken_out = "stops and broadcasts end with events of their own; they share a note",
		.seen_as = "crash: a stop that is not complete",
		.subject = "cooperative",
	},
	[FAULT_UNSUBSCRIBE_EARLY] = {
		.name = "unsubscribe-early",
		.reference = "go#14571",
		.taken_out = "whoever unsubscribes waits for deliveries that are under way",
		.seen_as = "oracle: a signal is neither delivered nor takes its disposition from before",
	},
	[FAULT_SIGNALS_BLOCKED] = {
		.name = "signals-blocked",
		.reference = "go#21433",
		.taken_out = "some thread has the subscribed signals open",
		.seen_as = "lost-signal: pending for the process, and blocked everywhere",
	},
	[FAULT_RECORD_REUSED_EARLY] = {
		.name = "record-reused-early",
		.reference = "go#56243",
		.taken_out = "a thread's record is used again only when the thread has gone",
		.seen_as = "crash: two threads of one record",
	},
	[FAULT_SYSCALL_ORDER] = {
		.name = "syscall-order",
		.reference = "go#15051",
		.taken_out = "who enters a system call stores the slot's state before it loads the stop, as both see it; the store comes late, as from a store buffer",
		.seen_as = "livelock: a stop has not seen the slot, and its thread not the stop",
	},
	[FAULT_DEATH_LOCKS] = {
		.name = "death-locks",
		.reference = "7e97e4e8 B7",
		.taken_out = "the report of a crash takes no lock, with all signals blocked",
		.seen_as = "livelock: a crash that never comes to its end",
		.with = "seed",
		.subject = "cooperative",
	},
	[FAULT_POSTED_FIRST] = {
		.name = "posted-first",
		.reference = "go 0a5fae2a0e",
		.taken_out = "fixups are posted only when the first call has succeeded",
		.seen_as = "oracle: a broadcast that failed has run on others",
		.subject = "cooperative",
	},
	[FAULT_TRACE_BESIDE_SYSMON] = {
		.name = "trace-beside-sysmon",
		.reference = "go#38794",
		.taken_out = "the tracer keeps sysmon out",
		.seen_as = "nothing: in a stopped world no slot is in a system call, so sysmon has none to hand around, and an event that is being written is left out of the trace",
	},
	[FAULT_PLACE_LATE] = {
		.name = "place-late",
		.reference = "go#46524",
		.taken_out = "a thread says that it is in a system call before its slot can be taken",
		.seen_as = "nothing: where a thread is decides how it is reached, and the coordinator looks again until it has been",
		.subject = "cooperative",
	},
	[FAULT_NOISE_ZERO] = {
		.name = "noise-zero",
		.reference = "rr chaos mode",
		.taken_out = "the perturber's delays are longer than nothing",
		.seen_as = "invalid: the perturber has injected nothing",
		.harness = true,
	},
	[FAULT_NOISE_CONSTANT] = {
		.name = "noise-constant",
		.reference = "rr chaos mode",
		.taken_out = "the perturber's numbers differ",
		.seen_as = "invalid: all delays are alike",
		.harness = true,
	},
	[FAULT_HALF_ROUNDS] = {
		.name = "half-rounds",
		.reference = "rcutorture",
		.taken_out = "each cycle that is counted was run",
		.seen_as = "invalid: fewer broadcasts than cycles",
		.harness = true,
	},
	[FAULT_WATCH_DISARMED] = {
		.name = "watch-disarmed",
		.reference = "torture tests",
		.taken_out = "the watchdog judges a cell in which nothing moves",
		.seen_as = "slow: a hang that is not told from slowness",
		.with = "receiver-unreached",
		.harness = true,
	},
	[FAULT_PROGRESS_RUNS_FREE] = {
		.name = "progress-runs-free",
		.reference = "torture tests",
		.taken_out = "progress is counted where it is made; the counter runs by itself",
		.seen_as = "slow: a hang that passes for progress",
		.with = "receiver-unreached",
		.harness = true,
	},
	[FAULT_DIRECTED_QUOTA] = {
		.name = "directed-quota",
		.reference = "go 0a5fae2a0e D1",
		.taken_out = "the broadcast signal is one that the kernel never refuses; it is a real-time one, and a refusal is ignored",
		.seen_as = "deadlock: the quota of pending signals is used up, and nobody is reached",
		.subject = "directed",
	},
	[FAULT_DIRECTED_BLOCKED] = {
		.name = "directed-blocked",
		.reference = "go#12498 libpsx 508d2f0 D2",
		.taken_out = "no thread blocks the broadcast signal; the receiver does",
		.seen_as = "deadlock: the receiver is not reached",
		.subject = "directed",
	},
	[FAULT_DIRECTED_WAITS_MASKED] = {
		.name = "directed-waits-masked",
		.reference = "go#44193 hunk 1, D2",
		.taken_out = "a coordinator blocks signals only when it has nothing to wait for any more; it does before it waits for its turn",
		.seen_as = "deadlock: of two coordinators, one does not reach the other",
		.subject = "directed",
	},
	[FAULT_DIRECTED_INTERRUPTS] = {
		.name = "directed-interrupts",
		.reference = "signal(7) D4",
		.taken_out = "a system call that the broadcast signal interrupts is taken up again",
		.seen_as = "crash: a reader gets EINTR",
		.subject = "directed",
	},
	[FAULT_DIRECTED_OFF_STACK] = {
		.name = "directed-off-stack",
		.reference = "go#9400 go#54306 D5",
		.taken_out = "the handler runs on the signal stack of its thread",
		.seen_as = "oracle: handler-context, a handler off its stack",
		.subject = "directed",
	},
	[FAULT_DIRECTED_UNDEFINED] = {
		.name = "directed-undefined",
		.reference = "go#42178 go#51192 go#56426 D6",
		.taken_out = "of the results only what the function defines is compared; what happens to be there beside it is too",
		.seen_as = "oracle: a thread is said to disagree",
		.subject = "directed",
	},
	[FAULT_DIRECTED_COLLISION] = {
		.name = "directed-collision",
		.reference = "kernel.org 210533 go#39343 D7",
		.taken_out = "the broadcast signal has a number of its own; it has that of SIGHUP",
		.seen_as = "lost-signal: what the program sends itself is taken for the mechanism's",
		.subject = "directed",
	},
	[FAULT_DIRECTED_STALE_TID] = {
		.name = "directed-stale-tid",
		.reference = "go 4be921d888 D8",
		.taken_out = "the tid of a thread that has ended is cleared before its record is used again",
		.seen_as = "crash: a signal to a thread that is gone",
		.subject = "directed",
	},
	[FAULT_DIRECTED_SENDS_EARLY] = {
		.name = "directed-sends-early",
		.reference = "go 0a5fae2a0e D9",
		.taken_out = "everybody can take signals before anybody is sent one; without, each is as soon as it can",
		.seen_as = "oracle: a thread is changed, gives birth, and its child is changed twice",
		.subject = "directed",
	},
	[FAULT_DIRECTED_BIRTH_PARKS] = {
		.name = "directed-birth-parks",
		.reference = "go 9b4b3e5acc go#64722 D10",
		.taken_out = "a thread that gives birth keeps its slot meanwhile; it gives way with the birth lock held",
		.seen_as = "deadlock: the coordinator waits for a birth in the world that it has stopped",
		.subject = "directed",
	},
	[FAULT_DIRECTED_UNSTOPPED] = {
		.name = "directed-unstopped",
		.reference = "go 0a5fae2a0e D11",
		.taken_out = "the world is stopped during the broadcast",
		.seen_as = "oracle: user code runs between the first and the last call",
		.subject = "directed",
	},
	[FAULT_DIRECTED_ARGUMENTS_REUSED] = {
		.name = "directed-arguments-reused",
		.reference = "go 0a5fae2a0e D12",
		.taken_out = "a handler clears its mark when it has run the function; it does before it has read which",
		.seen_as = "oracle: user code runs before every thread has changed; or crash: nothing left to run",
		.subject = "directed",
	},
	[FAULT_DIRECTED_KIND_UNHANDLED] = {
		.name = "directed-kind-unhandled",
		.reference = "go#51213",
		.taken_out = "the handler serves every kind of thread; not the template thread",
		.seen_as = "deadlock: the template thread is not reached",
		.subject = "directed",
	},
	[FAULT_EXIT_LEAVES_LIST_LATE] = {
		.name = "exit-leaves-list-late",
		.reference = "go#42494 libpsx 025f28c",
		.taken_out = "a thread that ends, and blocks signals, leaves the list before it gives up its slot",
		.seen_as = "deadlock: the coordinator waits for a thread that does not listen any more; or oracle: atomicity",
	},
	[FAULT_SKIPS_OTHERS] = {
		.name = "skips-others",
		.reference = "A1",
		.taken_out = "the function runs on every other thread",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_SKIPS_LEADER] = {
		.name = "skips-leader",
		.reference = "A1",
		.taken_out = "the function runs on the leader of the thread group",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_SKIPS_SYSMON] = {
		.name = "skips-sysmon",
		.reference = "A1",
		.taken_out = "the function runs on sysmon",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_SKIPS_TEMPLATE] = {
		.name = "skips-template",
		.reference = "A1",
		.taken_out = "the function runs on the template thread",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_SKIPS_RECEIVER] = {
		.name = "skips-receiver",
		.reference = "A1, go#43149",
		.taken_out = "the function runs on the receiver of signals",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_SKIPS_POLLERS] = {
		.name = "skips-pollers",
		.reference = "A1",
		.taken_out = "the function runs on the pollers",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_SKIPS_NEWBORNS] = {
		.name = "skips-newborns",
		.reference = "A1",
		.taken_out = "the function runs on threads that are being born",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_SKIPS_SYSCALLS] = {
		.name = "skips-syscalls",
		.reference = "A1, go#50113",
		.taken_out = "the function runs on threads that are in a system call",
		.seen_as = "oracle: exactly-once, or atomicity",
		.subject = "cooperative",
	},
	[FAULT_FIXUP_RUN_TWICE] = {
		.name = "fixup-run-twice",
		.reference = "A5",
		.taken_out = "a fixup runs its function once",
		.seen_as = "oracle: exactly-once",
		.subject = "cooperative",
	},
	[FAULT_FIRST_FAILURE_IGNORED] = {
		.name = "first-failure-ignored",
		.reference = "A16",
		.taken_out = "a broadcast whose first call fails ends there",
		.seen_as = "oracle: refusal",
		.subject = "cooperative",
	},
	[FAULT_ARGUMENT_STALE] = {
		.name = "argument-stale",
		.reference = "runtime/proc.go, doAllThreadsSyscall",
		.taken_out = "the function gets the argument of its own broadcast; without it, of the one before",
		.seen_as = "oracle: order, if two broadcast",
		.subject = "cooperative",
	},
	[FAULT_STOP_RIGHT_LIFO] = {
		.name = "stop-right-lifo",
		.reference = "go#40459",
		.taken_out = "the right to stop goes to who has waited longest; without it, to who came last",
		.seen_as = "oracle: fairness, if three stop or more",
	},
	[FAULT_ONE_OF_BATCH] = {
		.name = "one-of-batch",
		.reference = "runtime/sigqueue.go, signal_recv",
		.taken_out = "the receiver hands on every signal that it took; without it, the lowest alone",
		.seen_as = "lost signal, where several numbers are sent",
	},
	[FAULT_UNSUBSCRIBED_IN_NAME] = {
		.name = "unsubscribed-in-name",
		.reference = "os/signal, TestStop",
		.taken_out = "unsubscribing takes the channel off the list",
		.seen_as = "oracle: not-invented",
	},
	[FAULT_FULL_CHANNEL_ENDS_DISPATCH] = {
		.name = "full-channel-ends-dispatch",
		.reference = "os/signal, process",
		.taken_out = "a full channel drops the signal, and the others still get it",
		.seen_as = "oracle: full-channel",
	},
	[FAULT_DISPOSITION_FORGOTTEN] = {
		.name = "disposition-forgotten",
		.reference = "os/signal, TestNohup",
		.taken_out = "a signal that nobody wants any more gets its disposition back; without it, it is ignored",
		.seen_as = "SIGHUP no longer ends the process",
	},
	[FAULT_SERVICE_MASK_NOT_RESTORED] = {
		.name = "service-mask-not-restored",
		.reference = "go#44193 hunk 3",
		.taken_out = "a service thread restores its mask after a fixup",
		.seen_as = "oracle: masks, seen from outside alone",
		.subject = "cooperative",
	},
	[FAULT_HANDLER_RUNS_LONG] = {
		.name = "handler-runs-long",
		.reference = "7e97e4e8 B3",
		.taken_out = "a handler ends; without it, not on the leader while it is parked",
		.seen_as = "oracle: handler",
	},
	[FAULT_ERRNO_LOST] = {
		.name = "errno-lost",
		.reference = "runtime/signal_unix.go",
		.taken_out = "a handler leaves errno as it found it",
		.seen_as = "oracle: handler-context",
	},
	[FAULT_NO_SIGNAL_STACK] = {
		.name = "no-signal-stack",
		.reference = "runtime/signal_unix.go, sigNotOnStack",
		.taken_out = "a thread has a stack for its handlers",
		.seen_as = "oracle: handler-context",
	},
	[FAULT_HANDLER_NESTS] = {
		.name = "handler-nests",
		.reference = "runtime/os_linux.go, setsig",
		.taken_out = "all signals are blocked while a handler runs",
		.seen_as = "oracle: handler-context",
	},
	[FAULT_CALL_NOT_MADE] = {
		.name = "call-not-made",
		.reference = "A8",
		.taken_out = "the function makes its system call on every thread; without it, where it is called first",
		.seen_as = "oracle: state",
	},
	[FAULT_CHECKS_LEADER_ONLY] = {
		.name = "checks-leader-only",
		.reference = "A3",
		.taken_out = "the oracle inside looks at every thread; without it, at the leader",
		.seen_as = "invalid: not every thread was checked",
		.harness = true,
	},
	[FAULT_AUDITS_LEADER_ONLY] = {
		.name = "audits-leader-only",
		.reference = "A3",
		.taken_out = "the audit from outside looks at every thread; without it, at the leader",
		.seen_as = "invalid: not every thread was checked",
		.harness = true,
	},
};

/* The committed fix, and the code before it: its five hunks taken out again. */
#define SEED_FAULTS                                                                      \
	[FAULT_PARK_SPURIOUS] = true, [FAULT_NOTE_SHARED] = true,                        \
	[FAULT_HANDLER_WAITS] = true, [FAULT_RECEIVER_NEEDS_SLOT] = true,                \
	[FAULT_POLLER_BROKEN_ONCE] = true, [FAULT_BLOCKED_UNREACHED] = true,             \
	[FAULT_FIXUP_LOCKED] = true

static const struct fault_preset presets[] = {
	{
		.name = "seed",
		.summary = "Go 7e97e4e8, the committed fix of go#44193",
		.subject = "cooperative",
		.faults.on = { SEED_FAULTS },
	},
	{
		.name = "pre-seed",
		.summary =
			"the parent of Go 7e97e4e8: the five hunks of the fix taken out",
		.subject = "cooperative",
		.faults.on = { SEED_FAULTS, [FAULT_COORDINATOR_UNMASKED] = true,
			[FAULT_SEND_ONLY_YIELDS] = true, [FAULT_FIXUP_UNMASKED] = true,
			[FAULT_COMPLETION_UNDER_LOCK] = true,
			[FAULT_FIXUP_CLEARED_EARLY] = true },
	},
	{
		.name = "go-1.18",
		.summary = "Go 0a5fae2a0e, the rewrite, as it was committed",
		.subject = "directed",
		.faults.on = { [FAULT_DIRECTED_QUOTA] = true,
			[FAULT_DIRECTED_STALE_TID] = true },
	},
};

enum { PRESET_COUNT = sizeof presets / sizeof presets[0] };

const struct fault_info *fault_info(enum fault fault)
{
	return &faults[fault];
}

const struct fault_preset *fault_preset(size_t index)
{
	return index < PRESET_COUNT ? &presets[index] : NULL;
}

static bool is_name(const char *text, size_t length, const char *name)
{
	return strlen(name) == length && !memcmp(text, name, length);
}

static void add(struct fault_set *set, const struct fault_set *more)
{
	for (size_t f = 0; f < FAULT_COUNT; f++)
		set->on[f] |= more->on[f];
}

static bool add_named(struct fault_set *set, const char *text, size_t length)
{
	for (size_t p = 0; p < PRESET_COUNT; p++) {
		if (is_name(text, length, presets[p].name)) {
			add(set, &presets[p].faults);
			return true;
		}
	}
	for (size_t f = 0; f < FAULT_COUNT; f++) {
		if (is_name(text, length, faults[f].name)) {
			set->on[f] = true;
			return true;
		}
	}
	return is_name(text, length, "none");
}

int fault_parse(
	const char *names, struct fault_set *set, const char **unknown, size_t *length)
{
	if (!*names)
		return 0;
	for (;;) {
		size_t here = strcspn(names, ",");

		if (!add_named(set, names, here)) {
			*unknown = names;
			*length = here;
			return -EINVAL;
		}
		if (!names[here])
			return 0;
		names += here + 1;
	}
}

struct fault_set fault_set_of(const char *names)
{
	struct fault_set set = { 0 };
	const char *unknown;
	size_t length;

	if (fault_parse(names, &set, &unknown, &length))
		return (struct fault_set){ 0 };
	return set;
}

const char *fault_foreign_to(const struct fault_set *set, const char *subject)
{
	for (size_t f = 0; f < FAULT_COUNT; f++) {
		const char *owner = faults[f].subject;

		if (set->on[f] && owner && strcmp(owner, subject) != 0)
			return faults[f].name;
	}
	return NULL;
}

static bool covers(const struct fault_set *set, const struct fault_set *part)
{
	for (size_t f = 0; f < FAULT_COUNT; f++)
		if (part->on[f] && !set->on[f])
			return false;
	return true;
}

static int append(char *text, size_t size, const char *name)
{
	size_t used = strlen(text);

	if (used + 1 + strlen(name) + 1 > size)
		return -ENOSPC;
	if (used)
		text[used++] = ',';
	memcpy(text + used, name, strlen(name) + 1);
	return 0;
}

/* The last preset covers the most. */
static const struct fault_preset *largest_preset_in(const struct fault_set *set)
{
	for (size_t p = PRESET_COUNT; p-- > 0;)
		if (covers(set, &presets[p].faults))
			return &presets[p];
	return NULL;
}

int fault_print(const struct fault_set *set, char *text, size_t size)
{
	const struct fault_preset *preset = largest_preset_in(set);

	if (!size)
		return -ENOSPC;
	*text = '\0';
	if (preset && append(text, size, preset->name))
		return -ENOSPC;
	for (size_t f = 0; f < FAULT_COUNT; f++) {
		if (!set->on[f] || (preset && preset->faults.on[f]))
			continue;
		if (append(text, size, faults[f].name))
			return -ENOSPC;
	}
	return 0;
}
