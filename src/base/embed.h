/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/str.h"

#include <stddef.h>

/*
 * Files that travel inside the binary: templates, migrations, the front end.
 *
 * Names are paths below the source folder, with "web/dist/" shortened to
 * "web/": "templates/partner_list.html", "migrations/0001_start.sql",
 * "web/app.css". The table is made at build time by tools/embed, is sorted by
 * name (bytewise), and never changes; each file is followed by a NUL that is
 * not counted.
 */
struct embed {
	const char *name;
	const unsigned char *p;
	size_t n;
};

/* The file of that name, or NULL. */
const struct embed *embed_find(struct str name);

/* The files whose names start with prefix ("migrations/"; "" for all), next to each other. */
const struct embed *embed_list(const char *prefix, size_t *out_count);

/* The contents as a string; lives for ever. */
struct str embed_text(const struct embed *e);

#endif
