/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_form.h"

#include "campaign/terms_doc.h"
#include "data/json.h"
#include "data/json_out.h"
#include "rules/names.h"
#include "unit.h"

static const struct currency *usd(void)
{
	return currency_find(STR("USD"));
}

static struct str printed(struct ctx *c, const struct terms *t)
{
	struct buf b;

	buf_init(&b, c->arena);
	terms_doc_print(&b, t);
	return buf_text(&b);
}

/* From a document to the form and back; *out_part as of terms_form_of. */
static struct str there_and_back(struct ctx *c, struct str document, struct str *out_part)
{
	struct terms t, again;
	struct form f;

	OK(terms_doc_parse(c, document, usd(), &t));
	OK(terms_form_of(c, &t, &f, out_part));
	if (out_part->n > 0)
		return STR("");
	OK(terms_doc_read(c, terms_form_doc(c->arena, &f, usd()), usd(), &again));
	return printed(c, &again);
}

static struct str canonical(struct ctx *c, struct str document)
{
	struct terms t;

	OK(terms_doc_parse(c, document, usd(), &t));
	return printed(c, &t);
}

static void same(struct ctx *c, struct str document)
{
	struct str part, got = there_and_back(c, document, &part);

	if (part.n > 0)
		FAIL("the form cannot say \"%.*s\" of %.*s", STR_ARG(part), STR_ARG(document));
	EQ_STR(got, canonical(c, document));
}

TEST(a_document_survives_the_form)
{
	same(c, STR("{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}}"));
	same(c, STR(
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"},"
	"\"recurring_months\":12,\"delay_invoices\":1,\"window_days\":365,\"base\":\"gross\","
	"\"hold_days\":0,\"minimum_payout\":5000,"
	"\"attribution\":{\"model\":\"position\",\"cookie_days\":7,\"ownership\":{\"days\":30},"
	"\"priority\":[\"code\",\"link\"],\"deal_days\":3},"
	"\"rewards\":[{\"if\":{\"product\":[\"annual\",\"pro\"],\"country\":[\"DE\",\"AT\"],"
	"\"plan\":\"x\",\"site\":\"blog.example\",\"recurring\":true,\"event\":\"sale\","
	"\"amount\":{\"from\":100,\"below\":99999}},"
	"\"reward\":{\"type\":\"fixed\",\"amount\":4050},\"recurring_months\":null},"
	"{\"if\":{\"recurring\":true},\"recurring_months\":2}],"
	"\"tiers\":{\"by\":\"sales\",\"period\":\"quarter\",\"counts_current\":true,"
	"\"retroactive\":true,\"steps\":[{\"from\":10,\"reward\":{\"type\":\"percentage\","
	"\"value\":\"30.1234\"}},{\"from\":20,\"recurring_months\":24,\"reward\":"
	"{\"type\":\"fixed\",\"amount\":1}}]},"
	"\"groups\":{\"gold\":{\"reward\":{\"type\":\"percentage\",\"value\":\"28\"}},"
	"\"a/b\":{\"recurring_months\":3}},"
	"\"chain\":{\"mode\":\"from_share\",\"compute\":\"cascade\",\"levels\":[{\"percent\":\"10\"},"
	"{\"percent\":\"5.5\"}]},\"recruiting\":{\"percent\":\"4\"},"
	"\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":500000},"
	"{\"scope\":\"campaign\",\"amount\":1}],"
	"\"clawback\":{\"window_days\":60,\"on_refund\":\"none\",\"on_churn\":\"prorated\","
	"\"dispute_opened\":\"reverse\",\"true_up\":\"quarter\"}}"));
}

TEST(what_the_form_cannot_say_is_named_and_left_to_the_document)
{
	static const struct {
		const char *part, *json;
	} cases[] = {
		{ "rewards", "\"rewards\":[{\"if\":{\"attributes\":{\"a\":\"b\"}},\"recurring_months\":1}]" },
		{ "rewards", "\"rewards\":[{\"if\":{\"product\":\"a, b\"},\"recurring_months\":1}]" },
		{ "groups", "\"groups\":{\"g\":{\"reward\":{\"type\":\"fixed\",\"amount\":1,"
		            "\"currency\":\"EUR\"}}}" },
	};

	for (size_t i = 0; i < LEN(cases); i++) {
		struct str part, document = arena_printf(
			c->arena, "{\"trigger\":\"sale\",\"reward\":{\"type\":\"fixed\",\"amount\":5},%s}",
			cases[i].json);

		there_and_back(c, document, &part);
		EQ_STR(part, cases[i].part);
	}
}

