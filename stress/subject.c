/* SPDX-License-Identifier: BSD-2-Clause */
#include "subject.h"

#include <string.h>

/* One line for each, the default first. */
#define SUBJECTS(subject) subject(cooperative) subject(directed)

#define DECLARE(name) extern const struct subject subject_##name;
#define LIST(name)    &subject_##name,

SUBJECTS(DECLARE)

static const struct subject *const subjects[] = { SUBJECTS(LIST) };

const struct subject *subject_at(size_t index)
{
	return index < sizeof subjects / sizeof subjects[0] ? subjects[index] : NULL;
}

const struct subject *subject_named(const char *name)
{
	const struct subject *subject;

	for (size_t i = 0; (subject = subject_at(i)); i++)
		if (!strcmp(subject->name, name))
			return subject;
	return NULL;
}
