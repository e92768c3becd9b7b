/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_WORDS_H
#define CAMPAIGN_TERMS_WORDS_H

#include "campaign/terms_doc.h"

/*
 * Inside terms_doc: the terms in plain English, for pages, agreements and mails. One sentence
 * says one rule; what is as usual (no delay, no window) is not said, nor what means nothing for
 * what the campaign pays for.
 */
struct words {
	struct buf b; /* the sentence at hand */
	const struct terms *t;
	struct str *out;
	size_t count, max;
};

struct buf *words_begin(struct words *w);
void words_end(struct words *w);

/* "1 day", "2 days" */
void words_count(struct buf *b, int64_t n, const char *one, const char *many);

/* "in a year" */
const char *words_period(enum tiers_period p);

/* What is earned, for how long and by whom: the rewards of the campaign, of conditions and tiers. */
void words_earned(struct words *w);

#endif
