/* SPDX-License-Identifier: BSD-2-Clause */
#include "stranger.h"

#include "stress/os.h"

#include <string.h>

extern const struct stranger stranger_synccall;

static const struct stranger *const strangers[] = { &stranger_synccall };

const struct stranger *stranger_named(const char *name)
{
	for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++)
		if (!strcmp(strangers[i]->name, name))
			return strangers[i];
	return NULL;
}

static bool add_fault(
	const struct stranger *s, const char *name, size_t length, uint32_t *faults)
{
	for (unsigned i = 0; i < STRANGER_FAULTS && s->faults[i]; i++) {
		if (strlen(s->faults[i]) != length || memcmp(s->faults[i], name, length))
			continue;
		*faults |= UINT32_C(1) << i;
		return true;
	}
	return false;
}

bool stranger_faults(const struct stranger *s, const char *names, uint32_t *faults)
{
	*faults = 0;
	if (!strcmp(names, "none"))
		return true;
	while (*names) {
		size_t length = strcspn(names, ",");

		if (!add_fault(s, names, length, faults))
			return false;
		names += length + (names[length] == ',');
	}
	return true;
}

_Noreturn void stranger_broken(const char *words)
{
	os_last_words(words, strlen(words));
	os_exit(1);
}
