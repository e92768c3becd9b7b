/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain.h"
#include "rules/write.h"

struct reversal {
	const struct earned *earned;
	const struct adjustment *adjustment;
	const struct currency *cur, *sale_cur;
};

/* "-8.25 USD: 33.00 USD of 99.00 USD was refunded; reversed in total 8.25 USD of 24.75 USD." */
static void put_causes(struct buf *b, const struct reversal *r)
{
	const struct adjustment *a = r->adjustment;
	const char *sep = ": ";

	if (a->refund_minor > 0 && !r->sale_cur) {
		buf_puts(b, sep);
		buf_puts(b, "its event was taken back");
		sep = ", ";
	} else if (a->refund_minor > 0) {
		buf_puts(b, sep);
		buf_money(b, a->refunded_minor, r->sale_cur);
		buf_puts(b, " of ");
		buf_money(b, r->earned->sale_minor, r->sale_cur);
		buf_puts(b, " was refunded");
		sep = ", ";
	}
	if (a->dispute_minor > 0) {
		buf_puts(b, sep);
		buf_puts(b, r->sale_cur ? "the payment is disputed" : "it is disputed");
		sep = ", ";
	}
	if (a->churn_minor > 0) {
		buf_puts(b, sep);
		buf_puts(b, "the customer left");
	}
}

static void put_sentence(struct buf *b, const struct reversal *r)
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

void explain_reverse_sentence(struct buf *b, const struct earned *e, const struct adjustment *a,
                              const struct currency *cur, const struct currency *sale_cur)
{
	put_sentence(b, &(struct reversal){ e, a, cur, sale_cur });
}

void explain_reverse_json(struct buf *b, const struct earned *e, const struct adjustment *a,
                          const struct currency *cur, const struct currency *sale_cur)
{
	struct buf sentence;

	buf_init(&sentence, b->arena);
	explain_reverse_sentence(&sentence, e, a, cur, sale_cur);
	buf_puts(b, "{\"sentence\":");
	write_text(b, buf_text(&sentence));
	buf_puts(b, ",\"steps\":[{\"step\":\"refunds\"");
	write_int(b, "commission", e->amount_minor);
	if (sale_cur) {
		write_int(b, "refunded", a->refunded_minor);
		write_int(b, "of", e->sale_minor);
	}
	write_int(b, "result", a->refund_minor);
	buf_puts(b, "},{\"step\":\"disputes\"");
	write_int(b, "result", a->dispute_minor);
	buf_puts(b, "},{\"step\":\"churn\"");
	write_int(b, "result", a->churn_minor);
	buf_puts(b, "},{\"step\":\"target\"");
	write_int(b, "result", a->target_minor);
	buf_puts(b, "},{\"step\":\"post\"");
	write_int(b, "reversed_before", e->reversed_minor);
	write_int(b, "result", a->reverse_minor);
	write_name(b, "currency", cur->code);
	buf_puts(b, "}]}");
}
