/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/enrolment.h"

#include "base/check.h"
#include "campaign/campaign.h"
#include "campaign/terms_cache.h"
#include "campaign/terms_doc.h"
#include "campaign/terms_sense.h"
#include "campaign/terms_version.h"
#include "change/change.h"
#include "partner/engagement.h"
#include "rules/terms.h"

static const struct field fields[] = {
	FIELD(struct enrolment, id, .flags = OUT, .as = AS_ID, .id = ID_ENROLMENT),
	FIELD(struct enrolment, campaign_id, .json = "campaign", .flags = OUT, .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct enrolment, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct enrolment, status, .flags = OUT, .as = AS_ENUM, .names = partner_status_names),
	FIELD(struct enrolment, decided_status, .flags = 0, .as = AS_ENUM,
	      .names = partner_status_names),
	FIELD(struct enrolment, group_name, .json = "group", .flags = OUT | NULLABLE),
	FIELD(struct enrolment, override_reward, .flags = 0),
	FIELD(struct enrolment, override_from, .flags = 0),
	FIELD(struct enrolment, override_until, .flags = 0),
	FIELD(struct enrolment, override_recurring, .flags = 0),
	FIELD(struct enrolment, note, .flags = OUT | NULLABLE),
	FIELD(struct enrolment, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct enrolment, decided_at, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct enrolment, decided_by, .flags = OUT | NULLABLE),
};

const struct model enrolment_model = MODEL("enrolment", fields);

#define MONTHS_MAX 1200

static const struct field override_fields[] = {
	FIELD(struct partner_override, campaign_id, .json = "campaign",
	      .flags = IN | OUT | REQUIRED,
	      .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct partner_override, reward, .flags = IN | OUT | REQUIRED, .as = AS_JSON),
	FIELD(struct partner_override, from, .flags = IN | OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct partner_override, until, .flags = IN | OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct partner_override, recurring_months, .flags = IN | NULLABLE, .max = MONTHS_MAX),
};

const struct model partner_override_model = MODEL("override", override_fields);

static const struct field group_fields[] = {
	FIELD(struct partner_group, campaign_id, .json = "campaign", .flags = IN | REQUIRED,
	      .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct partner_group, group, .flags = IN | NULLABLE, .max = 64),
};

const struct model partner_group_model = MODEL("group", group_fields);

static const struct sql SQL_FIND = {
	.text = "SELECT @columns FROM enrolment"
	        " WHERE org_id = $1 AND campaign_id = $2 AND partner_id = $3",
	.model = &enrolment_model,
};

bool enrolment_find(struct ctx *c, int64_t campaign_id, int64_t partner_id, struct enrolment *out,
                    bool *out_found)
{
	return db_find(c, &SQL_FIND, ARGS(val_int(campaign_id), val_int(partner_id)), out,
	               out_found);
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM enrolment WHERE org_id = $1 AND partner_id = $2 ORDER BY id",
	.model = &enrolment_model,
};

bool enrolment_list(struct ctx *c, int64_t partner_id, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(partner_id)), sizeof(struct enrolment), out);
}

static const struct sql SQL_PAGE = {
	.text = "SELECT @columns FROM enrolment WHERE org_id = $1 AND campaign_id = $2"
	        " AND partner_id > $3 ORDER BY partner_id LIMIT $4",
	.model = &enrolment_model,
};

bool enrolment_page(struct ctx *c, int64_t campaign_id, int64_t after_partner_id, int64_t most,
                    struct list *out)
{
	return db_list(c, &SQL_PAGE,
	               ARGS(val_int(campaign_id), val_int(after_partner_id), val_int(most)),
	               sizeof(struct enrolment), out);
}

/* How much each status forbids; the higher rank wins. */
static int rank(int64_t status)
{
	static const int ranks[] = {
		[PARTNER_APPROVED] = 0,  [PARTNER_PENDING] = 1, [PARTNER_SUSPENDED] = 2,
		[PARTNER_DECLINED] = 3,  [PARTNER_BANNED] = 4,
	};

	CHECK(status >= 0 && status < (int64_t)LEN(ranks));
	return ranks[status];
}

enum partner_status enrolment_status(const struct partner *p, const struct enrolment *e)
{
	int64_t status = rank(p->status) > rank(e->status) ? p->status : e->status;

	return (enum partner_status)status;
}

bool enrolment_create(struct ctx *c, struct enrolment *e)
{
	e->id = id_new();
	e->created_at = c->now_ms;
	e->override_recurring = OVERRIDE_RECURRING_UNSET;
	if (e->status != PARTNER_PENDING) {
		e->decided_at = c->now_ms;
		e->decided_by = c->actor.name;
	}
	return db_insert(c, &enrolment_model, e)
	    && engagement_keep(c, e->partner_id)
	    && change_row(c, "enrolment.create", &enrolment_model, NULL, e);
}

static const struct sql SQL_DECIDE = {
	.text = "UPDATE enrolment SET status = $3, decided_status = $4, note = $5,"
	        " decided_at = $6, decided_by = $7 WHERE org_id = $1 AND id = $2",
};

bool enrolment_decide(struct ctx *c, const char *action, const struct enrolment *e,
                      enum partner_status status, struct str note)
{
	struct enrolment after = *e;

	after.status = status;
	after.decided_status = partner_decided(status, e->decided_status);
	after.note = note;
	after.decided_at = c->now_ms;
	after.decided_by = c->actor.name;
	return db_exec(c, &SQL_DECIDE,
	               ARGS(val_int(e->id), val_int(status), val_int(after.decided_status),
	                    val_str(note), val_int(c->now_ms), val_str(c->actor.name)))
	    && change_row(c, action, &enrolment_model, e, &after);
}

