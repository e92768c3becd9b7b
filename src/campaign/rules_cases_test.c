/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/clock.h"
#include "campaign/inputs_doc.h"
#include "campaign/terms_doc.h"
#include "rules/explain.h"
#include "rules/restate.h"
#include "rules/true_up.h"
#include "unit.h"
#include "verify/recompute.h"

/*
 * Runs tests/cases/rules/accrue.txt. The language of the cases is described at its head; here
 * each case is turned into the JSON of inputs_doc.h, so that reading that is tested as well.
 */

static struct accrual accrued;

static struct str word(struct str *rest)
{
	*rest = str_trim(*rest);
	return str_cut(rest, ' ');
}

/* "10d" and "10d+1" (milliseconds) are times, anything else is itself. */
static int64_t time_of(struct str s)
{
	struct str rest = s, days = str_cut(&rest, 'd');
	int64_t n = 0, extra = 0;

	if (!str_to_int(days, &n))
		return -1;
	if (rest.n > 1 && !str_to_int(str_slice(rest, rest.p[0] == '+', rest.n), &extra))
		return -1;
	return n * MS_PER_DAY + extra;
}

static void put_str(struct buf *b, const char *key, struct str s)
{
	buf_printf(b, ",\"%s\":\"%.*s\"", key, STR_ARG(s));
}

/* "30%", "f5000" (minor units), each with "/12", "/0" or "/life"; "/6" alone. */
static void put_offer(struct buf *b, const char *key, struct str s)
{
	struct str months = s, reward = str_cut(&months, '/');
	const char *sep = "";

	buf_printf(b, ",\"%s\":{", key);
	if (reward.n > 0 && reward.p[0] == 'f')
		buf_printf(b, "\"reward\":{\"type\":\"fixed\",\"amount\":%.*s}", (int)reward.n - 1,
		           reward.p + 1);
	else if (reward.n > 0)
		buf_printf(b, "\"reward\":{\"type\":\"percentage\",\"value\":\"%.*s\"}",
		           (int)reward.n - 1, reward.p);
	sep = reward.n > 0 ? "," : "";
	if (months.n > 0)
		buf_printf(b, "%s\"recurring_months\":%s", sep,
		           str_is(months, "life") ? "null" : arena_cstr(b->arena, months));
	buf_char(b, '}');
}

/* "EUR/USD:100000000:108000000" */
static void put_rate(struct buf *b, struct str key, struct str value)
{
	bool list = str_is(key, "reward_fx");

	buf_printf(b, ",\"%.*s\":%s{\"from\":\"%.3s\",\"to\":\"%.3s\",\"from_rate\":%.*s,"
	           "\"to_rate\":%s,\"day\":0}%s", STR_ARG(key), list ? "[" : "", value.p,
	           value.p + 4, (int)str_find(value, ':', 8) - 8, value.p + 8,
	           arena_cstr(b->arena, str_slice(value, str_find(value, ':', 8) + 1, 99)),
	           list ? "]" : "");
}

static void put_event_word(struct buf *b, struct str w, struct buf *attributes)
{
	struct str value = w, key = str_cut(&value, '=');
	int64_t n;

	if (str_to_int(w, &n))
		buf_printf(b, ",\"amount\":%lld", (long long)n);
	else if (w.p[0] == 'i' && str_to_int(str_slice(w, 1, w.n), &n))
		buf_printf(b, ",\"invoice\":%lld", (long long)n);
	else if (w.p[0] == '@')
		buf_printf(b, ",\"at\":%lld", (long long)time_of(str_slice(w, 1, w.n)));
	else if (str_is(key, "cleared"))
		buf_printf(b, ",\"cleared_at\":%lld", (long long)time_of(value));
	else if (str_is(key, "fx") || str_is(key, "reward_fx"))
		put_rate(b, key, value);
	else if (str_starts(key, "attr."))
		put_str(attributes, arena_cstr(b->arena, str_slice(key, 5, key.n)), value);
	else if (str_to_int(value, &n))
		buf_printf(b, ",\"%.*s\":%lld", STR_ARG(key), (long long)n);
	else
		put_str(b, arena_cstr(b->arena, key), value);
}

