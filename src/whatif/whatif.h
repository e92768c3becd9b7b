/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_WHATIF_H
#define WHATIF_WHATIF_H

#include "campaign/campaign.h"
#include "rules/step.h"

#include <jansson.h>

/*
 * What if: what the events of a campaign would have cost under other terms.
 *
 * Every event is judged again by the real engine, in the order they came: once as it was, by
 * the terms in force and the standing stored with it, and once by the new terms, with the
 * standing as the new terms would have made it: what partners have driven and earned, tiers
 * reached, caps used. Refunds known today are taken back under both, commissions a person
 * has rejected are rejected under both. Events outside from … to stay as they were, but count.
 *
 * What was restated is part of what it has cost as it was, in the time in which it was posted, and
 * said beside it; the new terms need no restatements. What jobs make of events is made
 * as the new terms would have it: true-ups of periods that are over, months of retainers and hours
 * of clicks that nobody paid for then. So the new cost is what the same events would have cost
 * under the new terms from the start, to the cent.
 *
 * It reads and never writes; c->db is open for reading, and used by a thread besides. Amounts are
 * the campaign's currency; commissions in others are counted and left out. What is not stored is
 * taken as it is today: how partners stand above, whom the old terms did not pay, and, where credit
 * is judged again, who would have been credited instead. A commission that was rejected counts for
 * nothing from the start, though it filled a customer's cap until then.
 */

#define WHATIF_MODELS 4             /* enum attribution_model */
#define WHATIF_CAPS_MAX 24          /* different caps that are told apart on one side */
#define WHATIF_ENTRIES_MAX 16000000 /* partners, customers and sales kept in mind at once */

struct whatif_ask {
	int64_t campaign_id;
	struct str terms;       /* the new terms document */
	int64_t from_ms, to_ms; /* from <= event < to, by when it happened; 0: open */
	int64_t compare;        /* a version to compare with; 0: what was in force */
	bool attribution;       /* who is credited is judged again, too, by the new terms … */
	bool attribution_told;  /* … or is not; untold, it is where the terms attribute otherwise */
	bool models;            /* also the new terms under every attribution model */
};

/* The same in a caller's words: a day is one of the organisation's time zone, "" is open. */
struct whatif_new {
	struct str terms, from, to;
	int64_t compare;
	bool attribution, models;
	bool attribution_told;  /* as in whatif_ask; no member of a body */
};

extern const struct model whatif_new_model;

struct whatif_cap {
	enum cap_scope scope;
	enum tiers_period period;
	int64_t limit_minor;
	int64_t hits;           /* commissions cut by it */
	int64_t cut_minor;
};

/* One side of the comparison. cost = earned - reversed. */
struct whatif_side {
	int64_t events;         /* that earn */
	int64_t commissions;
	int64_t earned_minor, reversed_minor;
	int64_t restated_minor; /* in the cost: restatements that were posted in the time asked for */
	int64_t foreign;        /* commissions in other currencies: left out */
	struct whatif_cap caps[WHATIF_CAPS_MAX];
	size_t cap_count;
};

/* What a partner gets, after what is taken back. */
struct whatif_partner {
	int64_t id;
	struct str name;
	int64_t old_minor, new_minor;
	int64_t models[WHATIF_MODELS];
};

struct whatif_month {
	int64_t month;          /* yyyymm, in the organisation's time zone */
	int64_t old_minor, new_minor;
};

struct whatif {
	struct campaign campaign;
	const struct currency *currency;
	struct whatif_ask ask;  /* .attribution as it was done */
	bool attributes_otherwise; /* the new terms, than those compared with or in force today */
	int64_t events;         /* credited events in the time asked for */
	struct whatif_side old, new;
	struct whatif_side models[WHATIF_MODELS]; /* with ask.models */

	/* events, by what they earn under the new terms; by why they earn nothing */
	int64_t more, less, same, gained, lost;
	int64_t gained_by[GATE_COUNT]; /* earned nothing before, because … */
	int64_t lost_by[GATE_COUNT];   /* would earn nothing, because … */

	const struct whatif_partner *partners; /* the largest difference first */
	size_t partner_count;
	const struct whatif_month *months;     /* ascending */
	size_t month_count;

	bool uplines_today;     /* some partners above are taken as they are today */
	bool standing_today;    /* some credited partners are */
	int64_t open_periods;   /* partners' periods that are not over: not settled by new terms */
};

static inline int64_t whatif_cost(const struct whatif_side *s)
{
	return s->earned_minor - s->reversed_minor;
}

/* ERR_INVALID on "from" or "to" for what is neither a day nor a time. */
bool whatif_read(struct ctx *c, const struct whatif_new *in, struct whatif_ask *out);

/* From the members of whatif_new_model; whether credit is judged again is told by true or false. */
bool whatif_read_body(struct ctx *c, const json_t *body, struct whatif_ask *out);

/*
 * Everything in *out lives in c->arena. ERR_NOT_FOUND for the campaign and, on "compare", the
 * version; ERR_INVALID under "terms" for the document, on "to" if it is not after from;
 * ERR_TOO_LARGE when there is more to keep in mind than WHATIF_ENTRIES_MAX.
 */
bool whatif_run(struct ctx *c, const struct whatif_ask *ask, struct whatif *out);

extern const struct sql *const whatif_sql[];
extern const struct sql *const whatif_past_sql[];
extern const struct sql *const whatif_extra_sql[];
extern const struct sql *const whatif_unclaimed_sql[];

#endif
