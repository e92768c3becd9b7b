/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_checkpoints.h"

#include "app.h"
#include "base/check.h"
#include "base/id.h"
#include "base/sign.h"

bool passing_begin(struct passing *p, struct verify *v)
{
	*p = (struct passing){ .v = v, .lasting = *v->c };
	arena_init(&p->arena);
	p->lasting.arena = &p->arena;
	p->sums.arena = &p->arena;
	if (checkpoint_list(&p->lasting, &p->checkpoints))
		return true;
	v->c->err = p->lasting.err;
	return false;
}

/* A key of somebody else may sign anything: it has to be the one of this data directory. */
static bool is_ours(struct passing *p, struct str key)
{
	const struct app *app = app_of(p->v->c);

	return !app || !app->secret || str_eq(key, sign_public(p->v->c->arena, app->secret));
}

static void check(struct passing *p, const struct checkpoint *k, const struct entry *e)
{
	struct arena *a = p->v->c->arena;
	char id[ID_TEXT_MAX];

	id_format(ID_CHECKPOINT, k->id, id);
	if (!is_ours(p, k->public_key))
		verify_found(p->v, "%s: the checkpoint of %.*s is signed with another key", id,
		             STR_ARG(k->day));
	if (k->entry_id != e->id || !str_eq(k->hash, e->hash))
		verify_found(p->v, "%s: the checkpoint of %.*s names another entry %lld", id,
		             STR_ARG(k->day), (long long)k->number);
	if (!str_eq(k->sums, account_sums_json(a, &p->sums)))
		verify_found(p->v, "%s: the checkpoint of %.*s has other sums than the entries up"
		             " to it", id, STR_ARG(k->day));
	if (!sign_holds(k->public_key, checkpoint_text(a, p->v->c->org_id, k, &p->sums),
	                k->signature))
		verify_found(p->v, "%s: the signature of the checkpoint of %.*s does not hold", id,
		             STR_ARG(k->day));
}

static void add(struct passing *p, const struct entry *e)
{
	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];
		struct account_sum more = { l->account, l->currency, l->debit, l->credit };
		char id[ID_TEXT_MAX];

		if (l->account >= 0 && l->account <= ACCOUNT_FX
		    && account_sums_add(&p->sums, &more))
			continue;
		id_format(ID_LEDGER, e->id, id);
		verify_found(p->v, "%s: the accounts of its legs cannot be summed up", id);
	}
}

void passing_entry(struct passing *p, const struct entry *e)
{
	const struct checkpoint *all = p->checkpoints.items;

	add(p, e);
	while (p->at < p->checkpoints.count && all[p->at].number <= e->number)
		check(p, &all[p->at++], e);
}

void passing_end(struct passing *p)
{
	const struct checkpoint *all = p->checkpoints.items;
	char id[ID_TEXT_MAX];

	for (; p->at < p->checkpoints.count; p->at++) {
		id_format(ID_CHECKPOINT, all[p->at].id, id);
		verify_found(p->v, "%s: the checkpoint of %.*s names entry %lld, which is not there",
		             id, STR_ARG(all[p->at].day), (long long)all[p->at].number);
	}
	arena_release(&p->arena);
}
