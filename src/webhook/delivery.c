/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/delivery.h"

#include "base/check.h"
#include "base/clock.h"
#include "change/change.h"

#include <sodium.h>

#define PRUNE_MAX 1000

const char *const delivery_status_names[] = {
	[DELIVERY_WAITING] = "waiting", [DELIVERY_DELIVERED] = "delivered",
	[DELIVERY_FAILED] = "failed", NULL,
};

static const struct field fields[] = {
	FIELD(struct delivery, id, .flags = OUT, .as = AS_ID, .id = ID_DELIVERY),
	FIELD(struct delivery, endpoint_id, .json = "endpoint", .flags = OUT, .as = AS_ID,
	      .id = ID_WEBHOOK),
	FIELD(struct delivery, message_id, .json = "message", .flags = OUT, .as = AS_ID,
	      .id = ID_MESSAGE),
	FIELD(struct delivery, type, .flags = OUT, .as = AS_ENUM, .names = outbox_type_names),
	FIELD(struct delivery, sequence, .flags = OUT),
	FIELD(struct delivery, status, .flags = OUT, .as = AS_ENUM, .names = delivery_status_names),
	FIELD(struct delivery, attempts, .flags = OUT),
	FIELD(struct delivery, next_at, .json = "next_attempt_at", .flags = OUT | NULLABLE,
	      .as = AS_TIME),
	FIELD(struct delivery, answered, .json = "answer_status", .flags = OUT),
	FIELD(struct delivery, answer, .flags = OUT | NULLABLE),
	FIELD(struct delivery, error, .flags = OUT | NULLABLE),
	FIELD(struct delivery, duration_ms, .flags = OUT),
	FIELD(struct delivery, attempted_at, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct delivery, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model delivery_model = MODEL("webhook_delivery", fields);

static const struct sql SQL_SEND = {
	.text = "INSERT INTO webhook_delivery (org_id, id, endpoint_id, message_id, type, sequence,"
	        " status, attempts, next_at, answered, answer, error, duration_ms, attempted_at,"
	        " created_at) VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, 0, '', '', 0, 0, $7)"
	        " ON CONFLICT (org_id, message_id, endpoint_id) DO UPDATE SET status = 0,"
	        " attempts = 0, next_at = excluded.next_at",
};

bool delivery_send(struct ctx *c, int64_t endpoint_id, const struct message *m)
{
	return db_exec(c, &SQL_SEND,
	               ARGS(val_int(id_new()), val_int(endpoint_id), val_int(m->id),
	                    val_int(m->type), val_int(m->sequence), val_int(c->now_ms)));
}

bool delivery_make(struct ctx *c, const struct message *m)
{
	struct list all;

	if (!endpoint_list(c, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct endpoint *e = (const struct endpoint *)all.items + i;

		if (e->status == ENDPOINT_ENABLED && endpoint_wants(e, m->type)
		    && !delivery_send(c, e->id, m))
			return false;
	}
	return true;
}

bool delivery_get(struct ctx *c, int64_t id, struct delivery *out)
{
	return db_get_id(c, &delivery_model, id, out);
}

static const struct sql SQL_FIND = {
	.text = "SELECT @columns FROM webhook_delivery WHERE org_id = $1 AND id = $2",
	.model = &delivery_model,
};

bool delivery_find(struct ctx *c, int64_t id, struct delivery *out, bool *out_found)
{
	return db_find(c, &SQL_FIND, ARGS(val_int(id)), out, out_found);
}

static const struct sql SQL_DUE = {
	.text = "SELECT @columns FROM webhook_delivery WHERE org_id = $1 AND endpoint_id = $2"
	        " AND status = 0 AND next_at <= $3 ORDER BY next_at LIMIT $4",
	.model = &delivery_model,
};

bool delivery_due(struct ctx *c, int64_t endpoint_id, int64_t most, struct list *out)
{
	return db_list(c, &SQL_DUE, ARGS(val_int(endpoint_id), val_int(c->now_ms), val_int(most)),
	               sizeof(struct delivery), out);
}

static const struct sql SQL_NEXT = {
	.text = "SELECT next_at FROM webhook_delivery WHERE org_id = $1 AND endpoint_id = $2"
	        " AND status = 0 ORDER BY next_at LIMIT 1",
};

bool delivery_next(struct ctx *c, int64_t endpoint_id, int64_t *out_ms)
{
	return db_int(c, &SQL_NEXT, ARGS(val_int(endpoint_id)), out_ms);
}

static const struct sql SQL_LEASE = {
	.text = "UPDATE webhook_delivery SET next_at = $3 WHERE org_id = $1 AND id = $2",
};

bool delivery_lease(struct ctx *c, const struct delivery *d)
{
	return db_exec(c, &SQL_LEASE, ARGS(val_int(d->id), val_int(c->now_ms + DELIVERY_LEASE_MS)));
}

static const struct sql SQL_SETTLE = {
	.text = "UPDATE webhook_delivery SET status = $3, attempts = $4, next_at = $5,"
	        " answered = $6, answer = $7, error = $8, duration_ms = $9, attempted_at = $10"
	        " WHERE org_id = $1 AND id = $2",
};

static bool save(struct ctx *c, const struct delivery *d)
{
	return db_exec(c, &SQL_SETTLE,
	               ARGS(val_int(d->id), val_int(d->status), val_int(d->attempts),
	                    val_int(d->next_at), val_int(d->answered), val_str(d->answer),
	                    val_str(d->error), val_int(d->duration_ms),
	                    val_int(d->attempted_at)));
}

static struct str last_words(struct ctx *c, const struct delivery *d)
{
	if (d->answered > 0)
		return arena_printf(c->arena, "answered %lld", (long long)d->answered);
	return d->error;
}

/* It has not arrived. */
static bool failed(struct ctx *c, struct delivery *d, struct endpoint *e, enum retry_verdict v)
{
	struct date day = date_from_days(e->failing_since / MS_PER_DAY);

	if (v == RETRY_GONE)
		return endpoint_disable(c, e, STR("The endpoint answered 410 Gone."));
	if (v != RETRY_NEVER || c->now_ms - e->failing_since < ENDPOINT_PATIENCE_MS)
		return true;
	return endpoint_disable(c, e,
	                        arena_printf(c->arena,
	                                     "Nothing has arrived since %.*s; the last attempt: %.*s.",
	                                     STR_ARG(date_str(c->arena, day)),
	                                     STR_ARG(last_words(c, d))));
}

bool delivery_settle(struct ctx *c, struct delivery *d, struct endpoint *e,
                     struct delivery_attempt *a)
{
	struct endpoint before = *e;
	struct retry_input in = {
		.status = d->answered, .attempts = ++d->attempts,
		.retry_after_s = a->retry_after_s, .now_ms = c->now_ms,
		.chance_ppm = randombytes_uniform(1000000),
	};
	struct retry then = retry_judge(&in);

	a->verdict = then.verdict;
	d->next_at = then.next_ms;
	d->attempted_at = c->now_ms;
	d->status = then.verdict == RETRY_DELIVERED ? DELIVERY_DELIVERED
	            : then.verdict == RETRY_AGAIN   ? DELIVERY_WAITING
	                                            : DELIVERY_FAILED;
	if (then.verdict == RETRY_DELIVERED)
		e->failing_since = e->not_before = 0;
	else if (e->failing_since == 0)
		e->failing_since = c->now_ms;
	if (then.wait)
		e->not_before = then.next_ms;
	return save(c, d)
	    && endpoint_note(c, &before, e)
	    && (d->status == DELIVERY_DELIVERED || failed(c, d, e, then.verdict));
}

bool delivery_test(struct ctx *c, const struct endpoint *e, struct message *out)
{
	if (e->status == ENDPOINT_DISABLED)
		return fail(c, ERR_STATE, "status", "the endpoint is disabled");
	return outbox_post_test(c, out)
	    && delivery_send(c, e->id, out)
	    && change_post(c, "webhook_endpoint.test", id_str(c->arena, ID_WEBHOOK, e->id),
	                   STR(""));
}

bool delivery_replay(struct ctx *c, struct delivery *d)
{
	d->status = DELIVERY_WAITING;
	d->attempts = 0;
	d->next_at = c->now_ms;
	outbox_wake(c);
	return save(c, d)
	    && change_post(c, "webhook_delivery.replay", id_str(c->arena, ID_DELIVERY, d->id),
	                   STR(""));
}

bool delivery_replay_since(struct ctx *c, const struct endpoint *e, struct delivery_replay *r)
{
	struct message_range range = { r->since_ms, INT64_MAX, DELIVERY_REPLAY_MAX };
	struct list found;

	if (!message_list(c, &range, &found))
		return false;
	r->count = r->until_ms = 0;
	for (size_t i = 0; i < found.count; i++) {
		const struct message *m = (const struct message *)found.items + i;

		if (m->sequence == 0 || !endpoint_wants(e, m->type))
			continue;
		if (!delivery_send(c, e->id, m))
			return false;
		r->count++;
	}
	if (found.count == DELIVERY_REPLAY_MAX)
		r->until_ms = ((const struct message *)found.items)[found.count - 1].created_at;
	outbox_wake(c);
	return change_post(c, "webhook_endpoint.replay", id_str(c->arena, ID_WEBHOOK, e->id),
	                   arena_printf(c->arena, "{\"since\":\"%.*s\",\"messages\":%lld}",
	                                STR_ARG(time_str(c->arena, r->since_ms)),
	                                (long long)r->count));
}

static const struct sql SQL_FORGET = {
	.text = "DELETE FROM webhook_delivery WHERE org_id = $1 AND message_id = $2",
};

bool delivery_prune(struct ctx *c, bool *out_more)
{
	struct list old;

	if (!message_list(c, &(struct message_range){ 0, c->now_ms - DELIVERY_DAYS * MS_PER_DAY,
	                                              PRUNE_MAX }, &old))
		return false;
	for (size_t i = 0; i < old.count; i++) {
		int64_t id = ((const struct message *)old.items)[i].id;

		if (!db_exec(c, &SQL_FORGET, ARGS(val_int(id))) || !message_forget(c, id))
			return false;
	}
	*out_more = old.count == PRUNE_MAX;
	return true;
}

const struct sql *const delivery_sql[] = {
	&SQL_SEND, &SQL_FIND, &SQL_DUE, &SQL_NEXT, &SQL_LEASE, &SQL_SETTLE, &SQL_FORGET, NULL,
};
