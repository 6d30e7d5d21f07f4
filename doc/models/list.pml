/* SPDX-License-Identifier: BSD-2-Clause */
/* stress/thread.c: a record is filled in and then put at the head of the list of all threads, while somebody goes through the
 * list without a lock. Who finds a record finds all that is in it, and those that were there before.
 * weakened: 1 2 */
#define LOCATIONS 5
#define THREADS 2
#define STORES 4
#include "weak.pml"

#define HEAD 0
#define NEXT(record) (record)
#define FIELD(record) (2 + (record))
#define BORN 0
#define READER 1
#define END 0

/* Two records, one after the other: 1, and before it 2. */
active proctype newborn()
{
	SCRATCH;
	byte record;

	for (record : 1 .. 2) {
		store(BORN, FIELD(record), 1, RELAXED);
		load(BORN, HEAD, RELAXED);
		store(BORN, NEXT(record), got, RELAXED);
		store(BORN, HEAD, record, ORDER(1, RELEASE, RELAXED))
	}
}

active proctype reader()
{
	SCRATCH;
	byte record, before;

	load(READER, HEAD, ORDER(2, ACQUIRE, RELAXED));
	record = got;
	do
	:: record == END -> break
	:: else ->
		load(READER, FIELD(record), RELAXED);
		assert(got == 1);
		before = record;
		load(READER, NEXT(record), ORDER(2, ACQUIRE, RELAXED));
		record = got;
		assert(record == before - 1)
	od
}
