/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_deals.h"

#include "base/check.h"
#include "base/id.h"
#include "deal/claim.h"
#include "deal/deal.h"
#include "deal/deal_history.h"
#include "event/contact.h"
#include "event/intake.h"

struct contacts {
	struct candidate *all;
	size_t count;
	bool won; /* the event is that a deal was won: there was no contest */
};

/* The deal as it was then; *out stays false where there was none. */
static bool deal_then(struct replay *r, const struct replayed *e, int64_t deal_id,
                      struct deal *d, bool *out)
{
	struct ctx *c = r->v->c;

	*out = false;
	if (!db_get_id(c, &deal_model, deal_id, d)) {
		if (c->err.code != ERR_NOT_FOUND)
			return false;
		fail_clear(c);
		return true;
	}
	return deal_history_then(c, e->event->id, d, out);
}

static const struct candidate *touch_of(const struct claim *claim, int64_t partner_id)
{
	for (size_t i = 0; i < claim->touch_count; i++)
		if (claim->touches[i].partner_id == partner_id)
			return &claim->touches[i];
	return NULL;
}

/* Contacts by a deal, of which there is one for each of its partners. */
static size_t count_of(const struct contacts *k, int64_t deal_id)
{
	size_t n = 0;

	for (size_t i = 0; i < k->count; i++)
		n += k->all[i].deal_id == deal_id;
	return n;
}

static bool agrees(const struct candidate *touch, const struct candidate *k)
{
	return touch && touch->at_ms == k->at_ms && touch->until_ms == k->until_ms
	       && touch->fault == k->fault;
}

/* What a stored contact by a deal says, beside what the deal says; *k becomes the latter. */
static bool check_claim(struct replay *r, const struct replayed *e, struct contacts *all,
                        struct candidate *k)
{
	const struct candidate *touch;
	char id[ID_TEXT_MAX];
	struct claim claim;
	struct deal d;
	bool there;

	verify_id(ID_DEAL, k->deal_id, id);
	if (!deal_then(r, e, k->deal_id, &d, &there))
		return false;
	if (!there) {
		verify_found(r->v, "%s: is credited by a deal that was not there: %s", e->id, id);
		return true;
	}
	if (!claim_of(r->v->c, &d, &claim))
		return false;
	for (size_t i = 0; i < claim.touch_count; i++)
		claim.touches[i].at_ms =
		        intake_contact_time(claim.touches[i].at_ms, e->event->occurred_at);
	touch = touch_of(&claim, k->partner_id);
	if (!agrees(touch, k) || claim.campaign_id != e->event->campaign_id
	    || count_of(all, k->deal_id) != claim.touch_count)
		verify_found(r->v, "%s: what it says of %s is not what the deal was then", e->id,
		             id);
	*k = touch ? *touch : claim.touches[0];
	all->won = d.event_id == e->event->id;
	return true;
}

static size_t owners_before(struct replay *r, const struct replayed *e, struct owner *all)
{
	const struct recount_customer *cu = recount_customer(r->recount, e->event->customer_id);
	size_t count = cu->campaign_id == e->event->campaign_id && cu->partner_id
	                       ? (size_t)cu->owner_count
	                       : 0;

	CHECK(count <= CREDITS_MAX);
	if (count == 1)
		all[0] = (struct owner){ cu->partner_id, cu->link_id, PPM_ONE };
	for (size_t i = 0; count > 1 && i < count; i++) {
		const struct recount_owner *o =
		        recount_owner(r->recount, e->event->customer_id, (int64_t)i);

		all[i] = (struct owner){ o->partner_id, o->link_id, o->share_ppm };
	}
	return count;
}

static void contest(struct replay *r, const struct replayed *e, const struct contacts *k,
                    struct attribution *out)
{
	const struct event *event = e->event;
	struct recount_customer none = { 0 };
	struct owner owners[CREDITS_MAX];
	size_t owner_count = event->customer_id ? owners_before(r, e, owners) : 0;
	const struct recount_customer *cu =
	        event->customer_id ? recount_customer(r->recount, event->customer_id) : &none;
	int64_t paid = event->invoice_index >= 0; /* it is counted already */

	attribute(&e->terms->attribution,
	          &(struct contest){ .touches = k->all,
	                             .touch_count = k->count,
	                             .owners = owners,
	                             .owner_count = owner_count,
	                             .owned_since_ms = cu->referred_at,
	                             .has_bought = cu->invoices - paid > 0,
	                             .at_ms = event->occurred_at },
	          out);
}

static bool same(const struct attribution *a, const struct standing *s)
{
	if (a->credited_count != s->credit_count)
		return false;
	for (size_t i = 0; i < s->credit_count; i++)
		if (a->credited[i].partner_id != s->credits[i].partner_id
		    || a->credited[i].share_ppm != s->credits[i].share_ppm
		    || a->credited[i].signal != s->credits[i].signal)
			return false;
	return true;
}

/* Is it credited to those whose deal was won, as they agreed? */
static bool same_as_deal(const struct contacts *k, const struct standing *s)
{
	if (k->count != s->credit_count)
		return false;
	for (size_t i = 0; i < k->count; i++)
		if (k->all[i].partner_id != s->credits[i].partner_id
		    || k->all[i].share_ppm != s->credits[i].share_ppm)
			return false;
	return true;
}

static bool read_contacts(struct replay *r, const struct replayed *e, struct contacts *out)
{
	struct ctx *c = r->v->c;
	struct event whole;

	if (!event_get(c, e->event->id, &whole))
		return false;
	if (!contact_list(c, whole.attribution, &out->all, &out->count)) {
		fail_clear(c);
		out->count = 0;
	}
	return true;
}

bool deals_replay(struct replay *r, const struct replayed *e)
{
	const struct standing *s = &e->recall.inputs.standing;
	struct contacts k = { 0 };
	struct attribution a;

	if (s->credits[0].signal != SIGNAL_DEAL)
		return true;
	if (!read_contacts(r, e, &k))
		return false;
	for (size_t i = 0; i < k.count; i++)
		if (k.all[i].signal == SIGNAL_DEAL && !check_claim(r, e, &k, &k.all[i]))
			return false;
	if (k.won) {
		if (!same_as_deal(&k, s))
			verify_found(r->v, "%s: is not credited to the partner whose deal was won",
			             e->id);
		return true;
	}
	contest(r, e, &k, &a);
	if (!same(&a, s))
		verify_found(r->v, "%s: judged again, it is credited to somebody else", e->id);
	return true;
}