/* tests/cases/rules/terms.txt: whatever can be read is said whole, or else the form says it cannot. */
TEST(every_document_of_the_table_survives_or_is_refused_by_the_form)
{
	struct unit_table table = unit_table(c, "tests/cases/rules/terms.txt", NULL);
	struct str line;
	int whole = 0, others = 0;

	while (unit_line(&table, &line)) {
		struct str verb = str_trim(str_cut(&line, '|'));
		struct str doc = str_trim(str_cut(&line, '|')), part, got;

		if (!str_is(verb, "read"))
			continue;
		got = there_and_back(c, doc, &part);
		if (part.n == 0)
			EQ_STR(got, canonical(c, doc));
		(*(part.n == 0 ? &whole : &others))++;
	}
	OK(whole > 20);
	OK(others < 12);
}

/* ---- Documents thrown together. */

struct dice {
	uint64_t state;
	struct buf b;
};

static int64_t roll(struct dice *d, int64_t sides)
{
	d->state = d->state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (int64_t)((d->state >> 33) % (uint64_t)sides);
}

static void throw_reward(struct dice *d)
{
	if (roll(d, 2))
		buf_printf(&d->b, "{\"type\":\"percentage\",\"value\":\"%d.%d\"}", (int)roll(d, 100),
		           (int)roll(d, 9999));
	else
		buf_printf(&d->b, "{\"type\":\"fixed\",\"amount\":%d}", (int)roll(d, 1000000));
}

static void throw_offer(struct dice *d)
{
	static const char *const months[] = { "null", "0", "1", "12", "120" };
	int64_t which = roll(d, 3);

	if (which != 0) {
		buf_puts(&d->b, "\"reward\":");
		throw_reward(d);
	}
	if (which != 1)
		buf_printf(&d->b, "%s\"recurring_months\":%s", which ? "," : "", months[roll(d, 5)]);
}

static void throw_if(struct dice *d)
{
	buf_printf(&d->b, "{\"if\":{\"country\":[\"DE\",\"F%c\"]", (char)('A' + roll(d, 26)));
	if (roll(d, 2))
		buf_printf(&d->b, ",\"product\":\"p%d\"", (int)roll(d, 5));
	if (roll(d, 2))
		buf_printf(&d->b, ",\"plan\":[\"a b\",\"c%d\"]", (int)roll(d, 5));
	if (roll(d, 2))
		buf_printf(&d->b, ",\"recurring\":%s", roll(d, 2) ? "true" : "false");
	if (roll(d, 2))
		buf_printf(&d->b, ",\"amount\":{\"from\":%d}", (int)roll(d, 9999));
	if (roll(d, 4) == 0)
		buf_printf(&d->b, ",\"event\":\"%s\"", trigger_names[roll(d, TRIGGER_COUNT)]);
	buf_puts(&d->b, "},");
	throw_offer(d);
	buf_char(&d->b, '}');
}

static void throw_tiers(struct dice *d)
{
	int64_t from = 0, steps = 1 + roll(d, 4);

	buf_printf(&d->b, ",\"tiers\":{\"by\":\"%s\",\"period\":\"%s\",\"steps\":[",
	           tiers_by_names[1 + roll(d, 4)], period_names[roll(d, 4)]);
	for (int64_t i = 0; i < steps; i++) {
		from += 1 + roll(d, 100000);
		buf_printf(&d->b, "%s{\"from\":%d,\"reward\":", i ? "," : "", (int)from);
		throw_reward(d);
		buf_char(&d->b, '}');
	}
	buf_puts(&d->b, "]}");
}

static void throw_rest(struct dice *d)
{
	if (roll(d, 2))
		buf_printf(&d->b, ",\"chain\":{\"compute\":\"%s\",\"levels\":[{\"percent\":\"%d\"}]}",
		           chain_compute_names[roll(d, 2)], 1 + (int)roll(d, 100));
	if (roll(d, 2))
		buf_printf(&d->b, ",\"caps\":[{\"scope\":\"%s\",\"amount\":%d}]",
		           cap_scope_names[roll(d, 3)], 1 + (int)roll(d, 9999999));
	if (roll(d, 2))
		buf_printf(&d->b, ",\"clawback\":{\"window_days\":%d,\"on_churn\":\"%s\"}",
		           1 + (int)roll(d, 900), clawback_names[roll(d, 3)]);
	if (roll(d, 2))
		buf_printf(&d->b, ",\"attribution\":{\"model\":\"%s\",\"ownership\":\"%s\"}",
		           model_names[roll(d, 4)], roll(d, 2) ? "sale" : "lifetime");
	if (roll(d, 2))
		buf_printf(&d->b, ",\"hold_days\":%d,\"minimum_payout\":%d", (int)roll(d, 90),
		           (int)roll(d, 99999));
}

