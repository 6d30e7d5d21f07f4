/* SPDX-License-Identifier: BSD-2-Clause */
#include "drawing.h"

#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <hwloc.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SETS_NAMED = 8, MARK_SIZE = 96 };

/* One for each set, in turn. Legible with white text on it. */
static const char *const colours[] = { "#2f7d46", "#a85b00", "#2f6ca8", "#8a3b8f",
	"#9c2f2a", "#2b7a75", "#6b6b1f", "#54508f" };

enum { COLOURS = sizeof colours / sizeof colours[0] };

/* A file without a name, which others can open by this path. */
struct file {
	int fd;
	char path[32];
};

static bool file_of(struct file *file, const char *text, size_t length)
{
	file->fd = memfd_create("hupstorm", 0);
	snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
	return file->fd >= 0 && write(file->fd, text, length) == (ssize_t)length;
}

static void file_close(struct file *file)
{
	if (file->fd >= 0)
		close(file->fd);
}

/* Whose the set is: "coordinator", "threads 1, 3, ...". */
static void name_set(const struct placement *p, size_t set, char name[MARK_SIZE])
{
	if (p->by_role)
		snprintf(name, MARK_SIZE, "%s", storm_party_name((enum storm_party)set));
	else if (p->count == 1)
		snprintf(name, MARK_SIZE, "all threads");
	else
		snprintf(name, MARK_SIZE, "threads %zu, %zu, ...", set, set + p->count);
}

static void paint(hwloc_obj_t object, const char *colour)
{
	char style[64];

	snprintf(style, sizeof style, "Background=%s;Text=#ffffff", colour);
	hwloc_obj_add_info(object, "lstopoStyle", style);
}

/* A PU that is in several sets has the colour of the first. */
static void paint_units(
	hwloc_topology_t topology, hwloc_const_bitmap_t set, const char *colour)
{
	hwloc_obj_t unit = NULL;

	while ((unit = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_PU, unit)))
		if (hwloc_bitmap_isset(set, unit->os_index) &&
			!hwloc_obj_get_info_by_name(unit, "lstopoStyle"))
			paint(unit, colour);
}

static void mark_set(hwloc_topology_t topology, const struct placement *p, size_t set)
{
	const char *colour = colours[set % COLOURS];
	hwloc_obj_t over = hwloc_get_obj_covering_cpuset(topology, p->sets[set]), mark;
	char name[MARK_SIZE];

	name_set(p, set, name);
	paint_units(topology, p->sets[set], colour);
	mark = over ? hwloc_topology_insert_misc_object(topology, over, name) : NULL;
	if (mark)
		paint(mark, colour);
}

/* The machine again, with the marks: what placements are computed from has no room for them. */
static bool write_marked(
	const struct file *machine, const struct placement *p, struct file *marked)
{
	hwloc_topology_t topology;
	char *xml = NULL;
	bool done = false;
	int length;

	if (hwloc_topology_init(&topology))
		return false;
	hwloc_topology_set_type_filter(
		topology, HWLOC_OBJ_MISC, HWLOC_TYPE_FILTER_KEEP_ALL);
	if (!hwloc_topology_set_xml(topology, machine->path) &&
		!hwloc_topology_load(topology)) {
		for (size_t i = 0; i < p->count; i++)
			mark_set(topology, p, i);
		done = !hwloc_topology_export_xmlbuffer(topology, &xml, &length, 0) &&
		       file_of(marked, xml, strlen(xml));
	}
	hwloc_free_xmlbuffer(topology, xml);
	hwloc_topology_destroy(topology);
	return done;
}

static char *write_caption(const struct placement *p)
{
	char *caption = NULL, name[MARK_SIZE], units[256];
	size_t size;
	FILE *out = open_memstream(&caption, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < p->count && i < SETS_NAMED; i++) {
		name_set(p, i, name);
		hwloc_bitmap_list_snprintf(units, sizeof units, p->sets[i]);
		fprintf(out, "%s%s: PU %s", i ? "; " : "", name, units);
	}
	fputs(p->count > SETS_NAMED ? "; and so on" : "", out);
	return fclose(out) ? NULL : caption;
}

static char *read_all(int fd)
{
	off_t length = lseek(fd, 0, SEEK_END);
	char *text = length > 0 ? malloc((size_t)length + 1) : NULL;

	if (text && pread(fd, text, (size_t)length, 0) == length) {
		text[length] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

/*
 * lstopo leaves out most of many cores that are alike, whatever is marked on them. That is well where all are marked, or
 * the first alone.
 */
static bool shows_all(const struct placement *p)
{
	return p->count > 1 && p->count <= SETS_NAMED;
}

/* lstopo's drawing of that file. */
static char *run_lstopo(const struct file *marked, bool all)
{
	extern char **environ;
	const char *const arguments[] = { "lstopo-no-graphics", "-p", "--no-io",
		"--no-icaches", "--no-legend", "--if", "xml", "-i", marked->path, "--of",
		"svg", "-", all ? "--no-factorize" : "--factorize", NULL };
	struct file drawing;
	posix_spawn_file_actions_t actions;
	char *text = NULL;
	int status = -1;
	pid_t child;

	if (posix_spawn_file_actions_init(&actions))
		return NULL;
	if (file_of(&drawing, "", 0) &&
		!posix_spawn_file_actions_adddup2(&actions, drawing.fd, STDOUT_FILENO) &&
		!posix_spawn_file_actions_addopen(
			&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) &&
		!posix_spawnp(&child, arguments[0], &actions, NULL,
			(char *const *)arguments, environ)) {
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
		text = status ? NULL : read_all(drawing.fd);
	}
	file_close(&drawing);
	posix_spawn_file_actions_destroy(&actions);
	return text;
}

static char *draw(const struct file *machine, const struct placement *p, char **caption)
{
	struct file marked = { .fd = -1 };
	char *drawing = write_marked(machine, p, &marked)
				? run_lstopo(&marked, shows_all(p))
				: NULL;

	file_close(&marked);
	*caption = drawing ? write_caption(p)
			   : strdup("not drawn: lstopo-no-graphics (package hwloc-nox) "
				    "is not installed, or has failed");
	return drawing;
}

char *drawing_make(const char *xml, const char *placement, char **caption)
{
	struct placements all;
	const struct placement *p;
	struct file machine;
	char *drawing = NULL;

	*caption = NULL;
	if (!file_of(&machine, xml, strlen(xml)) || placements_load(&all, machine.path)) {
		file_close(&machine);
		*caption = strdup("not drawn: hwloc does not understand its description");
		return NULL;
	}
	p = placement_named(&all, placement);
	if (p && p->available && p->count)
		drawing = draw(&machine, p, caption);
	else
		*caption = strdup(p && p->available ? "wherever the system puts them"
						    : "not on the machine as described");
	placements_free(&all);
	file_close(&machine);
	return drawing;
}
