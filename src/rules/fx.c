/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fx.h"
#include "base/check.h"

__extension__ typedef __int128 wide;

#define RATE_DECIMALS 8
#define RATE_MAX (1000000000 * FX_SCALE)

bool fx_rate_parse(struct str s, int64_t *out_rate)
{
	struct str rest = s, whole = str_cut(&rest, '.');
	int64_t rate = 0;

	if (whole.n == 0 || whole.n > 9 || rest.n > RATE_DECIMALS || (whole.n < s.n && rest.n == 0))
		return false;
	for (size_t i = 0; i < whole.n + RATE_DECIMALS; i++) {
		size_t after = i - whole.n;
		char c = i < whole.n ? whole.p[i] : after < rest.n ? rest.p[after] : '0';

		if (c < '0' || c > '9')
			return false;
		rate = rate * 10 + (c - '0');
	}
	if (rate == 0)
		return false;
	*out_rate = rate;
	return true;
}

void fx_rate_put(struct buf *b, int64_t rate)
{
	char text[32];
	char *end = text + sizeof(text), *p = end;

	for (int digit = 0; rate > 0 || digit <= RATE_DECIMALS; digit++, rate /= 10) {
		if (digit == RATE_DECIMALS)
			*--p = '.';
		*--p = (char)('0' + rate % 10);
	}
	while (end[-1] == '0')
		end--;
	if (end[-1] == '.')
		end--;
	buf_str(b, (struct str){ p, (size_t)(end - p) });
}

static wide power_of_ten(int exponent)
{
	wide power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

/* |amount| <= 10^15, rates < 10^17 and at most four decimals: 10^36 at most, within 128 bits. */
bool fx_convert(const struct fx *fx, int64_t amount_minor, int64_t *out_minor)
{
	CHECK(fx->from && fx->to);
	CHECK(fx->from_rate > 0 && fx->from_rate < RATE_MAX);
	CHECK(fx->to_rate > 0 && fx->to_rate < RATE_MAX);
	if (amount_minor > MONEY_MAX_MINOR || amount_minor < -MONEY_MAX_MINOR)
		return false;

	wide up = (wide)amount_minor * fx->to_rate * power_of_ten(fx->to->exponent);
	wide down = (wide)fx->from_rate * power_of_ten(fx->from->exponent);
	wide whole = up / down, rest = up % down;

	if (rest < 0)
		rest = -rest;
	if (rest >= down - rest)
		whole += up < 0 ? -1 : 1;
	if (whole > MONEY_MAX_MINOR || whole < -MONEY_MAX_MINOR)
		return false;
	*out_minor = (int64_t)whole;
	return true;
}
