/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fx_api.h"
#include "api/call.h"
#include "fx/fx_rate.h"

static void publish(struct ctx *c, struct store *s)
{
	struct ecb_rates rates;
	struct fx_stored stored;

	OK(ecb_parse(c, unit_file(c, "tests/cases/fx/history.xml"), &rates));
	OK(fixture_write(c, s, 0));
	OK(fx_rate_store(c, &rates, &stored));
	OK(fixture_commit(c, s));
}

static const json_t *first(struct ctx *c, const char *query, size_t count)
{
	json_t *list = json_object_get(call(c, &(struct call){ fx_api_rates, .query = query }, 200),
	                               "data");

	EQ(json_array_size(list), count);
	return json_array_get(list, 0);
}

STORE_TEST(rates_can_be_asked_for_by_day_and_currency)
{
	const json_t *r;

	publish(c, s);
	OK(call_begin(c, s, 1));
	r = first(c, "currency=jpy&date=2026-01-12", 1);
	EQ_STR(said(r, "currency"), "JPY");
	EQ_STR(said(r, "date"), "2026-01-09");
	EQ_STR(said(r, "rate"), "165");
	EQ_STR(said(first(c, "date=2026-01-09", 4), "rate"), "1.9558");
	EQ_STR(said(first(c, "", 4), "date"), "2026-01-14");
	REFUSES((&(struct call){ fx_api_rates, .query = "currency=CHF" }), ERR_NOT_FOUND, "currency");
	REFUSES((&(struct call){ fx_api_rates, .query = "date=2026-01-08" }), ERR_NOT_FOUND, "date");
	REFUSES((&(struct call){ fx_api_rates, .query = "currency=XYZ" }), ERR_INVALID, "currency");
	REFUSES((&(struct call){ fx_api_rates, .query = "date=soon" }), ERR_INVALID, "date");
	REFUSES((&(struct call){ fx_api_rates, .query = "day=2026-01-09" }), ERR_INVALID, "day");
	OK(call_end(c, s));
}
