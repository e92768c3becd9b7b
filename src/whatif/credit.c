/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/credit.h"

#include "base/check.h"
#include "deal/deal_share.h"
#include "event/contact.h"

bool credit_read(struct ctx *c, struct happening *h)
{
	struct candidate *touches;
	char id[ID_TEXT_MAX];

	if (!contact_list(c, h->event->attribution, &touches, &h->touch_count)) {
		id_format(ID_EVENT, h->event->id, id);
		fail_clear(c);
		return fail(c, ERR_STATE, NULL, "the attribution of %s cannot be read", id);
	}
	h->touches = touches;
	return true;
}

/* Of a joint deal that lost, no shares are on record; of one that was credited they are. */
static bool lacks_share(const struct happening *h, size_t i)
{
	const struct candidate *all = h->touches;
	size_t same = 0;

	if (all[i].signal != SIGNAL_DEAL || all[i].share_ppm > 0)
		return false;
	for (size_t k = 0; k < h->touch_count; k++)
		same += all[k].deal_id == all[i].deal_id;
	return same > 1;
}

bool credit_lacks(const struct happening *h)
{
	for (size_t i = 0; i < h->touch_count; i++)
		if (lacks_share(h, i))
			return true;
	return false;
}

bool credit_agreed(struct ctx *c, struct happening *h)
{
	struct candidate *all = ARENA_ARRAY(c->arena, struct candidate, h->touch_count + 1);

	memcpy(all, h->touches, h->touch_count * sizeof(*all));
	for (size_t i = 0; i < h->touch_count; i++)
		if (lacks_share(h, i)
		    && !deal_share_of(c, all[i].deal_id, all[i].partner_id, &all[i].share_ppm))
			return false;
	h->touches = all;
	return true;
}

static const struct owner *owners_of(struct arena *a, const struct standing *s)
{
	struct owner *all = ARENA_ARRAY(a, struct owner, s->credit_count);

	for (size_t i = 0; i < s->credit_count; i++)
		all[i] = (struct owner){ s->credits[i].partner_id, s->credits[i].link_id,
			                 s->credits[i].share_ppm };
	return all;
}

/* Taken by whoever is credited, unless it is owned already. */
static void own(struct world *w, const struct happening *h, const struct standing *s,
                struct owned *o)
{
	if (s->credit_count > 0 && s->credits[0].signal != SIGNAL_OWNED) {
		o->owners = owners_of(w->arena, s);
		o->owner_count = s->credit_count;
		o->since_ms = h->event->occurred_at;
	}
	if (h->event->invoice_index >= o->invoices)
		o->invoices = h->event->invoice_index + 1;
}

static struct owned *owned_of(struct world *w, const struct happening *h)
{
	return table_add(&w->owners, h->event->customer_id, 0, NULL);
}

void credit_follow(struct world *w, const struct happening *h)
{
	const struct standing *s = &h->recall.inputs.standing;

	if (h->event->customer_id != 0)
		own(w, h, s, owned_of(w, h));
}

static void hold_contest(const struct world *w, const struct happening *h, const struct owned *o,
                         struct attribution *out)
{
	const struct attribution_rules *rules = &w->terms->attribution;
	int64_t bought = h->event->invoice_index > 0 ? h->event->invoice_index : o->invoices;
	struct contest contest = {
		.touches = h->touches,
		.touch_count = h->touch_count,
		.owners = o->owners,
		.owner_count = o->owner_count,
		.owned_since_ms = o->since_ms,
		.has_bought = bought > 0,
		.at_ms = h->event->occurred_at,
	};

	attribute(rules, &contest, out);
}

static const struct credit *stood_then(const struct standing *s, int64_t partner_id)
{
	for (size_t i = 0; i < s->credit_count; i++)
		if (s->credits[i].partner_id == partner_id)
			return &s->credits[i];
	return NULL;
}

static bool put_credit(struct world *w, const struct happening *h, const struct credited *who,
                       struct credit *out)
{
	const struct credit *then = stood_then(&h->recall.inputs.standing, who->partner_id);

	if (then && then->link_id == who->link_id) {
		*out = *then;
	} else {
		if (!today_credit(w->today, who->partner_id, who->link_id, out))
			return false;
		out->holds = today_self_holds(w->today, who->partner_id, h->email);
	}
	out->share_ppm = who->share_ppm;
	out->signal = who->signal;
	return true;
}

bool credit_judge(struct world *w, const struct happening *h, struct ruling *r,
                  struct credit *room)
{
	struct owned nobody = { 0 };
	struct owned *o = h->event->customer_id ? owned_of(w, h) : &nobody;
	struct attribution a;

	hold_contest(w, h, o, &a);
	for (size_t i = 0; i < a.credited_count; i++)
		if (!put_credit(w, h, &a.credited[i], &room[i]))
			return false;
	r->standing.credits = room;
	r->standing.credit_count = a.credited_count;
	own(w, h, &r->standing, o);
	for (size_t i = 0; i < a.credited_count; i++)
		room[i].referred_at_ms = o->since_ms;
	return true;
}
