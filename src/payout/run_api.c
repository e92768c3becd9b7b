/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "change/change.h"
#include "data/json.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "ledger/position.h"
#include "org/org.h"
#include "payout/payout_api.h"
#include "payout/run.h"

static const struct list_filter filters[] = {
	{ .column = "status" },
	{ .column = "currency" },
	{ .column = "created_at" },
};

const struct list_spec run_list = {
	.model = &run_model,
	.row_size = sizeof(struct run),
	.filters = filters,
	.filter_count = LEN(filters),
};

bool run_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &run_list);
}

static bool reply(struct ctx *c, struct res *r, int status, const struct run *run)
{
	struct list payouts;
	struct buf b;
	int64_t total = 0, paid = 0;

	if (!payout_of_run(c, run->id, &payouts))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("payout_run"));
	model_json_members(&b, c, &run_model, run);
	jw_key(&b, "payouts");
	jw_array(&b);
	for (size_t i = 0; i < payouts.count; i++) {
		const struct payout *p = (const struct payout *)payouts.items + i;

		model_json(&b, c, &payout_model, p);
		total += p->status == PAYOUT_SKIPPED ? 0 : p->amount;
		paid += p->status == PAYOUT_PAID ? p->amount : 0;
	}
	jw_array_end(&b);
	jw_key_int(&b, "total", total);
	jw_key_int(&b, "total_paid", paid);
	if (!position_put(c, (struct position){ .run_id = run->id }, &b))
		return false;
	jw_object_end(&b);
	return api_reply_buf(r, status, &b);
}

static bool named(struct ctx *c, const struct req *q, struct run *out)
{
	int64_t id;

	return api_no_query(c, q) && api_arg_id(c, q, 0, ID_RUN, &id) && run_get(c, id, out);
}

bool run_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run = { .method = STR("manual") };
	json_t *body;

	return api_no_query(c, q) && api_body(c, q, &body)
	       && model_read(c, &run_model, body, &run, true) && run_create(c, &run)
	       && change_row(c, "payout_run.create", &run_model, NULL, &run)
	           && reply(c, r, 201, &run);
}

bool run_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run;

	return named(c, q, &run) && reply(c, r, 200, &run);
}

static bool step(struct ctx *c, const struct req *q, struct res *r, const char *action,
                 bool (*change)(struct ctx *, struct run *))
{
	struct run run, before;

	if (!named(c, q, &run))
		return false;
	before = run;
	if (!change(c, &run))
		return false;
	if (run.status != before.status && !change_row(c, action, &run_model, &before, &run))
		return false;
	return reply(c, r, 200, &run);
}

bool run_api_approve(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "payout_run.approve", run_approve);
}

bool run_api_cancel(struct ctx *c, const struct req *q, struct res *r)
{
	return step(c, q, r, "payout_run.cancel", run_cancel);
}

#define RESULTS_MAX 10000

static const char *const result_keys[] = { "payout", "status", "reference", "reason", NULL };
static const char *const result_names[] = { "paid", "failed", NULL };

struct result {
	int64_t payout_id, status;
	struct str reference, reason;
};

static bool read_result(struct ctx *c, const json_t *o, struct result *out)
{
	if (!json_is_object(o))
		return fail(c, ERR_INVALID, "", "a result must be an object");
	return json_only(c, o, result_keys)
	       && json_get_id(c, o, "payout", MUST_ID(ID_PAYOUT), &out->payout_id)
	       && json_get_name(c, o, "status", MUST_NAME(result_names), &out->status)
	       && json_get_str(c, o, "reference", MAY(0, 140), &out->reference)
	       && json_get_str(c, o, "reason", MAY(0, 500), &out->reason);
}

static bool take_result(struct ctx *c, const struct run *run, const struct result *n)
{
	struct payout p;

	if (!payout_get(c, n->payout_id, &p) || p.run_id != run->id) {
		if (c->err.code != ERR_NONE && c->err.code != ERR_NOT_FOUND)
			return false;
		fail_clear(c);
		return fail(c, ERR_INVALID, "payout", "there is no such payout in this run");
	}
	return n->status == 0 ? payout_paid(c, &p, n->reference) : payout_failed(c, &p, n->reason);
}

static bool take_results(struct ctx *c, const struct run *run, const json_t *list)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		struct result n = { 0 };
		char place[24];

		if (read_result(c, json_array_get(list, i), &n) && take_result(c, run, &n))
			continue;
		snprintf(place, sizeof(place), "%zu", i);
		return fail_under(c, place);
	}
	return true;
}

bool run_api_results(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run;
	json_t *list;

	if (!named(c, q, &run) || !json_read(c, q->body, &list))
		return false;
	if (!json_is_array(list) || json_array_size(list) == 0
	    || json_array_size(list) > RESULTS_MAX)
		return fail(c, ERR_INVALID, NULL, "the body must be a list of 1 to %d results", RESULTS_MAX);
	return take_results(c, &run, list) && run_finish(c, &run)
	       && change_post(c, "payout_run.results", id_str(c->arena, ID_RUN, run.id), q->body)
	       && reply(c, r, 200, &run);
}

bool run_api_file(struct ctx *c, struct res *r, const struct run *run)
{
	struct str csv;
	bool sandbox;

	if (!run_export(c, run, &csv) || !org_is_sandbox(c, &sandbox))
		return false;
	res_text(r, 200, STR("text/csv; charset=utf-8"), csv);
	res_header(r, "Content-Disposition",
	           arena_printf(c->arena, "attachment; filename=\"%s%.*s.csv\"",
	                        sandbox ? "sandbox-" : "", STR_ARG(id_str(c->arena, ID_RUN, run->id))));
	return true;
}

bool run_api_export(struct ctx *c, const struct req *q, struct res *r)
{
	struct run run;

	return named(c, q, &run) && run_api_file(c, r, &run);
}
