/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_WORLD_H
#define WHATIF_WORLD_H

#include "event/recall.h"
#include "rules/attribute.h"
#include "rules/engine.h"
#include "whatif/table.h"
#include "whatif/taken.h"
#include "whatif/today.h"
#include "whatif/whatif.h"

/*
 * A world: the events of a campaign under one set of terms, with the standing those terms
 * have made of the partners. whatif.c runs several side by side over the same events.
 *
 * Events outside the time that is asked for are judged as they were, in every world; so is
 * every event in a world without terms of its own.
 */

#define WORLDS_MAX (2 + WHATIF_MODELS)

/* A stored commission of which something has been taken back. */
struct undone {
	int64_t event_id, partner_id, kind, status, reversed;
};

/* An event, and what is known of it. */
struct happening {
	const struct event *event;
	bool inside;                     /* from <= event < to */
	bool extra;                      /* never happened: other terms would have made it */
	bool unclaimed;                  /* nobody was credited */
	const struct terms *terms;       /* in force then */
	struct recall recall;            /* what it was judged by */
	const struct accrual *stored;    /* judged by that */
	struct taken_list taken;
	struct reverse_facts facts;      /* all that is known today, as the rules read it */
	struct left_list left;           /* its customer has left since */
	const struct undone *undone;
	size_t undone_count;
	int64_t lead_key;                /* of a lead; event/lead.h */
	struct str email;                /* the customer's, of leads and what is unclaimed */
	const struct candidate *touches; /* where worlds judge who is credited */
	size_t touch_count;
};

/* What partners and months come to in each world; the worlds' places are the indexes. */
struct world_sum {
	int64_t id; /* of the partner, or the month */
	int64_t net_minor[WORLDS_MAX];
};

struct world_sums {
	struct table partners, months; /* struct world_sum */
};

struct settling; /* whatif/settle.h */

struct world {
	const struct terms *terms;       /* NULL: as it was */
	const struct whatif_ask *ask;
	struct str zone;                 /* the organisation's time zone */
	size_t place;
	struct world_sums *sums;
	struct today *today;
	struct arena *arena;             /* lasting */
	bool touches;                    /* who is credited is judged by the terms, too */

	unsigned periods;                /* bits of enum tiers_period that tiers and caps count by */
	bool by_customer;                /* a cap counts per customer */
	bool settles;                    /* something waits for the end of its period */
	struct table kept;               /* by partner and period: what has been driven and earned */
	struct table spent;              /* by customer: int64_t, what is left of commissions */
	struct table leads;              /* by partner and lead_key: paid */
	struct table sales;              /* by event: those of which something is taken back */
	struct table buyers;             /* by customer: the place of its last sale, from 1 */
	struct table owners;             /* by customer, with touches */

	int64_t now_ms;                  /* of the last event or, later, settlement */
	struct table settling;           /* by partner and period: struct settling * */
	struct settling **due;           /* periods to be settled when they are over */
	size_t due_count, due_room;
	int64_t due_at_ms;               /* none of them before this moment */

	struct whatif_side side;
};

/* What an event comes to in a world. */
struct world_outcome {
	enum gate gate;
	int64_t earned_minor;            /* before anything is taken back */
};

/* What `from` points to is kept and must outlive it; terms NULL: as it was. */
void world_init(struct world *w, const struct world *from);

/* Other terms that events outside the time that is asked for may have been judged by. */
void world_remember_by(struct world *w, const struct terms *t);
void world_free(struct world *w);

/* How many entries it keeps in mind. */
size_t world_size(const struct world *w);

/* False with the error in today's context. */
bool world_judge(struct world *w, const struct happening *h, struct world_outcome *out);

/* Commissions by which what an event has earned was restated, as they are stored. */
void world_restate(struct world *w, int64_t month, const struct list *commissions);

/* A refund or dispute has come: what is known up to it lowers the standing. */
void world_take_back(struct world *w, int64_t sale_id, int64_t event_id);

/* The customer has left, as this event told. */
void world_leave(struct world *w, int64_t customer_id, int64_t event_id);

/* What a partner has driven in the months from … to, which are a month, a quarter or a year. */
struct counters world_driven(const struct world *w, int64_t partner_id, const int64_t months[2]);

/* A true-up of this world's own. */
struct world_correction {
	struct correction correction;
	int64_t partner_id, month;
	enum partner_standing standing;
};

/* False with today's error. */
bool world_correct(struct world *w, const struct world_correction *x);

#endif