static struct str throw_document(struct ctx *c, struct dice *d)
{
	buf_init(&d->b, c->arena);
	buf_printf(&d->b, "{\"trigger\":\"%s\",", trigger_names[roll(d, TRIGGER_COUNT)]);
	buf_puts(&d->b, "\"reward\":");
	throw_reward(d);
	if (roll(d, 2)) {
		buf_puts(&d->b, ",\"rewards\":[");
		for (int64_t i = 0, n = 1 + roll(d, 4); i < n; i++) {
			buf_puts(&d->b, i ? "," : "");
			throw_if(d);
		}
		buf_char(&d->b, ']');
	}
	if (roll(d, 2))
		throw_tiers(d);
	if (roll(d, 2)) {
		buf_puts(&d->b, ",\"groups\":{\"gold\":{");
		throw_offer(d);
		buf_puts(&d->b, "},\"a/b \\u00e9\":{");
		throw_offer(d);
		buf_puts(&d->b, "}}");
	}
	throw_rest(d);
	buf_char(&d->b, '}');
	return buf_text(&d->b);
}

/* Only sales are paid for a time; "for life" of all else is gone after the first way. */
static bool asks_how_long(const struct terms *t)
{
	bool sales = t->trigger == TRIGGER_SALE;

	for (size_t i = 0; i < t->reward_count; i++)
		sales = sales && (!t->rewards[i].has_event || t->rewards[i].event == TRIGGER_SALE);
	return sales;
}

static struct str as_once(struct ctx *c, struct str document)
{
	struct str part, got = there_and_back(c, document, &part);

	EQ_STR(part, "");
	return got;
}

TEST(every_document_the_form_can_say_comes_back_the_same)
{
	struct dice d = { .state = 20261121 };
	int read = 0;

	for (int i = 0; i < 2000; i++) {
		struct str document = throw_document(c, &d);
		struct terms t;

		if (!terms_doc_parse(c, document, usd(), &t)) {
			fail_clear(c);
			continue;
		}
		read++;
		same(c, asks_how_long(&t) ? document : as_once(c, document));
	}
	OK(read > 300);
}

/* ---- What people type. */

#define FIELDS(...) \
	((struct form){ (const struct form_field[]){ __VA_ARGS__ }, \
		        LEN(((const struct form_field[]){ __VA_ARGS__ })) })
#define IN(n, v) { STR_INIT(n), STR_INIT(v) }

static struct str said(struct ctx *c, const struct form *f)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_json(&b, terms_form_doc(c->arena, f, usd()));
	return buf_text(&b);
}

TEST(people_may_type_commas_in_thousands_and_percent_signs)
{
	struct form f = FIELDS(IN("trigger", "sale"), IN("reward/is", " 12.5 % "),
	                       IN("minimum_payout", "1,250.50"));

	EQ_STR(said(c, &f), "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\","
	                    "\"value\":\"12.5\"},\"minimum_payout\":125050}");
}

TEST(a_comma_that_may_be_a_decimal_point_is_no_amount)
{
	static const char *const texts[] = { "12,50", "1,2345", ",500", "1.000,00", "5,", "1,23,456" };
	int64_t minor;

	for (size_t i = 0; i < LEN(texts); i++)
		NO(terms_form_money(c->arena, str_from(texts[i]), usd(), &minor));
	OK(terms_form_money(c->arena, STR("1,234,567.8"), usd(), &minor));
	EQ(minor, 123456780);
	OK(terms_form_money(c->arena, STR("5,000"), usd(), &minor));
	EQ(minor, 500000);
}

TEST(empty_rows_are_left_out_and_the_others_numbered_anew)
{
	struct form f = FIELDS(IN("tiers/by", "sales"), IN("tiers/steps/0/from", ""),
	                       IN("tiers/steps/0/reward/is", ""), IN("tiers/steps/0/reward/how", "fixed"),
	                       IN("tiers/steps/1/from", "10"), IN("tiers/steps/1/reward/is", "5"));

	EQ_STR(said(c, &f), "{\"tiers\":{\"by\":\"sales\",\"steps\":[{\"from\":10,\"reward\":"
	                    "{\"type\":\"percentage\",\"value\":\"5\"}}]}}");
}

TEST(rows_are_added_removed_and_moved_by_buttons)
{
	struct form f = FIELDS(IN("rewards/0/if/plan", "a"), IN("rewards/1/if/plan", "b"),
	                       IN("rewards/2/if/plan", "c"));
	const struct terms_section *s = &terms_sections[1];
	struct form up = terms_form_step(c->arena, &f, STR("up/rewards/2"));
	struct form gone = terms_form_step(c->arena, &up, STR("remove/rewards/0"));
	struct form more = terms_form_step(c->arena, &gone, STR("add/rewards"));

	EQ_STR(s->list, "rewards");
	EQ_STR(form_get(&up, "rewards/1/if/plan"), "c");
	EQ_STR(form_get(&gone, "rewards/0/if/plan"), "c");
	EQ_STR(form_get(&gone, "rewards/1/if/plan"), "b");
	EQ(terms_form_rows(&gone, s), 2);
	EQ(terms_form_rows(&more, s), 3);
}

