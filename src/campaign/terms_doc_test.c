/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_doc.h"

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

static void refused(struct ctx *c, struct str doc, struct str path, int number)
{
	struct terms t;

	if (terms_doc_parse(c, doc, usd(), &t))
		FAIL("line %d is accepted", number);
	if (!str_is(path, c->err.field) || c->err.code != ERR_INVALID)
		FAIL("line %d blames \"%s\": %s", number, c->err.field, c->err.msg);
	fail_clear(c);
}

static void read_as(struct ctx *c, struct str doc, struct str want, int number)
{
	struct terms t, again;

	if (!terms_doc_parse(c, doc, usd(), &t))
		FAIL("line %d: \"%s\" %s", number, c->err.field, c->err.msg);
	if (want.n > 0 && !str_eq(printed(c, &t), want))
		FAIL("line %d prints %s", number, printed(c, &t).p);
	OK(terms_doc_parse(c, printed(c, &t), usd(), &again));
	EQ_STR(printed(c, &again), printed(c, &t));
}

/* tests/cases/rules/terms.txt: "read", document, canonical form; or "refuse", document, path. */
TEST(terms_are_read_printed_and_refused_as_the_table_says)
{
	struct unit_table table = unit_table(c, "tests/cases/rules/terms.txt", NULL);
	struct str line;
	int seen = 0;

	while (unit_line(&table, &line)) {
		struct str verb = str_trim(str_cut(&line, '|'));
		struct str doc = str_trim(str_cut(&line, '|'));

		(str_is(verb, "refuse") ? refused : read_as)(c, doc, str_trim(line), table.line);
		seen++;
	}
	OK(seen > 60);
}

/* Conditions in many words; some pairs of them are the same, and some are none. */
static const char *const conditions[] = {
	"{\"country\":\"DE\"}", "{\"country\":\"de\"}", "{\"country\":[\"at\",\"DE\"]}",
	"{\"product\":\"a\"}", "{\"product\":[\"a\"]}", "{\"product\":[\"b\",\"a\"]}",
	"{\"product\":\"a\",\"attributes\":{}}", "{\"attributes\":{}}", "{}",
	"{\"attributes\":{\"a\":1}}", "{\"attributes\":{\"a\":[\"1\"],\"b\":\"2\"}}",
	"{\"recurring\":true}", "{\"recurring\":false}", "{\"recurring\":null}",
	"{\"event\":null}", "{\"event\":\"sale\"}", "{\"event\":\"lead\"}",
	"{\"event\":\"sale\",\"product\":\"a\"}", "{\"amount\":null}",
	"{\"amount\":{\"from\":null,\"below\":9}}", "{\"amount\":{\"from\":0,\"below\":9}}",
};

/* What a pair is stored as has to be read by whoever asks later. */
static bool stored_and_read(struct ctx *c, const char *trigger, const char *one, const char *other)
{
	struct str stored, again, doc = arena_printf(
		c->arena, "{\"trigger\":\"%s\",\"reward\":{\"type\":\"fixed\",\"amount\":5},"
		"\"rewards\":[{\"if\":%s,\"reward\":{\"type\":\"fixed\",\"amount\":6}},"
		"{\"if\":%s,\"reward\":{\"type\":\"fixed\",\"amount\":7}}]}", trigger, one, other);
	struct terms t;

	if (!terms_doc_canonical(c, doc, usd(), &stored)) {
		EQ(c->err.code, ERR_INVALID);
		OK(str_starts(str_from(c->err.field), "terms/rewards/"));
		fail_clear(c);
		return false;
	}
	OK(terms_doc_stored(c, stored, usd(), &t));
	OK(terms_doc_canonical(c, stored, usd(), &again));
	EQ_STR(again, stored);
	EQ_STR(printed(c, &t), stored);
	return true;
}

TEST(whatever_is_stored_can_be_read_again)
{
	static const char *const triggers[] = { "sale", "lead", "click" };
	int stored = 0, all = 0;

	for (size_t n = 0; n < LEN(triggers); n++)
		for (size_t i = 0; i < LEN(conditions); i++)
			for (size_t k = 0; k < LEN(conditions); k++, all++)
				stored += stored_and_read(c, triggers[n], conditions[i],
				                          conditions[k]);
	OK(stored > 200);
	OK(all - stored > 400);
}

