/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/enrolment_web.h"

#include "base/check.h"
#include "base/clock.h"
#include "campaign/campaign.h"
#include "campaign/terms_version.h"
#include "data/form.h"
#include "data/json.h"
#include "data/json_out.h"
#include "org/zone.h"
#include "web/inputs.h"
#include "web/say.h"

#define MONTHS_MAX 1200

static const char *const kinds[] = { "percentage", "fixed", NULL };
enum { KIND_PERCENTAGE, KIND_FIXED };

static const struct input group_inputs[] = {
	{ "group", "Group", .kind = INPUT_SELECT, .options = "groups", .none = "None",
	  .hint = "The terms say what each group earns." },
};

static const struct input reward_inputs[] = {
	{ "kind", "Own reward", .kind = INPUT_SELECT, .options = "kinds", .required = true,
	  .hint = "Instead of what the terms say." },
	{ "reward", "How much", .required = true, .hint = "Like 25 or 12.50." },
	{ "recurring_months", "Renewals", .hint = "Empty: as the terms say. Or: forever." },
	{ "from", "From", .type = "date", .hint = "Empty: always been." },
	{ "until", "Until", .type = "date", .hint = "The last day; empty: no end." },
};

/* ---- What there is. */

static void add_option(json_t *list, struct str value, struct str text)
{
	json_t *o = json_object();

	json_set_str(o, "value", value);
	json_set_str(o, "text", text);
	json_array_append_new(list, o);
}

/* The groups of the campaign's terms, and the one the partner is in should they name it no more. */
static bool read_groups(struct ctx *c, const struct campaign *m, const struct enrolment *e,
                        json_t **out)
{
	struct terms_version v;
	const json_t *groups;
	const char *key;
	json_t *doc, *group;

	*out = json_own(c->arena, json_array());
	if (!terms_get(c, m->id, m->terms_version, &v) || !json_read(c, v.document, &doc))
		return false;
	groups = json_object_get(doc, "groups");
	json_object_foreach((json_t *)(uintptr_t)groups, key, group)
		add_option(*out, str_from(key), str_from(key));
	if (e->group_name.n > 0 && !json_object_get(groups, arena_cstr(c->arena, e->group_name)))
		add_option(*out, e->group_name, e->group_name);
	return true;
}

static struct str day_text(const struct page *p, int64_t at_ms)
{
	return at_ms ? date_str(p->c->arena, zone_date(p->org.timezone, at_ms)) : STR("");
}

/* What the override says, as it would be typed. */
static json_t *typed(const struct page *p, const struct campaign *m, const struct enrolment *e,
                     const json_t *reward)
{
	json_t *values = json_own(p->c->arena, json_object());
	const json_t *amount = json_object_get(reward, "amount");

	json_set_str(values, "kind", json_text(json_object_get(reward, "type")));
	json_set_str(values, "reward",
	             amount ? money_plain(p->c->arena, json_integer_value(amount),
	                                  currency_find(m->currency))
	                    : json_text(json_object_get(reward, "value")));
	json_set_str(values, "from", day_text(p, e->override_from));
	json_set_str(values, "until", day_text(p, e->override_until ? e->override_until - 1 : 0));
	if (e->override_recurring == OVERRIDE_RECURRING_FOREVER)
		json_set_str(values, "recurring_months", STR("forever"));
	else if (e->override_recurring >= 0)
		json_set_int(values, "recurring_months", e->override_recurring);
	return values;
}

static void put_override(struct page *p, const struct campaign *m, const struct enrolment *e,
                         const json_t *reward, json_t *view)
{
	int64_t now = p->c->now_ms;
	json_t *o = json_object();

	json_set_str(o, "says", say_reward(p, reward, m->currency));
	json_set_time(o, "from", e->override_from);
	json_set_time(o, "until", e->override_until ? e->override_until - 1 : 0);
	json_set_bool(o, "now", e->override_from <= now && (e->override_until == 0
	                                                    || now < e->override_until));
	json_object_set_new(view, "override", o);
}

/* The forms of all campaigns of a partner go to one address: the campaign tells them apart. */
static struct str action_of(const struct page *p, const struct enrolment *e, const char *what)
{
	struct arena *a = p->c->arena;
	struct str mine = id_str(a, ID_CAMPAIGN, e->campaign_id);

	if (p->q->problem && !str_eq(form_get(&p->q->form, "campaign"), mine))
		return STR("another");
	return arena_printf(a, "/partners/%.*s/%s", STR_ARG(id_str(a, ID_PARTNER, e->partner_id)),
	                    what);
}

/* Its place in the view, and the beginning of its fields' ids. */
static bool put_form(struct page *p, json_t *view, const char *key, const struct inputs *in)
{
	struct str id = json_text(json_object_get(view, "id"));
	json_t *form = inputs_view(p, arena_printf(p->c->arena, "%s-%.*s", key, STR_ARG(id)).p, in);

	json_object_set_new(view, key, form);
	return json_is_true(json_object_get(form, "refused"));
}

static void put_kinds(struct page *p, struct str currency)
{
	json_t *list = json_array();

	add_option(list, STR("percentage"), STR("Percent of the amount"));
	add_option(list, STR("fixed"), arena_printf(p->c->arena, "%.*s for each event",
	                                            STR_ARG(currency)));
	json_object_set_new(p->view, "kinds", list);
}