static void put_event(struct ctx *c, struct buf *b, struct str text)
{
	struct buf attributes;

	buf_init(&attributes, c->arena);
	buf_puts(b, "\"event\":{\"id\":1");
	while (text.n > 0) {
		struct str w = word(&text);

		if (w.n > 0)
			put_event_word(b, w, &attributes);
	}
	if (attributes.n > 0)
		buf_printf(b, ",\"attributes\":{%s}", attributes.p + 1);
	buf_char(b, '}');
}

/* "p9", "p9:20%", "p9:banned", "p9:20%:suspended", "p9:holds=8" */
static void put_upline(struct buf *b, struct str s)
{
	struct str who = str_cut(&s, ':');
	int64_t ppm;

	buf_printf(b, "{\"partner\":%.*s", (int)who.n - 1, who.p + 1);
	while (s.n > 0) {
		struct str w = str_cut(&s, ':');

		if (str_ends(w, "%") && percent_parse(str_slice(w, 0, w.n - 1), &ppm))
			buf_printf(b, ",\"rate_ppm\":%lld", (long long)ppm);
		else if (str_starts(w, "holds="))
			buf_printf(b, ",\"holds\":%.*s", (int)w.n - 6, w.p + 6);
		else
			put_str(b, "standing", w);
	}
	buf_char(b, '}');
}

static void put_chain(struct buf *b, struct str list)
{
	const char *sep = "";

	buf_puts(b, ",\"chain\":[");
	while (list.n > 0) {
		buf_puts(b, sep);
		put_upline(b, str_cut(&list, ','));
		sep = ",";
	}
	buf_char(b, ']');
}

static void put_credit_word(struct buf *b, struct str w, int64_t counters[4])
{
	static const char *const counted[] = { "rev", "sales", "customers", "projects" };
	struct str value = w, key = str_cut(&value, '=');
	int64_t n;

	for (int i = 0; i < 4; i++)
		if (str_is(key, counted[i]) && str_to_int(value, &counters[i]))
			return;
	if (str_ends(w, "%") && percent_parse(str_slice(w, 0, w.n - 1), &n))
		buf_printf(b, ",\"share_ppm\":%lld", (long long)n);
	else if (str_is(key, "own") || str_is(key, "override"))
		put_offer(b, arena_cstr(b->arena, key), value);
	else if (str_is(key, "override_from") || str_is(key, "override_until")
	         || str_is(key, "referred_at"))
		buf_printf(b, ",\"%.*s\":%lld", STR_ARG(key), (long long)time_of(value));
	else if (str_is(key, "up"))
		put_chain(b, value);
	else if (str_is(key, "recruiter")) {
		buf_puts(b, ",\"recruiter\":");
		put_upline(b, value);
	} else if (str_is(key, "used"))
		buf_printf(b, ",\"cap_used\":[%.*s]", STR_ARG(value));
	else if (str_is(key, "holds"))
		buf_printf(b, ",\"holds\":%.*s", STR_ARG(value));
	else if (value.p)
		put_str(b, arena_cstr(b->arena, key), value);
	else
		put_str(b, "standing", key);
}

static void put_credit(struct buf *b, struct str text)
{
	struct str who = word(&text);
	int64_t n[4] = { 0 };

	buf_printf(b, "{\"partner\":%.*s", (int)who.n - 1, who.p + 1);
	while (text.n > 0) {
		struct str w = word(&text);

		if (w.n > 0)
			put_credit_word(b, w, n);
	}
	buf_printf(b, ",\"counters\":[%lld,%lld,%lld,%lld]}", (long long)n[0], (long long)n[1],
	           (long long)n[2], (long long)n[3]);
}

