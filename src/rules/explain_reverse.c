/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/dispute.h"
#include "rules/explain.h"
#include "rules/write.h"

#define EACH_MAX 16 /* so many refunds or disputes are listed one by one */

static int64_t disputed(const struct reverse_said *r, const struct dispute_fact *d)
{
	return d->amount_minor && d->amount_minor < r->earned->sale_minor ? d->amount_minor
	                                                                  : r->earned->sale_minor;
}

/* ---- The sentence. */

/* ", of which 60/90 counts", where the days of the window decide how much does */
static void put_part(struct buf *b, struct reverse_claim c)
{
	if (c.numerator == c.denominator)
		return;
	buf_puts(b, ", of which ");
	buf_int(b, c.numerator);
	buf_char(b, '/');
	buf_int(b, c.denominator);
	buf_puts(b, " counts");
}

/* ", of which 81/90 counts", or, of several sums, ", of which 18.00 USD counts" */
static void put_counted(struct buf *b, const struct reverse_said *r)
{
	const struct adjustment *a = r->adjustment;
	const struct reverse_facts *f = r->facts;
	struct reverse_claim c = reverse_claim(r->terms, r->terms->on_refund, r->earned,
	                                       f->refunds[0].at_ms);

	if (f->refund_count == 1) {
		put_part(b, c);
		return;
	}
	if (a->counted_minor == a->refunded_minor)
		return;
	buf_puts(b, ", of which ");
	buf_money(b, a->counted_minor, r->sale_cur);
	buf_puts(b, " counts");
}

static void put_refunds(struct buf *b, const struct reverse_said *r)
{
	if (!r->sale_cur) {
		buf_puts(b, "its event was taken back");
		return;
	}
	buf_money(b, r->adjustment->refunded_minor, r->sale_cur);
	buf_puts(b, " of ");
	buf_money(b, r->earned->sale_minor, r->sale_cur);
	buf_puts(b, " was refunded");
	put_counted(b, r);
}

/* "the customer left with 60 of 90 days to go", where those decide */
static void put_churn(struct buf *b, const struct reverse_said *r)
{
	struct reverse_claim c = reverse_claim(r->terms, r->terms->on_churn, r->earned,
	                                       r->facts->churned_at_ms);

	buf_puts(b, "the customer left");
	if (c.numerator == c.denominator)
		return;
	buf_puts(b, " with ");
	buf_int(b, c.numerator);
	buf_puts(b, " of ");
	buf_int(b, c.denominator);
	buf_puts(b, " days to go");
}

/* "a dispute over 33.00 USD was lost", "the payment is disputed" */
static void put_dispute(struct buf *b, const struct reverse_said *r, const struct dispute_fact *d)
{
	bool lost = d->state == DISPUTE_LOST;

	if (!r->sale_cur) {
		buf_puts(b, lost ? "a dispute about it was lost" : "it is disputed");
	} else {
		buf_puts(b, lost ? "a dispute over " : "");
		buf_money(b, disputed(r, d), r->sale_cur);
		buf_puts(b, lost ? " was lost" : " is disputed");
	}
	put_part(b, reverse_claim(r->terms, r->terms->on_dispute, r->earned, d->at_ms));
}

static void put_disputes(struct buf *b, const struct reverse_said *r, const char *sep)
{
	const struct reverse_facts *f = r->facts;

	for (size_t i = 0; i < f->dispute_count && i < EACH_MAX; i++) {
		const struct dispute_fact *d = &f->disputes[i];

		if (!reverse_takes(r->terms, d)
		    || reverse_claim(r->terms, r->terms->on_dispute, r->earned, d->at_ms).numerator == 0)
			continue;
		buf_puts(b, sep);
		put_dispute(b, r, d);
		sep = ", ";
	}
}

/* "-8.25 USD: 33.00 USD of 99.00 USD was refunded; reversed in total 8.25 USD of 24.75 USD." */
static void put_causes(struct buf *b, const struct reverse_said *r)
{
	const struct adjustment *a = r->adjustment;
	const char *sep = ": ";

	if (a->refund_minor > 0) {
		buf_puts(b, sep);
		put_refunds(b, r);
		sep = ", ";
	}
	if (a->dispute_minor > 0) {
		put_disputes(b, r, sep);
		sep = ", ";
	}
	if (a->churn_minor > 0) {
		buf_puts(b, sep);
		put_churn(b, r);
	}
}

void explain_reverse_sentence(struct buf *b, const struct reverse_said *r)
{
	const struct adjustment *a = r->adjustment;

	if (a->reverse_minor == 0) {
		buf_puts(b, a->target_minor > 0 ? "Nothing more is taken back"
		            : a->too_late
		                ? "Nothing is taken back: the clawback window is over"
		            : a->hold           ? "Held until the dispute is decided"
		                                : "Nothing is taken back");
	} else {
		buf_money(b, -a->reverse_minor, r->cur);
		if (a->reverse_minor < 0)
			buf_puts(b, " is given back");
		else
			put_causes(b, r);
	}
	if (a->target_minor > 0) {
		buf_puts(b, "; reversed in total ");
		buf_money(b, a->target_minor, r->cur);
		buf_puts(b, " of ");
		buf_money(b, r->earned->amount_minor, r->cur);
	}
	if (a->hold && (a->reverse_minor != 0 || a->target_minor > 0))
		buf_puts(b, "; what is left is held until the dispute is decided");
	buf_char(b, '.');
}

