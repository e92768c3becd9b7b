/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/webhook_job.h"

#include "app.h"
#include "base/check.h"
#include "base/log.h"
#include "webhook/courier.h"
#include "webhook/delivery.h"

struct load {
	struct parcel *parcels;
	size_t count, room;
	struct list receipts; /* struct receipt */
};

/* One delivery, as the courier wants it. */
static bool pack(struct ctx *c, struct load *l, const struct endpoint *e, const struct delivery *d)
{
	struct parcel p = { .org_id = c->org_id, .endpoint_id = e->id, .delivery_id = d->id,
		            .url = e->url };
	struct message m;

	if (!message_get(c, d->message_id, &m) || !endpoint_secrets(c, e, p.secrets)
	    || !delivery_lease(c, d))
		return false;
	p.message = id_str(c->arena, ID_MESSAGE, m.id);
	p.body = m.body;
	l->parcels = arena_grow(c->arena, l->parcels, sizeof(p), l->count, &l->room);
	l->parcels[l->count++] = p;
	return true;
}

/* What is due for one endpoint. *out_more: there may be more of it. */
static bool take_for(struct ctx *c, struct load *l, const struct endpoint *e, bool *out_more)
{
	struct courier *k = app_of(c)->courier;
	int64_t room = courier_room(k, e->id, e->failing_since != 0), next;
	size_t before = l->count;
	struct list due;

	if (room == 0)
		return true;
	if (e->not_before > c->now_ms) {
		courier_remind(k, c->org_id, e->not_before);
		return true;
	}
	if (!delivery_due(c, e->id, room, &due))
		return false;
	for (size_t i = 0; i < due.count; i++) {
		const struct delivery *d = (const struct delivery *)due.items + i;

		if (!courier_has(k, c->org_id, d->id) && !pack(c, l, e, d))
			return false;
	}
	*out_more |= l->count - before == (size_t)room;
	if (!delivery_next(c, e->id, &next))
		return false;
	if (next > c->now_ms)
		courier_remind(k, c->org_id, next);
	return true;
}

bool webhook_take(struct ctx *c, void **load, bool *out_more)
{
	struct load *l = ARENA_NEW(c->arena, struct load);
	struct list all;

	*out_more = false;
	if (!endpoint_list(c, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct endpoint *e = (const struct endpoint *)all.items + i;

		if (e->status == ENDPOINT_ENABLED && !take_for(c, l, e, out_more))
			return false;
	}
	if (l->count > 0 || courier_returned(app_of(c)->courier, c->org_id))
		*load = l;
	return true;
}

bool webhook_send(struct ctx *c, void *load)
{
	struct courier *k = app_of(c)->courier;
	struct load *l = load;

	for (size_t i = 0; i < l->count; i++)
		courier_send(k, &l->parcels[i]);
	if (l->count > 0)
		courier_wait(k, c->org_id);
	courier_collect(k, c->arena, c->org_id, &l->receipts);
	return true;
}

static void say(const struct endpoint *e, const struct delivery *d)
{
	if (e->status == ENDPOINT_DISABLED)
		log_event(LOG_WARN, "webhook endpoint disabled", LOG_INT("endpoint", e->id),
		          LOG_STR("why", e->reason));
	else if (d->status == DELIVERY_FAILED)
		log_event(LOG_WARN, "webhook given up", LOG_INT("endpoint", e->id),
		          LOG_INT("message", d->message_id));
}

/* Endpoint and delivery may have been deleted while it was under way. */
static bool settle_one(struct ctx *c, const struct receipt *r)
{
	struct delivery_attempt a = { .retry_after_s = r->retry_after_s };
	struct delivery d;
	struct endpoint e;
	bool found, there;

	if (!endpoint_find(c, r->endpoint_id, &e, &found)
	    || !delivery_find(c, r->delivery_id, &d, &there))
		return false;
	if (!found || !there)
		return true;
	d.answered = r->status;
	d.answer = r->answer;
	d.error = r->error;
	d.duration_ms = r->duration_ms;
	if (!delivery_settle(c, &d, &e, &a))
		return false;
	if (d.status == DELIVERY_WAITING)
		courier_remind(app_of(c)->courier, c->org_id, d.next_at);
	else
		say(&e, &d);
	return true;
}

bool webhook_settle(struct ctx *c, void *load)
{
	const struct load *l = load;

	for (size_t i = 0; i < l->receipts.count; i++)
		if (!settle_one(c, (const struct receipt *)l->receipts.items + i))
			return false;
	return true;
}
