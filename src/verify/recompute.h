/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_RECOMPUTE_H
#define VERIFY_RECOMPUTE_H

#include "base/ctx.h"

#include <jansson.h>

/*
 * Recompute a commission from its explanation alone: apply the steps one after the
 * other, each with its own arithmetic, without the engine, the terms or the event.
 */

struct recomputed {
	int64_t amount_minor;   /* after the last step */
	int64_t matures_at_ms;
	bool based;             /* it begins with a sale: the next two are known */
	bool fixed;             /* by a fixed reward */
	int64_t sale_minor, tax_minor;
	const char *wrong;      /* the step whose result is not what its operands give, or NULL */
};

/* False if the explanation cannot be read at all. It may say anything. */
bool recompute_doc(const json_t *explanation, struct recomputed *out);
bool recompute(struct ctx *c, struct str explanation, struct recomputed *out);

/* The same faster, for whoever has many to read, one after the other. */
struct shapes;
bool recompute_next(struct ctx *c, struct shapes *shapes, struct str explanation,
                    struct recomputed *out);

#endif