/* ---- The steps. */

static void put_policy(struct buf *b, const struct reverse_said *r, enum clawback policy)
{
	write_name(b, "policy", clawback_names[policy]);
	if (r->terms->clawback_days > 0)
		write_int(b, "window_days", r->terms->clawback_days);
	write_time(b, "from_at", r->earned->occurred_at_ms);
}

/* When it was, and how many days of the window were still to come; 0: it was over. */
static void put_at(struct buf *b, const struct reverse_said *r, int64_t at_ms)
{
	write_time(b, "at", at_ms);
	if (r->terms->clawback_days > 0)
		write_int(b, "left",
		          reverse_claim(r->terms, CLAWBACK_FULL, r->earned, at_ms).left_days);
}

/* What is not listed, in one sum: minor units times the days of the window that count. */
static void put_more(struct buf *b, size_t count, int64_t units)
{
	if (count <= EACH_MAX)
		return;
	write_int(b, "more", (int64_t)(count - EACH_MAX));
	write_int(b, "more_units", units);
}

static int64_t plus(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static void put_refunds_step(struct buf *b, const struct reverse_said *r)
{
	const struct reverse_facts *f = r->facts;
	enum clawback policy = r->terms->on_refund;
	int64_t units = 0;

	buf_puts(b, "{\"step\":\"refunds\"");
	write_int(b, "commission", r->earned->amount_minor);
	write_int(b, "of", r->earned->sale_minor);
	if (f->refund_count > 0) {
		put_policy(b, r, policy);
		write_int(b, "refunded", r->adjustment->refunded_minor);
		write_int(b, "counted", r->adjustment->counted_minor);
		buf_puts(b, ",\"each\":[");
		for (size_t i = 0; i < f->refund_count; i++) {
			const struct refund_fact *x = &f->refunds[i];

			if (i >= EACH_MAX) {
				units = plus(units, reverse_units(r->terms, r->earned, x->amount_minor,
				                 reverse_claim(r->terms, policy, r->earned, x->at_ms)));
				continue;
			}
			buf_puts(b, i ? ",{\"amount\":" : "{\"amount\":");
			buf_int(b, x->amount_minor);
			put_at(b, r, x->at_ms);
			buf_char(b, '}');
		}
		buf_char(b, ']');
		put_more(b, f->refund_count, units);
	}
	write_int(b, "result", r->adjustment->refund_minor);
	buf_char(b, '}');
}

static void put_one_dispute(struct buf *b, const struct reverse_said *r,
                            const struct dispute_fact *d)
{
	buf_puts(b, "{\"status\":\"");
	buf_puts(b, dispute_state_names[d->state]);
	buf_char(b, '"');
	write_int(b, "amount", disputed(r, d));
	put_at(b, r, d->at_ms);
	buf_char(b, '}');
}

static void put_disputes_step(struct buf *b, const struct reverse_said *r)
{
	const struct reverse_facts *f = r->facts;
	enum clawback policy = r->terms->on_dispute;
	int64_t units = 0;

	buf_puts(b, ",{\"step\":\"disputes\"");
	if (f->dispute_count > 0) {
		put_policy(b, r, policy);
		write_name(b, "opened", r->terms->reverse_when_disputed ? "reverse" : "hold");
		buf_puts(b, ",\"each\":[");
		for (size_t i = 0; i < f->dispute_count; i++) {
			const struct dispute_fact *d = &f->disputes[i];

			if (i < EACH_MAX) {
				buf_puts(b, i ? "," : "");
				put_one_dispute(b, r, d);
			} else if (reverse_takes(r->terms, d)) {
				units = plus(units, reverse_units(r->terms, r->earned, disputed(r, d),
				                 reverse_claim(r->terms, policy, r->earned, d->at_ms)));
			}
		}
		buf_char(b, ']');
		put_more(b, f->dispute_count, units);
	}
	write_int(b, "result", r->adjustment->dispute_minor);
	buf_char(b, '}');
}

static void put_churn_step(struct buf *b, const struct reverse_said *r)
{
	const struct adjustment *a = r->adjustment;

	buf_puts(b, ",{\"step\":\"churn\"");
	if (r->facts->churned_at_ms != 0) {
		put_policy(b, r, r->terms->on_churn);
		put_at(b, r, r->facts->churned_at_ms);
		write_int(b, "of", r->earned->amount_minor - a->refund_minor - a->dispute_minor);
	}
	write_int(b, "result", a->churn_minor);
	buf_char(b, '}');
}

void explain_reverse_json(struct buf *b, const struct reverse_said *r)
{
	const struct adjustment *a = r->adjustment;
	struct buf sentence;

	buf_init(&sentence, b->arena);
	explain_reverse_sentence(&sentence, r);
	buf_puts(b, "{\"sentence\":");
	write_text(b, buf_text(&sentence));
	buf_puts(b, ",\"steps\":[");
	put_refunds_step(b, r);
	put_disputes_step(b, r);
	put_churn_step(b, r);
	buf_puts(b, ",{\"step\":\"target\"");
	write_int(b, "result", a->target_minor);
	buf_puts(b, "},{\"step\":\"post\"");
	write_int(b, "reversed_before", r->earned->reversed_minor);
	write_int(b, "result", a->reverse_minor);
	write_name(b, "currency", r->cur->code);
	buf_puts(b, "}]}");
}
