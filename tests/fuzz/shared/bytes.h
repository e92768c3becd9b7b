/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FUZZ_BYTES_H
#define FUZZ_BYTES_H

#include "base/ctx.h"
#include "rules/attribute.h"

/*
 * Bytes become what the engine is given: terms, standing, event, contest. Every text of bytes is
 * one; when it ends, what is left to choose is 0, or goes on by chance from .more if that is not 0.
 * Small numbers are likely, so that limits are met.
 *
 * They are as the engine may meet them, not as the editor of terms would let them pass: for a
 * document see fuzz_reference.c. Memory is the arena's.
 */

struct bytes {
	const char *p;
	size_t left;
	uint64_t more;
};

/* 0 … limit - 1 from as many bytes as that takes. */
int64_t bytes_any(struct bytes *b, int64_t limit);

/* One time in four. */
bool bytes_maybe(struct bytes *b);

/* Mostly small, at most MONEY_MAX_MINOR. */
int64_t bytes_amount(struct bytes *b);

struct terms bytes_terms(struct ctx *c, struct bytes *b);
struct standing bytes_standing(struct ctx *c, struct bytes *b, int64_t now);
struct occurrence bytes_event(struct bytes *b, const struct terms *t, int64_t now);
struct attribution_rules bytes_attribution(struct bytes *b);
struct contest bytes_contest(struct ctx *c, struct bytes *b, int64_t now);

#endif
