/* SPDX-License-Identifier: BSD-2-Clause */
#include "go.h"

#include "stacks.h"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <string.h>
#include <unistd.h>

static bool has_section(Elf *elf, const char *wanted)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return false;
	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;
		const char *name = NULL;

		if (gelf_getshdr(section, &header))
			name = elf_strptr(elf, names, header.sh_name);
		if (name && !strcmp(name, wanted))
			return true;
	}
	return false;
}

bool go_is_program(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	bool is_go = false;
	Elf *elf;

	if (file < 0)
		return false;
	elf_version(EV_CURRENT);
	elf = elf_begin(file, ELF_C_READ, NULL);
	if (elf)
		is_go = has_section(elf, ".go.buildinfo");
	elf_end(elf);
	close(file);
	return is_go;
}

uint32_t go_sysmon(pid_t pid)
{
	struct stacks stacks;
	uint32_t tid = 0;

	stacks_take(&pid, 1, &stacks);
	for (size_t i = 0; i < stacks.count; i++)
		if (stack_has(&stacks.stacks[i], "runtime.sysmon"))
			tid = stacks.stacks[i].tid;
	stacks_free(&stacks);
	return tid;
}
