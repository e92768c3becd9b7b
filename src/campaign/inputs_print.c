/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/inputs_doc.h"

#include "base/check.h"
#include "campaign/terms_doc.h"
#include "data/json_out.h"
#include "rules/names.h"

static void key_int(struct buf *b, const char *key, int64_t value)
{
	if (value != 0)
		jw_key_int(b, key, value);
}

static void key_str(struct buf *b, const char *key, struct str value)
{
	if (value.n > 0)
		jw_key_str(b, key, value);
}

static void put_rate(struct buf *b, const struct fx *fx)
{
	jw_object(b);
	jw_key_str(b, "from", str_from(fx->from->code));
	jw_key_str(b, "to", str_from(fx->to->code));
	jw_key_int(b, "from_rate", fx->from_rate);
	jw_key_int(b, "to_rate", fx->to_rate);
	jw_key_int(b, "day", fx->day);
	jw_object_end(b);
}

static void put_fx(struct buf *b, const struct fx *fx)
{
	if (!fx->from)
		return;
	jw_key(b, "fx");
	put_rate(b, fx);
}

static void put_reward_fx(struct buf *b, const struct occurrence *o)
{
	if (o->reward_fx_count == 0)
		return;
	jw_key(b, "reward_fx");
	jw_array(b);
	for (size_t i = 0; i < o->reward_fx_count; i++)
		put_rate(b, &o->reward_fx[i]);
	jw_array_end(b);
}

static void put_attributes(struct buf *b, const struct occurrence *o)
{
	if (o->attribute_count == 0)
		return;
	jw_key(b, "attributes");
	jw_object(b);
	for (size_t i = 0; i < o->attribute_count; i++) {
		jw_str(b, o->attributes[i].key);
		buf_char(b, ':');
		jw_str(b, o->attributes[i].value);
	}
	jw_object_end(b);
}

static void put_event(struct buf *b, const struct occurrence *o)
{
	jw_object(b);
	key_int(b, "id", o->event_id);
	jw_key_str(b, "kind", str_from(trigger_names[o->kind]));
	key_int(b, "amount", o->amount_minor);
	key_int(b, "tax", o->tax_minor);
	key_int(b, "shipping", o->shipping_minor);
	if (o->currency)
		jw_key_str(b, "currency", str_from(o->currency->code));
	put_fx(b, &o->fx);
	put_reward_fx(b, o);
	key_int(b, "quantity", o->quantity);
	key_int(b, "quantity_of", o->quantity_of);
	key_int(b, "at", o->occurred_at_ms);
	key_int(b, "cleared_at", o->cleared_at_ms);
	if (o->is_invoice)
		jw_key_int(b, "invoice", o->invoice_index);
	key_str(b, "product", o->product);
	key_str(b, "site", o->site);
	key_str(b, "country", o->country);
	key_str(b, "plan", o->plan);
	put_attributes(b, o);
	if (o->unpayable != PAYABLE)
		jw_key_str(b, "unpayable", str_from(unpayable_names[o->unpayable]));
	jw_object_end(b);
}

static void put_numbers(struct buf *b, const char *key, const int64_t *values, size_t count)
{
	while (count > 0 && values[count - 1] == 0)
		count--;
	if (count == 0)
		return;
	jw_key(b, key);
	jw_array(b);
	for (size_t i = 0; i < count; i++)
		jw_int(b, values[i]);
	jw_array_end(b);
}

static void put_standing_of(struct buf *b, enum partner_standing standing, unsigned holds)
{
	if (standing != STANDING_GOOD)
		jw_key_str(b, "standing", str_from(partner_standing_names[standing]));
	key_int(b, "holds", holds);
}

static void put_upline(struct buf *b, const struct upline *u)
{
	jw_object(b);
	jw_key_int(b, "partner", u->partner_id);
	put_standing_of(b, u->standing, u->holds);
	if (u->has_rate)
		jw_key_int(b, "rate_ppm", u->rate_ppm);
	put_numbers(b, "cap_used", u->cap_used, CAPS_MAX);
	jw_object_end(b);
}

static void put_offer(struct buf *b, const char *key, const struct offer *f,
                      const struct currency *cur)
{
	if (f->reward.type == REWARD_NONE && !f->has_months)
		return;
	jw_key(b, key);
	offer_doc_print(b, f, cur);
}

static void put_above(struct buf *b, const struct credit *cr)
{
	if (cr->chain_count > 0) {
		jw_key(b, "chain");
		jw_array(b);
		for (size_t i = 0; i < cr->chain_count; i++)
			put_upline(b, &cr->chain[i]);
		jw_array_end(b);
	}
	if (cr->recruiter) {
		jw_key(b, "recruiter");
		put_upline(b, cr->recruiter);
	}
}

