/* SPDX-License-Identifier: BSD-2-Clause */
#include "functions.h"

#include "pool.h"

#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <stdlib.h>
#include <unistd.h>

static struct pool functions;

static int take_bias(struct dl_phdr_info *info, size_t size, void *bias)
{
	(void)size;
	*(uintptr_t *)bias = info->dlpi_addr;
	/* The program itself is the first. */
	return 1;
}

static void read_table(Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	uintptr_t bias = 0;
	GElf_Sym symbol;

	if (!data || !header->sh_entsize)
		return;
	dl_iterate_phdr(take_bias, &bias);
	for (int i = 0; gelf_getsym(data, i, &symbol); i++) {
		struct function *f;

		if (GELF_ST_TYPE(symbol.st_info) != STT_FUNC || !symbol.st_size)
			continue;
		f = pool_add(&functions, sizeof *f);
		*f = (struct function){ bias + symbol.st_value, symbol.st_size };
	}
}

static void read_program(void)
{
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(file, ELF_C_READ, NULL);
	while ((section = elf_nextscn(elf, section)))
		if (gelf_getshdr(section, &header) && header.sh_type == SHT_SYMTAB)
			read_table(section, &header);
	elf_end(elf);
	close(file);
}

bool function_at(uintptr_t address, struct function *function)
{
	static bool is_read;
	const struct function *f;

	if (!is_read)
		read_program();
	is_read = true;
	f = (const void *)functions.memory;
	for (size_t i = 0; i < functions.used / sizeof *f; i++)
		if (address - f[i].address < f[i].size) {
			*function = f[i];
			return true;
		}
	return false;
}
