/* SPDX-License-Identifier: Apache-2.0 */
#include "link/code.h"

#include "data/checks.h"
#include "change/change.h"
#include "link/link.h"
#include "link/sharing.h"

const char *const code_status_names[] = {
	[CODE_ACTIVE] = "active", [CODE_DISABLED] = "disabled", NULL,
};

static const struct field fields[] = {
	FIELD(struct code, id, .flags = OUT, .as = AS_ID, .id = ID_CODE),
	FIELD(struct code, code, .flags = IN | OUT | REQUIRED | UNIQUE | FIXED | UPPER,
	      .max = 64, .check = check_slug),
	FIELD(struct code, partner_id, .json = "partner", .flags = IN | OUT | REQUIRED | FIXED,
	      .as = AS_ID, .id = ID_PARTNER),
	FIELD(struct code, campaign_id, .json = "campaign", .flags = IN | OUT | REQUIRED | FIXED,
	      .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct code, link_id, .json = "link", .flags = IN | OUT | NULLABLE | FIXED,
	      .as = AS_ID, .id = ID_LINK),
	FIELD(struct code, status, .flags = IN | OUT, .as = AS_ENUM, .names = code_status_names),
	FIELD(struct code, metadata, .flags = IN | OUT, .as = AS_METADATA),
	FIELD(struct code, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model code_model = MODEL("code", fields);

bool code_get(struct ctx *c, int64_t id, struct code *out)
{
	return db_get_id(c, &code_model, id, out)
	    && partner_visible(c, out->partner_id);
}

static const struct sql SQL_FIND = {
	.text = "SELECT @columns FROM code WHERE org_id = $1 AND code = $2",
	.model = &code_model,
};

bool code_find(struct ctx *c, struct str text, struct code *out, bool *out_found)
{
	return db_find(c, &SQL_FIND, ARGS(val_str(upper_fold(c->arena, str_trim(text)))), out,
	               out_found);
}

/* A link of another partner or campaign is none. */
static bool link_check(struct ctx *c, const struct code *code)
{
	struct link link;

	if (code->link_id == 0)
		return true;
	if (link_get(c, code->link_id, &link)) {
		if (link.partner_id == code->partner_id && link.campaign_id == code->campaign_id)
			return true;
	} else if (c->err.code != ERR_NOT_FOUND) {
		return false;
	}
	fail_clear(c);
	return fail(c, ERR_INVALID, "link", "the partner has no such link in the campaign");
}

bool code_create(struct ctx *c, struct code *code)
{
	struct sharing s;

	code->id = id_new();
	code->code = upper_fold(c->arena, code->code);
	code->created_at = c->now_ms;
	return sharing_check(c, code->partner_id, code->campaign_id, &s) && link_check(c, code)
	    && db_insert(c, &code_model, code)
	    && change_row(c, "code.create", &code_model, NULL, code);
}

bool code_update(struct ctx *c, const struct code *code)
{
	struct code before;

	return code_get(c, code->id, &before)
	    && db_update(c, &code_model, code)
	    && change_row(c, "code.update", &code_model, &before, code);
}

const struct sql *const code_sql[] = { &SQL_FIND, NULL };