/* Rules against nonsense that come later must not take away what is published. */
TEST(what_was_published_is_read_though_it_makes_no_sense)
{
	static const char *const rest[] = {
		"\"rewards\":[{\"if\":{},\"recurring_months\":3}]",
		"\"rewards\":[{\"if\":{\"country\":\"DE\"},\"recurring_months\":1},"
		"{\"if\":{\"country\":\"DE\"},\"recurring_months\":2}]",
		"\"rewards\":[{\"if\":{\"recurring\":true},\"recurring_months\":0}]",
		"\"recurring_months\":1,\"delay_invoices\":2",
	};
	struct terms t;

	for (size_t i = 0; i < LEN(rest); i++) {
		struct str doc = arena_printf(c->arena, "{\"trigger\":\"sale\",\"reward\":"
		                              "{\"type\":\"fixed\",\"amount\":5},%s}", rest[i]);

		NO(terms_doc_parse(c, doc, usd(), &t));
		fail_clear(c);
		OK(terms_doc_stored(c, doc, usd(), &t));
		EQ_STR(printed(c, &t), doc);
	}
}

TEST(terms_that_are_not_json_are_malformed)
{
	struct terms t;

	NO(terms_doc_parse(c, STR("{\"trigger\":"), usd(), &t));
	EQ(c->err.code, ERR_MALFORMED);
}

TEST(terms_outlive_the_document_they_came_from)
{
	json_t *doc = json_loads("{\"trigger\":\"sale\",\"reward\":{\"type\":\"fixed\",\"amount\":1},"
	                         "\"rewards\":[{\"if\":{\"product\":\"annual\"},"
	                         "\"recurring_months\":3}],"
	                         "\"groups\":{\"gold\":{\"recurring_months\":0}}}", 0, NULL);
	struct terms t;

	OK(terms_doc_read(c, doc, usd(), &t));
	json_decref(doc);
	EQ_STR(t.rewards[0].product.values[0], "annual");
	EQ_STR(t.groups[0].name, "gold");
}

TEST(rewards_are_read_alone_and_with_their_duration)
{
	struct reward r;
	struct offer f;
	struct buf b;

	OK(reward_doc_parse(c, STR("{\"type\":\"percentage\",\"value\":\"12.5\"}"), usd(), &r));
	EQ(r.rate_ppm, 125000);
	OK(offer_doc_parse(c, STR("{\"type\":\"fixed\",\"amount\":700,\"currency\":\"JPY\"}"),
	                   usd(), &f));
	EQ(f.reward.amount_minor, 700);
	NO(f.has_months);
	OK(offer_doc_parse(c,
	                   STR("{\"reward\":{\"type\":\"fixed\",\"amount\":7},"
	                       "\"recurring_months\":null}"),
	                   usd(), &f));
	EQ(f.recurring_months, MONTHS_LIFETIME);
	OK(f.has_months);
	buf_init(&b, c->arena);
	offer_doc_print(&b, &f, usd());
	EQ_STR(buf_text(&b), "{\"reward\":{\"type\":\"fixed\",\"amount\":7},\"recurring_months\":null}");
	FAILS(offer_doc_parse(c, STR("{\"reward\":{\"type\":\"fixed\"}}"), usd(), &f), ERR_INVALID,
	      "reward/amount");
}

TEST(rewards_are_read_by_their_older_names)
{
	struct reward r;
	struct offer f;

	OK(reward_doc_parse(c, STR("{\"commissionType\":\"Percentage\",\"commissionValue\":12.5}"),
	                    usd(), &r));
	EQ(r.rate_ppm, 125000);
	OK(offer_doc_parse(c, STR("{\"commissionType\":\"Fixed\",\"commissionValue\":\"7.50\","
	                          "\"recurringMonths\":6}"), usd(), &f));
	EQ(f.reward.amount_minor, 750);
	EQ(f.recurring_months, 6);
	FAILS(reward_doc_parse(c, STR("{\"commissionType\":\"Fixed\",\"commissionValue\":1,"
	                              "\"recurringMonths\":6}"), usd(), &r), ERR_INVALID,
	      "recurringMonths");
	FAILS(reward_doc_parse(c, STR("{\"commissionType\":\"Half\",\"commissionValue\":1}"), usd(),
	                       &r), ERR_INVALID, "commissionType");
	FAILS(reward_doc_parse(c, STR("{\"commissionType\":\"Percentage\",\"commissionValue\":101}"),
	                       usd(), &r), ERR_INVALID, "commissionValue");
	FAILS(offer_doc_parse(c, STR("{\"commissionType\":\"Fixed\",\"commissionValue\":1,"
	                             "\"recurringMonths\":-1}"), usd(), &f), ERR_INVALID,
	      "recurringMonths");
	FAILS(offer_doc_parse(c, STR("{\"recurringMonths\":1}"), usd(), &f), ERR_INVALID,
	      "commissionValue");
}

