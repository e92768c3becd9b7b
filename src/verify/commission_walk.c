/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/commission_walk.h"

#include "base/id.h"
#include "base/money.h"
#include "verify/claims.h"

#define ALL_BUT_KEYS \
	FIELD(struct commission, partner_id, .flags = 0), \
	FIELD(struct commission, campaign_id, .flags = 0), \
	FIELD(struct commission, customer_id, .flags = 0), \
	FIELD(struct commission, terms_id, .flags = 0), \
	FIELD(struct commission, kind, .flags = 0), \
	FIELD(struct commission, status, .flags = 0), \
	FIELD(struct commission, first_status, .flags = 0), \
	FIELD(struct commission, holds, .flags = 0), \
	FIELD(struct commission, currency, .flags = 0), \
	FIELD(struct commission, amount, .flags = 0), \
	FIELD(struct commission, base, .flags = 0), \
	FIELD(struct commission, reversed, .flags = 0), \
	FIELD(struct commission, allocated, .flags = 0), \
	FIELD(struct commission, occurred_at, .flags = 0), \
	FIELD(struct commission, matures_at, .flags = 0), \
	FIELD(struct commission, explanation, .flags = 0)

static const struct field fields[] = {
	FIELD(struct commission, id, .flags = 0),
	FIELD(struct commission, event_id, .flags = 0),
	ALL_BUT_KEYS,
};

static const struct field by_event_fields[] = {
	FIELD(struct commission, event_id, .flags = 0),
	FIELD(struct commission, id, .flags = 0),
	ALL_BUT_KEYS,
};

static const struct model walk_model = MODEL("commission", fields);
static const struct model by_event_model = MODEL("commission", by_event_fields);

static const struct sql SQL_WALK = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
	.whole = true,
	.model = &walk_model,
};

static const struct sql SQL_BY_EVENT = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND (event_id, id) > ($2, $3)"
	        " ORDER BY event_id, id LIMIT $4",
	.model = &by_event_model,
};

static bool step(struct commission_walk *w)
{
	struct commission *m = &w->ahead;

	w->event_id = m->event_id;
	if (!cursor_next(&w->rows, m, &w->more))
		return false;
	if (!w->more)
		return true;
	if (m->event_id < w->event_id)
		w->disordered = true;
	if (!w->currency || !str_is(m->currency, w->currency->code))
		w->currency = currency_find(m->currency);
	claims_add(w->v->claims, m, w->currency);
	return true;
}

bool commission_walk_begin(struct commission_walk *w, struct verify *v, bool by_event)
{
	const struct cursor_reader by = { v->c, v->earned };

	*w = (struct commission_walk){ .v = v, .ahead.event_id = INT64_MIN };
	claims_clear(v->claims);
	return cursor_open_ahead(&w->rows, &by, by_event ? &SQL_BY_EVENT : &SQL_WALK,
	                         by_event ? 2 : 1, sizeof(w->ahead)) && step(w);
}

static bool pass_orphan(struct commission_walk *w)
{
	char id[ID_TEXT_MAX];

	verify_id(ID_COMMISSION, w->ahead.id, id);
	verify_found(w->v, "%s: the commission's event is not there", id);
	w->v->counts->commissions++;
	return step(w);
}

bool commission_walk_next(struct commission_walk *w, int64_t event_id, struct commission *out,
                          bool *out_found)
{
	if (w->taken && !step(w))
		return false;
	w->taken = false;
	while (w->more && w->ahead.event_id < event_id)
		if (!pass_orphan(w))
			return false;
	*out_found = w->taken = w->more && w->ahead.event_id == event_id;
	if (!w->taken)
		return true;
	*out = w->ahead;
	out->currency = w->currency ? (struct str){ w->currency->code, out->currency.n }
	                            : arena_str(w->v->c->arena, out->currency);
	w->v->counts->commissions++;
	return true;
}

bool commission_walk_rest(struct commission_walk *w)
{
	if (w->taken && !step(w))
		return false;
	w->taken = false;
	while (w->more)
		if (!pass_orphan(w))
			return false;
	return true;
}

void commission_walk_end(struct commission_walk *w)
{
	cursor_close(&w->rows);
}

const struct sql *const commission_walk_sql[] = { &SQL_WALK, &SQL_BY_EVENT, NULL };
