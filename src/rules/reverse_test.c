/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/reverse.h"

#include "base/clock.h"
#include "base/field.h"
#include "rules/explain.h"
#include "unit.h"

/* Runs tests/cases/rules/reverse.txt; the language is described at its head. */

#define FACTS_MAX 8

struct case_facts {
	struct refund_fact refunds[FACTS_MAX];
	struct dispute_fact disputes[FACTS_MAX];
	struct reverse_facts all;
};

static struct str word(struct str *rest)
{
	*rest = str_trim(*rest);
	return str_cut(rest, ' ');
}

static int64_t number(struct str s)
{
	int64_t n = -1;

	CHECK(str_to_int(s, &n));
	return n;
}

static int64_t day(struct str s)
{
	return number(str_slice(s, 0, s.n - 1)) * MS_PER_DAY;
}

static void read_policy(struct str line, struct terms *t)
{
	*t = (struct terms){ .clawback_days = (int32_t)number(word(&line)) };
	t->on_refund = (enum clawback)names_find(clawback_names, word(&line));
	t->on_dispute = (enum clawback)names_find(clawback_names, word(&line));
	t->on_churn = (enum clawback)names_find(clawback_names, word(&line));
	t->reverse_when_disputed = str_is(word(&line), "reverse");
}

static void read_fact(struct str s, struct case_facts *f)
{
	static const char *const states[] = { "open", "won", "lost", NULL };
	struct str what = word(&s);
	int64_t state = names_find(states, what);

	if (str_is(what, "churn")) {
		/* day 0 is a moment, and 0 says that the customer has not left */
		f->all.churned_at_ms = day(word(&s)) + 1;
	} else if (state >= 0) {
		struct dispute_fact *d = &f->disputes[f->all.dispute_count++];

		d->state = (enum dispute_state)state;
		d->amount_minor = number(word(&s));
		d->at_ms = day(word(&s));
	} else {
		struct refund_fact *r = &f->refunds[f->all.refund_count++];

		r->amount_minor = number(word(&s));
		r->at_ms = day(word(&s));
	}
}

static void run_case(struct ctx *c, const struct terms *t, struct str line, int at)
{
	const struct currency *usd = currency_find(STR("USD"));
	struct str first = str_cut(&line, '|'), facts = str_trim(str_cut(&line, '|'));
	struct str want = str_trim(str_cut(&line, '|')), total = str_trim(str_cut(&line, '|'));
	struct earned e = { 0 };
	struct case_facts f = { 0 };
	struct adjustment a;
	struct buf b;

	e.amount_minor = number(word(&first));
	e.sale_minor = number(word(&first));
	e.reversed_minor = number(word(&first));
	f.all.refunds = f.refunds;
	f.all.disputes = f.disputes;
	while (facts.n > 0)
		read_fact(str_trim(str_cut(&facts, ';')), &f);
	reverse(t, &e, &f.all, &a);
	if (a.reverse_minor != number(word(&want)) || a.target_minor != number(total)
	    || a.hold != (str_find(want, 'h', 0) != SIZE_MAX)
	    || a.too_late != str_starts(want, "late"))
		FAIL("line %d posts %lld, total %lld%s%s", at, (long long)a.reverse_minor,
		     (long long)a.target_minor, a.hold ? " held" : "", a.too_late ? " late" : "");
	EQ(a.refund_minor + a.dispute_minor + a.churn_minor, a.target_minor);
	line = str_trim(line);
	buf_init(&b, c->arena);
	explain_reverse_sentence(&b, &(struct reverse_said){ t, &e, &f.all, &a, usd, usd });
	if (line.n > 0 && !str_eq(buf_text(&b), line))
		FAIL("line %d says\n  %s", at, b.p);
}

static int run_table(struct ctx *c, const char *path, const char *fence)
{
	struct unit_table table = unit_table(c, path, fence);
	struct terms t = { 0 };
	struct str line;
	int cases = 0;

	while (unit_line(&table, &line)) {
		if (str_starts(line, "clawback ")) {
			read_policy(str_slice(line, 9, line.n), &t);
		} else {
			run_case(c, &t, line, table.line);
			cases++;
		}
	}
	return cases;
}

TEST(reversals_are_what_the_table_says)
{
	OK(run_table(c, "tests/cases/rules/reverse.txt", NULL) > 50);
}

TEST(reversals_are_what_the_manual_says)
{
	OK(run_table(c, "docs/RULES.md", "```reversals") >= 7);
}

static uint64_t seed = 7;

static int64_t any(int64_t limit)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (int64_t)((seed >> 33) % (uint64_t)limit);
}

