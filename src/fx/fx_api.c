/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fx_api.h"

#include "api/api.h"
#include "base/check.h"
#include "base/clock.h"
#include "data/form.h"
#include "data/json_out.h"
#include "fx/fx_rate.h"

static bool only_known(struct ctx *c, const struct req *q)
{
	for (size_t i = 0; i < q->query.count; i++) {
		struct str name = q->query.fields[i].name;

		if (!str_is(name, "currency") && !str_is(name, "date"))
			return fail(c, ERR_INVALID, arena_cstr(c->arena, name),
			            "there is no such parameter");
	}
	return true;
}

static bool read_day(struct ctx *c, const struct req *q, int64_t *out)
{
	struct str text = { 0 };
	struct date date;

	*out = c->now_ms / MS_PER_DAY;
	if (!form_get_str(c, &q->query, "date", MAY(1, 10), &text))
		return false;
	if (text.n == 0)
		return true;
	if (!date_parse(text, &date))
		return fail(c, ERR_INVALID, "date", "must be a day like 2026-01-15");
	*out = date_to_days(date);
	return true;
}

static void put_rate(struct ctx *c, struct buf *b, const struct fx_rate *rate)
{
	struct buf text;

	buf_init(&text, c->arena);
	fx_rate_put(&text, rate->rate);
	jw_object(b);
	jw_key_str(b, "object", STR("fx_rate"));
	jw_key_str(b, "currency", rate->currency);
	jw_key_str(b, "date", fx_day_text(c->arena, rate->day));
	jw_key_str(b, "rate", buf_text(&text));
	jw_object_end(b);
}

bool fx_api_rates(struct ctx *c, const struct req *q, struct res *r)
{
	const struct currency *cur = NULL;
	struct list rates;
	struct buf b;
	int64_t day;

	if (!only_known(c, q) || !form_get_currency(c, &q->query, "currency", MAY(0, 0), &cur)
	    || !read_day(c, q, &day)
	    || !fx_rate_of_day(c, cur ? str_from(cur->code) : STR(""), day, &rates))
		return false;
	if (rates.count == 0)
		return fx_rate_missing(c, cur ? "currency" : "date", cur, day);
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("list"));
	jw_key_str(&b, "url", STR("/api/v1/fx/rates"));
	jw_key_bool(&b, "has_more", false);
	jw_key(&b, "data");
	jw_array(&b);
	for (size_t i = 0; i < rates.count; i++)
		put_rate(c, &b, (const struct fx_rate *)rates.items + i);
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}
