/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/spent_recount.h"

#include "base/check.h"
#include "verify/books_tally.h"

#include <stdlib.h>

/*
 * A tally for each event, by its customer's id and its own, and one for the customer, by 0. Events
 * are chained: all of a customer's, and those that are stale.
 */
/* Said; of a customer the sum, the newest, the first that is stale, and when it left last. */
enum { LEFT, OLDER, STALE, AT };
enum { IS_STALE }; /* found */

struct spent_recount {
	struct tallies *tallies;
};

struct spent_recount *spent_recount_new(void)
{
	struct spent_recount *s = calloc(1, sizeof(*s));

	CHECK(s != NULL);
	s->tallies = tallies_new();
	return s;
}

void spent_recount_free(struct spent_recount *s)
{
	if (!s)
		return;
	tallies_free(s->tallies);
	free(s);
}

/* Pointers hold until the next tally_get: so the customer's is found again. */
static void mark(struct spent_recount *s, struct tally *event)
{
	struct tally *customer = tally_get(s->tallies, event->a, 0);

	if (event->found[IS_STALE])
		return;
	event->found[IS_STALE] = 1;
	event->said[STALE] = customer->said[STALE];
	customer->said[STALE] = event->b;
}

void spent_recount_note(struct spent_recount *s, const struct event *e)
{
	struct tally *customer, *event;

	if (e->customer_id == 0)
		return;
	tally_get(s->tallies, e->customer_id, 0);
	event = tally_get(s->tallies, e->customer_id, e->id);
	customer = tally_find(s->tallies, e->customer_id, 0);
	event->said[AT] = e->occurred_at;
	event->said[OLDER] = customer->said[OLDER];
	customer->said[OLDER] = e->id;
	mark(s, event);
}

void spent_recount_rejected(struct spent_recount *s, int64_t customer_id, int64_t event_id)
{
	struct tally *event = tally_find(s->tallies, customer_id, event_id);

	if (event && event_id != 0)
		mark(s, event);
}

/* The first time it left after an event counts. Usually times come in order; else all are looked at. */
static void left(struct spent_recount *s, const struct event *churn)
{
	struct tally *customer = tally_find(s->tallies, churn->customer_id, 0), *event;
	int64_t since = 0;

	if (!customer)
		return;
	if (churn->occurred_at > customer->said[AT]) {
		since = customer->said[AT];
		customer->said[AT] = churn->occurred_at;
	}
	for (int64_t id = customer->said[OLDER]; id != 0; id = event->said[OLDER]) {
		event = tally_find(s->tallies, churn->customer_id, id);
		CHECK(event != NULL);
		if (event->said[AT] > since && event->said[AT] <= churn->occurred_at)
			mark(s, event);
	}
}

void spent_recount_told(struct spent_recount *s, const struct event *notice)
{
	if (notice->type == EVENT_CHURN)
		left(s, notice);
	else
		spent_recount_rejected(s, notice->customer_id, notice->related_id);
}

bool spent_recount_sum(struct ctx *c, struct spent_recount *s, struct spent_look *at,
                       const struct event *e, int64_t *out_minor)
{
	struct tally *customer = tally_find(s->tallies, e->customer_id, 0), *event;
	int64_t minor;

	*out_minor = 0;
	if (!customer)
		return true;
	at->as_of_id = e->id;
	while (customer->said[STALE] != 0) {
		at->event_id = customer->said[STALE];
		if (!spent_look(c, at, &minor))
			return false;
		event = tally_find(s->tallies, e->customer_id, at->event_id);
		CHECK(event != NULL);
		customer->said[STALE] = event->said[STALE];
		customer->said[LEFT] += minor - event->said[LEFT];
		event->said[LEFT] = minor;
		event->found[IS_STALE] = 0;
	}
	*out_minor = customer->said[LEFT];
	return true;
}