/* Refunds one by one, in any order and some of them twice, end where all at once end. */
TEST(refunds_in_any_order_and_repeated_give_the_same_books)
{
	for (int round = 0; round < 5000; round++) {
		struct terms t = { .clawback_days = (int32_t)any(2) * 90,
			           .on_refund = CLAWBACK_FULL };
		struct refund_fact all[6], seen[6];
		size_t count = 1 + (size_t)any(5);
		struct earned e = { .amount_minor = 1 + any(100000),
		                    .sale_minor = 1 + any(1000000) };
		struct reverse_facts at_once = { .refunds = all, .refund_count = count };
		struct adjustment a, whole;

		if (any(2) && t.clawback_days)
			t.on_refund = CLAWBACK_PRORATED;
		for (size_t i = 0; i < count; i++)
			all[i] = (struct refund_fact){ any(e.sale_minor) + 1,
			                               any(100 * MS_PER_DAY) };
		reverse(&t, &e, &at_once, &whole);

		size_t order = (size_t)any((int64_t)count);

		for (size_t i = 0; i < count; i++) {
			struct reverse_facts so_far = { .refunds = seen, .refund_count = i + 1 };

			seen[i] = all[(i + order) % count];
			for (int again = 0; again < 2; again++) {
				reverse(&t, &e, &so_far, &a);
				OK(a.reverse_minor >= 0);
				OK(again == 0 || a.reverse_minor == 0);
				e.reversed_minor += a.reverse_minor;
			}
		}
		EQ(e.reversed_minor, whole.target_minor);
	}
}

TEST(refunding_all_of_a_sale_leaves_nothing_of_any_part)
{
	const struct terms t = { .on_refund = CLAWBACK_FULL };

	for (int round = 0; round < 5000; round++) {
		int64_t sale = 1 + any(1000000), left = sale;
		struct earned e = { .amount_minor = 1 + any(50000), .sale_minor = sale };
		struct refund_fact refunds[4];
		struct reverse_facts f = { .refunds = refunds };
		struct adjustment a;

		for (size_t i = 0; i < 4; i++) {
			int64_t part = i == 3 ? left : any(left + 1);

			refunds[f.refund_count++] = (struct refund_fact){ part, MS_PER_DAY };
			left -= part;
			reverse(&t, &e, &f, &a);
			e.reversed_minor += a.reverse_minor;
		}
		EQ(e.reversed_minor, e.amount_minor);
	}
}

static void swap_any(void *list, size_t count, size_t size)
{
	char *all = list, kept[64];
	size_t i = (size_t)any((int64_t)count), k = (size_t)any((int64_t)count);

	memcpy(kept, all + i * size, size);
	memmove(all + i * size, all + k * size, size);
	memcpy(all + k * size, kept, size);
}

static struct terms any_policy(void)
{
	return (struct terms){ .clawback_days = (int32_t)(1 + any(120)),
		               .on_refund = (enum clawback)any(3),
		               .on_dispute = (enum clawback)any(3),
		               .on_churn = (enum clawback)any(3),
		               .reverse_when_disputed = any(2) };
}

TEST(refunds_and_disputes_count_the_same_in_whatever_order_they_are_known)
{
	for (int round = 0; round < 5000; round++) {
		const struct terms t = any_policy();
		struct refund_fact refunds[4];
		struct dispute_fact disputes[3];
		const struct earned e = { .amount_minor = 1 + any(100000),
			                  .sale_minor = 1 + any(100000) };
		const struct reverse_facts f = { refunds, 4, disputes, 3, any(2) * any(MS_PER_DAY) };
		struct adjustment a, other;

		for (size_t i = 0; i < 4; i++)
			refunds[i] = (struct refund_fact){ any(50000), any(150 * MS_PER_DAY) };
		for (size_t i = 0; i < 3; i++)
			disputes[i] = (struct dispute_fact){ (enum dispute_state)any(3), any(50000),
				                             any(150 * MS_PER_DAY) };
		reverse(&t, &e, &f, &a);
		swap_any(refunds, 4, sizeof(refunds[0]));
		swap_any(refunds, 4, sizeof(refunds[0]));
		swap_any(disputes, 3, sizeof(disputes[0]));
		reverse(&t, &e, &f, &other);
		EQ(other.target_minor, a.target_minor);
		EQ(other.hold, a.hold);
	}
}

TEST(a_refund_in_parts_takes_back_what_the_whole_does)
{
	for (int round = 0; round < 5000; round++) {
		const struct terms t = any_policy();
		struct earned e = { .amount_minor = 1 + any(100000),
			            .sale_minor = 1 + any(100000) };
		int64_t amount = any(e.sale_minor + 1), first = any(amount + 1);
		int64_t at = any(150 * MS_PER_DAY);
		const struct refund_fact whole = { amount, at };
		const struct refund_fact parts[] = { { first, at }, { amount - first, at } };
		const struct reverse_facts once = { .refunds = &whole, .refund_count = 1 };
		struct reverse_facts twice = { .refunds = parts, .refund_count = 1 };
		struct adjustment a, part;

		reverse(&t, &e, &once, &a);
		for (; twice.refund_count <= 2; twice.refund_count++) {
			reverse(&t, &e, &twice, &part);
			e.reversed_minor += part.reverse_minor;
		}
		EQ(e.reversed_minor, a.target_minor);
	}
}

