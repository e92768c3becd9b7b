/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "campaign/inputs_doc.h"
#include "campaign/terms_doc.h"
#include "data/json.h"
#include "rules/explain.h"

/*
 * Terms that are accepted print canonically, are told in sentences, and judge any event without
 * tripping over themselves. The input is a terms document, then after a line end the engine's
 * inputs; without those a usual sale is judged.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct accrual accrued;

static void judge(struct ctx *c, const struct terms *t, const struct inputs *in)
{
	struct buf b;
	int64_t sum = 0;

	accrue(t, &in->standing, &in->event, &accrued);
	for (size_t i = 0; i < accrued.earning_count; i++) {
		const struct earning *e = &accrued.earnings[i];
		json_t *doc;

		CHECK((e->gate == GATE_NONE) == (e->amount_minor > 0));
		CHECK(!__builtin_add_overflow(sum, e->amount_minor, &sum));
		buf_init(&b, c->arena);
		explain_json(&b, t, &accrued, i);
		CHECK(json_read_object(c, buf_text(&b), &doc));
	}
	if (accrued.commission_count == 0) {
		buf_init(&b, c->arena);
		explain_nothing_json(&b, t, &accrued);
	}
}

static void try_inputs(struct ctx *c, const struct terms *t, struct str text)
{
	struct inputs in = { 0 };

	if (inputs_doc_parse(c, text, t->currency, &in)) {
		judge(c, t, &in);
	} else {
		CHECK(c->err.code == ERR_MALFORMED || c->err.code == ERR_INVALID);
		fail_clear(c);
	}
}

static void try_sale(struct ctx *c, const struct terms *t)
{
	static const struct upline ups[] = { { .partner_id = 2 }, { .partner_id = 3 } };
	static const struct credit one = { .partner_id = 1, .share_ppm = PPM_ONE, .chain = ups,
		                           .chain_count = 2, .recruiter = ups };
	struct inputs in = { .standing = { .credits = &one, .credit_count = 1 } };

	for (int kind = 0; kind < TRIGGER_COUNT; kind++) {
		in.event = (struct occurrence){ .kind = (enum trigger)kind, .amount_minor = 9900,
			                        .currency = t->currency, .is_invoice = true };
		judge(c, t, &in);
	}
}

static void check_canonical(struct ctx *c, const struct terms *t)
{
	struct buf first, second;
	struct terms again;
	struct str sentences[SENTENCES_MAX];

	buf_init(&first, c->arena);
	terms_doc_print(&first, t);
	CHECK(terms_doc_parse(c, buf_text(&first), t->currency, &again));
	CHECK(terms_doc_stored(c, buf_text(&first), t->currency, &again));
	buf_init(&second, c->arena);
	terms_doc_print(&second, &again);
	CHECK(str_eq(buf_text(&first), buf_text(&second)));
	CHECK(terms_doc_sentences(c->arena, t, sentences, SENTENCES_MAX) >= 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, doc = str_cut(&rest, '\n');
	struct arena a;
	struct ctx c = { .arena = &a };
	struct terms t;

	arena_init(&a);
	if (terms_doc_parse(&c, doc, currency_find(STR("USD")), &t)) {
		check_canonical(&c, &t);
		try_sale(&c, &t);
		if (rest.n > 0)
			try_inputs(&c, &t, rest);
	} else {
		CHECK(c.err.code == ERR_MALFORMED || c.err.code == ERR_INVALID);
		CHECK(c.err.msg[0]);
	}
	arena_release(&a);
	return 0;
}
