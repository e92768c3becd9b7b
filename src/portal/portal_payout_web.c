/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_payout_web.h"
#include "base/check.h"
#include "commission/commission.h"
#include "data/csv.h"
#include "data/json.h"
#include "payout/payout.h"
#include "payout/payout_api.h"
#include "payout/payout_web.h"
#include "portal/portal_says_web.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

static const char *const shown[] = { "approved", "paid", "failed", NULL };
static const struct str all_shown = { "approved,paid,failed", 20 };

static const struct listing_choice choices[] = {
	{ "status", "Status", shown, "payout" },
};

static bool is_shown(struct str status)
{
	for (size_t i = 0; shown[i]; i++)
		if (str_is(status, shown[i]))
			return true;
	return false;
}

static bool put_row(struct page *p, const void *row, json_t *view)
{
	const struct payout *x = row;

	json_set_str(view, "sum", say_money(p, x->amount, x->currency));
	json_set_str(view, "says", portal_says_payout(p, x));
	return true;
}

/* The query with a status that partners may ask for: any of those by default. */
static struct form query_of(struct ctx *c, const struct form *in, bool *out_asked)
{
	struct form_field *fields = ARENA_ARRAY(c->arena, struct form_field, in->count + 1);
	struct str asked = form_get(in, "status");
	size_t n = 0;

	*out_asked = is_shown(asked);
	for (size_t i = 0; i < in->count; i++)
		if (!str_is(in->fields[i].name, "status"))
			fields[n++] = in->fields[i];
	fields[n++] = (struct form_field){ STR("status"), *out_asked ? asked : all_shown };
	return (struct form){ fields, n };
}

/* Nobody filtered: the tab "All" is the one at hand. */
static void unfilter(json_t *list)
{
	json_set_bool(list, "filtered", false);
	json_set_bool(json_array_get(json_object_get(list, "tabs"), 0), "selected", true);
}

bool portal_payout_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &payout_list, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_row };
	struct req asked = *q;
	struct portal o;
	bool filtered;

	asked.query = query_of(c, &q->query, &filtered);
	if (!portal_web_open(&o, c, &asked, r) || !listing_put(&o.page, "list", &l))
		return false;
	if (!filtered)
		unfilter(json_object_get(o.page.view, "list"));
	return portal_web_show(&o, "portal/payouts.html", STR("Payouts"));
}

bool portal_payout_some(struct portal *o, const char *key, int64_t most)
{
	struct str limit = arena_printf(o->page.c->arena, "%lld", (long long)most);
	struct form_field fields[] = { { STR("status"), all_shown }, { STR("limit"), limit } };
	json_t *list = json_array();
	struct list_page page;

	json_object_set_new(o->page.view, key, list);
	if (!list_find(o->page.c, &(struct form){ fields, LEN(fields) }, &payout_list,
	               (struct list_scope){ 0 }, &page))
		return false;
	for (size_t i = 0; i < page.rows.count; i++) {
		const struct payout *x = (const struct payout *)page.rows.items + i;
		json_t *view = page_row(&o->page, &payout_model, x);

		json_array_append_new(list, view);
		put_row(&o->page, x, view);
	}
	return true;
}

static bool named(struct ctx *c, const struct req *q, struct payout *out)
{
	int64_t id;

	if (!page_arg_id(c, q, ID_PAYOUT, &id) || !payout_get(c, id, out)
	    || !partner_visible(c, out->partner_id))
		return false;
	return is_shown(str_from(payout_status_names[out->status]))
	    || fail(c, ERR_NOT_FOUND, "id", "there is nothing with this id");
}

bool portal_payout_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct payout x;
	struct portal o;

	if (!named(c, q, &x) || !portal_web_open(&o, c, q, r)
	    || !page_put(&o.page, "payout", &payout_model, &x))
		return false;
	put_row(&o.page, &x, json_object_get(o.page.view, "payout"));
	return payout_web_put_items(&o.page, &x)
	    && portal_web_show(&o, "portal/payout.html",
	                       arena_printf(c->arena, "Payout of %.*s",
	                                    STR_ARG(say_money(&o.page, x.amount, x.currency))));
}

static void put_line(struct ctx *c, struct csv_out *w, const struct commission *m, int64_t amount)
{
	csv_cell(w, id_str(c->arena, ID_COMMISSION, m->id));
	csv_time(w, m->occurred_at);
	csv_cell(w, id_str(c->arena, ID_CAMPAIGN, m->campaign_id));
	csv_cell(w, str_from(commission_kind_names[m->kind]));
	csv_money(w, amount, currency_find(m->currency));
	csv_cell(w, m->currency);
	csv_row_end(w);
}

static bool put_lines(struct ctx *c, struct csv_out *w, const struct payout *x)
{
	struct list items;

	if (!payout_items(c, x->id, &items))
		return false;
	for (size_t i = 0; i < items.count; i++) {
		const struct payout_item *item = (const struct payout_item *)items.items + i;
		struct commission m;

		if (!commission_get(c, item->commission_id, &m))
			return false;
		put_line(c, w, &m, item->amount);
	}
	return true;
}

bool portal_payout_csv(struct ctx *c, const struct req *q, struct res *r)
{
	static const char *const heads[] = { "commission", "earned", "campaign", "kind", "amount",
		                             "currency" };
	struct csv_out w;
	struct payout x;
	struct buf out;

	if (!named(c, q, &x))
		return false;
	buf_init(&out, c->arena);
	csv_begin(&w, &out);
	for (size_t i = 0; i < LEN(heads); i++)
		csv_cell(&w, str_from(heads[i]));
	csv_row_end(&w);
	if (!put_lines(c, &w, &x))
		return false;
	res_text(r, 200, STR("text/csv; charset=utf-8"), buf_text(&out));
	res_header(r, "Content-Disposition",
	           arena_printf(c->arena, "attachment; filename=\"%.*s.csv\"",
	                        STR_ARG(id_str(c->arena, ID_PAYOUT, x.id))));
	return true;
}
