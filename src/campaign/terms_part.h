/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_PART_H
#define CAMPAIGN_TERMS_PART_H

#include "campaign/terms_doc.h"
#include "data/json.h"

/*
 * Inside terms_doc: readers of the document's parts. Each fails with ERR_INVALID and a path
 * that starts at the object it was given.
 */

/* What all readers need. cur is the campaign's currency. */
struct terms_reading {
	struct ctx *c;
	const struct currency *cur;
	struct terms *t;
	bool as_is;  /* terms_doc_read_as_is: do not ask for sense */
	bool stored; /* terms_doc_stored: has been published */
};

/* {"type", "value" | "amount", "currency"?} */
bool part_reward(const struct terms_reading *r, const json_t *doc, struct reward *out);

/* The "reward" and "recurring_months" members of an object; `needs` a reward or can do without. */
bool part_offer(const struct terms_reading *r, const json_t *doc, bool needs, struct offer *out);

bool part_tiers(const struct terms_reading *r, const json_t *doc);       /* "tiers" */
bool part_rewards(const struct terms_reading *r, const json_t *doc);     /* "rewards" */
bool part_groups(const struct terms_reading *r, const json_t *doc);      /* "groups" */
bool part_chain(const struct terms_reading *r, const json_t *doc);       /* "chain" */
bool part_recruiting(const struct terms_reading *r, const json_t *doc);  /* "recruiting" */
bool part_caps(const struct terms_reading *r, const json_t *doc);        /* "caps" */
bool part_clawback(const struct terms_reading *r, const json_t *doc);    /* "clawback" */
bool part_attribution(const struct terms_reading *r, const json_t *doc); /* "attribution" */

/* Call fn for each entry of obj's array `key`, which may be missing; paths get key and index. */
typedef bool (*part_entry_fn)(const struct terms_reading *r, const json_t *entry, size_t i,
                              void *to);
bool part_each(const struct terms_reading *r, const json_t *array, const char *key,
               part_entry_fn fn, void *to);

/* The document in today's words, if it uses the older ones; otherwise *out is doc. */
bool terms_legacy_translate(const struct terms_reading *r, const json_t *doc, const json_t **out);

/* What failed in today's words, said of the words that doc uses. False. */
bool terms_legacy_blame(struct ctx *c, const json_t *doc);

/*
 * The same for a reward alone: {"commissionType", "commissionValue"}, and with may_last also
 * "recurringMonths". Today's words have the reward under "reward", as an offer.
 */
bool terms_legacy_offer(const struct terms_reading *r, const json_t *doc, bool may_last,
                        const json_t **out);
bool terms_legacy_blame_offer(struct ctx *c, const json_t *doc);

#endif
