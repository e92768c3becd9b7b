/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "cli/cmd.h"
#include "fx/fx_gap.h"
#include "fx/fx_rate.h"

struct loaded {
	struct ecb_rates rates;
	struct fx_stored stored;
};

/* Days that are missing between others are worth a word, whatever was asked for. */
static bool warn_of_gap(struct ctx *c, struct cli *l)
{
	struct fx_gap gap;
	struct str text;

	if (!fx_gap_find(c, &gap))
		return false;
	text = fx_gap_text(c->arena, &gap);
	if (gap.count > 0)
		buf_printf(&l->err, "partnerd: there are %.*s: load eurofxref-hist.xml\n",
		           STR_ARG(text));
	return true;
}

static bool load(struct ctx *c, struct cli *l, void *arg)
{
	struct loaded *out = arg;

	return ecb_parse(c, cli_value(l, "file"), &out->rates)
	       && fx_rate_store(c, &out->rates, &out->stored) && warn_of_gap(c, l);
}

int cmd_fx_load(struct cli *l)
{
	struct loaded got;

	if (!cli_do(l, &(struct cli_task){ WORK_CONTROL_WRITE, 0, load, &got }))
		return CLI_FAILED;
	buf_printf(&l->out, "fx: %lld rates stored, %lld known before, %zu days from %.*s to %.*s\n",
	           (long long)got.stored.added, (long long)got.stored.known, got.rates.days,
	           STR_ARG(fx_day_text(l->arena, got.rates.first)),
	           STR_ARG(fx_day_text(l->arena, got.rates.last)));
	if (got.stored.different > 0)
		buf_printf(&l->err, "partnerd: %lld of them differ from what is stored, which stays\n",
		           (long long)got.stored.different);
	return CLI_OK;
}

/* --date, or today. */
static bool day_of(struct ctx *c, struct cli *l, int64_t *out)
{
	struct date date;

	*out = c->now_ms / MS_PER_DAY;
	if (!cli_given(l, "date"))
		return true;
	if (!date_parse(cli_value(l, "date"), &date))
		return fail(c, ERR_INVALID, "date", "--date is not a day like 2026-01-15");
	*out = date_to_days(date);
	return true;
}

static bool show(struct ctx *c, struct cli *l, void *arg)
{
	struct str code = cli_value(l, "currency");
	const struct currency *cur = NULL;
	struct list rates;
	int64_t day;

	(void)arg;
	if (code.n > 0 && !(cur = currency_find(code)))
		return fail(c, ERR_INVALID, "currency", "is not an ISO 4217 currency");
	if (!day_of(c, l, &day)
	    || !fx_rate_of_day(c, cur ? str_from(cur->code) : STR(""), day, &rates))
		return false;
	if (rates.count == 0)
		return fx_rate_missing(c, cur ? "currency" : "date", cur, day);
	for (size_t i = 0; i < rates.count; i++) {
		const struct fx_rate *r = (const struct fx_rate *)rates.items + i;

		buf_printf(&l->out, "%.*s\t%.*s\t", STR_ARG(fx_day_text(c->arena, r->day)),
		           STR_ARG(r->currency));
		fx_rate_put(&l->out, r->rate);
		buf_char(&l->out, '\n');
	}
	return warn_of_gap(c, l);
}

int cmd_fx_show(struct cli *l)
{
	return cli_do(l, &(struct cli_task){ WORK_CONTROL_READ, 0, show, NULL }) ? CLI_OK
	                                                                        : CLI_FAILED;
}
