/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restatement.h"

#include "base/check.h"
#include "calendar/calendar.h"
#include "campaign/campaign.h"
#include "campaign/terms_doc.h"
#include "campaign/terms_version.h"
#include "change/change.h"
#include "event/event.h"
#include "restate/line.h"
#include "restate/restated.h"
#include "restate/stand.h"
#include "restate/sweep.h"
#include "restate/trued_up.h"
#include "restate/used.h"
#include "rules/restate.h"
#include "whatif/whatif.h"

#define VERSIONS_PAGE 50

const char *const restatement_status_names[] = {
	[RESTATEMENT_PREPARING] = "preparing", [RESTATEMENT_PREVIEWED] = "previewed",
	[RESTATEMENT_POSTING] = "posting",     [RESTATEMENT_POSTED] = "posted",
	[RESTATEMENT_CANCELED] = "canceled",   NULL,
};

static const struct field fields[] = {
	FIELD(struct restatement, id, .flags = OUT, .as = AS_ID, .id = ID_RESTATEMENT),
	FIELD(struct restatement, campaign_id, .json = "campaign", .flags = OUT, .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct restatement, version, .flags = OUT | NULLABLE),
	FIELD(struct restatement, terms_id, .flags = 0),
	FIELD(struct restatement, document, .json = "terms", .flags = OUT, .as = AS_JSON),
	FIELD(struct restatement, from_at, .json = "from", .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct restatement, to_at, .json = "to", .flags = OUT, .as = AS_TIME),
	FIELD(struct restatement, first_month, .flags = 0),
	FIELD(struct restatement, reason, .flags = OUT),
	FIELD(struct restatement, status, .flags = OUT, .as = AS_ENUM,
	      .names = restatement_status_names),
	FIELD(struct restatement, stands, .flags = 0),
	FIELD(struct restatement, counted, .flags = 0),
	FIELD(struct restatement, through_id, .flags = 0),
	FIELD(struct restatement, position, .flags = 0),
	FIELD(struct restatement, created_by, .flags = OUT),
	FIELD(struct restatement, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct restatement, approved_by, .flags = OUT | NULLABLE),
	FIELD(struct restatement, approved_at, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct restatement, approved_id, .flags = 0),
	FIELD(struct restatement, done_at, .flags = OUT | NULLABLE, .as = AS_TIME),
};

const struct model restatement_model = MODEL("restatement", fields);

static const struct field new_fields[] = {
	FIELD(struct restatement_new, version, .flags = IN | NULLABLE, .min = 1, .max = 1000000),
	FIELD(struct restatement_new, terms, .flags = IN | NULLABLE, .as = AS_JSON),
	FIELD(struct restatement_new, from, .flags = IN | NULLABLE, .max = 40),
	FIELD(struct restatement_new, to, .flags = IN | NULLABLE, .max = 40),
	FIELD(struct restatement_new, reason, .flags = IN | REQUIRED,
	      .max = RESTATEMENT_REASON_MAX),
};

const struct model restatement_new_model = MODEL("restatement", new_fields);

static bool read_version(struct ctx *c, int64_t campaign_id, const struct restatement_new *in,
                         struct restatement *r)
{
	struct terms_version v;

	if (!terms_get(c, campaign_id, in->version, &v)) {
		if (c->err.code != ERR_NOT_FOUND)
			return false;
		fail_clear(c);
		return fail(c, ERR_INVALID, "version", "the campaign has no version %lld",
		            (long long)in->version);
	}
	r->version = v.version;
	r->terms_id = v.id;
	r->document = v.document;
	return true;
}

static bool read_terms(struct ctx *c, const struct campaign *k, const struct restatement_new *in,
                       struct restatement *r)
{
	if ((in->version != 0) == (in->terms.n != 0))
		return fail(c, ERR_INVALID, "version",
		            "give the number of a version or, under terms, a document; not both");
	return in->version ? read_version(c, k->id, in, r)
	                   : terms_doc_canonical(c, in->terms, currency_find(k->currency),
	                                         &r->document);
}

static bool read_span(struct ctx *c, const struct restatement_new *in, struct restatement *r)
{
	struct whatif_new days = { .from = in->from, .to = in->to };
	struct whatif_ask ask;

	if (!whatif_read(c, &days, &ask))
		return false;
	if (ask.to_ms > c->now_ms)
		return fail(c, ERR_INVALID, "to", "lies in the future");
	r->from_at = ask.from_ms;
	r->to_at = ask.to_ms ? ask.to_ms : c->now_ms + 1; /* what happens at this moment is in */
	if (r->from_at >= r->to_at)
		return fail(c, ERR_INVALID, ask.to_ms ? "to" : "from",
		            ask.to_ms ? "must come after from" : "lies in the future");
	return trued_up_first_month(c, r->from_at, &r->first_month);
}

