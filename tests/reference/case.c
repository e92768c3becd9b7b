/* SPDX-License-Identifier: Apache-2.0 */
#include "case.h"

#include "base/field.h"
#include "campaign/inputs_doc.h"
#include "campaign/terms_doc.h"
#include "data/json.h"
#include "rules/dispute.h"
#include "rules/explain.h"
#include "rules/true_up.h"

#define LIST_MAX 64

static struct accrual accrued;
static struct attribution attributed;

const char *const case_faults[] = { "fine", "deal_expired", "deal_declined", "direct_contact",
	                            "unauthorised_site", "bot", "inactive", "self", NULL };

static void put_earning(struct buf *b, const struct earning *e)
{
	jw_array(b);
	jw_int(b, e->partner_id);
	jw_str(b, str_from(gate_names[e->gate]));
	jw_int(b, e->amount_minor);
	if (e->gate == GATE_NONE) {
		jw_str(b, str_from(e->currency->code));
		jw_str(b, str_from(earning_kind_names[e->kind]));
		jw_int(b, e->level);
		jw_str(b, str_from(rule_names[e->rule]));
		jw_int(b, e->rule_index);
		jw_int(b, e->cut_minor);
		jw_int(b, e->holds);
		jw_int(b, e->matures_at_ms);
	}
	jw_array_end(b);
}

static void put_counters(struct buf *b, struct counters n)
{
	jw_array(b);
	jw_int(b, n.revenue_minor);
	jw_int(b, n.sales);
	jw_int(b, n.customers);
	jw_int(b, n.projects);
	jw_array_end(b);
}

static void put_accrued(struct ctx *c, const struct terms *t, struct buf *out)
{
	jw_key_str(out, "gate", str_from(gate_names[accrued.gate]));
	jw_key(out, "earnings");
	jw_array(out);
	for (size_t i = 0; i < accrued.earning_count; i++)
		put_earning(out, &accrued.earnings[i]);
	jw_array_end(out);
	jw_key(out, "explanations");
	jw_array(out);
	for (size_t i = 0; i < accrued.earning_count; i++) {
		struct buf b;

		buf_init(&b, c->arena);
		explain_json(&b, t, &accrued, i);
		jw_raw(out, buf_text(&b));
	}
	jw_array_end(out);
}

static void run_accrue(struct ctx *c, const struct inputs *in, const struct terms *t,
                       struct buf *out)
{
	accrue(t, &in->standing, &in->event, &accrued);
	jw_object(out);
	put_accrued(c, t, out);
	jw_key(out, "counts");
	jw_array(out);
	for (size_t i = 0; i < in->standing.credit_count; i++)
		put_counters(out, accrue_counts(t, &in->event, &accrued, i));
	jw_array_end(out);
	jw_object_end(out);
}

static int64_t of(const json_t *doc, const char *key)
{
	return json_integer_value(json_object_get(doc, key));
}

static int64_t at(const json_t *list, size_t i)
{
	return json_integer_value(json_array_get(list, i));
}

static void run_item(const json_t *item, const struct inputs *in, const struct terms *t,
                     struct buf *out)
{
	const json_t *n = json_object_get(item, "reached");
	struct true_up_item x = { .terms = t, .standing = &in->standing, .event = &in->event,
		                  .credit = (size_t)of(item, "credit"),
		                  .reached = { at(n, 0), at(n, 1), at(n, 2), at(n, 3) },
		                  .as_judged = json_is_true(json_object_get(item, "as_judged")),
		                  .left_minor = of(item, "left"), .of_minor = of(item, "of"),
		                  .settle_minor = of(item, "settle") };
	struct true_up sum = { 0 };

	true_up_add(&x, &accrued, &sum);
	jw_array(out);
	jw_int(out, sum.is_minor);
	jw_int(out, sum.was_minor);
	jw_int(out, sum.events);
	jw_array_end(out);
}

static void run_correction(struct ctx *c, const json_t *doc, const struct inputs *in,
                           const struct terms *t, struct buf *out)
{
	struct correction x = { .is_minor = of(doc, "is"), .was_minor = of(doc, "was"),
		                .before_minor = of(doc, "before"), .events = of(doc, "events"),
		                .period = STR("2026-Q4"), .at_ms = in->event.occurred_at_ms };

	accrue_correction(t, &in->standing, &x, &accrued);
	jw_object(out);
	put_accrued(c, t, out);
	jw_object_end(out);
}

static bool run_event(struct ctx *c, const json_t *doc, struct str line, const struct terms *t,
                      struct buf *out)
{
	const json_t *item = json_object_get(doc, "item");
	const json_t *correction = json_object_get(doc, "correction");
	struct inputs in;

	if (!inputs_doc_parse(c, line, t->currency, &in))
		return false;
	if (item)
		run_item(item, &in, t, out);
	else if (correction)
		run_correction(c, correction, &in, t, out);
	else
		run_accrue(c, &in, t, out);
	return true;
}

