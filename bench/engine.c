/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "rules/explain.h"

#include <stdio.h>
#include <time.h>

/*
 * How many events a second one core evaluates, and explains. Prints one line per case:
 * name, rate, and the ratio to a plain percentage evaluated (so that runs can be compared
 * across machines).
 */

#define SECONDS_EACH 1

static struct accrual accrued;

struct bench {
	struct terms terms;
	struct credit credits[3];
	struct standing standing;
	struct occurrence event;
};

static void plain(struct bench *b)
{
	b->terms = (struct terms){
		.id = 1,
		.currency = currency_find(STR("USD")),
		.standard = { { REWARD_PERCENTAGE, 250000, 0, NULL }, true, MONTHS_LIFETIME },
		.hold_days = 30,
	};
	b->credits[0] = (struct credit){ .partner_id = 1, .share_ppm = PPM_ONE };
	b->standing = (struct standing){ .credits = b->credits, .credit_count = 1 };
	b->event = (struct occurrence){
		.amount_minor = 9900,
		.currency = b->terms.currency,
		.occurred_at_ms = 1768478400000,
		.is_invoice = true,
	};
}

/* Three tiers, one of them reached, a chain of three, and a cap of each scope. */
static void rich(struct bench *b)
{
	static const struct tier tiers[] = {
		{ 1000000, { .reward = { REWARD_PERCENTAGE, 250000, 0, NULL } } },
		{ 5000000, { .reward = { REWARD_PERCENTAGE, 300000, 0, NULL } } },
		{ 9000000, { .reward = { REWARD_PERCENTAGE, 350000, 0, NULL } } },
	};
	static const struct upline ups[] = {
		{ .partner_id = 11 }, { .partner_id = 12 }, { .partner_id = 13 },
	};

	plain(b);
	b->terms.tiers_by = TIERS_REVENUE;
	b->terms.tiers = tiers;
	b->terms.tier_count = LEN(tiers);
	b->terms.level_count = LEN(ups);
	b->terms.level_ppm[0] = 100000;
	b->terms.level_ppm[1] = 50000;
	b->terms.level_ppm[2] = 20000;
	b->terms.cap_count = 3;
	for (int i = 0; i < 3; i++)
		b->terms.caps[i] = (struct cap){ (enum cap_scope)i, PERIOD_LIFETIME, 100000000 };
	b->credits[0].chain = ups;
	b->credits[0].chain_count = LEN(ups);
	b->credits[0].counters.revenue_minor = 6000000;
}

static void shared(struct bench *b)
{
	static const int64_t shares[] = { 400000, 200000, 400000 };

	plain(b);
	b->standing.credit_count = 3;
	for (int i = 0; i < 3; i++)
		b->credits[i] = (struct credit){ .partner_id = i + 1, .share_ppm = shares[i] };
}

static void evaluate(struct bench *b)
{
	accrue(&b->terms, &b->standing, &b->event, &accrued);
	CHECK(accrued.commission_count > 0);
}

static struct arena arena;

static void explain(struct bench *b)
{
	struct buf text;

	evaluate(b);
	for (size_t i = 0; i < accrued.earning_count; i++) {
		buf_init(&text, &arena);
		explain_json(&text, &b->terms, &accrued, i);
	}
	arena_reset(&arena);
}

/* Of this thread, so that other work on the machine does not count. */
static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static double rate(struct bench *b, void (*run)(struct bench *b))
{
	int64_t start = cpu_ns(), end = start + SECONDS_EACH * 1000000000LL, now;
	int64_t count = 0;

	do {
		for (int i = 0; i < 1000; i++) {
			b->event.amount_minor = 9900 + i;
			run(b);
		}
		count += 1000;
		now = cpu_ns();
	} while (now < end);
	return (double)count * 1e9 / (double)(now - start);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*set)(struct bench *b);
		void (*run)(struct bench *b);
	} cases[] = {
		{ "plain percentage", plain, evaluate },
		{ "tiers, chain of three, three caps", rich, evaluate },
		{ "three shares", shared, evaluate },
		{ "plain percentage, explained", plain, explain },
		{ "tiers, chain, caps, explained", rich, explain },
	};
	static struct bench b;
	double base = 0;

	arena_init(&arena);
	for (size_t i = 0; i < LEN(cases); i++) {
		double r;

		cases[i].set(&b);
		r = rate(&b, cases[i].run);
		base = i == 0 ? r : base;
		printf("engine: %-36s %11.0f /s  ratio %.3f\n", cases[i].name, r, r / base);
	}
	arena_release(&arena);
	return 0;
}
