/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/fx_sum.h"

#include "base/check.h"
#include "base/clock.h"

void fx_sum_begin(const struct ctx *c, struct fx_sum *s, struct str currency)
{
	*s = (struct fx_sum){ .to = currency_find(currency), .today = c->now_ms / MS_PER_DAY };
	CHECK(s->to != NULL);
}

/* *out is NULL without a rate. */
static bool rate_of(struct ctx *c, struct fx_sum *s, struct str code, const struct fx **out)
{
	const struct currency *from = currency_find(code);
	size_t i = 0;

	*out = NULL;
	while (i < s->known_count && s->known[i].from != from)
		i++;
	if (i == FX_SUM_CURRENCIES || !from)
		return true;
	if (i == s->known_count) {
		s->known[i].from = from;
		if (!fx_rate_find(c, from, s->to, s->today, &s->known[i].fx))
			return false;
		s->known_count++;
	}
	if (s->known[i].fx.from)
		*out = &s->known[i].fx;
	return true;
}

bool fx_sum_knows(struct ctx *c, struct fx_sum *s, struct str currency, bool *out)
{
	const struct fx *fx;

	if (!rate_of(c, s, currency, &fx))
		return false;
	*out = fx != NULL;
	return true;
}

bool fx_sum_add(struct ctx *c, struct fx_sum *s, struct str currency, int64_t minor,
                int64_t *total)
{
	const struct fx *fx;
	int64_t converted;

	if (minor == 0)
		return true;
	if (str_is(currency, s->to->code)) {
		*total += minor;
		return true;
	}
	if (!rate_of(c, s, currency, &fx))
		return false;
	if (!fx || !fx_convert(fx, minor, &converted)) {
		s->incomplete = true;
		return true;
	}
	*total += converted;
	s->day = s->day == 0 || fx->day < s->day ? fx->day : s->day;
	return true;
}
