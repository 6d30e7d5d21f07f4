# SPDX-License-Identifier: BSD-2-Clause
# What is asked: one file for each case, declared as data.
noinst_LIBRARIES += libcases.a

libcases_a_SOURCES = \
	cases/cases.h cases/cases.c \
	cases/blocked-read.c cases/broadcast-only.c cases/hup-broadcast.c \
	cases/hup-trace-broadcast.c cases/signal-trace.c
