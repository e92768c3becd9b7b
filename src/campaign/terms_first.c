/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_first.h"

#include "base/check.h"

const char *const terms_first_inputs[] = {
	"trigger", "reward", "recurring_months", "hold_days", "attribution/cookie_days",
	"minimum_payout", NULL,
};

static const struct form_field usual[] = {
	{ STR_INIT("trigger"), STR_INIT("sale") },
	{ STR_INIT("reward/how"), STR_INIT("percentage") },
	{ STR_INIT("reward/is"), STR_INIT("20") },
	{ STR_INIT("recurring_months/how"), STR_INIT("renewals") },
	{ STR_INIT("recurring_months/is"), STR_INIT("12") },
	{ STR_INIT("hold_days"), STR_INIT("30") },
	{ STR_INIT("attribution/cookie_days"), STR_INIT("90") },
};

const struct form terms_first_form = { usual, LEN(usual) };

bool terms_first_check(struct ctx *c, const struct form *f, const struct currency *cur)
{
	struct terms_problem problems[TERMS_PROBLEMS_MAX];
	struct str field;

	if (terms_form_check(c, f, cur, problems) == 0)
		return true;
	field = arena_printf(c->arena, "terms/%.*s", STR_ARG(problems[0].path));
	return fail(c, ERR_INVALID, field.p, "%.*s", STR_ARG(problems[0].msg));
}