static void put_standing(struct buf *b, struct str text)
{
	const char *sep = "";
	struct buf all;

	buf_init(&all, b->arena);
	buf_puts(b, ",\"standing\":{\"credits\":[");
	while (text.n > 0) {
		struct str one = str_trim(str_cut(&text, ';'));

		if (str_starts(one, "all")) {
			one = str_slice(one, 4, one.n);
			if (str_starts(one, "closed"))
				buf_puts(&all, ",\"campaign_closed\":true");
			else
				buf_printf(&all, ",\"cap_used\":[%.*s]",
				           STR_ARG(str_slice(one, 5, one.n)));
			continue;
		}
		if (str_is(one, "nobody"))
			continue;
		buf_puts(b, sep);
		put_credit(b, one);
		sep = ",";
	}
	buf_printf(b, "]%s}", all.n ? all.p : "");
}

static struct str holds_text(struct ctx *c, unsigned holds)
{
	struct buf b;

	buf_init(&b, c->arena);
	for (int i = 0; i < HOLD_BITS; i++)
		if (holds >> i & 1)
			buf_printf(&b, "%s%s", b.n ? "+" : "", hold_names[i]);
	return buf_text(&b);
}

/* "p1 24.75 USD default", "p9 2.48 USD override 1", "p2 - banned"; with "held x", "cut 1.00". */
static void put_earning(struct ctx *c, struct buf *b, const struct earning *e)
{
	buf_printf(b, "p%lld ", (long long)e->partner_id);
	if (e->gate != GATE_NONE) {
		buf_printf(b, "- %s", gate_names[e->gate]);
		return;
	}
	buf_money_plain(b, e->amount_minor, e->currency);
	buf_printf(b, " %s ", e->currency->code);
	if (e->kind == EARNING_OWN)
		buf_puts(b, rule_names[e->rule]);
	else
		buf_puts(b, earning_kind_names[e->kind]);
	if (e->kind == EARNING_OVERRIDE)
		buf_printf(b, " %d", e->level);
	else if (e->kind == EARNING_OWN && (e->rule == RULE_TIER || e->rule == RULE_CONDITION))
		buf_printf(b, " %d", e->rule_index + 1);
	if (e->holds)
		buf_printf(b, " held %.*s", STR_ARG(holds_text(c, e->holds)));
	if (e->cut_minor) {
		buf_puts(b, " cut ");
		buf_money_plain(b, e->cut_minor, e->currency);
	}
}

static struct str outcome(struct ctx *c, const struct accrual *a)
{
	struct buf b;

	buf_init(&b, c->arena);
	if (a->earning_count == 0)
		buf_printf(&b, "- %s", gate_names[a->gate]);
	for (size_t i = 0; i < a->earning_count; i++) {
		if (i > 0)
			buf_puts(&b, "; ");
		put_earning(c, &b, &a->earnings[i]);
	}
	return buf_text(&b);
}

static struct str sentence(struct ctx *c, const struct terms *t, const struct accrual *a)
{
	struct buf b;

	buf_init(&b, c->arena);
	if (a->commission_count > 0)
		explain_sentence(&b, t, a, 0);
	else
		explain_nothing_sentence(&b, t, a);
	return buf_text(&b);
}

/* What is printed of the inputs and read again gives the same result and the same explanation. */
static void check_replay(struct ctx *c, const struct terms *t, const struct inputs *in, int line)
{
	struct str before = outcome(c, &accrued), said = sentence(c, t, &accrued);
	struct inputs again;
	struct buf b, second;

	buf_init(&b, c->arena);
	inputs_doc_print(&b, t->currency, &in->event, &in->standing);
	if (!inputs_doc_parse(c, buf_text(&b), t->currency, &again))
		FAIL("line %d: %s %s\n%s", line, c->err.field, c->err.msg, b.p);
	buf_init(&second, c->arena);
	inputs_doc_print(&second, t->currency, &again.event, &again.standing);
	EQ_STR(buf_text(&second), buf_text(&b));
	accrue(t, &again.standing, &again.event, &accrued);
	EQ_STR(outcome(c, &accrued), before);
	EQ_STR(sentence(c, t, &accrued), said);
}

