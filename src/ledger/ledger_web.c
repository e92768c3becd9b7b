/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_web.h"
#include "app.h"
#include "base/check.h"
#include "base/sign.h"
#include "data/json.h"
#include "data/model_json.h"
#include "ledger/checkpoint.h"
#include "ledger/ledger.h"
#include "ledger/ledger_api.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

/* What an entry does, for people. */
static const char *const meanings[] = {
	[LEDGER_ACCRUE] = "Earned",
	[LEDGER_MATURE] = "Became owed",
	[LEDGER_REVERSE] = "Taken back",
	[LEDGER_PAY] = "Put into a payout",
	[LEDGER_SETTLE] = "Payout arrived",
	[LEDGER_FAIL] = "Payout failed",
	[LEDGER_ADJUST] = "Corrected",
	[LEDGER_REPOST] = "Given back",
	[LEDGER_HOLD] = "Held again",
};

static const struct listing_choice choices[] = {
	{ "kind", "Kind", ledger_kind_names, .words = meanings },
};

static bool put_words(struct page *p, const void *row, json_t *view)
{
	const struct entry *e = row;
	json_t *legs = json_object_get(view, "legs"), *leg;
	size_t i;

	json_set_str(view, "says", str_from(meanings[e->kind]));
	json_array_foreach(legs, i, leg) {
		struct str account = json_text(json_object_get(leg, "account"));

		json_set_str(leg, "account_name", say_words(p->c->arena, account));
		json_set_bool(leg, "is_debit",
		              json_integer_value(json_object_get(leg, "debit")) > 0);
	}
	return names_put(p, legs);
}

/* The newest checkpoint, and the key it was signed with or will be. */
static bool put_checkpoint(struct page *p)
{
	struct checkpoint last;
	bool found;

	json_set_str(p->view, "public_key", sign_public(p->c->arena, app_of(p->c)->secret));
	return checkpoint_last(p->c, &last, &found)
	       && (!found || page_put(p, "checkpoint", &checkpoint_model, &last));
}

bool ledger_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &ledger_list, .choices = choices,
	                           .choice_count = LEN(choices), .when = "at", .row = put_words };
	struct page p;

	return page_open(&p, c, q, r)
	    && put_checkpoint(&p)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/ledger.html", STR("Ledger"));
}

bool ledger_web_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &ledger_list, "ledger");
}

bool ledger_web_put(struct page *p, const char *key, int64_t commission_id, int64_t payout_id)
{
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, key, list);
	if (!ledger_about(p->c, commission_id, payout_id, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct entry *e = (const struct entry *)rows.items + i;
		json_t *o = model_view(p->c, &entry_model, e), *legs = json_array();

		for (size_t k = 0; k < e->leg_count; k++)
			json_array_append_new(legs, model_view(p->c, &leg_model, &e->legs[k]));
		json_object_set_new(o, "legs", legs);
		json_array_append_new(list, o);
		if (!put_words(p, e, o))
			return false;
	}
	return true;
}
