/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_INPUTS_DOC_H
#define CAMPAIGN_INPUTS_DOC_H

#include "base/ctx.h"
#include "rules/input.h"

#include <jansson.h>

/*
 * What the engine was given, as JSON: {"event": {…}, "standing": {…}}.
 *
 * Stored beside an event, it lets anybody evaluate it again years later, from stored data
 * alone, and get the same commissions to the cent: inputs_doc_parse(), the terms of that
 * version, accrue(). Zero values are left out; ids and times are plain integers. cur is the
 * campaign's currency, as for terms_doc.h.
 */
struct inputs {
	struct occurrence event;
	struct standing standing;
};

void inputs_doc_print(struct buf *b, const struct currency *cur, const struct occurrence *o,
                      const struct standing *s);

/* All memory is c->arena's. ERR_MALFORMED, or ERR_INVALID with the path of the value. */
bool inputs_doc_parse(struct ctx *c, struct str text, const struct currency *cur,
                      struct inputs *out);

/*
 * The same without what is known from elsewhere, for the members of an object: nothing at all
 * for an event as any other. known: the event, as its row tells it, and one credit, its first
 * partner's, with the time of the referral if it is now.
 *
 * Reading takes the known and completes it.
 */
void inputs_doc_put_rest(struct buf *b, const struct currency *cur, const struct inputs *all,
                         const struct inputs *known);
bool inputs_doc_read_rest(struct ctx *c, const json_t *doc, const struct currency *cur,
                          struct inputs *known);

#endif
