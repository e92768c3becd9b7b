/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner.h"

#include "base/check.h"
#include "base/id.h"
#include "campaign/campaign.h"
#include "change/change.h"
#include "data/checks.h"
#include "data/json_out.h"
#include "outbox/outbox.h"
#include "partner/enrolment.h"
#include "partner/parent.h"

const char *const partner_status_names[] = {
	[PARTNER_PENDING] = "pending",     [PARTNER_APPROVED] = "approved",
	[PARTNER_DECLINED] = "declined",   [PARTNER_SUSPENDED] = "suspended",
	[PARTNER_BANNED] = "banned",       NULL,
};

static const struct field fields[] = {
	FIELD(struct partner, id, .flags = OUT, .as = AS_ID, .id = ID_PARTNER),
	FIELD(struct partner, email, .flags = IN | OUT | REQUIRED | UNIQUE | PERSONAL, .max = 254,
	      .check = check_email),
	FIELD(struct partner, name, .flags = IN | OUT | REQUIRED, .min = 1, .max = 120),
	FIELD(struct partner, country, .flags = IN | OUT | NULLABLE | UPPER, .max = 2,
	      .check = check_country),
	FIELD(struct partner, external_id, .flags = IN | OUT | NULLABLE),
	FIELD(struct partner, parent_id, .json = "parent", .flags = IN | OUT | NULLABLE,
	      .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct partner, parent_from, .flags = IN | OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct partner, status, .flags = OUT, .as = AS_ENUM, .names = partner_status_names),
	FIELD(struct partner, decided_status, .flags = 0, .as = AS_ENUM,
	      .names = partner_status_names),
	FIELD(struct partner, payout_account, .flags = IN | OUT | NULLABLE | PERSONAL),
	FIELD(struct partner, metadata, .flags = IN | OUT, .as = AS_METADATA),
	FIELD(struct partner, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model partner_model = MODEL("partner", fields);

static const struct field new_fields[] = {
	FIELD(struct partner_new, name, .flags = IN | REQUIRED, .min = 1, .max = 120),
	FIELD(struct partner_new, email, .flags = IN | REQUIRED, .max = 254, .check = check_email),
	FIELD(struct partner_new, campaign_id, .json = "campaign", .flags = IN | REQUIRED,
	      .as = AS_ID, .id = ID_CAMPAIGN),
	FIELD(struct partner_new, country, .flags = IN | NULLABLE | UPPER, .max = 2,
	      .check = check_country),
	FIELD(struct partner_new, parent_id, .json = "parent", .flags = IN | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct partner_new, external_id, .flags = IN | NULLABLE),
	FIELD(struct partner_new, payout_account, .flags = IN | NULLABLE),
	FIELD(struct partner_new, metadata, .flags = IN, .as = AS_METADATA),
	FIELD(struct partner_new, status, .flags = IN, .as = AS_ENUM,
	      .names = partner_status_names),
};

const struct model partner_new_model = MODEL("partner", new_fields);

bool partner_get(struct ctx *c, int64_t id, struct partner *out)
{
	return partner_visible(c, id)
	    && db_get_id(c, &partner_model, id, out);
}

static const struct sql SQL_FIND = {
	.text = "SELECT @columns FROM partner WHERE org_id = $1 AND id = $2",
	.model = &partner_model,
};

bool partner_named(struct ctx *c, const char *field, int64_t id, struct partner *out)
{
	bool found;

	if (!db_find(c, &SQL_FIND, ARGS(val_int(id)), out, &found))
		return false;
	return found || fail(c, ERR_INVALID, field, "there is no such partner");
}

static const struct sql SQL_FIND_EMAIL = {
	.text = "SELECT @columns FROM partner WHERE org_id = $1 AND email = $2",
	.model = &partner_model,
};

bool partner_find_email(struct ctx *c, struct str email, struct partner *out, bool *out_found)
{
	return db_find(c, &SQL_FIND_EMAIL, ARGS(val_str(email_fold(c->arena, email))), out,
	               out_found);
}

bool partner_visible(struct ctx *c, int64_t partner_id)
{
	if (c->actor.kind != ACTOR_PARTNER || c->actor.partner_id == partner_id)
		return true;
	return fail(c, ERR_NOT_FOUND, "id", "there is nothing with this id");
}

static bool is_out(int64_t status)
{
	return status == PARTNER_SUSPENDED || status == PARTNER_BANNED;
}

enum partner_status partner_decided(enum partner_status status, int64_t before)
{
	return is_out((int64_t)status) ? (enum partner_status)before : status;
}

static const struct sql SQL_STATUS = {
	.text = "UPDATE partner SET status = $3, decided_status = $4 WHERE org_id = $1 AND id = $2",
};

/* What the audit log says: the status before and after, and why. */
static struct str status_change(struct ctx *c, int64_t before, int64_t after, struct str note)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key(&b, "before");
	jw_object(&b);
	jw_key_str(&b, "status", str_from(partner_status_names[before]));
	jw_object_end(&b);
	jw_key(&b, "after");
	jw_object(&b);
	jw_key_str(&b, "status", str_from(partner_status_names[after]));
	if (note.n > 0)
		jw_key_str(&b, "note", note);
	jw_object_end(&b);
	jw_object_end(&b);
	return buf_text(&b);
}

bool partner_set_status(struct ctx *c, const char *action, struct partner *p,
                        enum partner_status status, struct str note)
{
	struct str change = status_change(c, p->status, status, note);

	CHECK(!is_out(p->decided_status));
	p->status = status;
	p->decided_status = partner_decided(status, p->decided_status);
	return db_exec(c, &SQL_STATUS,
	               ARGS(val_int(p->id), val_int(p->status), val_int(p->decided_status)))
	    && change_post(c, action, id_str(c->arena, ID_PARTNER, p->id), change);
}

static bool create(struct ctx *c, const struct partner_new *in, const struct enrolment *e,
                   struct partner *out)
{
	struct partner p = {
		.id = id_new(),
		.email = email_fold(c->arena, in->email),
		.name = in->name,
		.country = in->country,
		.external_id = in->external_id,
		.parent_id = in->parent_id,
		.status = e->status,
		.decided_status = e->decided_status,
		.payout_account = in->payout_account,
		.metadata = in->metadata,
		.created_at = c->now_ms,
	};

	*out = p;
	return parent_check_new(c, p.parent_id)
	    && db_insert(c, &partner_model, &p)
	    && parent_begin(c, &p)
	    && change_row(c, "partner.create", &partner_model, NULL, &p);
}

/* Can the partner that is here already join? */
static bool check_existing(struct ctx *c, const struct partner *p, int64_t campaign_id)
{
	struct enrolment e;
	bool found;

	if (is_out(p->status))
		return fail(c, ERR_STATE, "email", "this partner is %s",
		            partner_status_names[p->status]);
	if (!enrolment_find(c, campaign_id, p->id, &e, &found))
		return false;
	if (found)
		return fail(c, ERR_CONFLICT, "email", "this partner is in the campaign already");
	return true;
}

/* As is asked for, else as the campaign says; who was declined is decided on by a person. */
static void begin_status(const struct campaign *m, const struct partner_new *in,
                         const struct partner *existing, struct enrolment *e)
{
	bool review = m->review || (existing && existing->status == PARTNER_DECLINED);
	int64_t usual = review ? PARTNER_PENDING : PARTNER_APPROVED;

	e->status = in->status < 0 ? usual : in->status;
	e->decided_status = partner_decided((enum partner_status)e->status, usual);
}

/* Somebody said so of the enrolment: then the partner waits no longer, either. */
static bool approve_too(struct ctx *c, const struct partner_new *in, struct partner *p)
{
	if (in->status != PARTNER_APPROVED || p->status == PARTNER_APPROVED)
		return true;
	return partner_set_status(c, "partner.approve", p, PARTNER_APPROVED, STR(""))
	    && outbox_post(c, OUTBOX_PARTNER_APPROVED, p->id);
}

bool partner_enrol(struct ctx *c, const struct partner_new *in, struct partner *out)
{
	struct enrolment e = { .campaign_id = in->campaign_id };
	struct campaign campaign;
	bool found;

	if (!campaign_named(c, "campaign", in->campaign_id, &campaign))
		return false;
	if (campaign.status != CAMPAIGN_ACTIVE)
		return fail(c, ERR_STATE, "campaign", "the campaign is %s",
		            campaign_status_names[campaign.status]);
	if (!partner_find_email(c, in->email, out, &found))
		return false;
	begin_status(&campaign, in, found ? out : NULL, &e);
	if (found ? !check_existing(c, out, campaign.id) || !approve_too(c, in, out)
	          : !create(c, in, &e, out))
		return false;
	e.partner_id = out->id;
	return enrolment_create(c, &e)
	    && (found || outbox_post(c, OUTBOX_PARTNER_CREATED, out->id))
	    && outbox_post(c, OUTBOX_PARTNER_ENROLLED, out->id);
}

bool partner_update(struct ctx *c, const struct partner *before, const struct partner *after)
{
	struct partner p = *after, other;
	bool found;

	CHECK(before->id == after->id);
	p.email = email_fold(c->arena, p.email);
	if (!partner_find_email(c, p.email, &other, &found))
		return false;
	if (found && other.id != p.id)
		return fail(c, ERR_CONFLICT, "email", "another partner has this address");
	if (p.parent_id == before->parent_id
	    && (p.parent_from == 0 || p.parent_from == before->parent_from))
		p.parent_from = before->parent_from;
	else if (!parent_move(c, before, &p))
		return false;
	return db_update(c, &partner_model, &p)
	    && change_row(c, "partner.update", &partner_model, before, &p)
	    && outbox_post(c, OUTBOX_PARTNER_UPDATED, p.id);
}

const struct sql *const partner_sql[] = { &SQL_FIND, &SQL_FIND_EMAIL, &SQL_STATUS, NULL };
