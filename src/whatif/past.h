/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_PAST_H
#define WHATIF_PAST_H

#include "whatif/world.h"

/*
 * The past of a campaign, read page by page in the order the events came: one scan over the
 * organisation's events, with only the columns that judging needs.
 *
 * What a page holds lives until the next one is read.
 */

struct past {
	struct ctx *page;        /* its arena is emptied with every page */
	struct ctx *lasting;     /* its arena lasts: for terms */
	int64_t campaign_id;
	const struct currency *currency;
	bool touches;            /* read what attribution saw as well */

	struct list versions;    /* struct past_version, by number */
	struct list churns;      /* struct left, by customer and time */
	struct list events, taken, undone;
	size_t taken_at, undone_at;
	int64_t last;            /* the event that was read last */
	bool done;
};

struct past_version {
	int64_t id, version, effective_at;
	const struct terms *terms;
};

/* False with the error in p->lasting, as of all here that read terms. */
bool past_init(struct past *p);

/* Read the next page: p->events; none are left when p->done. The error is in p->page. */
bool past_read(struct past *p);

/* The terms in force at a moment, or (version) the one of that number, NULL if there is none. */
bool past_terms_at(struct past *p, int64_t at_ms, const struct terms **out);
bool past_terms_version(struct past *p, int64_t version, const struct terms **out);

/*
 * Gather what belongs to an event of the page that is credited to somebody, and judge it as it was.
 * Events must be asked for in their order. ERR_STATE in p->page where that cannot be read.
 */
bool past_recall(struct past *p, const struct event *e, struct happening *out);

#endif
