/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FX_FX_RATE_H
#define FX_FX_RATE_H

#include "db/db.h"
#include "fx/ecb.h"
#include "rules/fx.h"

/*
 * The rates that are known: facts common to all organisations, so they are control data.
 *
 * A rate, once stored, is never changed: what has been converted with it stays explained. The
 * euro is stored with 1 on every day on which rates were published, so every pair of
 * currencies is found alike, and which days there are can be told. Whoever evaluates an event
 * reads here once (only when currencies differ) and freezes what it got in the event's inputs
 * and in the explanation; nothing is ever looked up a second time.
 *
 * Days are those of UTC.
 */

/*
 * The rates of the last day on or before `day` on which both currencies have one. *out has
 * .from == NULL if there is none. The same currency twice is 1 without a look.
 */
bool fx_rate_find(struct ctx *c, const struct currency *from, const struct currency *to,
                  int64_t day, struct fx *out);

/* ERR_NOT_FOUND that names the field, the currency (NULL: any) and the day. Always false. */
bool fx_rate_missing(struct ctx *c, const char *field, const struct currency *cur, int64_t day);

/* A stored rate. */
struct fx_rate {
	struct str currency;
	int64_t day, rate;
};

extern const struct model fx_rate_model;

/*
 * The last rates published on or before the day, each of the same day: of one currency, or
 * ("") of all; struct fx_rate by currency. Without any the list is empty.
 */
bool fx_rate_of_day(struct ctx *c, struct str currency, int64_t day, struct list *out);

/* What there is; all 0 without any. */
struct fx_span {
	int64_t days, first, last; /* last: the newest day, also kept in memory for metrics */
};
bool fx_rate_span(struct ctx *c, struct fx_span *out);

/* The newest day any thread has seen stored; 0: none. Cheap. */
int64_t fx_rate_last_seen(void);

struct fx_stored {
	int64_t added, known, different; /* different: another rate was stored before; it stays */
};

/* Store what is not there yet. Into c->control, for writing. */
bool fx_rate_store(struct ctx *c, const struct ecb_rates *rates, struct fx_stored *out);

/* "2026-01-15" */
struct str fx_day_text(struct arena *a, int64_t day);

extern const struct sql *const fx_rate_sql[];

#endif