bool enrolment_web_put(struct page *p, const struct enrolment *e, json_t *view)
{
	json_t *group = json_own(p->c->arena, json_object()), *groups, *reward = NULL;
	struct inputs in = { group_inputs, LEN(group_inputs), group, action_of(p, e, "group") };
	bool sees = p->c->actor.sees_money, refused;
	struct campaign m;

	if (!campaign_get(p->c, e->campaign_id, &m) || !read_groups(p->c, &m, e, &groups)
	    || (e->override_reward.n > 0 && !json_read(p->c, e->override_reward, &reward)))
		return false;
	json_object_set(p->view, "groups", groups);
	json_set_str(group, "group", e->group_name);
	refused = put_form(p, view, "group_form", &in);
	if (reward && sees)
		put_override(p, &m, e, reward, view);
	put_kinds(p, m.currency);
	in = (struct inputs){ reward_inputs, LEN(reward_inputs),
	                      sees ? typed(p, &m, e, reward) : NULL, action_of(p, e, "override") };
	refused |= put_form(p, view, "reward_form", &in);
	json_set_bool(view, "refused", refused);
	return true;
}

/* ---- What is changed. */

struct change {
	struct campaign m;
	struct enrolment e;
};

static bool named(struct ctx *c, const struct req *q, struct change *out)
{
	int64_t partner_id, campaign_id;
	struct partner partner;
	bool found;

	return page_arg_id(c, q, ID_PARTNER, &partner_id)
	    && partner_get(c, partner_id, &partner)
	    && form_get_id(c, &q->form, "campaign", MUST_ID(ID_CAMPAIGN), &campaign_id)
	    && campaign_named(c, "campaign", campaign_id, &out->m)
	    && enrolment_find(c, campaign_id, partner_id, &out->e, &found)
	    && (found || fail(c, ERR_INVALID, "campaign", "the partner is not in this campaign"));
}

static bool done(struct ctx *c, const struct req *q, struct res *r, const struct change *h,
                 const char *flash)
{
	struct str id = id_str(c->arena, ID_PARTNER, h->e.partner_id);

	return page_done(c, q, r, arena_printf(c->arena, "/partners/%.*s", STR_ARG(id)), flash);
}

static bool is_group(const json_t *groups, struct str name)
{
	const json_t *o;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)groups, i, o)
		if (str_eq(json_text(json_object_get(o, "value")), name))
			return true;
	return name.n == 0;
}

bool enrolment_web_group(struct ctx *c, const struct req *q, struct res *r)
{
	struct str group = page_text(q, "group");
	struct change h;
	json_t *groups;

	if (!named(c, q, &h) || !read_groups(c, &h.m, &h.e, &groups))
		return false;
	if (!is_group(groups, group))
		return fail(c, ERR_INVALID, "group", "The terms of this campaign have no such group");
	return enrolment_set_group(c, h.e.partner_id, h.m.id, group)
	    && done(c, q, r, &h, "group.set");
}

/* What is wrong inside the reward is wrong in the one field that people type it into. */
static bool at_reward(struct ctx *c)
{
	struct err e = c->err;

	if (!str_starts(str_from(e.field), "reward/"))
		return false;
	fail_clear(c);
	return fail(c, e.code, "reward", "%s", e.msg);
}

static bool read_reward(struct ctx *c, const struct form *f, const struct currency *cur,
                        struct str *out)
{
	int64_t kind, minor = 0;
	struct str percent;
	struct buf b;

	if (!form_get_name(c, f, "kind", MUST_NAME(kinds), &kind))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "type", str_from(kinds[kind]));
	if (kind == KIND_FIXED) {
		if (!form_get_money(c, f, (struct form_money){ "reward", cur, MUST(0, 0) }, &minor))
			return false;
		jw_key_int(&b, "amount", minor);
	} else {
		if (!form_get_str(c, f, "reward", MUST(1, 20), &percent))
			return false;
		/* "25 %" is what the label makes people type. */
		jw_key_str(&b, "value",
		           str_ends(percent, "%") ? str_trim(str_slice(percent, 0, percent.n - 1))
		                                  : percent);
	}
	jw_object_end(&b);
	*out = buf_text(&b);
	return true;
}

static bool read_months(struct ctx *c, const struct form *f, int64_t *out)
{
	*out = OVERRIDE_RECURRING_UNSET;
	if (str_eq_nocase(str_trim(form_get(f, "recurring_months")), STR("forever"))) {
		*out = OVERRIDE_RECURRING_FOREVER;
		return true;
	}
	return form_get_int(c, f, "recurring_months", MAY(0, MONTHS_MAX), out);
}

/* *out_days: days after the one that was typed; 0 when there is none. */
static bool read_day(struct ctx *c, const struct form *f, const char *name, int64_t add,
                     int64_t *out_ms)
{
	struct str text = str_trim(form_get(f, name)), zone;
	struct date d;

	*out_ms = 0;
	if (text.n == 0)
		return true;
	if (!date_parse(text, &d) || d.year < 2000 || d.year > 2200)
		return fail(c, ERR_INVALID, name, "must be a day such as 2026-12-01");
	if (!org_timezone(c, &zone))
		return false;
	*out_ms = zone_day_start_ms(zone, date_from_days(date_to_days(d) + add));
	return true;
}

bool enrolment_web_override(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner_override in = { 0 };
	struct enrolment after;
	struct change h;

	if (!named(c, q, &h))
		return false;
	in.campaign_id = h.m.id;
	return read_reward(c, &q->form, currency_find(h.m.currency), &in.reward)
	    && read_months(c, &q->form, &in.recurring_months)
	    && read_day(c, &q->form, "from", 0, &in.from)
	    && read_day(c, &q->form, "until", 1, &in.until)
	    && (enrolment_set_override(c, h.e.partner_id, &in, &after) || at_reward(c))
	    && done(c, q, r, &h, "override.set");
}

bool enrolment_web_override_clear(struct ctx *c, const struct req *q, struct res *r)
{
	struct change h;

	return named(c, q, &h)
	    && enrolment_clear_override(c, h.e.partner_id, h.m.id)
	    && done(c, q, r, &h, "override.cleared");
}