static void blames(struct ctx *c, const struct form *f, const char *path)
{
	struct terms_problem all[TERMS_PROBLEMS_MAX];
	size_t count = terms_form_check(c, f, usd(), all);

	EQ(c->err.code, ERR_NONE);
	for (size_t i = 0; i < count; i++)
		if (str_is(all[i].path, path))
			return;
	FAIL("nothing is said of %s, but %zu others, %.*s", path, count,
	     STR_ARG(count ? all[0].path : STR("")));
}

TEST(each_error_lands_on_an_input)
{
	struct form f = FIELDS(
		IN("trigger", "sale"), IN("reward/is", "150"), IN("hold_days", "soon"),
		IN("minimum_payout", "a lot"), IN("tiers/steps/0/from", "10"),
		IN("tiers/steps/0/reward/is", "5"), IN("tiers/steps/1/from", "5"),
		IN("tiers/steps/1/reward/is", "6"), IN("groups/0/name", "gold"),
		IN("groups/0/reward/is", "1"), IN("groups/1/name", "gold"), IN("groups/1/reward/is", "200"),
		IN("rewards/0/reward/is", "5"), IN("rewards/1/if/country", "germany"),
		IN("rewards/1/reward/is", "5"), IN("clawback/on_churn", "prorated"),
		IN("attribution/ownership/how", "days"), IN("caps/0/scope", "customer"),
		IN("caps/0/period", "month"), IN("caps/0/amount", "5"));

	blames(c, &f, "reward");
	blames(c, &f, "hold_days");
	blames(c, &f, "minimum_payout");
	blames(c, &f, "tiers/steps/1/from");
	blames(c, &f, "groups/1/name");
	blames(c, &f, "rewards/0/if/product");
	blames(c, &f, "clawback/window_days");
	blames(c, &f, "attribution/ownership");
	blames(c, &f, "caps/0/period");
}

TEST(how_long_means_nothing_for_what_is_no_sale)
{
	struct form f = FIELDS(IN("trigger", "lead"), IN("reward/how", "fixed"), IN("reward/is", "5"),
	                       IN("recurring_months/how", "renewals"), IN("recurring_months/is", ""),
	                       IN("delay_invoices", "3"), IN("groups/0/name", "a"),
	                       IN("groups/0/reward/how", "fixed"), IN("groups/0/reward/is", "6"),
	                       IN("groups/0/recurring_months/how", "first"));
	struct form g = FIELDS(IN("trigger", "click"), IN("reward/how", "fixed"), IN("reward/is", "5"),
	                       IN("recurring_months/how", "first"), IN("delay_invoices", "3"),
	                       IN("rewards/0/if/event", "sale"), IN("rewards/0/reward/is", "10"),
	                       IN("rewards/0/recurring_months/how", "renewals"),
	                       IN("rewards/0/recurring_months/is", "12"));
	struct terms_problem problems[TERMS_PROBLEMS_MAX];

	EQ(terms_form_check(c, &f, currency_find(STR("USD")), problems), 0);
	EQ_STR(said(c, &f), "{\"trigger\":\"lead\",\"reward\":{\"type\":\"fixed\",\"amount\":500},"
	       "\"groups\":{\"a\":{\"reward\":{\"type\":\"fixed\",\"amount\":600}}}}");
	EQ_STR(said(c, &g), "{\"trigger\":\"click\",\"reward\":{\"type\":\"fixed\",\"amount\":500},"
	       "\"delay_invoices\":3,\"rewards\":[{\"reward\":{\"type\":\"percentage\","
	       "\"value\":\"10\"},\"recurring_months\":12,\"if\":{\"event\":\"sale\"}}]}");
}

TEST(an_error_in_a_group_lands_on_the_row_of_its_name)
{
	struct form f = FIELDS(IN("trigger", "sale"), IN("reward/is", "10"), IN("groups/0/name", "a"),
	                       IN("groups/0/reward/is", "5"), IN("groups/1/name", "a/b"),
	                       IN("groups/1/reward/is", "101"));

	blames(c, &f, "groups/1/reward");
}

TEST(contradictions_between_parts_are_found_when_the_parts_are_right)
{
	struct form f = FIELDS(IN("trigger", "click"), IN("reward/is", "10"));
	struct form g = FIELDS(IN("trigger", "sale"), IN("reward/is", "10"), IN("delay_invoices", "3"),
	                       IN("recurring_months/how", "first"));

	blames(c, &f, "reward");
	blames(c, &g, "recurring_months");
}
