/* SPDX-License-Identifier: Apache-2.0 */
#include "outbox/outbox.h"

#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/json_out.h"
#include "work/work.h"

#include <pthread.h>
#include <stdlib.h>

#define SLOTS 4096 /* direct-mapped: a power of two */
#define CHANGE_NS 60000000000LL

const char *const outbox_type_names[] = {
	[OUTBOX_TEST] = "webhook.test",
	[OUTBOX_PARTNER_CREATED] = "partner.created",
	[OUTBOX_PARTNER_ENROLLED] = "partner.enrolled",
	[OUTBOX_PARTNER_UPDATED] = "partner.updated",
	[OUTBOX_PARTNER_APPROVED] = "partner.approved",
	[OUTBOX_PARTNER_DECLINED] = "partner.declined",
	[OUTBOX_PARTNER_SUSPENDED] = "partner.suspended",
	[OUTBOX_PARTNER_BANNED] = "partner.banned",
	[OUTBOX_PARTNER_REINSTATED] = "partner.reinstated",
	[OUTBOX_LINK_CREATED] = "link.created",
	[OUTBOX_LINK_UPDATED] = "link.updated",
	[OUTBOX_LEAD_RECORDED] = "lead.recorded",
	[OUTBOX_SALE_RECORDED] = "sale.recorded",
	[OUTBOX_REFUND_RECORDED] = "refund.recorded",
	[OUTBOX_DISPUTE_RECORDED] = "dispute.recorded",
	[OUTBOX_CHURN_RECORDED] = "churn.recorded",
	[OUTBOX_QUALIFIED_REFERRAL_RECORDED] = "qualified_referral.recorded",
	[OUTBOX_PROJECT_DELIVERED_RECORDED] = "project_delivered.recorded",
	[OUTBOX_DEAL_CLOSED_RECORDED] = "deal_closed.recorded",
	[OUTBOX_GOAL_RECORDED] = "goal.recorded",
	[OUTBOX_COMMISSION_CREATED] = "commission.created",
	[OUTBOX_COMMISSION_APPROVED] = "commission.approved",
	[OUTBOX_COMMISSION_HELD] = "commission.held",
	[OUTBOX_COMMISSION_RELEASED] = "commission.released",
	[OUTBOX_COMMISSION_REJECTED] = "commission.rejected",
	[OUTBOX_COMMISSION_REVERSED] = "commission.reversed",
	[OUTBOX_COMMISSION_RESTORED] = "commission.restored",
	[OUTBOX_COMMISSION_PAID] = "commission.paid",
	[OUTBOX_PAYOUT_CREATED] = "payout.created",
	[OUTBOX_PAYOUT_APPROVED] = "payout.approved",
	[OUTBOX_PAYOUT_PAID] = "payout.paid",
	[OUTBOX_PAYOUT_FAILED] = "payout.failed",
	[OUTBOX_PAYOUT_CANCELED] = "payout.canceled",
	[OUTBOX_DEAL_REGISTERED] = "deal.registered",
	[OUTBOX_DEAL_SUBMITTED] = "deal.submitted",
	[OUTBOX_DEAL_DECLINED] = "deal.declined",
	[OUTBOX_DEAL_APPROVED] = "deal.approved",
	[OUTBOX_DEAL_EXTENDED] = "deal.extended",
	[OUTBOX_DEAL_WON] = "deal.won",
	[OUTBOX_DEAL_LOST] = "deal.lost",
	[OUTBOX_TYPE_COUNT] = NULL,
};

_Static_assert(OUTBOX_TYPE_COUNT <= 64, "types are bits of a number");

