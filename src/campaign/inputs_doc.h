/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_INPUTS_DOC_H
#define CAMPAIGN_INPUTS_DOC_H

#include "base/ctx.h"
#include "rules/input.h"

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

#endif