/* An explanation is JSON, has a sentence and at least one step. */
static void check_one_json(struct str text, int line)
{
	json_error_t error;
	json_t *doc = json_loadb(text.p, text.n, 0, &error);

	if (!doc || !json_string_length(json_object_get(doc, "sentence"))
	    || json_array_size(json_object_get(doc, "steps")) == 0)
		FAIL("line %d: %s in %s", line, error.text, text.p);
	json_decref(doc);
}

/* What the audit makes of the steps alone is what was earned. */
static void check_recomputed(struct ctx *c, struct str text, const struct earning *e, int line)
{
	struct recomputed r;

	if (!recompute(c, text, &r) || r.wrong)
		FAIL("line %d: %s is wrong in %s", line, r.wrong, text.p);
	if (e->gate == GATE_NONE
	    && (r.amount_minor != e->amount_minor || r.matures_at_ms != e->matures_at_ms))
		FAIL("line %d: recomputed, it is %lld: %s", line, (long long)r.amount_minor, text.p);
}

static void check_json(struct ctx *c, const struct terms *t, int line)
{
	struct buf b;

	for (size_t i = 0; i < accrued.earning_count; i++) {
		buf_init(&b, c->arena);
		explain_json(&b, t, &accrued, i);
		check_one_json(buf_text(&b), line);
		check_recomputed(c, buf_text(&b), &accrued.earnings[i], line);
	}
	if (accrued.commission_count > 0)
		return;
	buf_init(&b, c->arena);
	explain_nothing_json(&b, t, &accrued);
	check_one_json(buf_text(&b), line);
}

static void run_case(struct ctx *c, const struct terms *t, struct str line, int number)
{
	struct str event = str_trim(str_cut(&line, '|')), standing = str_trim(str_cut(&line, '|'));
	struct str want = str_trim(str_cut(&line, '|')), said = str_trim(line);
	struct inputs in;
	struct buf b;

	buf_init(&b, c->arena);
	buf_char(&b, '{');
	put_event(c, &b, event);
	put_standing(&b, standing.n ? standing : STR("p1"));
	buf_char(&b, '}');
	if (!inputs_doc_parse(c, buf_text(&b), t->currency, &in))
		FAIL("line %d: %s %s\n%s", number, c->err.field, c->err.msg, b.p);
	accrue(t, &in.standing, &in.event, &accrued);
	if (!str_eq(outcome(c, &accrued), want))
		FAIL("line %d gives\n  %s\n, not\n  %.*s\n%s", number, outcome(c, &accrued).p,
		     STR_ARG(want), b.p);
	if (said.n > 0 && !str_eq(sentence(c, t, &accrued), said))
		FAIL("line %d says\n  %s", number, sentence(c, t, &accrued).p);
	check_json(c, t, number);
	check_replay(c, t, &in, number);
}

static void read_inputs(struct ctx *c, const struct terms *t, struct str event, struct str standing,
                        struct inputs *out)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_char(&b, '{');
	put_event(c, &b, event);
	put_standing(&b, standing);
	buf_char(&b, '}');
	if (!inputs_doc_parse(c, buf_text(&b), t->currency, out))
		FAIL("%s %s\n%s", c->err.field, c->err.msg, b.p);
}

/* "rev=5000000 sales=3 left=1320/1980": all of the period, and what is left of the event. */
static void read_reached(struct str text, struct true_up_item *x)
{
	int64_t n[4] = { 0 };
	struct buf unused;
	struct arena a;

	arena_init(&a);
	buf_init(&unused, &a);
	while (text.n > 0) {
		struct str w = word(&text), rest = w, key = str_cut(&rest, '=');

		if (str_is(key, "left")) {
			struct str left = str_cut(&rest, '/');

			CHECK(str_to_int(left, &x->left_minor) && str_to_int(rest, &x->of_minor));
		} else if (w.n > 0) {
			put_credit_word(&unused, w, n);
		}
	}
	x->reached = (struct counters){ n[0], n[1], n[2], n[3] };
	arena_release(&a);
}

