/* SPDX-License-Identifier: Apache-2.0 */
#include "payout/run.h"

#include "base/check.h"
#include "base/id.h"
#include "base/money.h"
#include "base/scratch.h"
#include "data/csv.h"
#include "partner/partner.h"

static void head_manual(struct csv_out *w)
{
	static const char *const names[] = { "payout", "partner", "name", "recipient",
		                             "amount", "currency", "status", "reference" };

	for (size_t i = 0; i < LEN(names); i++)
		csv_cell(w, str_from(names[i]));
	csv_row_end(w);
}

static void row_manual(struct ctx *c, struct csv_out *w, const struct payout *p,
                       const struct partner *who)
{
	csv_cell(w, id_str(c->arena, ID_PAYOUT, p->id));
	csv_cell(w, id_str(c->arena, ID_PARTNER, p->partner_id));
	csv_cell(w, who->name);
	csv_cell(w, p->recipient);
	csv_money(w, p->amount, currency_find(p->currency));
	csv_cell(w, p->currency);
	csv_cell(w, str_from(payout_status_names[p->status]));
	csv_cell(w, p->reference);
	csv_row_end(w);
}

/* PayPal's mass payment file: no heading; recipient, amount, currency, customer id, note. */
static void row_paypal(struct ctx *c, struct csv_out *w, const struct payout *p,
                       const struct partner *who)
{
	(void)who;
	csv_cell(w, p->recipient);
	csv_money(w, p->amount, currency_find(p->currency));
	csv_cell(w, p->currency);
	csv_cell(w, id_str(c->arena, ID_PAYOUT, p->id));
	csv_cell(w, STR("Partner payout"));
	csv_row_end(w);
}

static const struct shape {
	const char *method;
	bool orders; /* who reads it pays every line: nothing that has its result may be in it */
	void (*head)(struct csv_out *w);
	void (*row)(struct ctx *c, struct csv_out *w, const struct payout *p,
	            const struct partner *who);
} shapes[] = {
	{ "manual", false, head_manual, row_manual },
	{ "paypal", true, NULL, row_paypal },
};

static const struct shape *shape_of(struct str method)
{
	for (size_t i = 0; i < LEN(shapes); i++)
		if (str_is(method, shapes[i].method))
			return &shapes[i];
	return NULL;
}

static bool has_line(const struct shape *shape, const struct payout *p)
{
	if (shape->orders)
		return p->status == PAYOUT_APPROVED;
	return p->status != PAYOUT_SKIPPED && p->status != PAYOUT_CANCELED;
}

bool run_has_file(const struct run *r)
{
	const struct shape *shape = shape_of(r->method);

	CHECK(shape != NULL);
	return r->status == RUN_APPROVED || (r->status == RUN_DONE && !shape->orders);
}

static bool check_file(struct ctx *c, const struct run *r)
{
	if (run_has_file(r))
		return true;
	if (r->status == RUN_DONE)
		return fail(c, ERR_STATE, "status", "nothing of this run waits to be paid any more:"
		            " each payout has its result");
	return fail(c, ERR_STATE, "status", "only an approved run has a file; this one is %s",
	            run_status_names[r->status]);
}

bool run_export(struct ctx *c, const struct run *r, struct str *out_csv)
{
	const struct shape *shape = shape_of(r->method);
	struct list payouts;
	struct scratch *scratch = scratch_new(c);
	struct csv_out w;
	struct buf b;
	bool ok = true;

	CHECK(shape != NULL);
	if (!check_file(c, r))
		return false;
	if (!payout_of_run(c, r->id, &payouts))
		return false;
	buf_init(&b, c->arena);
	csv_begin(&w, &b);
	if (shape->head)
		shape->head(&w);
	for (size_t i = 0; ok && i < payouts.count; i++) {
		const struct payout *p = (const struct payout *)payouts.items + i;
		struct partner who;

		if (!has_line(shape, p))
			continue;
		scratch_enter(c, scratch);
		ok = partner_get(c, p->partner_id, &who);
		if (ok)
			shape->row(c, &w, p, &who);
		scratch_leave(c, scratch);
	}
	*out_csv = buf_text(&b);
	return ok;
}