static const struct field fields[] = {
	FIELD(struct message, id, .flags = OUT, .as = AS_ID, .id = ID_MESSAGE),
	FIELD(struct message, sequence, .flags = OUT),
	FIELD(struct message, type, .flags = OUT, .as = AS_ENUM, .names = outbox_type_names),
	FIELD(struct message, body, .flags = OUT, .as = AS_JSON),
	FIELD(struct message, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model message_model = MODEL("message", fields);

/* What the consumers of an organisation want. */
struct slot {
	int64_t org_id;
	int64_t read_ns;
	int64_t changing_ns; /* when somebody began to change it, who may not be through; 0: nobody */
	uint64_t types;
};

struct outbox {
	pthread_mutex_t lock; /* around everything */
	int64_t max_age_ns;
	struct slot slots[SLOTS];
};

struct outbox *outbox_new(int64_t max_age_ms)
{
	struct outbox *o = calloc(1, sizeof(*o));

	CHECK(o != NULL);
	pthread_mutex_init(&o->lock, NULL);
	o->max_age_ns = max_age_ms * 1000000;
	return o;
}

void outbox_free(struct outbox *o)
{
	if (!o)
		return;
	pthread_mutex_destroy(&o->lock);
	free(o);
}

static struct slot *slot_of(struct outbox *o, int64_t org_id)
{
	return &o->slots[((uint64_t)org_id * 0x9E3779B97F4A7C15ULL) >> 52];
}

static bool remembered(struct outbox *o, int64_t org_id, uint64_t *out)
{
	struct slot *s = slot_of(o, org_id);
	bool hit;

	pthread_mutex_lock(&o->lock);
	hit = s->org_id == org_id && s->changing_ns == 0
	   && (o->max_age_ns == 0 || clock_mono_ns() - s->read_ns < o->max_age_ns);
	*out = s->types;
	pthread_mutex_unlock(&o->lock);
	return hit;
}

/* While it is being changed nothing is: the change may still come to nothing. */
static void remember(struct outbox *o, int64_t org_id, uint64_t types)
{
	struct slot *s = slot_of(o, org_id);
	int64_t now_ns = clock_mono_ns();

	pthread_mutex_lock(&o->lock);
	if (s->changing_ns == 0 || now_ns - s->changing_ns > CHANGE_NS)
		*s = (struct slot){ .org_id = org_id, .read_ns = now_ns, .types = types };
	pthread_mutex_unlock(&o->lock);
}

static void changed(struct ctx *c, void *arg)
{
	struct outbox *o = arg;

	pthread_mutex_lock(&o->lock);
	*slot_of(o, c->org_id) = (struct slot){ 0 };
	pthread_mutex_unlock(&o->lock);
}

void outbox_wanted_changes(struct ctx *c)
{
	struct outbox *o = app_of(c) ? app_of(c)->outbox : NULL;

	if (!o)
		return;
	pthread_mutex_lock(&o->lock);
	*slot_of(o, c->org_id) = (struct slot){ .changing_ns = clock_mono_ns() };
	pthread_mutex_unlock(&o->lock);
	ctx_after_commit(c, changed, o);
}

static bool wanted_types(struct ctx *c, struct outbox *o, uint64_t *out)
{
	if (remembered(o, c->org_id, out))
		return true;
	*out = 0;
	for (const struct outbox_consumer *k = outgoing_consumers; k->wanted; k++) {
		uint64_t types = 0;

		if (!k->wanted(c, &types))
			return false;
		*out |= types;
	}
	remember(o, c->org_id, *out);
	return true;
}

void outbox_wake(struct ctx *c)
{
	if (app_of(c) && app_of(c)->work)
		work_wake(app_of(c)->work, "outbox", c->org_id);
}

static const struct sql SQL_NEXT = {
	.text = "INSERT INTO message_head (org_id, sequence) VALUES ($1, 1)"
	        " ON CONFLICT (org_id) DO UPDATE SET sequence = message_head.sequence + 1"
	        " RETURNING sequence",
};

/* Up to the data; the time is that of the transaction. */
static void begin_body(struct ctx *c, struct buf *b, const struct message *m)
{
	buf_init(b, c->arena);
	jw_object(b);
	jw_key_str(b, "type", str_from(outbox_type_names[m->type]));
	jw_key_time(b, "timestamp", c->now_ms);
	if (m->sequence)
		jw_key_int(b, "sequence", m->sequence);
	else
		jw_key_null(b, "sequence");
	jw_key(b, "data");
}

/* As somebody sees it who sees amounts, and nobody's personal data. */
static bool print(struct ctx *c, struct message *m, int64_t id)
{
	struct actor actor = c->actor;
	struct buf b;
	bool ok;

	begin_body(c, &b, m);
	c->actor = (struct actor){ .kind = ACTOR_KEY, .role = ROLE_ADMIN, .sees_money = true,
		                   .name = STR("partnerd") };
	ok = outgoing_shapes[m->type].print(c, id, &b);
	c->actor = actor;
	if (!ok)
		return false;
	jw_object_end(&b);
	m->body = buf_text(&b);
	return true;
}

static bool deliver(struct ctx *c, const struct message *m)
{
	for (const struct outbox_consumer *k = outgoing_consumers; k->deliver; k++)
		if (!k->deliver(c, m))
			return false;
	return true;
}

bool outbox_post(struct ctx *c, enum outbox_type type, int64_t id)
{
	struct outbox *o = app_of(c) ? app_of(c)->outbox : NULL;
	struct message m = { .type = type };
	uint64_t wanted;

	if (!o)
		return true;
	if (!wanted_types(c, o, &wanted))
		return false;
	if (!(wanted >> type & 1))
		return true;
	m.id = id_new();
	m.created_at = c->now_ms;
	outbox_wake(c);
	return db_int(c, &SQL_NEXT, NO_ARGS, &m.sequence)
	    && print(c, &m, id)
	    && db_insert(c, &message_model, &m)
	    && deliver(c, &m);
}

bool outbox_post_test(struct ctx *c, struct message *out)
{
	struct buf b;

	*out = (struct message){ .id = id_new(), .type = OUTBOX_TEST, .created_at = c->now_ms };
	begin_body(c, &b, out);
	jw_object(&b);
	jw_key_str(&b, "object", STR("test"));
	jw_key_id(&b, "organisation", ID_ORG, c->org_id);
	jw_object_end(&b);
	jw_object_end(&b);
	out->body = buf_text(&b);
	outbox_wake(c);
	return db_insert(c, &message_model, out);
}

bool message_get(struct ctx *c, int64_t id, struct message *out)
{
	return db_get_id(c, &message_model, id, out);
}

static const struct sql SQL_RANGE = {
	.text = "SELECT id, sequence, type, created_at FROM message"
	        " WHERE org_id = $1 AND created_at >= $2 AND created_at < $3"
	        " ORDER BY created_at, id LIMIT $4",
	.model = &message_model,
};

bool message_list(struct ctx *c, const struct message_range *range, struct list *out)
{
	return db_list(c, &SQL_RANGE,
	               ARGS(val_int(range->from_ms), val_int(range->to_ms), val_int(range->most)),
	               sizeof(struct message), out);
}

static const struct sql SQL_FORGET = {
	.text = "DELETE FROM message WHERE org_id = $1 AND id = $2",
};

bool message_forget(struct ctx *c, int64_t id)
{
	return db_exec(c, &SQL_FORGET, ARGS(val_int(id)));
}

const struct sql *const outbox_sql[] = { &SQL_NEXT, &SQL_RANGE, &SQL_FORGET, NULL };