TEST(the_rules_own_example_reverses_8_25_and_then_16_50)
{
	const struct terms t = { .on_refund = CLAWBACK_FULL };
	const struct currency *usd = currency_find(STR("USD"));
	struct refund_fact refunds[] = { { 3300, 5 }, { 6600, 9 } };
	struct earned e = { .amount_minor = 2475, .sale_minor = 9900 };
	struct reverse_facts f = { .refunds = refunds, .refund_count = 1 };
	struct adjustment a;
	struct buf b;

	reverse(&t, &e, &f, &a);
	EQ(a.reverse_minor, 825);
	buf_init(&b, c->arena);
	explain_reverse_sentence(&b, &(struct reverse_said){ &t, &e, &f, &a, usd, usd });
	EQ_STR(buf_text(&b), "-8.25 USD: 33.00 USD of 99.00 USD was refunded;"
	                     " reversed in total 8.25 USD of 24.75 USD.");
	e.reversed_minor = 825;
	f.refund_count = 2;
	reverse(&t, &e, &f, &a);
	EQ(a.reverse_minor, 1650);
	buf_init(&b, c->arena);
	explain_reverse_json(&b, &(struct reverse_said){ &t, &e, &f, &a, usd, usd });
	EQ_STR(buf_text(&b),
	       "{\"sentence\":\"-16.50 USD: 99.00 USD of 99.00 USD was refunded;"
	       " reversed in total 24.75 USD of 24.75 USD.\",\"steps\":["
	       "{\"step\":\"refunds\",\"commission\":2475,\"of\":9900,\"policy\":\"full\","
	       "\"from_at\":\"1970-01-01T00:00:00.000Z\",\"refunded\":9900,\"counted\":9900,"
	       "\"each\":[{\"amount\":3300,\"at\":\"1970-01-01T00:00:00.005Z\"},"
	       "{\"amount\":6600,\"at\":\"1970-01-01T00:00:00.009Z\"}],\"result\":2475},"
	       "{\"step\":\"disputes\",\"result\":0},"
	       "{\"step\":\"churn\",\"result\":0},{\"step\":\"target\",\"result\":2475},"
	       "{\"step\":\"post\",\"reversed_before\":825,\"result\":1650,\"currency\":\"USD\"}]}");
}

TEST(the_largest_sale_and_the_longest_window_do_not_overflow)
{
	const struct terms t = { .clawback_days = 3650, .on_refund = CLAWBACK_PRORATED };
	struct refund_fact r = { MONEY_MAX_MINOR, MS_PER_DAY };
	struct earned e = { .amount_minor = MONEY_MAX_MINOR, .sale_minor = MONEY_MAX_MINOR };
	struct reverse_facts f = { .refunds = &r, .refund_count = 1 };
	struct adjustment a;

	reverse(&t, &e, &f, &a);
	EQ(a.target_minor, 999726027397260); /* 10^15 * 3649 / 3650 */
}

TEST(what_has_no_amount_is_taken_off_the_counters_as_a_whole)
{
	const struct counters added = { .projects = 1, .customers = 1 };

	EQ(reverse_counters(&added, 0, 1).projects, 0);
	EQ(reverse_counters(&added, 1, 1).projects, 1);
	EQ(reverse_counters(&added, 1, 1).customers, 1);
	EQ(reverse_counters(&added, 0, 0).customers, 0);
}

TEST(what_is_taken_off_the_counters_in_parts_adds_up_to_what_the_sale_added)
{
	for (int round = 0; round < 5000; round++) {
		int64_t sale = 1 + any(100000), gone = any(sale);
		const struct counters added = { .revenue_minor = any(sale), .sales = 1,
			                        .customers = any(2), .projects = 3 };
		struct counters part = reverse_counters(&added, gone, sale);
		struct counters whole = reverse_counters(&added, sale, sale);

		OK(part.revenue_minor >= 0 && part.revenue_minor <= added.revenue_minor);
		EQ(part.sales, 0);
		EQ(part.customers, 0);
		EQ(whole.revenue_minor, added.revenue_minor);
		EQ(whole.sales, 1);
		EQ(whole.customers, added.customers);
		EQ(part.projects, 0);
		EQ(whole.projects, 3);
	}
}
