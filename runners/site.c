/* SPDX-License-Identifier: BSD-2-Clause */
#include "site.h"

#include <ctype.h>
#include <elfutils/libdwfl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

enum { NAMED_MAX = 512 };

/* Named once, and looked up by address, in one address space: of a program that executes another, the
 * first name stays. */
struct sites {
	Dwfl *dwfl;
	size_t count;
	struct named {
		uint64_t pc;
		bool is_wrapper; /* syscall(3) */
		char name[SITE_SIZE];
	} named[NAMED_MAX];
};

static const char unknown[] = "?";

static char *debug_files;

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_linux_proc_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.debuginfo_path = &debug_files,
};

struct sites *sites_new(void)
{
	return calloc(1, sizeof(struct sites));
}

void sites_free(struct sites *sites)
{
	if (!sites)
		return;
	if (sites->dwfl)
		dwfl_end(sites->dwfl);
	free(sites);
}

/* What has been mapped meanwhile is looked for again. */
static Dwfl_Module *module_of(struct sites *sites, pid_t tid, uint64_t pc)
{
	Dwfl_Module *module = sites->dwfl ? dwfl_addrmodule(sites->dwfl, pc) : NULL;

	if (module)
		return module;
	if (!sites->dwfl)
		sites->dwfl = dwfl_begin(&callbacks);
	if (!sites->dwfl)
		return NULL;
	dwfl_report_begin_add(sites->dwfl);
	dwfl_linux_proc_report(sites->dwfl, tid);
	dwfl_report_end(sites->dwfl, NULL, NULL);
	return dwfl_addrmodule(sites->dwfl, pc);
}

static void name_address(struct sites *sites, pid_t tid, struct named *named)
{
	Dwfl_Module *module = module_of(sites, tid, named->pc);
	Dwarf_Addr start = 0;
	const char *symbol, *file;
	GElf_Off offset = 0;
	GElf_Sym sym;

	if (!module) {
		snprintf(named->name, SITE_SIZE, "%s", unknown);
		return;
	}
	symbol = dwfl_module_addrinfo(module, named->pc, &offset, &sym, NULL, NULL, NULL);
	if (symbol) {
		named->is_wrapper = !strcmp(symbol, "syscall");
		snprintf(named->name, SITE_SIZE, "%.*s+0x%" PRIx64, SITE_SIZE - 24,
			symbol, (uint64_t)offset);
		return;
	}
	file = dwfl_module_info(module, NULL, &start, NULL, NULL, NULL, NULL, NULL);
	file = file && strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	snprintf(named->name, SITE_SIZE, "%.*s+0x%" PRIx64, SITE_SIZE - 24,
		file ? file : unknown, (uint64_t)(named->pc - start));
}

/* Of what means something in a plan, or to a shell. */
static void clean(char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("_.:+-", *name))
			*name = '_';
}

static const struct named *find(struct sites *sites, pid_t tid, uint64_t pc)
{
	struct named *named;

	for (size_t i = 0; i < sites->count; i++)
		if (sites->named[i].pc == pc)
			return &sites->named[i];
	if (sites->count == NAMED_MAX)
		return NULL;
	named = &sites->named[sites->count++];
	*named = (struct named){ .pc = pc };
	name_address(sites, tid, named);
	clean(named->name);
	return named;
}

/* On top of the stack of a thread that is in a system call; 0: not known. */
static uint64_t return_address(pid_t tid)
{
#ifdef __x86_64__
	char path[64], line[256];
	uint64_t sp = 0, address = 0;
	struct iovec local = { &address, sizeof address }, remote;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/syscall", (int)tid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof line, file) ||
		sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %" SCNx64, &sp) != 1)
		sp = 0;
	fclose(file);
	remote = (struct iovec){ (void *)(uintptr_t)sp, sizeof address };
	if (!sp || process_vm_readv(tid, &local, 1, &remote, 1, 0) != sizeof address)
		return 0;
	return address;
#else
	(void)tid;
	return 0;
#endif
}

const char *site_name(struct sites *sites, pid_t tid, uint64_t pc)
{
	const struct named *named = find(sites, tid, pc), *caller = NULL;
	uint64_t address;

	if (!named)
		return unknown;
	if (!named->is_wrapper)
		return named->name;
	address = return_address(tid);
	if (address)
		caller = find(sites, tid, address);
	return caller ? caller->name : named->name;
}

void item_tally_add(struct item_tally *tally, const char *item)
{
	const size_t most = sizeof tally->at / sizeof tally->at[0];
	size_t i = 0;

	while (i < tally->count && strcmp(tally->at[i].item, item) != 0)
		i++;
	if (i == most)
		return;
	if (i == tally->count) {
		snprintf(tally->at[i].item, ITEM_TEXT_SIZE, "%s", item);
		tally->at[i].count = 0;
		tally->count++;
	}
	tally->at[i].count++;
}
