/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/deal_share.h"

#include "base/check.h"
#include "base/money.h"
#include "data/json.h"
#include "deal/deal.h"
#include "partner/enrolment.h"

static const struct field fields[] = {
	FIELD(struct deal_share, deal_id, .flags = 0),
	FIELD(struct deal_share, number, .flags = 0),
	FIELD(struct deal_share, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct deal_share, share_ppm, .flags = OUT),
};

const struct model deal_share_model = MODEL("deal_share", fields);

/* ---- What was sent or typed. */

static const char *path(struct ctx *c, size_t i, const char *key)
{
	return arena_printf(c->arena, "shares/%zu/%s", i, key).p;
}

static bool read_one(struct ctx *c, const json_t *o, struct deal_share *out)
{
	static const char *const keys[] = { "partner", "share_ppm", NULL };

	if (!json_is_object(o))
		return fail(c, ERR_INVALID, "", "must be an object");
	return json_only(c, o, keys)
	    && json_get_id(c, o, "partner", MUST_ID(ID_PARTNER), &out->partner_id)
	    && json_get_int(c, o, "share_ppm", MUST(1, PPM_ONE - 1), &out->share_ppm);
}

bool deal_share_read(struct ctx *c, const json_t *list, struct deal_shares *out)
{
	size_t count = json_array_size(list);

	*out = (struct deal_shares){ .count = count };
	if (count < 2 || count > DEAL_PARTNERS_MAX)
		return fail(c, ERR_INVALID, "shares", "must have 2 to %d members",
		            DEAL_PARTNERS_MAX);
	for (size_t i = 0; i < count; i++)
		if (!read_one(c, json_array_get(list, i), &out->all[i]))
			return fail_under(c, arena_printf(c->arena, "shares/%zu", i).p);
	return true;
}

static bool read_line(struct ctx *c, struct str line, struct deal_share *out)
{
	struct str who = str_cut(&line, ' ');
	struct str percent = str_trim(line);

	if (percent.n > 0 && percent.p[percent.n - 1] == '%')
		percent = str_trim(str_slice(percent, 0, percent.n - 1));
	if (!id_parse(ID_PARTNER, who, &out->partner_id))
		return fail(c, ERR_INVALID, "shares",
		            "“%.*s” is not a partner's id: a line is like prt_… 40",
		            STR_ARG(str_slice(who, 0, who.n < 40 ? who.n : 40)));
	return (percent_parse(percent, &out->share_ppm) && out->share_ppm > 0
	        && out->share_ppm < PPM_ONE)
	    || fail(c, ERR_INVALID, "shares", "%.*s: the percent must be above 0 and below 100",
	            STR_ARG(who));
}

bool deal_share_read_lines(struct ctx *c, struct str text, int64_t partner_id,
                           struct deal_shares *out)
{
	int64_t left = PPM_ONE;

	*out = (struct deal_shares){ .count = 0 };
	while (text.n > 0) {
		struct str line = str_trim(str_cut(&text, '\n'));

		if (line.n == 0)
			continue;
		if (out->count == 0)
			out->all[out->count++].partner_id = partner_id;
		if (out->count == DEAL_PARTNERS_MAX)
			return fail(c, ERR_INVALID, "shares", "at most %d further partners",
			            DEAL_PARTNERS_MAX - 1);
		if (!read_line(c, line, &out->all[out->count]))
			return false;
		left -= out->all[out->count++].share_ppm;
	}
	out->all[0].share_ppm = left;
	return left > 0
	    || fail(c, ERR_INVALID, "shares", "nothing is left for the deal's own partner");
}

/* ---- What must hold. */

