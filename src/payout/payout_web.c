/* SPDX-License-Identifier: Apache-2.0 */
#include "payout/payout_web.h"
#include "base/check.h"
#include "commission/commission.h"
#include "data/json.h"
#include "ledger/ledger_web.h"
#include "payout/payout.h"
#include "web/names.h"
#include "web/say.h"

bool payout_web_put_items(struct page *p, const struct payout *x)
{
	json_t *list = json_array();
	struct list items;

	json_object_set_new(p->view, "items", list);
	if (!payout_items(p->c, x->id, &items))
		return false;
	for (size_t i = 0; i < items.count; i++) {
		const struct payout_item *item = (const struct payout_item *)items.items + i;
		struct commission m;
		json_t *o;

		if (!commission_get(p->c, item->commission_id, &m))
			return false;
		o = page_row(p, &commission_model, &m);
		json_set_str(o, "here", say_money(p, item->amount, x->currency));
		json_set_bool(o, "back", item->amount < 0);
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

bool payout_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct payout x;
	struct page p;
	int64_t id;
	json_t *view;

	if (!page_arg_id(c, q, ID_PAYOUT, &id) || !payout_get(c, id, &x) || !page_open(&p, c, q, r)
	    || !page_put(&p, "payout", &payout_model, &x))
		return false;
	view = json_object_get(p.view, "payout");
	return names_put(&p, view)
	    && payout_web_put_items(&p, &x)
	    && ledger_web_put(&p, "entries", 0, id)
	    && page_show(&p, "app/payout.html",
	                 arena_printf(c->arena, "Payout to %.*s",
	                              STR_ARG(json_text(json_object_get(view, "partner_name")))));
}