/* A version that was in force in the span: what is to be found again because of it? */
static bool look_at(struct ctx *c, const struct terms_version *v, int64_t until_ms,
                    const struct terms *chosen, struct restatement *r)
{
	struct terms was;
	struct trued_up_force force = { .terms = &was, .version = v->version,
		                        .from_ms = v->version == 1 ? INT64_MIN : v->effective_at,
		                        .until_ms = until_ms };

	if (force.from_ms >= r->to_at || until_ms <= r->from_at)
		return true;
	if (!terms_doc_stored(c, v->document, chosen->currency, &was))
		return false;
	if (restate_looks_further(&was, chosen))
		r->stands |= STANDS_AGAIN;
	if (restate_looks_at_leads(&was, chosen))
		r->stands |= STANDS_LEADS;
	return trued_up_check(c, r, &force);
}

/* Newest first; the first version counts from the beginning of time. */
static bool look_at_versions(struct ctx *c, struct restatement *r)
{
	int64_t until_ms = INT64_MAX, below = INT64_MAX;
	const struct terms *chosen;
	struct list page;

	if (!restatement_terms(c, r, &chosen))
		return false;
	do {
		if (!terms_list(c, r->campaign_id, below, VERSIONS_PAGE, &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const struct terms_version *v =
			        (const struct terms_version *)page.items + i;

			if (!look_at(c, v, until_ms, chosen, r))
				return false;
			below = v->version;
			until_ms = v->effective_at;
		}
	} while (page.count == VERSIONS_PAGE);
	return true;
}

bool restatement_create(struct ctx *c, int64_t campaign_id, const struct restatement_new *in,
                        struct restatement *out)
{
	struct campaign k;

	*out = (struct restatement){ .campaign_id = campaign_id, .reason = str_trim(in->reason),
		                     .created_by = c->actor.name, .created_at = c->now_ms };
	if (!campaign_get(c, campaign_id, &k) || !read_terms(c, &k, in, out)
	    || !read_span(c, in, out))
		return false;
	if (out->reason.n == 0)
		return fail(c, ERR_INVALID, "reason", "must be given: partners read it");
	if (!look_at_versions(c, out) || !event_newest(c, &out->through_id))
		return false;
	out->id = id_new();
	return db_insert(c, &restatement_model, out) && sweep_page(c, out)
	       && (!out->counted || sweep_page(c, out))
	       && change_row(c, "restatement.create", &restatement_model, NULL, out);
}

bool restatement_get(struct ctx *c, int64_t id, struct restatement *out)
{
	return db_get_id(c, &restatement_model, id, out);
}

static const struct sql SQL_OF_CAMPAIGN = {
	.text = "SELECT @columns FROM restatement WHERE org_id = $1 AND campaign_id = $2"
	        " ORDER BY id DESC LIMIT $3",
	.model = &restatement_model,
};

bool restatement_of_campaign(struct ctx *c, int64_t campaign_id, int64_t limit, struct list *out)
{
	return db_list(c, &SQL_OF_CAMPAIGN, ARGS(val_int(campaign_id), val_int(limit)),
	               sizeof(struct restatement), out);
}

static const struct sql SQL_SAVE = {
	.text = "UPDATE restatement SET status = $3, position = $4, approved_by = $5,"
	        " approved_at = $6, done_at = $7, counted = $8, approved_id = $9"
	        " WHERE org_id = $1 AND id = $2",
};

bool restatement_save(struct ctx *c, const struct restatement *r)
{
	return db_exec(c, &SQL_SAVE,
	               ARGS(val_int(r->id), val_int(r->status), val_int(r->position),
	                    val_str(r->approved_by), val_int(r->approved_at),
	                    val_int(r->done_at), val_int(r->counted),
	                    val_int(r->approved_id)));
}

static const struct sql SQL_POSTING = {
	.text = "SELECT COUNT(*) AS posting FROM restatement"
	        " WHERE org_id = $1 AND campaign_id = $2 AND status = 2",
};

static bool may_post(struct ctx *c, const struct restatement *r)
{
	struct line_sum sum;
	int64_t posting;

	if (r->status != RESTATEMENT_PREVIEWED)
		return fail(c, ERR_STATE, "status", "this run is %s; it is approved when its preview"
		            " is there", restatement_status_names[r->status]);
	if (!line_sum(c, r->id, &sum)
	    || !db_int(c, &SQL_POSTING, ARGS(val_int(r->campaign_id)), &posting))
		return false;
	if (sum.raised + sum.lowered == 0)
		return fail(c, ERR_STATE, "status", "nothing would change: there is nothing to post");
	return posting == 0
	       || fail(c, ERR_STATE, "status",
	               "another run of this campaign is being posted; wait until it is through");
}

/* What is told from here on is looked at by the job; see restate/sweep.h. */
static bool watch(struct ctx *c, const struct restatement *r)
{
	struct calendar_position p;

	return calendar_position(c, SWEEP_JOB, &p)
	       && (p.period > 0
	           || calendar_move(c, SWEEP_JOB,
	                            &(struct calendar_position){ .period = r->through_id }));
}

bool restatement_approve(struct ctx *c, struct restatement *r)
{
	const struct restatement before = *r;

	if (r->status == RESTATEMENT_POSTING || r->status == RESTATEMENT_POSTED)
		return true;
	if (!may_post(c, r) || !trued_up_meanwhile(c, r) || !watch(c, r) || !used_leads_paid(c, r))
		return false;
	r->status = RESTATEMENT_POSTING;
	r->position = 0;
	r->approved_by = c->actor.name;
	r->approved_at = c->now_ms;
	r->approved_id = id_new();
	return sweep_page(c, r)
	       && change_row(c, "restatement.approve", &restatement_model, &before, r);
}

bool restatement_cancel(struct ctx *c, struct restatement *r)
{
	const struct restatement before = *r;

	if (r->status != RESTATEMENT_PREPARING && r->status != RESTATEMENT_PREVIEWED)
		return fail(c, ERR_STATE, "status", "this run is %s and cannot be canceled",
		            restatement_status_names[r->status]);
	r->status = RESTATEMENT_CANCELED;
	return restatement_save(c, r)
	       && change_row(c, "restatement.cancel", &restatement_model, &before, r);
}

bool restatement_covers(const struct restatement *r, const struct event *e)
{
	return e->campaign_id == r->campaign_id && e->occurred_at >= r->from_at
	       && e->occurred_at < r->to_at && e->id <= r->through_id && restated_covers(e->type);
}

_Static_assert(RESTATEMENT_PREPARING == 0 && RESTATEMENT_POSTING == 2 && RESTATEMENT_POSTED == 3,
               "the states in the statements");

static const struct sql SQL_WORKING = {
	.text = "SELECT @columns FROM restatement WHERE org_id = $1 AND status IN (0, 2)"
	        " ORDER BY id LIMIT 1",
	.model = &restatement_model,
};

bool restatement_working(struct ctx *c, struct restatement *out, bool *out_found)
{
	return db_find(c, &SQL_WORKING, NO_ARGS, out, out_found);
}

static const struct sql SQL_OVER = {
	.text = "SELECT @columns FROM restatement WHERE org_id = $1 AND campaign_id = $2"
	        " AND status IN (2, 3) AND from_at <= $3 AND to_at > $3 AND through_id >= $4"
	        " AND position >= $4 ORDER BY approved_at DESC, id DESC LIMIT 1",
	.model = &restatement_model,
};

bool restatement_over(struct ctx *c, const struct event *e, struct restatement *out,
                      bool *out_found)
{
	return db_find(c, &SQL_OVER,
	               ARGS(val_int(e->campaign_id), val_int(e->occurred_at), val_int(e->id)), out,
	               out_found);
}

static const struct sql SQL_APPROVED = {
	.text = "SELECT @columns FROM restatement WHERE org_id = $1 AND campaign_id = $2"
	        " AND status IN (2, 3) AND approved_id < $3 ORDER BY approved_id",
	.model = &restatement_model,
};

bool restatement_approved(struct ctx *c, int64_t campaign_id, int64_t before_id, struct list *out)
{
	return db_list(c, &SQL_APPROVED, ARGS(val_int(campaign_id), val_int(before_id)),
	               sizeof(struct restatement), out);
}

static const struct sql SQL_ANY = {
	.text = "SELECT COUNT(*) AS approved FROM restatement"
	        " WHERE org_id = $1 AND status IN (2, 3)",
};

bool restatement_any(struct ctx *c, bool *out)
{
	int64_t count;

	if (!db_int(c, &SQL_ANY, NO_ARGS, &count))
		return false;
	*out = count > 0;
	return true;
}

bool restatement_terms(struct ctx *c, const struct restatement *r, const struct terms **out)
{
	struct terms *t = ARENA_NEW(c->arena, struct terms);
	struct campaign k;

	*out = t;
	if (!campaign_get(c, r->campaign_id, &k)
	    || !terms_doc_stored(c, r->document, currency_find(k.currency), t))
		return false;
	t->id = r->terms_id;
	return true;
}

const struct sql *const restatement_sql[] = {
	&SQL_OF_CAMPAIGN, &SQL_SAVE, &SQL_POSTING, &SQL_WORKING, &SQL_OVER,
	&SQL_APPROVED, &SQL_ANY, NULL,
};