/* event | the first partner, as it was judged by | reached | what it was, what it is */
static void run_true_up(struct ctx *c, const struct terms *t, struct str line, int number)
{
	struct str event = str_trim(str_cut(&line, '|')), standing = str_trim(str_cut(&line, '|'));
	struct str reached = str_trim(str_cut(&line, '|')), want = str_trim(line), got;
	struct true_up sum = { 0 };
	struct true_up_item x = { .terms = t };
	struct inputs in;

	read_inputs(c, t, event, standing, &in);
	x.standing = &in.standing;
	x.event = &in.event;
	read_reached(reached, &x);
	true_up_add(&x, &accrued, &sum);
	got = arena_printf(c->arena, "%lld %lld", (long long)sum.was_minor, (long long)sum.is_minor);
	if (!str_eq(got, want))
		FAIL("line %d gives %s", number, got.p);
}

/* "made=1980 left=1320 before=0" of the first partner's own commission */
static void read_made(struct str text, struct restate_part *p)
{
	while (text.n > 0) {
		struct str rest = word(&text), key = str_cut(&rest, '=');
		int64_t *to = str_is(key, "made")     ? &p->made_minor
		              : str_is(key, "left")   ? &p->left_minor
		              : str_is(key, "settled") ? &p->settled_minor
		              : str_is(key, "before") ? &p->before_minor
		                                      : &p->gone_minor;

		CHECK(key.n == 0 || str_to_int(rest, to));
	}
}

/* event | the first partner, as it was judged by | what it made | what it comes to, difference */
static void run_restated(struct ctx *c, const struct terms *t, struct str line, int number)
{
	struct str event = str_trim(str_cut(&line, '|')), standing = str_trim(str_cut(&line, '|'));
	struct str made = str_trim(str_cut(&line, '|')), want = str_trim(line), got;
	static struct restate sum;
	struct restate_part *p;
	struct inputs in;

	read_inputs(c, t, event, standing, &in);
	accrue(t, &in.standing, &in.event, &accrued);
	restate_judged(&sum, &accrued);
	p = restate_part(&sum, in.standing.credits[0].partner_id, EARNING_OWN, t->currency);
	read_made(made, p);
	got = arena_printf(c->arena, "%lld %lld", (long long)restate_target(p),
	                   (long long)restate_difference(p));
	if (!str_eq(got, want))
		FAIL("line %d gives %s", number, got.p);
}

static int run_table(struct ctx *c, const char *path, const char *fence,
                     void (*run)(struct ctx *c, const struct terms *t, struct str line, int number))
{
	struct unit_table table = unit_table(c, path, fence);
	const struct currency *cur = currency_find(STR("USD"));
	struct terms t = { 0 };
	struct str line;
	int cases = 0;

	while (unit_line(&table, &line)) {
		if (str_starts(line, "currency ")) {
			cur = currency_find(str_slice(line, 9, 3));
		} else if (!str_starts(line, "terms ")) {
			run(c, &t, line, table.line);
			cases++;
		} else if (!terms_doc_parse(c, str_slice(line, 6, line.n), cur, &t)) {
			FAIL("line %d: %s %s", table.line, c->err.field, c->err.msg);
		}
	}
	return cases;
}

TEST(commissions_are_what_the_table_says)
{
	OK(run_table(c, "tests/cases/rules/accrue.txt", NULL, run_case) >= 200);
}

TEST(commissions_are_what_the_manual_says)
{
	OK(run_table(c, "docs/RULES.md", "```cases", run_case) >= 45);
}

TEST(true_ups_are_what_the_table_says)
{
	OK(run_table(c, "tests/cases/rules/true_up.txt", NULL, run_true_up) >= 25);
	OK(run_table(c, "docs/RULES.md", "```true_ups", run_true_up) >= 5);
}

TEST(restatements_are_what_the_table_and_the_manual_say)
{
	OK(run_table(c, "tests/cases/rules/restate.txt", NULL, run_restated) >= 20);
	OK(run_table(c, "docs/RULES.md", "```restatements", run_restated) >= 5);
}
