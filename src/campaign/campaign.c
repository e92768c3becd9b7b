/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/campaign.h"

#include "base/check.h"
#include "campaign/terms_version.h"
#include "change/change.h"
#include "data/checks.h"

const char *const campaign_status_names[] = {
	[CAMPAIGN_ACTIVE] = "active", [CAMPAIGN_PAUSED] = "paused", [CAMPAIGN_CLOSED] = "closed", NULL,
};

static const struct field fields[] = {
	FIELD(struct campaign, id, .flags = OUT, .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct campaign, slug, .flags = IN | OUT | UNIQUE | FIXED),
	FIELD(struct campaign, name, .flags = IN | OUT | REQUIRED, .min = 1, .max = 120),
	FIELD(struct campaign, currency, .flags = IN | OUT | FIXED | UPPER),
	FIELD(struct campaign, url, .flags = IN | OUT | REQUIRED, .max = 2000, .check = check_url),
	FIELD(struct campaign, status, .flags = IN | OUT, .as = AS_ENUM,
	      .names = campaign_status_names),
	FIELD(struct campaign, review, .flags = IN | OUT),
	FIELD(struct campaign, terms_version, .flags = OUT),
	FIELD(struct campaign, metadata, .flags = IN | OUT, .as = AS_METADATA),
	FIELD(struct campaign, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct campaign, closed_at, .flags = OUT | NULLABLE, .as = AS_TIME),
};

const struct model campaign_model = MODEL("campaign", fields);

static const struct field new_fields[] = {
	FIELD(struct campaign_new, name, .flags = IN | REQUIRED, .min = 1, .max = 120),
	FIELD(struct campaign_new, slug, .flags = IN | REQUIRED, .max = 64, .check = check_slug),
	FIELD(struct campaign_new, currency, .flags = IN | REQUIRED | UPPER, .max = 3,
	      .check = check_currency),
	FIELD(struct campaign_new, url, .flags = IN | REQUIRED, .max = 2000, .check = check_url),
	FIELD(struct campaign_new, review, .flags = IN),
	FIELD(struct campaign_new, metadata, .flags = IN, .as = AS_METADATA),
	FIELD(struct campaign_new, terms, .flags = IN | REQUIRED, .as = AS_JSON),
};

const struct model campaign_new_model = MODEL("campaign", new_fields);

bool campaign_get(struct ctx *c, int64_t id, struct campaign *out)
{
	return db_get_id(c, &campaign_model, id, out);
}

static const struct sql SQL_FIND = {
	.text = "SELECT @columns FROM campaign WHERE org_id = $1 AND id = $2",
	.model = &campaign_model,
};

bool campaign_named(struct ctx *c, const char *field, int64_t id, struct campaign *out)
{
	bool found;

	if (!db_find(c, &SQL_FIND, ARGS(val_int(id)), out, &found))
		return false;
	return found || fail(c, ERR_INVALID, field, "there is no such campaign");
}

static const struct sql SQL_FIND_SLUG = {
	.text = "SELECT @columns FROM campaign WHERE org_id = $1 AND slug = $2",
	.model = &campaign_model,
};

bool campaign_find_slug(struct ctx *c, struct str slug, struct campaign *out, bool *out_found)
{
	return db_find(c, &SQL_FIND_SLUG, ARGS(val_str(slug)), out, out_found);
}

bool campaign_create(struct ctx *c, struct campaign *campaign, struct str terms)
{
	struct terms_version version;

	CHECK(campaign->slug.n > 0 && campaign->currency.n == 3);
	campaign->id = id_new();
	campaign->created_at = c->now_ms;
	campaign->terms_version = 0;
	if (!db_insert(c, &campaign_model, campaign)
	    || !terms_publish(c, campaign->id, terms, 0, &version))
		return false;
	campaign->terms_version = version.version;
	return change_row(c, "campaign.create", &campaign_model, NULL, campaign);
}

static const struct sql SQL_CLOSE = {
	.text = "UPDATE campaign SET closed_at = $3 WHERE org_id = $1 AND id = $2",
};

static bool close_now(struct ctx *c, struct campaign *campaign)
{
	campaign->closed_at = c->now_ms;
	return db_exec(c, &SQL_CLOSE, ARGS(val_int(campaign->id), val_int(c->now_ms)));
}

bool campaign_update(struct ctx *c, struct campaign *campaign)
{
	struct campaign before;

	if (!campaign_get(c, campaign->id, &before))
		return false;
	if (before.status == CAMPAIGN_CLOSED && campaign->status != CAMPAIGN_CLOSED)
		return fail(c, ERR_STATE, "status", "a closed campaign cannot be opened again");
	if (campaign->status == CAMPAIGN_CLOSED && before.status != CAMPAIGN_CLOSED
	    && !close_now(c, campaign))
		return false;
	return db_update(c, &campaign_model, campaign)
	    && change_row(c, "campaign.update", &campaign_model, &before, campaign);
}

static const struct sql SQL_NEXT = {
	.text = "SELECT @columns FROM campaign WHERE org_id = $1 AND id >= $2 ORDER BY id LIMIT 1",
	.model = &campaign_model,
};

bool campaign_next(struct ctx *c, int64_t from_id, struct campaign *out, bool *out_found)
{
	return db_find(c, &SQL_NEXT, ARGS(val_int(from_id)), out, out_found);
}

const struct sql *const campaign_sql[] = {
	&SQL_FIND, &SQL_FIND_SLUG, &SQL_CLOSE, &SQL_NEXT, NULL,
};
