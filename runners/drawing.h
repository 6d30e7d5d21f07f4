/* SPDX-License-Identifier: BSD-2-Clause */
/* A machine as hwloc draws it, with the processing units marked that the threads of a cell were put on. */
#ifndef HUPSTORM_RUNNERS_DRAWING_H
#define HUPSTORM_RUNNERS_DRAWING_H

/*
 * Draw it as SVG: the machine of which `xml` is hwloc's description, in the placement of that name. The caller frees
 * both: the drawing, NULL if there is none, and what the marks mean, or then why there is none; NULL without memory.
 * Runs lstopo-no-graphics of hwloc-nox, and blocks until that is done.
 */
char *drawing_make(const char *xml, const char *placement, char **caption);

#endif