static bool check_one(struct ctx *c, int64_t campaign_id, const struct deal_shares *s, size_t i)
{
	const char *at = path(c, i, "partner");
	struct enrolment e;
	struct partner p;
	bool found;

	for (size_t k = 0; k < i; k++)
		if (s->all[k].partner_id == s->all[i].partner_id)
			return fail(c, ERR_INVALID, at, "the partner is named twice");
	if (!partner_named(c, at, s->all[i].partner_id, &p)
	    || !enrolment_find(c, campaign_id, p.id, &e, &found))
		return false;
	if (!found)
		return fail(c, ERR_INVALID, at, "the partner is not in this campaign");
	return enrolment_status(&p, &e) == PARTNER_APPROVED
	    || fail(c, ERR_INVALID, at, "the partner is not approved in this campaign");
}

static void put_first(struct deal_shares *s, size_t own)
{
	struct deal_share first = s->all[own];

	memmove(s->all + 1, s->all, own * sizeof(first));
	s->all[0] = first;
}

bool deal_share_check(struct ctx *c, int64_t campaign_id, int64_t partner_id,
                      struct deal_shares *s)
{
	size_t own = s->count;
	int64_t sum = 0;

	if (s->count == 0)
		return true;
	for (size_t i = 0; i < s->count; i++) {
		if (!check_one(c, campaign_id, s, i))
			return false;
		sum += s->all[i].share_ppm;
		own = s->all[i].partner_id == partner_id ? i : own;
	}
	if (own == s->count)
		return fail(c, ERR_INVALID, "shares", "the deal's own partner must have a share");
	if (sum != PPM_ONE)
		return fail(c, ERR_INVALID, "shares", "must add up to 1000000, not to %lld",
		            (long long)sum);
	put_first(s, own);
	return true;
}

/* ---- Storing. */

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO deal_share (org_id, deal_id, number, partner_id, share_ppm)"
	        " VALUES ($1, $2, $3, $4, $5)",
};

bool deal_share_store(struct ctx *c, int64_t deal_id, const struct deal_shares *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (!db_exec(c, &SQL_INSERT,
		             ARGS(val_int(deal_id), val_int((int64_t)i),
		                  val_int(s->all[i].partner_id), val_int(s->all[i].share_ppm))))
			return false;
	return true;
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM deal_share WHERE org_id = $1 AND deal_id = $2"
	        " ORDER BY number LIMIT 8",
	.model = &deal_share_model,
};

bool deal_share_list(struct ctx *c, const struct deal *d, struct deal_shares *out)
{
	struct list rows;

	*out = (struct deal_shares){ .count = 1 };
	out->all[0] = (struct deal_share){ .deal_id = d->id, .partner_id = d->partner_id,
		                           .share_ppm = PPM_ONE };
	if (d->partner_count < 2)
		return true;
	if (!db_list(c, &SQL_LIST, ARGS(val_int(d->id)), sizeof(struct deal_share), &rows))
		return false;
	CHECK(rows.count <= DEAL_PARTNERS_MAX);
	out->count = rows.count;
	for (size_t i = 0; i < rows.count; i++)
		out->all[i] = ((const struct deal_share *)rows.items)[i];
	return true;
}

static const struct sql SQL_OF = {
	.text = "SELECT share_ppm FROM deal_share WHERE org_id = $1 AND partner_id = $2"
	        " AND deal_id = $3",
};

bool deal_share_of(struct ctx *c, int64_t deal_id, int64_t partner_id, int64_t *out_ppm)
{
	return db_int(c, &SQL_OF, ARGS(val_int(partner_id), val_int(deal_id)), out_ppm);
}

static const struct sql SQL_NAMES = {
	.text = "SELECT partner.name, partner.id FROM deal_share JOIN partner"
	        " ON partner.org_id = deal_share.org_id AND partner.id = deal_share.partner_id"
	        " WHERE deal_share.org_id = $1 AND deal_share.deal_id = $2"
	        " ORDER BY deal_share.number LIMIT 8",
};

bool deal_share_names(struct ctx *c, int64_t deal_id, struct rows *out)
{
	return db_query(c, &SQL_NAMES, ARGS(val_int(deal_id)), out);
}

const struct sql *const deal_share_sql[] = {
	&SQL_INSERT, &SQL_LIST, &SQL_OF, &SQL_NAMES, NULL,
};