/* The enrolment of a partner in a campaign named in a body. */
static bool get_named(struct ctx *c, int64_t partner_id, int64_t campaign_id, struct enrolment *out)
{
	struct partner p;
	struct campaign campaign;
	bool found;

	if (!partner_get(c, partner_id, &p)
	    || !campaign_named(c, "campaign", campaign_id, &campaign)
	    || !enrolment_find(c, campaign_id, partner_id, out, &found))
		return false;
	return found || fail(c, ERR_INVALID, "campaign", "the partner is not in this campaign");
}

static struct offer offer_of(const struct partner_override *o)
{
	if (o->recurring_months == OVERRIDE_RECURRING_UNSET)
		return (struct offer){ 0 };
	return (struct offer){
		.has_months = true,
		.recurring_months = o->recurring_months == OVERRIDE_RECURRING_FOREVER
		                            ? MONTHS_LIFETIME
		                            : (int32_t)o->recurring_months,
	};
}

/* The reward in its one canonical form, if the campaign's terms can pay it. */
static bool canonical(struct ctx *c, const struct partner_override *o, struct str *out)
{
	struct offer offer = offer_of(o);
	struct campaign campaign;
	struct buf b;

	if (!campaign_get(c, o->campaign_id, &campaign))
		return false;

	const struct currency *cur = currency_find(campaign.currency);

	if (!reward_doc_parse(c, o->reward, cur, &offer.reward))
		return fail_under(c, "reward");
	if (!terms_sense_offer_of(c, o->campaign_id, &offer))
		return false;
	buf_init(&b, c->arena);
	reward_doc_print(&b, &offer.reward, cur);
	*out = buf_text(&b);
	return true;
}

static const struct sql SQL_OVERRIDE = {
	.text = "UPDATE enrolment SET override_reward = $3, override_from = $4, override_until = $5,"
	        " override_recurring = $6 WHERE org_id = $1 AND id = $2",
};

static bool store_override(struct ctx *c, const struct enrolment *e)
{
	return db_exec(c, &SQL_OVERRIDE,
	               ARGS(val_int(e->id), val_str(e->override_reward), val_int(e->override_from),
	                    val_int(e->override_until), val_int(e->override_recurring)));
}

bool enrolment_set_override(struct ctx *c, int64_t partner_id, const struct partner_override *o,
                            struct enrolment *out)
{
	struct enrolment e;

	if (o->until != 0 && o->until <= o->from)
		return fail(c, ERR_INVALID, "until", "until must come after from");
	if (!get_named(c, partner_id, o->campaign_id, &e)
	    || !canonical(c, o, &e.override_reward))
		return false;
	e.override_from = o->from;
	e.override_until = o->until;
	e.override_recurring = o->recurring_months;
	if (!store_override(c, &e)
	    || !change_post(c, "enrolment.override", id_str(c->arena, ID_ENROLMENT, e.id),
	                    arena_printf(c->arena, "{\"after\":{\"reward\":%.*s}}",
	                                 STR_ARG(e.override_reward))))
		return false;
	*out = e;
	return true;
}

bool enrolment_clear_override(struct ctx *c, int64_t partner_id, int64_t campaign_id)
{
	struct enrolment e;

	if (!get_named(c, partner_id, campaign_id, &e))
		return false;
	e.override_reward = STR("");
	e.override_from = e.override_until = 0;
	e.override_recurring = OVERRIDE_RECURRING_UNSET;
	return store_override(c, &e)
	    && change_post(c, "enrolment.override_end", id_str(c->arena, ID_ENROLMENT, e.id),
	                   STR(""));
}

static bool has_group(const struct terms *t, struct str group)
{
	for (size_t i = 0; i < t->group_count; i++)
		if (str_eq(t->groups[i].name, group))
			return true;
	return false;
}

/* Of the terms in force, or of the latest, which may have been published ahead. */
static bool check_group(struct ctx *c, int64_t campaign_id, struct str group)
{
	const struct terms *latest;
	struct terms_in_force now;
	struct list versions;

	if (group.n == 0)
		return true;
	if (!terms_in_force(c, campaign_id, c->now_ms, &now)
	    || !terms_list(c, campaign_id, INT64_MAX, 1, &versions)
	    || !terms_compiled(c, ((const struct terms_version *)versions.items)->id, &latest))
		return false;
	return has_group(now.terms, group) || has_group(latest, group)
	    || fail(c, ERR_INVALID, "group", "the terms of this campaign have no group \"%.*s\"",
	            STR_ARG(group));
}

static const struct sql SQL_GROUP = {
	.text = "UPDATE enrolment SET group_name = $3 WHERE org_id = $1 AND id = $2",
};

bool enrolment_set_group(struct ctx *c, int64_t partner_id, int64_t campaign_id, struct str group)
{
	struct enrolment e, after;

	if (!get_named(c, partner_id, campaign_id, &e)
	    || (!str_eq(group, e.group_name) && !check_group(c, campaign_id, group)))
		return false;
	after = e;
	after.group_name = group;
	return db_exec(c, &SQL_GROUP, ARGS(val_int(e.id), val_str(group)))
	    && change_row(c, "enrolment.group", &enrolment_model, &e, &after);
}

const struct sql *const enrolment_sql[] = {
	&SQL_FIND, &SQL_LIST, &SQL_PAGE, &SQL_DECIDE, &SQL_OVERRIDE, &SQL_GROUP, NULL,
};
