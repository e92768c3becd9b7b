/* SPDX-License-Identifier: Apache-2.0 */
#include "case.h"

#include <stdio.h>
#include <stdlib.h>

/* The engine as a filter, for comparing it with the reference engine: a case a line in, one out. */

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	struct arena a;

	arena_init(&a);
	while ((n = getline(&line, &cap, stdin)) > 0) {
		struct ctx c = { .arena = &a };
		struct buf out;

		buf_init(&out, &a);
		if (!case_run(&c, (struct str){ line, (size_t)n }, &out))
			buf_printf(&out, "{\"error\":\"%s %s\"}", c.err.field, c.err.msg);
		puts(out.p);
		arena_reset(&a);
	}
	arena_release(&a);
	free(line);
	return 0;
}
