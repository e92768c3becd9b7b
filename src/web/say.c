/* SPDX-License-Identifier: Apache-2.0 */
#include "web/say.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "data/json.h"

#include <stdlib.h>

static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

struct str say_date(const struct page *p, int64_t at_ms)
{
	struct date d = zone_date(p->org.id ? p->org.timezone : STR("UTC"), at_ms);

	if (at_ms == 0)
		return STR("");
	return arena_printf(p->c->arena, "%d %s %d", d.day, months[d.month - 1], d.year);
}

struct str say_day(struct arena *a, int64_t day)
{
	struct date d = date_from_days(day);

	return arena_printf(a, "%d %s", d.day, months[d.month - 1]);
}

struct str say_money(const struct page *p, int64_t minor, struct str code)
{
	const struct currency *cur = currency_find(code);

	if (!p->c->actor.sees_money)
		return STR("—");
	return cur ? money_text(p->c->arena, minor, cur) : STR("");
}

struct str say_number(struct arena *a, int64_t n)
{
	struct str digits = arena_printf(a, "%lld", (long long)n);
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < digits.n; i++) {
		if (i > 0 && (digits.n - i) % 3 == 0 && digits.p[i - 1] != '-')
			buf_char(&b, ',');
		buf_char(&b, digits.p[i]);
	}
	return buf_text(&b);
}

struct str say_action(struct arena *a, struct str verb)
{
	static const char *const texts[][2] = {
		{ "create", "Created" },       { "update", "Changed" },     { "enrol", "Enrolled" },
		{ "approve", "Approved" },     { "decline", "Declined" },   { "suspend", "Suspended" },
		{ "ban", "Banned" },           { "reinstate", "Reinstated" }, { "publish", "Published" },
		{ "hold", "Put on hold" },     { "release", "Released" },   { "reject", "Rejected" },
		{ "cancel", "Canceled" },      { "results", "Results entered" }, { "put", "Saved" },
		{ "remove", "Removed" },       { "revoke", "Revoked" },     { "connect", "Connected" },
		{ "disconnect", "Disconnected" }, { "override", "Own reward set" }, { "end", "Ended" },
		{ "override_end", "Own reward taken away" }, { "group", "Group changed" },
		{ "register", "Registered" },  { "extend", "Extended" },    { "win", "Won" },
		{ "lose", "Lost" },            { "disable", "Disabled" },   { "enable", "Enabled" },
		{ "rename", "Renamed" },       { "accept", "Accepted" },    { "withdraw", "Withdrawn" },
		{ "delete", "Deleted" },       { "rotate", "New secret" },  { "replay", "Sent again" },
		{ "test", "Tested" },          { "adopt", "Put under a workspace" },
		{ "password", "Password set" }, { "reset", "Password reset" },
		{ "reset_link", "Link for a new password made" }, { "end_others", "All others ended" },
		{ "put_member", "Member saved" }, { "remove_member", "Member removed" },
	};

	for (size_t i = 0; i < LEN(texts); i++)
		if (str_is(verb, texts[i][0]))
			return str_from(texts[i][1]);
	return say_words(a, verb);
}

struct str say_words(struct arena *a, struct str wire)
{
	struct str text = arena_str(a, wire);
	char *s = (char *)(uintptr_t)text.p;

	for (size_t i = 0; i < text.n; i++)
		s[i] = s[i] == '_' ? ' ' : s[i];
	if (text.n > 0 && s[0] >= 'a' && s[0] <= 'z')
		s[0] = (char)(s[0] - 'a' + 'A');
	return text;
}

struct str say_converted(const struct page *p, const struct fx_sum *s)
{
	struct arena *a = p->c->arena;
	struct str rates = STR("");

	if (!p->c->actor.sees_money)
		return rates;
	if (s->day != 0)
		rates = arena_printf(a, "Other currencies are converted at the exchange rates of %.*s.",
		                     STR_ARG(say_date(p, s->day * MS_PER_DAY + MS_PER_DAY / 2)));
	if (!s->incomplete)
		return rates;
	return arena_printf(a, "%.*s%sWhat has no exchange rate is left out.", STR_ARG(rates),
	                    rates.n > 0 ? " " : "");
}

bool say_sum(const struct page *p, struct fx_sum *s, const struct say_part *parts, size_t count,
             struct str *out)
{
	struct str home = str_from(s->to->code);
	int64_t total = 0;
	struct buf rest;

	buf_init(&rest, p->c->arena);
	for (size_t i = 0; i < count; i++) {
		struct str code = parts[i].currency;
		bool known;

		if (!fx_sum_knows(p->c, s, code, &known)
		    || (known && !fx_sum_add(p->c, s, code, parts[i].minor, &total)))
			return false;
		if (!known && parts[i].minor != 0)
			buf_printf(&rest, "%s%.*s", rest.n > 0 ? " + " : "",
			           STR_ARG(say_money(p, parts[i].minor, code)));
	}
	*out = rest.n == 0  ? say_money(p, total, home)
	       : total == 0 ? buf_text(&rest)
	                    : arena_printf(p->c->arena, "%.*s + %.*s",
	                                   STR_ARG(say_money(p, total, home)), (int)rest.n, rest.p);
	return true;
}

struct str say_days_between(struct arena *a, int64_t from_ms, int64_t to_ms)
{
	int64_t days = to_ms > from_ms ? (to_ms - from_ms) / MS_PER_DAY : 0;

	return arena_printf(a, "%lld %s", (long long)days, days == 1 ? "day" : "days");
}

struct str say_change(struct arena *a, int64_t before, int64_t now, bool *out_up)
{
	int64_t percent;

	*out_up = now >= before;
	if (before <= 0)
		return STR("");
	percent = money_muldiv(now - before, 100, before);
	return arena_printf(a, "%s%lld %%", percent > 0 ? "+" : percent < 0 ? "\xe2\x88\x92" : "±",
	                    (long long)(percent < 0 ? -percent : percent));
}

struct str say_reward(const struct page *p, const json_t *reward, struct str currency)
{
	const json_t *inner = json_object_get(reward, "reward");
	const json_t *value = json_object_get(inner ? inner : reward, "value");
	const json_t *amount = json_object_get(inner ? inner : reward, "amount");
	const json_t *code = json_object_get(inner ? inner : reward, "currency");

	if (value)
		return arena_printf(p->c->arena, "%.*s %%", STR_ARG(json_text(value)));
	return say_money(p, json_integer_value(amount), code ? json_text(code) : currency);
}

struct str say_json(struct arena *a, struct str text)
{
	json_t *doc = text.n ? json_loadb(text.p, text.n, 0, NULL) : NULL;
	char *pretty = doc ? json_dumps(doc, JSON_INDENT(2)) : NULL;
	struct str out = pretty ? arena_str(a, str_from(pretty)) : text;

	free(pretty);
	json_decref(doc);
	return out;
}

struct str say_href(const struct page *p, struct str id)
{
	static const struct {
		const char *prefix, *section;
	} places[] = {
		{ "prt_", "partners" },  { "cmp_", "campaigns" },   { "lnk_", "links" },
		{ "cus_", "customers" }, { "evt_", "events" },      { "com_", "commissions" },
		{ "run_", "payouts" },   { "pay_", "payouts/one" }, { "led_", "ledger" },
		{ "dea_", "deals" },
	};

	for (size_t i = 0; i < LEN(places); i++)
		if (str_starts(id, places[i].prefix))
			return arena_printf(p->c->arena, "%.*s/%s/%.*s", STR_ARG(p->base),
			                    places[i].section, STR_ARG(id));
	return STR("");
}
