/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/check.h"
#include "base/id.h"
#include "ledger/ledger.h"
#include "verify/verify_checkpoints.h"
#include "verify/verify_legs.h"

#include <stdio.h>

#define PAGE 2000

static const struct sql SQL_ENTRIES = {
	.text = "SELECT @columns FROM ledger_entry WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT 2000",
	.model = &entry_model,
};

static const struct sql SQL_LEGS = {
	.text = "SELECT entry_id, account, partner_id, currency, debit, credit FROM ledger_leg"
	        " WHERE org_id = $1 AND entry_id BETWEEN $2 AND $3 ORDER BY entry_id, number",
};

/* What the next entry must follow. */
struct link_to {
	int64_t id;
	int64_t number;
	char hash[LEDGER_HASH_LENGTH + 1];
};

bool verify_read_legs(struct ctx *c, int64_t from_id, int64_t to_id, struct rows *out)
{
	return db_query(c, &SQL_LEGS, ARGS(val_int(from_id), val_int(to_id)), out);
}

void verify_take_legs(struct entry *e, const struct rows *legs, size_t *at)
{
	while (*at < legs->count && rows_int(legs, *at, 0) < e->id)
		(*at)++;
	for (; *at < legs->count && rows_int(legs, *at, 0) == e->id; (*at)++) {
		if (e->leg_count == LEDGER_LEGS_MAX)
			continue;
		e->legs[e->leg_count++] = (struct leg){
			.account = rows_int(legs, *at, 1),
			.partner_id = rows_int(legs, *at, 2),
			.currency = rows_str(legs, *at, 3),
			.debit = rows_int(legs, *at, 4),
			.credit = rows_int(legs, *at, 5),
		};
	}
}

static void check_entry(struct verify *v, const struct entry *e, struct link_to *last)
{
	struct str hash = ledger_hash(v->c->arena, v->c->org_id, e);
	char id[ID_TEXT_MAX];

	id_format(ID_LEDGER, e->id, id);
	if (e->number != last->number + 1)
		verify_found(v, "%s: entry %lld follows entry %lld", id, (long long)e->number,
		             (long long)last->number);
	if (!str_is(e->previous_hash, last->hash))
		verify_found(v, "%s: the chain is broken before this entry", id);
	if (!str_eq(e->hash, hash))
		verify_found(v, "%s: the entry is not what its hash says", id);
	last->id = e->id;
	last->number = e->number;
	snprintf(last->hash, sizeof(last->hash), "%.*s", STR_ARG(e->hash));
}

static bool check_page(struct verify *v, const struct list *page, struct link_to *last,
                       struct passing *p)
{
	struct entry *entries = page->items;
	struct rows legs;
	size_t at = 0;

	if (page->count == 0)
		return true;
	if (!verify_read_legs(v->c, entries[0].id, entries[page->count - 1].id, &legs))
		return false;
	for (size_t i = 0; i < page->count; i++) {
		verify_take_legs(&entries[i], &legs, &at);
		check_entry(v, &entries[i], last);
		legs_pass(v, &entries[i]);
		passing_entry(p, &entries[i]);
	}
	return true;
}

static bool check_entries(struct verify *v, struct passing *p)
{
	struct link_to last = { 0 };
	struct list page;

	memset(last.hash, '0', LEDGER_HASH_LENGTH);
	do {
		arena_reset(v->c->arena);
		if (!db_list(v->c, &SQL_ENTRIES, ARGS(val_int(last.id)), sizeof(struct entry),
		             &page)
		    || !check_page(v, &page, &last, p))
			return false;
	} while (page.count == PAGE);
	return true;
}

bool verify_chain(struct verify *v)
{
	struct passing p;
	bool ok = passing_begin(&p, v) && check_entries(v, &p);

	passing_end(&p);
	return ok;
}

const struct sql *const verify_chain_sql[] = { &SQL_ENTRIES, &SQL_LEGS, NULL };
