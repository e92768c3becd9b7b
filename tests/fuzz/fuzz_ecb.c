/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"
#include "base/clock.h"
#include "fuzz.h"
#include "fx/ecb.h"
#include "rules/fx.h"

/* The same rates as a file, each in a day of its own: they are sorted by currency. */
static struct str print(struct ctx *c, const struct ecb_rates *r, const char *currency)
{
	struct buf b;

	buf_init(&b, c->arena);
	buf_puts(&b, "<Envelope><Cube>");
	for (size_t i = 0; i < r->count; i++) {
		struct date d = date_from_days(r->all[i].day);

		if (strcmp(r->all[i].currency, currency) != 0)
			continue;
		buf_printf(&b, "<Cube time='%04d-%02d-%02d'><Cube currency='%s' rate='", d.year,
		           d.month, d.day, currency);
		fx_rate_put(&b, r->all[i].rate);
		buf_puts(&b, "'/></Cube>");
	}
	buf_puts(&b, "</Cube></Envelope>");
	return buf_text(&b);
}

static void check_order(const struct ecb_rates *r)
{
	for (size_t i = 0; i < r->count; i++) {
		const struct ecb_rate *e = &r->all[i];
		int order = i > 0 ? strcmp(e[-1].currency, e->currency) : -1;

		CHECK(e->rate > 0 && e->day >= r->first && e->day <= r->last);
		CHECK(order < 0 || (order == 0 && e[-1].day < e->day));
	}
}

FUZZ
{
	struct ecb_rates first, second;
	const char *last;

	if (refused(c, ecb_parse(c, text, &first)))
		return;
	CHECK(first.count > first.days && first.days > 0);
	check_order(&first);
	last = first.all[first.count - 1].currency;
	if (strcmp(last, "EUR") == 0)
		last = first.all[0].currency;
	CHECK(ecb_parse(c, print(c, &first, last), &second));
	CHECK(second.count == 2 * second.days);
	for (size_t i = 0; i < second.count; i++)
		CHECK(strcmp(second.all[i].currency, "EUR") == 0
		      || strcmp(second.all[i].currency, last) == 0);
}
