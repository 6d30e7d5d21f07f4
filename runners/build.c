/* SPDX-License-Identifier: BSD-2-Clause */
#include "build.h"

#include <gnu/libc-version.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

/* Notes, and their names and contents, begin at multiples of that (ELF's gABI). */
enum { NOTE_ALIGNMENT = 4 };

static size_t aligned(size_t size)
{
	return (size + NOTE_ALIGNMENT - 1) & ~(size_t)(NOTE_ALIGNMENT - 1);
}

static void print_hexadecimal(char *text, size_t size, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count && 2 * i + 2 < size; i++)
		snprintf(text + 2 * i, size - 2 * i, "%02x", bytes[i]);
}

static void read_notes(struct machine *machine, const uint8_t *at, size_t size)
{
	const ElfW(Nhdr) * note;

	for (size_t whole; size >= sizeof *note; at += whole, size -= whole) {
		const uint8_t *name = at + sizeof *note, *content;

		note = (const ElfW(Nhdr) *)at;
		content = name + aligned(note->n_namesz);
		whole = sizeof *note + aligned(note->n_namesz) + aligned(note->n_descsz);
		if (whole > size)
			return;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof "GNU" &&
			!memcmp(name, "GNU", sizeof "GNU"))
			print_hexadecimal(machine->build, sizeof machine->build, content,
				note->n_descsz);
	}
}

/* The first object is the program itself. */
static int read_program(struct dl_phdr_info *info, size_t size, void *machine)
{
	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];

		if (header->p_type == PT_NOTE)
			read_notes(machine,
				(const uint8_t *)(info->dlpi_addr + header->p_vaddr),
				header->p_memsz);
	}
	return 1;
}

void build_describe(struct machine *machine)
{
	snprintf(machine->libc, sizeof machine->libc, "glibc %s", gnu_get_libc_version());
	snprintf(machine->compiler, sizeof machine->compiler,
#ifdef __clang__
		"clang %d.%d.%d", __clang_major__, __clang_minor__, __clang_patchlevel__
#else
		"gcc %d.%d.%d", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__
#endif
	);
	dl_iterate_phdr(read_program, machine);
}
