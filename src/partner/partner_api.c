/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_api.h"

#include "base/check.h"
#include "data/json_out.h"
#include "data/model_json.h"
#include "partner/enrolment.h"
#include "partner/partner_step.h"

static const struct list_filter partner_filters[] = {
	{ "email", .indexed = true },
	{ "id", .param = "partner", .indexed = true },
	{ "parent_id", .indexed = true },
	{ "external_id", .lead = "external_id <> '' AND external_id = @" },
	{ "status", .common = "approved" },
	{ "country" },
	{ "created_at" },
	{ .param = "campaign", .kind = ID_CAMPAIGN,
	  .where = "EXISTS (SELECT 1 FROM enrolment e WHERE e.org_id = $1 AND e.campaign_id = @"
	           " AND e.partner_id = partner.id)" },
};

const struct list_spec partner_list_spec = {
	.model = &partner_model,
	.row_size = sizeof(struct partner),
	.filters = partner_filters,
	.filter_count = LEN(partner_filters),
	.partner_column = "id",
};

/* The partner's own reward in a campaign, for those who may see money. */
static bool put_override(struct ctx *c, const void *row, struct buf *b)
{
	const struct enrolment *e = row;

	jw_key(b, "override");
	if (e->override_reward.n == 0 || (!c->actor.sees_money && c->actor.kind != ACTOR_SYSTEM)) {
		jw_null(b);
		return true;
	}
	jw_object(b);
	jw_key_raw(b, "reward", e->override_reward);
	jw_key_time(b, "from", e->override_from);
	jw_key_time(b, "until", e->override_until);
	if (e->override_recurring == OVERRIDE_RECURRING_FOREVER)
		jw_key_null(b, "recurring_months");
	else if (e->override_recurring != OVERRIDE_RECURRING_UNSET)
		jw_key_int(b, "recurring_months", e->override_recurring);
	jw_object_end(b);
	return true;
}

static const struct list_filter enrolment_filters[] = {
	{ "partner_id", .indexed = true },
	{ "campaign_id" },
	{ "status" },
	{ "group_name" },
	{ "created_at" },
};

const struct list_spec enrolment_list_spec = {
	.model = &enrolment_model,
	.row_size = sizeof(struct enrolment),
	.filters = enrolment_filters,
	.filter_count = LEN(enrolment_filters),
	.partner_column = "partner_id",
	.more = put_override,
};

/* A partner with the campaigns it is in. */
static bool print(struct ctx *c, const struct partner *p, struct buf *b)
{
	struct list enrolments;

	if (!enrolment_list(c, p->id, &enrolments))
		return false;
	jw_object(b);
	jw_key_str(b, "object", STR("partner"));
	model_json_members(b, c, &partner_model, p);
	jw_key(b, "enrolments");
	jw_array(b);
	for (size_t i = 0; i < enrolments.count; i++) {
		const struct enrolment *e = (const struct enrolment *)enrolments.items + i;

		jw_object(b);
		jw_key_str(b, "object", STR("enrolment"));
		model_json_members(b, c, &enrolment_model, e);
		put_override(c, e, b);
		jw_object_end(b);
	}
	jw_array_end(b);
	jw_object_end(b);
	return true;
}

bool partner_api_print(struct ctx *c, int64_t id, struct buf *b)
{
	struct partner p;

	return partner_get(c, id, &p)
	    && print(c, &p, b);
}

static bool reply(struct ctx *c, struct res *r, int status, const struct partner *p)
{
	struct buf b;

	buf_init(&b, c->arena);
	return print(c, p, &b)
	    && api_reply_buf(r, status, &b);
}

bool partner_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner_new in = { .status = -1 };
	struct partner p;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && model_read(c, &partner_new_model, body, &in, true)
	    && partner_enrol(c, &in, &p)
	    && reply(c, r, 201, &p);
}

bool partner_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &partner_list_spec);
}

static bool get(struct ctx *c, const struct req *q, struct partner *out)
{
	int64_t id;

	return api_arg_id(c, q, 0, ID_PARTNER, &id)
	    && partner_get(c, id, out);
}

bool partner_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner p;

	return api_no_query(c, q)
	    && get(c, q, &p)
	    && reply(c, r, 200, &p);
}

bool partner_api_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner before, after;
	json_t *body;

	if (!api_no_query(c, q) || !api_body(c, q, &body) || !get(c, q, &before))
		return false;
	after = before;
	after.parent_from = 0;
	return model_read(c, &partner_model, body, &after, false)
	    && partner_update(c, &before, &after)
	    && partner_get(c, before.id, &after)
	    && reply(c, r, 200, &after);
}

