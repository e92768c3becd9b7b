/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit_api.h"
#include "api/list.h"
#include "api/rows.h"
#include "audit/audit.h"
#include "data/form.h"
#include "data/json_out.h"

static bool read_filter(struct ctx *c, const struct req *q, struct audit_filter *f)
{
	static const char *const names[] = { "limit", "starting_after", "action", "target", "request_id",
	                                     NULL };

	*f = (struct audit_filter){ .limit = LIST_LIMIT_DEFAULT };
	return api_query_only(c, q, names)
	    && form_get_int(c, &q->query, "limit", MAY(1, LIST_LIMIT_MAX), &f->limit)
	    && form_get_id(c, &q->query, "starting_after", MAY_ID(ID_AUDIT), &f->before)
	    && form_get_str(c, &q->query, "action", MAY(1, 80), &f->action)
	    && form_get_str(c, &q->query, "target", MAY(1, 80), &f->target)
	    && form_get_id(c, &q->query, "request_id", MAY_ID(ID_REQUEST), &f->request_id);
}

static bool put_actor(struct ctx *c, const void *row, struct buf *b)
{
	const struct audit *a = row;

	(void)c;
	if (a->actor_id == 0)
		jw_key_null(b, "actor");
	else
		jw_key_id(b, "actor", a->actor_kind == ACTOR_KEY ? ID_KEY : ID_USER, a->actor_id);
	return true;
}

/* One more row than asked for tells whether there is more. */
bool audit_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct audit_filter f;
	struct list rows;
	struct api_rows l = { &audit_model, &rows, sizeof(struct audit), put_actor, false };

	if (!read_filter(c, q, &f))
		return false;
	f.limit++;
	if (!audit_list(c, &f, &rows))
		return false;
	l.has_more = rows.count == (size_t)f.limit;
	rows.count -= l.has_more;
	return api_reply_rows(c, q, r, &l);
}
