/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/id.h"
#include "ledger/entry_hash.h"
#include "verify/entry_walk.h"
#include "verify/verify_balances.h"
#include "verify/verify_checkpoints.h"
#include "verify/verify_legs.h"

/* What the next entry must follow. */
struct link_to {
	int64_t number;
	char hash[LEDGER_HASH_LENGTH];
};

/* The walk, and who looks at each entry. */
struct chain {
	struct verify *v;
	struct entry_walk walk;
	struct link_to last;
	struct passing passing;
	struct balances balances;
};

static void check_entry(struct verify *v, const struct entry *e, struct link_to *last)
{
	char id[ID_TEXT_MAX], hash[LEDGER_HASH_LENGTH];
	bool follows = e->number == last->number + 1;
	bool linked = str_eq(e->previous_hash, (struct str){ last->hash, sizeof(last->hash) });
	bool hashed;

	entry_hash(v->c->org_id, e, hash);
	hashed = str_eq(e->hash, (struct str){ hash, sizeof(hash) });
	if (!(follows && linked && hashed))
		verify_id(ID_LEDGER, e->id, id);
	if (!follows)
		verify_found(v, "%s: entry %lld follows entry %lld", id, (long long)e->number,
		             (long long)last->number);
	if (!linked)
		verify_found(v, "%s: the chain is broken before this entry", id);
	if (!hashed)
		verify_found(v, "%s: the entry is not what its hash says", id);
	last->number = e->number;
	memset(last->hash, 0, sizeof(last->hash));
	if (e->hash.n > 0)
		memcpy(last->hash, e->hash.p, e->hash.n < sizeof(hash) ? e->hash.n : sizeof(hash));
}

static bool check_entries(struct chain *k)
{
	struct verify *v = k->v;
	struct entry e;
	bool found;

	memset(k->last.hash, '0', sizeof(k->last.hash));
	while (entry_walk_next(&k->walk, &e, &found)) {
		if (!found)
			return true;
		check_entry(v, &e, &k->last);
		legs_pass(v, &e);
		passing_entry(&k->passing, &e);
		balances_entry(&k->balances, &e);
		if (v->counts->entries++ % VERIFY_RESET == 0)
			arena_reset(v->c->arena);
	}
	return false;
}

bool verify_chain(struct verify *v)
{
	struct chain k = { .v = v };
	bool ok = passing_begin(&k.passing, v) && balances_begin(&k.balances, v)
	       && entry_walk_begin(&k.walk, v) && check_entries(&k)
	       && balances_check(&k.balances) && legs_read_items(v);

	entry_walk_end(&k.walk);
	passing_end(&k.passing);
	balances_end(&k.balances);
	return ok;
}
