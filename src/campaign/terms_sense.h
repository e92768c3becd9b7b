/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_SENSE_H
#define CAMPAIGN_TERMS_SENSE_H

#include "base/ctx.h"
#include "rules/terms.h"

/*
 * Do terms make sense? Rules that could never pay anything, or that say what does not exist,
 * are refused when they are saved: whoever wrote them meant something else.
 *
 * Asked of the terms as they were understood, not of the words they were written in, so that
 * another spelling of the same is judged the same. Refused is only what is certain, whatever
 * events come. What was published is never asked again: a rule that is added here must not
 * take away the terms that events have been judged by.
 */

/* ERR_INVALID with the path inside the document, such as "rewards/1/if". */
bool terms_sense(struct ctx *c, const struct terms *t);

/* Is anything paid for that a customer does? Of t only the trigger and the rewards count. */
bool terms_sense_customers(const struct terms *t);

/*
 * The same of what a link or a partner has instead of the terms' own reward: ERR_INVALID on
 * "reward" or "recurring_months".
 */
bool terms_sense_offer(struct ctx *c, const struct terms *t, const struct offer *f);

/*
 * As terms_sense_offer, of the terms of a campaign: those in force or the latest, which may have
 * been published ahead. One of them is enough. Terms that are published later may still make
 * the offer one that earns nothing; the explanation of each event says so then.
 */
bool terms_sense_offer_of(struct ctx *c, int64_t campaign_id, const struct offer *f);

#endif