static void run_reverse(struct ctx *c, const json_t *doc, const struct terms *t, struct buf *out)
{
	const json_t *e = json_object_get(doc, "earned");
	const json_t *refunds = json_object_get(doc, "refunds");
	const json_t *disputes = json_object_get(doc, "disputes");
	struct refund_fact *r = ARENA_ARRAY(c->arena, struct refund_fact, LIST_MAX);
	struct dispute_fact *d = ARENA_ARRAY(c->arena, struct dispute_fact, LIST_MAX);
	struct earned earned = { at(e, 0), at(e, 1), at(e, 2), at(e, 3) };
	struct reverse_facts f = { r, json_array_size(refunds), d, json_array_size(disputes),
		           json_integer_value(json_object_get(doc, "churned_at")) };
	struct adjustment a;
	struct buf b;

	for (size_t i = 0; i < f.refund_count; i++) {
		const json_t *one = json_array_get(refunds, i);

		r[i] = (struct refund_fact){ at(one, 0), at(one, 1) };
	}
	for (size_t i = 0; i < f.dispute_count; i++) {
		const json_t *one = json_array_get(disputes, i);

		d[i] = (struct dispute_fact){ (enum dispute_state)at(one, 0), at(one, 1), at(one, 2) };
	}
	reverse(t, &earned, &f, &a);
	jw_object(out);
	jw_key(out, "said");
	jw_array(out);
	jw_int(out, a.reverse_minor);
	jw_int(out, a.target_minor);
	jw_bool(out, a.hold);
	jw_array_end(out);
	buf_init(&b, c->arena);
	explain_reverse_json(&b, &(struct reverse_said){ t, &earned, &f, &a, t->currency,
		                                         t->currency });
	jw_key(out, "explanation");
	jw_raw(out, buf_text(&b));
	jw_object_end(out);
}

static void read_touch(const json_t *doc, struct candidate *t)
{
		*t = (struct candidate){ .partner_id = of(doc, "partner"), .link_id = of(doc, "link"),
		                 .deal_id = of(doc, "deal"), .share_ppm = of(doc, "share"),
		                 .at_ms = of(doc, "at"), .until_ms = of(doc, "until") };
	t->signal = (enum signal)names_find(signal_names, json_text(json_object_get(doc, "signal")));
	t->fault = (enum candidate_fault)names_find(case_faults, json_text(json_object_get(doc, "fault")));
}

static void put_attribution(struct buf *out, const struct attribution *a)
{
	jw_object(out);
	jw_key_str(out, "signal", a->signal == SIGNAL_COUNT ? STR("nobody")
	                                                    : str_from(signal_names[a->signal]));
	jw_key(out, "credited");
	jw_array(out);
	for (size_t i = 0; i < a->credited_count; i++) {
		jw_array(out);
		jw_int(out, a->credited[i].partner_id);
		jw_int(out, a->credited[i].link_id);
		jw_int(out, a->credited[i].share_ppm);
		jw_int(out, a->credited[i].at_ms);
		jw_array_end(out);
	}
	jw_array_end(out);
	jw_key(out, "lost");
	jw_array(out);
	for (size_t i = 0; i < a->verdict_count; i++)
		jw_str(out, str_from(lost_names[a->verdicts[i].lost]));
	jw_array_end(out);
	jw_object_end(out);
}

static void run_contest(const json_t *doc, const struct terms *t, struct buf *out)
{
	const json_t *touches = json_object_get(doc, "touches");
	const json_t *owners = json_object_get(doc, "owners");
	struct candidate all[CANDIDATES_MAX];
	struct owner owned[CREDITS_MAX];
	struct contest x = { all, json_array_size(touches), owned, json_array_size(owners),
		             of(doc, "owned_since"),
		             json_is_true(json_object_get(doc, "has_bought")), of(doc, "at") };

	for (size_t i = 0; i < x.touch_count; i++)
		read_touch(json_array_get(touches, i), &all[i]);
	for (size_t i = 0; i < x.owner_count; i++) {
		const json_t *one = json_array_get(owners, i);

		owned[i] = (struct owner){ at(one, 0), at(one, 1), at(one, 2) };
	}
	attribute(&t->attribution, &x, &attributed);
	put_attribution(out, &attributed);
}

/* The facts of each dispute, what is gone of the sale, and what that takes off the counters. */
static void run_notices(struct ctx *c, const json_t *doc, struct buf *out)
{
	const json_t *list = json_object_get(doc, "notices"), *n = json_object_get(doc, "added");
	struct dispute_notice told[LIST_MAX];
	struct dispute_fact facts[LIST_MAX];
	struct counters added = { at(n, 0), at(n, 1), at(n, 2), at(n, 3) };
	size_t count = json_array_size(list), made;
	int64_t gone;

	for (size_t i = 0; i < count; i++) {
		const json_t *one = json_array_get(list, i);

		told[i] = (struct dispute_notice){
			arena_printf(c->arena, "%lld", (long long)at(one, 0)),
			(enum dispute_state)at(one, 1), at(one, 2), at(one, 3)
		};
	}
	made = dispute_fold(told, count, facts);
	gone = dispute_gone(of(doc, "sale"), of(doc, "refunded"), facts, made);
	jw_array(out);
	for (size_t i = 0; i < made; i++) {
		jw_array(out);
		jw_int(out, facts[i].state);
		jw_int(out, facts[i].amount_minor);
		jw_int(out, facts[i].at_ms);
		jw_array_end(out);
	}
	jw_int(out, gone);
	put_counters(out, reverse_counters(&added, gone, of(doc, "sale")));
	jw_array_end(out);
}

bool case_run(struct ctx *c, struct str line, struct buf *out)
{
	const struct currency *cur;
	struct terms t;
	json_t *doc;

	if (!json_read_object(c, line, &doc)
	    || !json_get_currency(c, doc, "currency", MUST(0, 0), &cur)
	    || !terms_doc_read_as_is(c, json_object_get(doc, "terms"), cur, &t))
		return false;
	if (json_object_get(doc, "event"))
		return run_event(c, doc, line, &t, out);
	if (json_object_get(doc, "earned"))
		run_reverse(c, doc, &t, out);
	else if (json_object_get(doc, "contest"))
		run_contest(json_object_get(doc, "contest"), &t, out);
	else
		run_notices(c, doc, out);
	return true;
}
