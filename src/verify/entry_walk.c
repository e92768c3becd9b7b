/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/entry_walk.h"

#include "base/id.h"
#include "base/money.h"

static const struct sql SQL_ENTRIES = {
	.text = "SELECT @columns FROM ledger_entry WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
	.whole = true,
	.model = &entry_model,
};

static const struct field leg_fields[] = {
	FIELD(struct leg_row, entry_id, .flags = 0),
	FIELD(struct leg_row, number, .flags = 0),
	{ .name = "account", .type = TYPE_INT, .offset = offsetof(struct leg_row, leg.account) },
	{ .name = "partner_id", .type = TYPE_INT,
	  .offset = offsetof(struct leg_row, leg.partner_id) },
	{ .name = "currency", .type = TYPE_STR, .offset = offsetof(struct leg_row, leg.currency) },
	{ .name = "debit", .type = TYPE_INT, .offset = offsetof(struct leg_row, leg.debit) },
	{ .name = "credit", .type = TYPE_INT, .offset = offsetof(struct leg_row, leg.credit) },
};

static const struct model leg_row_model = MODEL("ledger_leg", leg_fields);

static const struct sql SQL_LEGS = {
	.text = "SELECT @columns FROM ledger_leg WHERE org_id = $1"
	        " AND (entry_id, number) > ($2, $3) ORDER BY entry_id, number LIMIT $4",
	.whole = true,
	.model = &leg_row_model,
};

bool entry_walk_begin(struct entry_walk *w, struct verify *v)
{
	*w = (struct entry_walk){ .v = v };
	return cursor_open(&w->entries, v->c, &SQL_ENTRIES, 1)
	    && cursor_open(&w->legs, v->c, &SQL_LEGS, 2)
	    && cursor_next(&w->legs, &w->ahead, &w->more);
}

static void found_leg(struct entry_walk *w, const char *what)
{
	char id[ID_TEXT_MAX];

	verify_id(ID_LEDGER, w->ahead.entry_id, id);
	verify_found(w->v, "%s: %s (%lld, %lld)", id, what, (long long)w->ahead.leg.debit,
	             (long long)w->ahead.leg.credit);
}

static bool pass_orphan(struct entry_walk *w)
{
	found_leg(w, "a leg belongs to no entry");
	return cursor_next(&w->legs, &w->ahead, &w->more);
}

static bool take_leg(struct entry_walk *w, struct entry *e)
{
	struct leg *to = &e->legs[e->leg_count];

	if (e->leg_count < LEDGER_LEGS_MAX) {
		*to = w->ahead.leg;
		to->currency = verify_currency(w->v, to->currency, &w->currency);
		e->leg_count++;
	} else {
		found_leg(w, "a leg more than an entry can have");
	}
	return cursor_next(&w->legs, &w->ahead, &w->more);
}

bool entry_walk_next(struct entry_walk *w, struct entry *e, bool *out_found)
{
	e->leg_count = 0;
	if (!cursor_next(&w->entries, e, out_found))
		return false;
	while (w->more && (!*out_found || w->ahead.entry_id < e->id))
		if (!pass_orphan(w))
			return false;
	while (w->more && w->ahead.entry_id == e->id)
		if (!take_leg(w, e))
			return false;
	return true;
}

void entry_walk_end(struct entry_walk *w)
{
	cursor_close(&w->entries);
	cursor_close(&w->legs);
}

const struct sql *const entry_walk_sql[] = { &SQL_ENTRIES, &SQL_LEGS, NULL };
