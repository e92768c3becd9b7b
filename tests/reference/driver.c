/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "campaign/inputs_doc.h"
#include "campaign/terms_doc.h"
#include "data/json.h"
#include "data/json_out.h"
#include "rules/explain.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The engine as a filter, for comparing it with the reference engine beside this file: one JSON
 * object a line in, {"currency", "terms", "event", "standing"} or {…, "earned", "facts"}, one
 * line out.
 */

static struct accrual accrued;

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

static bool run_accrue(struct ctx *c, struct str line, const struct terms *t, struct buf *out)
{
	struct inputs in;

	if (!inputs_doc_parse(c, line, t->currency, &in))
		return false;
	accrue(t, &in.standing, &in.event, &accrued);
	jw_object(out);
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
	jw_object_end(out);
	return true;
}

static int64_t at(const json_t *list, size_t i)
{
	return json_integer_value(json_array_get(list, i));
}

static void run_reverse(struct ctx *c, const json_t *doc, const struct terms *t, struct buf *out)
{
	const json_t *e = json_object_get(doc, "earned");
	const json_t *refunds = json_object_get(doc, "refunds");
	const json_t *disputes = json_object_get(doc, "disputes");
	struct refund_fact *r = ARENA_ARRAY(c->arena, struct refund_fact, 64);
	struct dispute_fact *d = ARENA_ARRAY(c->arena, struct dispute_fact, 64);
	struct earned earned = { at(e, 0), at(e, 1), at(e, 2), at(e, 3) };
	struct reverse_facts f = { r, json_array_size(refunds), d, json_array_size(disputes),
		           json_integer_value(json_object_get(doc, "churned_at")) };
	struct adjustment a;

	for (size_t i = 0; i < f.refund_count; i++) {
		const json_t *one = json_array_get(refunds, i);

		r[i] = (struct refund_fact){ at(one, 0), at(one, 1) };
	}
	for (size_t i = 0; i < f.dispute_count; i++) {
		const json_t *one = json_array_get(disputes, i);

		d[i] = (struct dispute_fact){ (enum dispute_state)at(one, 0), at(one, 1), at(one, 2) };
	}
	reverse(t, &earned, &f, &a);
	jw_array(out);
	jw_int(out, a.reverse_minor);
	jw_int(out, a.target_minor);
	jw_bool(out, a.hold);
	jw_array_end(out);
}

static bool run(struct ctx *c, struct str line, struct buf *out)
{
	const struct currency *cur;
	struct terms t;
	json_t *doc;

	if (!json_read_object(c, line, &doc)
	    || !json_get_currency(c, doc, "currency", MUST(0, 0), &cur)
	    || !terms_doc_read(c, json_object_get(doc, "terms"), cur, &t))
		return false;
	if (!json_object_get(doc, "earned"))
		return run_accrue(c, line, &t, out);
	run_reverse(c, doc, &t, out);
	return true;
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	struct arena a;

	arena_init(&a);
	while ((n = getline(&line, &cap, stdin)) > 0) {
		struct ctx c = { .arena = &a };
		struct buf out;

		buf_init(&out, &a);
		if (!run(&c, (struct str){ line, (size_t)n }, &out))
			buf_printf(&out, "{\"error\":\"%s %s\"}", c.err.field, c.err.msg);
		puts(out.p);
		arena_reset(&a);
	}
	arena_release(&a);
	free(line);
	return 0;
}