/* All sentences of a document, "; " between them. */
static struct str told(struct ctx *c, struct str doc, int number)
{
	struct str all[SENTENCES_MAX];
	struct terms t;
	struct buf b;
	size_t n;

	if (!terms_doc_parse(c, doc, usd(), &t))
		FAIL("line %d: \"%s\" %s", number, c->err.field, c->err.msg);
	n = terms_doc_sentences(c->arena, &t, all, SENTENCES_MAX);
	buf_init(&b, c->arena);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&b, i ? " " : "");
		buf_str(&b, all[i]);
	}
	return buf_text(&b);
}

/* tests/cases/rules/words.txt: document | its sentences, or the first of them and "…" */
TEST(each_trigger_reward_and_duration_is_told_as_the_table_says)
{
	struct unit_table table = unit_table(c, "tests/cases/rules/words.txt", NULL);
	struct str line;
	int seen = 0, wrong = 0;

	while (unit_line(&table, &line)) {
		struct str doc = str_trim(str_cut(&line, '|')), want = str_trim(line);
		struct str got = told(c, doc, table.line), first = got;

		if (str_ends(want, "…")) {
			want = str_trim(str_slice(want, 0, want.n - strlen("…")));
			first = str_slice(got, 0, want.n < got.n ? want.n : got.n);
		}
		if (!str_eq(first, want)) {
			fprintf(stderr, "line %d says | %.*s\n", table.line, STR_ARG(got));
			wrong++;
		}
		seen++;
	}
	EQ(wrong, 0);
	OK(seen > 80);
}

TEST(terms_are_told_in_plain_words)
{
	static const char *const wanted[] = {
		"25 % of the amount paid without tax and shipping for the first 12 renewals.",
		"The first payment earns nothing.",
		"40 % for product annual and customers in DE or AT.",
		"30 % from 50,000.00 USD of referred revenue in a quarter.",
		"Partners in the group gold: 28 %.",
		"The partner 1 level above gets 10 % of the commission, on top of it.",
		"One partner earns at most 5,000.00 USD in a month.",
		"Within 90 days the last contact gets the credit.",
		"A customer who has bought stays with the partner.",
		"Commissions are due after 30 days.",
		"Payouts start at 50.00 USD.",
		"When a payment is refunded, the commission is taken back within 60 days.",
		"When a payment is disputed and lost, the commission is taken back within 60 days.",
		"When the customer leaves, the part of the commission for the days left is taken back"
		" within 60 days.",
	};
	struct str got[SENTENCES_MAX];
	struct terms t;

	OK(terms_doc_parse(c, STR(
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"},"
	"\"recurring_months\":12,\"delay_invoices\":1,\"minimum_payout\":5000,"
	"\"rewards\":[{\"if\":{\"product\":\"annual\",\"country\":[\"DE\",\"AT\"]},"
	"\"reward\":{\"type\":\"percentage\",\"value\":\"40\"}}],"
	"\"tiers\":{\"period\":\"quarter\",\"steps\":[{\"from\":5000000,"
	"\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]},"
	"\"groups\":{\"gold\":{\"reward\":{\"type\":\"percentage\",\"value\":\"28\"}}},"
	"\"chain\":{\"levels\":[{\"percent\":\"10\"}]},"
	"\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":500000}],"
	"\"clawback\":{\"window_days\":60,\"on_churn\":\"prorated\"}}"), usd(), &t));
	EQ(terms_doc_sentences(c->arena, &t, got, SENTENCES_MAX), LEN(wanted));
	for (size_t i = 0; i < LEN(wanted); i++)
		EQ_STR(got[i], wanted[i]);
}
