/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_PAST_H
#define WHATIF_PAST_H

#include "base/ahead.h"
#include "customer/customer.h"
#include "db/cursor.h"
#include "whatif/world.h"

/*
 * The past of a campaign, read page by page in the order the events came: one scan over the
 * organisation's events, with only the columns that judging needs, on a thread of its own.
 *
 * What a page holds lives until the next one is read.
 */

struct past_page {
	struct arena arena;
	struct ctx c;            /* of the arena, with the error if it cannot be read */
	struct list events, taken, undone;
	size_t taken_at, undone_at;
	bool ok;
};

struct past {
	struct ctx *lasting;     /* its arena lasts: for terms */
	int64_t campaign_id;
	const struct currency *currency;
	int64_t closed_at_ms;    /* the campaign; 0: it is not */
	struct str zone;
	bool touches;            /* read what attribution saw as well */

	struct list versions;    /* struct past_version, by number */
	struct list churns;      /* struct left, by customer and time */
	struct past_page *page;  /* the one at hand */

	struct ahead ahead;      /* from past_start to past_stop: lock it to use the database */
	struct past_page pages[AHEAD_PAGES];
	struct cursor events;    /* the reader's, and the context it reads in */
	struct ctx reading;
};

struct past_version {
	int64_t id, version, effective_at;
	const struct terms *terms;
};

/* False with the error in p->lasting, as of all here that read terms. */
bool past_init(struct past *p, struct str zone);

/* Read from the first event on. False with the error in p->lasting; else it must be stopped. */
bool past_start(struct past *p);
void past_stop(struct past *p);

/* The next page becomes p->page; *out_any: there was one. The error is in p->page. */
bool past_read(struct past *p, bool *out_any);

/* The terms in force at a moment, or (version) the one of that number, NULL if there is none. */
bool past_terms_at(struct past *p, int64_t at_ms, const struct terms **out);
bool past_terms_version(struct past *p, int64_t version, const struct terms **out);

/* What is known of an event's customer, so that a lead is paid once. Asks the database. */
bool past_know(struct past *p, struct happening *out, struct customer *cu);

/* What is taken back of an event, and when its customer left. */
void past_take_back(struct past *p, const struct event *e, struct happening *out);

/*
 * Gather what belongs to an event of the page that is credited to somebody, and judge it as it was.
 * Events must be asked for in their order. ERR_STATE in p->page where that cannot be read.
 */
bool past_recall(struct past *p, const struct event *e, struct happening *out);

#endif