static void put_stand(struct buf *b, const struct credit *cr, const struct currency *cur,
                      int64_t referred_at_ms)
{
	const struct counters *n = &cr->counters;
	int64_t counters[] = { n->revenue_minor, n->sales, n->customers, n->projects };

	put_standing_of(b, cr->standing, cr->holds);
	put_offer(b, "own", &cr->own, cur);
	put_offer(b, "override", &cr->override, cur);
	key_int(b, "override_from", cr->override_from_ms);
	key_int(b, "override_until", cr->override_until_ms);
	key_str(b, "group", cr->group);
	put_numbers(b, "counters", counters, sizeof(counters) / sizeof(counters[0]));
	if (cr->referred_at_ms != referred_at_ms)
		jw_key_int(b, "referred_at", cr->referred_at_ms);
	put_above(b, cr);
	put_numbers(b, "cap_used", cr->cap_used, CAPS_MAX);
}

static void put_credit(struct buf *b, const struct credit *cr, const struct currency *cur)
{
	jw_object(b);
	jw_key_int(b, "partner", cr->partner_id);
	key_int(b, "link", cr->link_id);
	jw_key_int(b, "share_ppm", cr->share_ppm);
	jw_key_str(b, "signal", str_from(signal_names[cr->signal]));
	put_stand(b, cr, cur, 0);
	jw_object_end(b);
}

void inputs_doc_print(struct buf *b, const struct currency *cur, const struct occurrence *o,
                      const struct standing *s)
{
	jw_object(b);
	jw_key(b, "event");
	put_event(b, o);
	jw_key(b, "standing");
	jw_object(b);
	jw_key(b, "credits");
	jw_array(b);
	for (size_t i = 0; i < s->credit_count; i++)
		put_credit(b, &s->credits[i], cur);
	jw_array_end(b);
	put_numbers(b, "cap_used", s->cap_used, CAPS_MAX);
	if (s->campaign_closed)
		jw_key_bool(b, "campaign_closed", true);
	jw_object_end(b);
	jw_object_end(b);
}

static void put_rest_event(struct buf *b, const struct occurrence *o,
                           const struct occurrence *known)
{
	size_t before = b->n;

	jw_key(b, "event");
	jw_object(b);

	size_t empty = b->n;

	if (o->fx.from != known->fx.from)
		put_fx(b, &o->fx);
	put_reward_fx(b, o);
	key_int(b, "quantity", o->quantity);
	key_int(b, "quantity_of", o->quantity_of);
	key_int(b, "cleared_at", o->cleared_at_ms);
	if (!str_eq(o->country, known->country))
		jw_key_str(b, "country", o->country);
	if (o->unpayable != PAYABLE)
		jw_key_str(b, "unpayable", str_from(unpayable_names[o->unpayable]));
	if (b->n == empty)
		b->n = before;
	else
		jw_object_end(b);
}

/* All of one credit that is not like the first, known one; or of a second or later one. */
static void put_rest_credit(struct buf *b, const struct credit *cr, const struct currency *cur,
                            const struct credit *known)
{
	jw_object(b);
	if (cr->partner_id != known->partner_id)
		jw_key_int(b, "partner", cr->partner_id);
	if (cr->link_id != known->link_id)
		jw_key_int(b, "link", cr->link_id);
	if (cr->share_ppm != PPM_ONE)
		jw_key_int(b, "share_ppm", cr->share_ppm);
	if (cr->signal != SIGNAL_LINK)
		jw_key_str(b, "signal", str_from(signal_names[cr->signal]));
	put_stand(b, cr, cur, known->referred_at_ms);
	jw_object_end(b);
}

static void put_rest_credits(struct buf *b, const struct inputs *all, const struct credit *known,
                             const struct currency *cur)
{
	const struct standing *s = &all->standing;
	struct credit later = { .referred_at_ms = s->credits[0].referred_at_ms };
	size_t before = b->n, first;

	jw_key(b, "credits");
	jw_array(b);
	first = b->n;
	for (size_t i = 0; i < s->credit_count; i++)
		put_rest_credit(b, &s->credits[i], cur, i == 0 ? known : &later);
	if (b->n == first + 2)
		b->n = before; /* one, of which nothing else is to say */
	else
		jw_array_end(b);
}

void inputs_doc_put_rest(struct buf *b, const struct currency *cur, const struct inputs *all,
                         const struct inputs *known)
{
	const struct standing *s = &all->standing;
	size_t before, empty;

	CHECK(s->credit_count > 0 && known->standing.credit_count == 1);
	put_rest_event(b, &all->event, &known->event);
	before = b->n;
	jw_key(b, "standing");
	jw_object(b);
	empty = b->n;
	put_rest_credits(b, all, &known->standing.credits[0], cur);
	put_numbers(b, "cap_used", s->cap_used, CAPS_MAX);
	if (s->campaign_closed)
		jw_key_bool(b, "campaign_closed", true);
	if (b->n == empty)
		b->n = before;
	else
		jw_object_end(b);
}
