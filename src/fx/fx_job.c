/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fx_job.h"

#include "app.h"
#include "base/clock.h"
#include "base/log.h"
#include "fx/fetch.h"

#include <stdatomic.h>

#define MINUTE_MS 60000
#define PUBLISHED_MS (15 * 60 * MINUTE_MS + 15 * MINUTE_MS) /* 16:15 in winter's Frankfurt */
#define HISTORY_DAYS 250 /* who has fewer has never had the history */
#define QUARTER_DAYS 85  /* what the file of 90 days brings for certain */

const char *const fx_file_names[] = {
	[FX_NONE] = "", [FX_DAILY] = "eurofxref-daily.xml",
	[FX_90_DAYS] = "eurofxref-hist-90d.xml", [FX_HISTORY] = "eurofxref-hist.xml",
};

struct load {
	struct str url;
	struct ecb_rates rates;
};

/* 1970-01-01 was a Thursday. */
static bool is_weekend(int64_t day)
{
	int64_t weekday = (day + 3) % 7;

	return weekday >= 5;
}

/* The newest working day whose rates should be out. */
static int64_t expected(int64_t now_ms)
{
	int64_t day = (now_ms - PUBLISHED_MS) / MS_PER_DAY;

	while (is_weekend(day))
		day--;
	return day;
}

enum fx_file fx_file_wanted(const struct fx_span *span, int64_t now_ms)
{
	int64_t newest = expected(now_ms), missing = 0;

	if (span->last >= newest)
		return FX_NONE;
	if (span->days < HISTORY_DAYS || newest - span->last > QUARTER_DAYS)
		return FX_HISTORY;
	for (int64_t day = span->last + 1; day <= newest; day++)
		missing += !is_weekend(day);
	return missing > 1 ? FX_90_DAYS : FX_DAILY;
}

enum fx_file fx_file_closing(const struct fx_gap *gap, int64_t now_ms)
{
	bool recent = now_ms / MS_PER_DAY - gap->first < QUARTER_DAYS;

	return gap->count == 0             ? FX_NONE
	       : gap->count == 1 && recent ? FX_90_DAYS
	                                   : FX_HISTORY;
}

/* Says what is missing in between. Where nothing is missing at the end, it is tried once a day. */
static bool mind_gaps(struct ctx *c, enum fx_file *file)
{
	static _Atomic int64_t tried_on;
	int64_t today = c->now_ms / MS_PER_DAY;
	struct fx_gap gap;

	if (!fx_gap_find(c, &gap))
		return false;
	if (gap.count == 0)
		return true;
	log_event(LOG_WARN, "exchange rates are missing",
	          LOG_STR("what", fx_gap_text(c->arena, &gap)));
	if (*file == FX_NONE && atomic_exchange(&tried_on, today) != today)
		*file = fx_file_closing(&gap, c->now_ms);
	return true;
}

bool fx_job_take(struct ctx *c, void **load, bool *out_more)
{
	struct str from = app_of(c)->fx_url;
	struct fx_span span;
	enum fx_file file;
	struct load *l;

	*out_more = false;
	if (!fx_rate_span(c, &span))
		return false;
	file = fx_file_wanted(&span, c->now_ms);
	if (!mind_gaps(c, &file))
		return false;
	if (from.n == 0 || file == FX_NONE)
		return true;
	l = ARENA_NEW(c->arena, struct load);
	l->url = arena_printf(c->arena, "%.*s%s%s", STR_ARG(from), str_ends(from, "/") ? "" : "/",
	                      fx_file_names[file]);
	*load = l;
	return true;
}

bool fx_job_send(struct ctx *c, void *load)
{
	struct load *l = load;
	struct str text;

	return fetch(c, l->url, ECB_BYTES_MAX, &text) && ecb_parse(c, text, &l->rates);
}

bool fx_job_settle(struct ctx *c, void *load)
{
	struct load *l = load;
	struct fx_stored stored;

	if (!fx_rate_store(c, &l->rates, &stored))
		return false;
	log_event(stored.different > 0 ? LOG_WARN : LOG_INFO, "exchange rates fetched",
	          LOG_STR("url", l->url), LOG_INT("added", stored.added),
	          LOG_INT("known", stored.known), LOG_INT("different", stored.different));
	return true;
}
