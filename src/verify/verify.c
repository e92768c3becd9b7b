/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/check.h"
#include "verify/books_tally.h"

#include <stdarg.h>
#include <stdio.h>

/* A wrong book may be wrong everywhere: enough is enough. */
#define FINDINGS_SHOWN_MAX 200

void verify_found(struct verify *v, const char *fmt, ...)
{
	char line[400];
	va_list args;

	if (v->counts->findings++ >= FINDINGS_SHOWN_MAX)
		return;
	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	buf_puts(v->out, line);
	buf_char(v->out, '\n');
}

bool verify_org(struct ctx *c, struct buf *out, struct verify_counts *counts)
{
	struct arena scratch;
	struct ctx inner = *c;
	struct verify v = { .c = &inner, .out = out, .counts = counts };
	bool ok;

	arena_init(&scratch);
	inner.arena = &scratch;
	v.commissions = tallies_new();
	ok = verify_tables(&v) && verify_clicks(&v) && verify_chain(&v) && verify_replay(&v);
	if (!ok)
		c->err = inner.err;
	tallies_free(v.commissions);
	arena_release(&scratch);
	return ok;
}