static bool take_step(struct ctx *c, const struct req *q, struct res *r,
                      enum partner_step_kind kind)
{
	struct partner_step step = { 0 };
	struct partner p;
	json_t *body;

	return api_no_query(c, q)
	    && api_body_or_none(c, q, &body)
	    && get(c, q, &p)
	    && model_read(c, &partner_step_model, body, &step, true)
	    && partner_take_step(c, kind, p.id, &step)
	    && partner_get(c, p.id, &p)
	    && reply(c, r, 200, &p);
}

bool partner_api_approve(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, PARTNER_APPROVE);
}

bool partner_api_decline(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, PARTNER_DECLINE);
}

bool partner_api_suspend(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, PARTNER_SUSPEND);
}

bool partner_api_ban(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, PARTNER_BAN);
}

bool partner_api_reinstate(struct ctx *c, const struct req *q, struct res *r)
{
	return take_step(c, q, r, PARTNER_REINSTATE);
}

static const char *const older[] = { "commissionType", "commissionValue", "recurringMonths", NULL };
static const char *const newer[] = { "reward", "reward", "recurring_months", NULL };

/* Older names of the same things: today's body, or the one that came if it has none of them. */
static bool translate_override(struct ctx *c, const json_t *body, const json_t **out)
{
	json_t *today = json_own(c->arena, json_copy((json_t *)(uintptr_t)body));
	json_t *reward = json_own(c->arena, json_object());

	*out = body;
	for (size_t i = 0; older[i]; i++) {
		json_t *value = json_object_get(body, older[i]);

		if (!value)
			continue;
		if (json_object_get(body, newer[i]))
			return fail(c, ERR_INVALID, older[i], "says the same as \"%s\"", newer[i]);
		if (strcmp(newer[i], "reward") == 0)
			json_object_set(reward, older[i], value);
		else
			json_object_set(today, newer[i], value);
		json_object_del(today, older[i]);
		*out = today;
	}
	if (json_object_size(reward) > 0)
		json_object_set(today, "reward", reward);
	return true;
}

/* "reward/commissionValue" is where we have put it, not where it was said. */
static bool blame_override(struct ctx *c, const json_t *body)
{
	char field[sizeof(c->err.field)];

	for (size_t i = 0; older[i]; i++) {
		snprintf(field, sizeof(field), "reward/%s", older[i]);
		if ((!json_object_get(body, "reward") && strcmp(c->err.field, field) == 0)
		    || (json_object_get(body, older[i]) && strcmp(c->err.field, newer[i]) == 0)) {
			snprintf(c->err.field, sizeof(c->err.field), "%s", older[i]);
			break;
		}
	}
	return false;
}

/* "recurring_months": null is every invoice; left out is as the next rule says. */
static bool read_override(struct ctx *c, const json_t *body, struct partner_override *out)
{
	out->recurring_months = OVERRIDE_RECURRING_UNSET;
	if (!model_read(c, &partner_override_model, body, out, true))
		return false;
	if (json_is_null(json_object_get(body, "recurring_months")))
		out->recurring_months = OVERRIDE_RECURRING_FOREVER;
	return true;
}

static bool set_override(struct ctx *c, int64_t partner_id, const json_t *body,
                         struct enrolment *out)
{
	struct partner_override in = { 0 };
	const json_t *today;

	return translate_override(c, body, &today)
	    && ((read_override(c, today, &in) && enrolment_set_override(c, partner_id, &in, out))
	        || blame_override(c, body));
}

bool partner_api_override_set(struct ctx *c, const struct req *q, struct res *r)
{
	struct enrolment e;
	struct partner p;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && get(c, q, &p)
	    && set_override(c, p.id, body, &e)
	    && list_reply_row(c, r, 200, &enrolment_list_spec, &e);
}

bool partner_api_override_clear(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner p;
	int64_t campaign_id;

	for (size_t i = 0; i < q->query.count; i++)
		if (!str_is(q->query.fields[i].name, "campaign"))
			return api_no_query(c, q);
	return get(c, q, &p)
	    && form_get_id(c, &q->query, "campaign", MUST_ID(ID_CAMPAIGN), &campaign_id)
	    && enrolment_clear_override(c, p.id, campaign_id)
	    && api_reply_nothing(r);
}

bool partner_api_group_set(struct ctx *c, const struct req *q, struct res *r)
{
	struct partner_group in = { 0 };
	struct partner p;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && get(c, q, &p)
	    && model_read(c, &partner_group_model, body, &in, true)
	    && enrolment_set_group(c, p.id, in.campaign_id, in.group)
	    && reply(c, r, 200, &p);
}

bool partner_api_enrolment_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &enrolment_list_spec);
}
