/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/owners.h"

#include "base/check.h"
#include "base/id.h"
#include "customer/owner.h"

#define PAGE 1000

/* Is an event that is credited to the customer's owners credited to just those? */
static bool same_owners(struct replay *r, const struct replayed *e,
                        const struct recount_customer *cu)
{
	const struct standing *s = &e->recall.inputs.standing;

	if (e->event->campaign_id != cu->campaign_id || (int64_t)s->credit_count != cu->owner_count)
		return false;
	if (cu->owner_count == 1)
		return s->credits[0].partner_id == cu->partner_id;
	for (size_t i = 0; i < s->credit_count; i++) {
		const struct recount_owner *o =
		        recount_owner(r->recount, e->event->customer_id, (int64_t)i);

		if (o->partner_id != s->credits[i].partner_id
		    || o->share_ppm != s->credits[i].share_ppm
		    || o->link_id != s->credits[i].link_id)
			return false;
	}
	return true;
}

static void take(struct replay *r, const struct replayed *e)
{
	const struct standing *s = &e->recall.inputs.standing;

	for (size_t i = 0; s->credit_count > 1 && i < s->credit_count; i++)
		*recount_owner(r->recount, e->event->customer_id, (int64_t)i) =
		        (struct recount_owner){ .partner_id = s->credits[i].partner_id,
			                        .link_id = s->credits[i].link_id,
			                        .share_ppm = s->credits[i].share_ppm };
}

void owners_replay(struct replay *r, const struct replayed *e)
{
	const struct standing *s = &e->recall.inputs.standing;
	const struct credit *first = &s->credits[0];
	struct recount_customer *cu;

	if (e->event->customer_id == 0)
		return;
	cu = recount_customer(r->recount, e->event->customer_id);
	if (first->signal == SIGNAL_OWNED) {
		if (!same_owners(r, e, cu))
			verify_found(r->v, "%s: credited to an owner the customer did not have",
			             e->id);
		return;
	}
	cu->partner_id = first->partner_id;
	cu->campaign_id = e->event->campaign_id;
	cu->link_id = first->link_id;
	cu->signal = first->signal;
	cu->referred_at = e->event->occurred_at;
	cu->owner_count = (int64_t)s->credit_count;
	take(r, e);
}

static const struct sql SQL_OWNERS = {
	.text = "SELECT @columns FROM customer_owner WHERE org_id = $1"
	        " AND (customer_id, number) > ($2, $3) ORDER BY customer_id, number LIMIT 1000",
	.model = &owner_model,
};

static void not_owned(struct replay *r, int64_t customer_id)
{
	char id[ID_TEXT_MAX];

	verify_id(ID_CUSTOMER, customer_id, id);
	verify_found(r->v, "%s: is not shared by owners as its events say", id);
}

static void compare(struct replay *r, const struct owner_row *k)
{
	int64_t count = recount_customer(r->recount, k->customer_id)->owner_count;
	struct recount_owner *o = recount_owner(r->recount, k->customer_id, k->number);

	o->seen = true;
	if (count < 2 || k->number < 0 || k->number >= count || o->partner_id != k->partner_id
	    || o->link_id != k->link_id || o->share_ppm != k->share_ppm)
		not_owned(r, k->customer_id);
}

static void find_missing(struct replay *r)
{
	const struct recount_customer *cu;

	for (size_t i = 0; (cu = recount_customer_at(r->recount, i)) != NULL; i++)
		for (int64_t k = 0; cu->owner_count > 1 && k < cu->owner_count; k++)
			if (!recount_owner(r->recount, cu->id, k)->seen)
				not_owned(r, cu->id);
}

bool owners_check(struct replay *r)
{
	struct owner_row last = { .number = -1 };
	struct list page;

	do {
		arena_reset(r->v->c->arena);
		if (!db_list(r->v->c, &SQL_OWNERS,
		             ARGS(val_int(last.customer_id), val_int(last.number)),
		             sizeof(struct owner_row), &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			last = ((const struct owner_row *)page.items)[i];
			compare(r, &last);
		}
	} while (page.count == PAGE);
	find_missing(r);
	return true;
}

const struct sql *const owners_sql[] = { &SQL_OWNERS, NULL };
