/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fx_rate.h"

#include "base/check.h"
#include "base/clock.h"

#include <stdatomic.h>

static _Atomic int64_t last_seen;

static const struct field fields[] = {
	FIELD(struct fx_rate, currency, .flags = OUT),
	FIELD(struct fx_rate, day, .flags = 0),
	FIELD(struct fx_rate, rate, .flags = 0),
};

const struct model fx_rate_model = MODEL("fx_rate", fields);

/* The bound keeps it from walking all days of one currency when the other has no rates. */
static const struct sql SQL_PAIR = {
	.text = "SELECT one.day, one.rate, other.rate FROM fx_rate AS one JOIN fx_rate AS other"
	        " ON other.currency = $2 AND other.day = one.day"
	        " WHERE one.currency = $1 AND one.day <= (SELECT MAX(last.day) FROM fx_rate AS last"
	        " WHERE last.currency = $2 AND last.day <= $3) ORDER BY one.day DESC LIMIT 1",
	.control = true,
	.global = true,
};

bool fx_rate_find(struct ctx *c, const struct currency *from, const struct currency *to,
                  int64_t day, struct fx *out)
{
	struct rows r;

	*out = (struct fx){ from, to, FX_SCALE, FX_SCALE, 0 };
	if (from == to)
		return true;
	if (!db_query(c, &SQL_PAIR,
	              ARGS(val_str(str_from(from->code)), val_str(str_from(to->code)),
	                   val_int(day)), &r))
		return false;
	if (r.count == 0) {
		*out = (struct fx){ 0 };
		return true;
	}
	out->day = (int32_t)rows_int(&r, 0, 0);
	out->from_rate = rows_int(&r, 0, 1);
	out->to_rate = rows_int(&r, 0, 2);
	return true;
}

bool fx_rate_missing(struct ctx *c, const char *field, const struct currency *cur, int64_t day)
{
	struct str text = fx_day_text(c->arena, day);

	if (!cur)
		return fail(c, ERR_NOT_FOUND, field, "there are no exchange rates on or before %.*s",
		            STR_ARG(text));
	return fail(c, ERR_NOT_FOUND, field, "there is no exchange rate of %s on or before %.*s",
	            cur->code, STR_ARG(text));
}

static const struct sql SQL_DAY_OF = {
	.text = "SELECT MAX(day) FROM fx_rate WHERE currency = $1 AND day <= $2",
	.control = true,
	.global = true,
};

static const struct sql SQL_ONE = {
	.text = "SELECT @columns FROM fx_rate WHERE currency = $1 AND day = $2",
	.model = &fx_rate_model,
	.control = true,
	.global = true,
};

/* The recursion walks from one currency to the next instead of over all rates there are. */
static const struct sql SQL_ALL = {
	.text = "WITH RECURSIVE code (currency) AS (SELECT MIN(currency) FROM fx_rate UNION ALL"
	        " SELECT (SELECT MIN(f.currency) FROM fx_rate AS f WHERE f.currency > code.currency)"
	        " FROM code WHERE code.currency IS NOT NULL)"
	        " SELECT fx_rate.currency, fx_rate.day, fx_rate.rate FROM code JOIN fx_rate"
	        " ON fx_rate.currency = code.currency AND fx_rate.day = $1 ORDER BY fx_rate.currency",
	.model = &fx_rate_model,
	.control = true,
	.global = true,
};

bool fx_rate_of_day(struct ctx *c, struct str currency, int64_t day, struct list *out)
{
	struct str code = currency.n > 0 ? currency : STR("EUR");
	int64_t found;

	*out = (struct list){ 0 };
	if (!db_int(c, &SQL_DAY_OF, ARGS(val_str(code), val_int(day)), &found))
		return false;
	if (found == 0)
		return true;
	if (currency.n > 0)
		return db_list(c, &SQL_ONE, ARGS(val_str(code), val_int(found)),
		               sizeof(struct fx_rate), out);
	return db_list(c, &SQL_ALL, ARGS(val_int(found)), sizeof(struct fx_rate), out);
}

static const struct sql SQL_SPAN = {
	.text = "SELECT COUNT(*), MIN(day), MAX(day) FROM fx_rate WHERE currency = 'EUR'",
	.control = true,
	.global = true,
};

bool fx_rate_span(struct ctx *c, struct fx_span *out)
{
	struct rows r;

	if (!db_query(c, &SQL_SPAN, NO_ARGS, &r))
		return false;
	*out = (struct fx_span){ rows_int(&r, 0, 0), rows_int(&r, 0, 1), rows_int(&r, 0, 2) };
	atomic_store(&last_seen, out->last);
	return true;
}

int64_t fx_rate_last_seen(void)
{
	return atomic_load(&last_seen);
}

static const struct sql SQL_KNOWN = {
	.text = "SELECT day, rate FROM fx_rate WHERE currency = $1 AND day BETWEEN $2 AND $3"
	        " ORDER BY day",
	.control = true,
	.global = true,
};

static const struct sql SQL_ADD = {
	.text = "INSERT INTO fx_rate (currency, day, rate) VALUES ($1, $2, $3)",
	.control = true,
	.global = true,
};

/* The rates of one currency, of which those with the known days are there already. */
static bool store_currency(struct ctx *c, const struct ecb_rate *all, size_t count,
                           struct fx_stored *out)
{
	struct str code = str_from(all[0].currency);
	struct rows known;
	size_t at = 0;

	if (!db_query(c, &SQL_KNOWN,
	              ARGS(val_str(code), val_int(all[0].day), val_int(all[count - 1].day)),
	              &known))
		return false;
	for (size_t i = 0; i < count; i++) {
		while (at < known.count && rows_int(&known, at, 0) < all[i].day)
			at++;
		if (at < known.count && rows_int(&known, at, 0) == all[i].day) {
			out->known++;
			out->different += rows_int(&known, at, 1) != all[i].rate;
			continue;
		}
		out->added++;
		if (!db_exec(c, &SQL_ADD,
		             ARGS(val_str(code), val_int(all[i].day), val_int(all[i].rate))))
			return false;
	}
	return true;
}

static void see(struct ctx *c, void *arg)
{
	const int64_t *last = arg;

	(void)c;
	if (*last > atomic_load(&last_seen))
		atomic_store(&last_seen, *last);
}

bool fx_rate_store(struct ctx *c, const struct ecb_rates *rates, struct fx_stored *out)
{
	int64_t *last = ARENA_NEW(c->arena, int64_t);
	size_t from = 0;

	*out = (struct fx_stored){ 0 };
	for (size_t i = 1; i <= rates->count; i++) {
		if (i < rates->count && strcmp(rates->all[i].currency, rates->all[from].currency) == 0)
			continue;
		if (!store_currency(c, rates->all + from, i - from, out))
			return false;
		from = i;
	}
	*last = rates->last;
	ctx_after_commit(c, see, last);
	return true;
}

struct str fx_day_text(struct arena *a, int64_t day)
{
	return date_str(a, date_from_days(day));
}

const struct sql *const fx_rate_sql[] = {
	&SQL_PAIR, &SQL_DAY_OF, &SQL_ONE, &SQL_ALL, &SQL_SPAN, &SQL_KNOWN, &SQL_ADD, NULL,
};
