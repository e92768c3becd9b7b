/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_version.h"

#include "base/check.h"
#include "base/clock.h"
#include "campaign/campaign.h"
#include "campaign/terms_doc.h"
#include "change/change.h"

static const struct field fields[] = {
	FIELD(struct terms_version, id, .flags = OUT, .as = AS_ID, .id = ID_TERMS),
	FIELD(struct terms_version, campaign_id, .json = "campaign", .flags = OUT, .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct terms_version, version, .flags = OUT),
	FIELD(struct terms_version, effective_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct terms_version, document, .json = "terms", .flags = OUT, .as = AS_JSON),
	FIELD(struct terms_version, created_by, .flags = OUT),
	FIELD(struct terms_version, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model terms_model = MODEL("terms", fields);

static const struct field new_fields[] = {
	FIELD(struct terms_new, terms, .flags = IN | REQUIRED, .as = AS_JSON),
	FIELD(struct terms_new, effective_at, .flags = IN | NULLABLE, .as = AS_TIME),
};

const struct model terms_new_model = MODEL("terms", new_fields);

static const struct sql SQL_LATEST = {
	.text = "SELECT @columns FROM terms WHERE org_id = $1 AND campaign_id = $2"
	        " ORDER BY version DESC LIMIT 1",
	.model = &terms_model,
};

static const struct sql SQL_EVENT_SINCE = {
	.text = "SELECT id FROM event WHERE org_id = $1 AND campaign_id = $2 AND occurred_at >= $3"
	        " ORDER BY id DESC LIMIT 1",
};

/*
 * Would the new version change the rules for what has already been judged, or for earlier versions?
 */
static bool check_moment(struct ctx *c, const struct terms_version *latest, bool has_latest,
                         int64_t campaign_id, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];
	int64_t event = 0;

	if (has_latest && at_ms < latest->effective_at) {
		time_format(latest->effective_at, text);
		return fail(c, ERR_INVALID, "effective_at",
		            "version %lld takes effect at %s; a later version cannot come before it",
		            (long long)latest->version, text);
	}
	if (at_ms >= c->now_ms)
		return true;
	if (!db_int(c, &SQL_EVENT_SINCE, ARGS(val_int(campaign_id), val_int(at_ms)), &event))
		return false;
	if (event != 0)
		return fail(c, ERR_INVALID, "effective_at",
		            "events of this campaign since then have been judged by other terms");
	return true;
}

static const struct sql SQL_COUNT = {
	.text = "UPDATE campaign SET terms_version = $3 WHERE org_id = $1 AND id = $2",
};

bool terms_publish(struct ctx *c, int64_t campaign_id, struct str document, int64_t effective_at,
                   struct terms_version *out)
{
	struct terms_version latest = { 0 };
	struct terms_version v = {
		.id = id_new(),
		.campaign_id = campaign_id,
		.effective_at = effective_at ? effective_at : c->now_ms,
		.created_by = c->actor.name,
		.created_at = c->now_ms,
	};
	struct campaign campaign;
	bool found;

	if (!campaign_get(c, campaign_id, &campaign)
	    || !terms_doc_canonical(c, document, currency_find(campaign.currency), &v.document)
	    || !db_find(c, &SQL_LATEST, ARGS(val_int(campaign_id)), &latest, &found))
		return false;
	if (found && effective_at == 0 && latest.effective_at > v.effective_at)
		v.effective_at = latest.effective_at;
	v.version = found ? latest.version + 1 : 1;
	if (!check_moment(c, &latest, found, campaign_id, v.effective_at)
	    || !db_insert(c, &terms_model, &v)
	    || !db_exec(c, &SQL_COUNT, ARGS(val_int(campaign_id), val_int(v.version)))
	    || !change_row(c, "terms.publish", &terms_model, NULL, &v))
		return false;
	*out = v;
	return true;
}

static const struct sql SQL_VERSION = {
	.text = "SELECT @columns FROM terms WHERE org_id = $1 AND campaign_id = $2 AND version = $3",
	.model = &terms_model,
};

bool terms_get(struct ctx *c, int64_t campaign_id, int64_t version, struct terms_version *out)
{
	return db_get(c, &SQL_VERSION, ARGS(val_int(campaign_id), val_int(version)), out);
}

bool terms_get_id(struct ctx *c, int64_t id, struct terms_version *out)
{
	return db_get_id(c, &terms_model, id, out);
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM terms WHERE org_id = $1 AND campaign_id = $2 AND version < $3"
	        " ORDER BY version DESC LIMIT $4",
	.model = &terms_model,
};

bool terms_list(struct ctx *c, int64_t campaign_id, int64_t below, int64_t limit,
                struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(campaign_id), val_int(below), val_int(limit)),
	               sizeof(struct terms_version), out);
}

/* Versions never take effect before earlier ones, so the newest that has is in force. */
static const struct sql SQL_AT = {
	.text = "SELECT @columns FROM terms WHERE org_id = $1 AND campaign_id = $2"
	        " AND effective_at <= $3 ORDER BY version DESC LIMIT 1",
	.model = &terms_model,
};

bool terms_at(struct ctx *c, int64_t campaign_id, int64_t at_ms, struct terms_version *out)
{
	bool found;

	if (!db_find(c, &SQL_AT, ARGS(val_int(campaign_id), val_int(at_ms)), out, &found))
		return false;
	return found || terms_get(c, campaign_id, 1, out);
}

const struct sql *const terms_sql[] = {
	&SQL_LATEST, &SQL_EVENT_SINCE, &SQL_COUNT, &SQL_VERSION, &SQL_LIST, &SQL_AT, NULL,
};
