/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_DOC_H
#define CAMPAIGN_TERMS_DOC_H

#include "base/ctx.h"
#include "rules/terms.h"

#include <jansson.h>

/*
 * The terms document: the JSON that people and programs write, and struct terms.
 *
 * Reading is strict: unknown keys, values out of range and terms that contradict themselves
 * (terms_sense.h) are refused with ERR_INVALID and the path of the value, such as
 * "terms/tiers/steps/2/from".
 * Older names (defaultCommissionType, recurringMonths, minRevenueCents, …) are read as well.
 * Printing is canonical: the same terms give the same bytes, with everything left out that is
 * as if left out; reading what was printed gives the same terms.
 */

/* What a document that leaves them out means. */
#define TERMS_HOLD_DAYS 30
#define TERMS_COOKIE_DAYS 90
#define TERMS_DEAL_DAYS 14

/* All memory is c->arena's. t->id is left 0. cur is the campaign's currency. */
bool terms_doc_read(struct ctx *c, const json_t *doc, const struct currency *cur,
                    struct terms *out);

/* As terms_doc_read, from text. ERR_MALFORMED if it is not JSON. */
bool terms_doc_parse(struct ctx *c, struct str text, const struct currency *cur,
                     struct terms *out);

/* The same for terms whether or not they make sense: for a part of a document. */
bool terms_doc_read_as_is(struct ctx *c, const json_t *doc, const struct currency *cur,
                          struct terms *out);

/*
 * What was published is read as it is, so that no check that is added takes away what events
 * have been judged by.
 */
bool terms_doc_stored(struct ctx *c, struct str text, const struct currency *cur,
                      struct terms *out);

/*
 * What is stored of terms that were typed: the canonical document. It has been read back, by
 * terms_doc_stored as everything that is stored is, and gives the same terms; what does not is
 * refused with ERR_INVALID.
 */
bool terms_doc_canonical(struct ctx *c, struct str text, const struct currency *cur,
                         struct str *out);

/*
 * A reward alone: {"type": "percentage", "value": "25"}; by its older names {"commissionType":
 * "Percentage", "commissionValue": 25}, and as an offer with "recurringMonths".
 */
bool reward_doc_parse(struct ctx *c, struct str text, const struct currency *cur,
                      struct reward *out);
void reward_doc_print(struct buf *b, const struct reward *r, const struct currency *cur);

/* A reward with its duration, {"reward": {…}, "recurring_months"?}; also a reward alone. */
bool offer_doc_read(struct ctx *c, const json_t *doc, const struct currency *cur,
                    struct offer *out);
bool offer_doc_parse(struct ctx *c, struct str text, const struct currency *cur,
                     struct offer *out);
void offer_doc_print(struct buf *b, const struct offer *o, const struct currency *cur);

/* Canonical JSON, compact. */
void terms_doc_print(struct buf *b, const struct terms *t);

/* Plain English, one sentence each: "25 % of each invoice for 12 renewals.", "30 % from …". */
#define SENTENCES_MAX 160
size_t terms_doc_sentences(struct arena *a, const struct terms *t, struct str *out, size_t max);

#endif
