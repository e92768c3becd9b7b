/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/parent.h"

#include "base/check.h"
#include "base/clock.h"

static const struct field fields[] = {
	FIELD(struct parent_move, id, .flags = 0),
	FIELD(struct parent_move, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct parent_move, parent_id, .json = "parent", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct parent_move, since, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct parent_move, moved_by, .flags = OUT),
	FIELD(struct parent_move, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model parent_move_model = MODEL("partner_parent", fields);

static const struct sql SQL_AT = {
	.text = "SELECT parent_id FROM partner_parent WHERE org_id = $1 AND partner_id = $2"
	        " AND since <= $3 ORDER BY id DESC LIMIT 1",
};

bool parent_at(struct ctx *c, const struct partner *p, int64_t at_ms, int64_t *out_parent_id)
{
	*out_parent_id = p->parent_id;
	if (p->parent_from <= at_ms)
		return true;
	*out_parent_id = 0;
	return db_int(c, &SQL_AT, ARGS(val_int(p->id), val_int(at_ms)), out_parent_id);
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM partner_parent WHERE org_id = $1 AND partner_id = $2"
	        " ORDER BY id DESC LIMIT 100",
	.model = &parent_move_model,
};

bool parent_list(struct ctx *c, int64_t partner_id, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(partner_id)), sizeof(struct parent_move), out);
}

/* ---- Checks. */

static bool too_deep(struct ctx *c, int levels)
{
	return fail(c, ERR_INVALID, "parent",
	            "%d partners would stand above one another, more than %d", levels,
	            PARENT_DEPTH_MAX);
}

/*
 * Up from a parent at a moment: it must end and not lead to `id`. *out_next is when the first of
 * those on the way is planned to move, and *out_above how many there are.
 */
static bool walk_up(struct ctx *c, int64_t id, int64_t parent_id, int64_t *at_ms, int *out_above)
{
	int64_t next = 0, at = parent_id;
	int above = 0;

	while (at != 0) {
		struct partner p;

		if (at == id)
			return fail(c, ERR_INVALID, "parent", "a partner cannot be above itself");
		if (++above > PARENT_DEPTH_MAX)
			return too_deep(c, above + 1);
		if (!db_get_id(c, &partner_model, at, &p) || !parent_at(c, &p, *at_ms, &at))
			return false;
		if (p.parent_from > *at_ms && (next == 0 || p.parent_from < next))
			next = p.parent_from;
	}
	*at_ms = next;
	if (above > *out_above)
		*out_above = above;
	return true;
}

/* At `since`, and again whenever somebody above is planned to move. */
static bool check_above(struct ctx *c, int64_t id, int64_t parent_id, int64_t since, int *out_above)
{
	struct partner parent;

	*out_above = 0;
	if (parent_id == 0)
		return true;
	if (!partner_named(c, "parent", parent_id, &parent))
		return false;
	do {
		if (!walk_up(c, id, parent_id, &since, out_above))
			return false;
	} while (since != 0);
	return true;
}

static const struct sql SQL_HEIGHT = {
	.text = "WITH RECURSIVE below (id, depth) AS (SELECT CAST($2 AS BIGINT), 0"
	        " UNION ALL SELECT p.id, b.depth + 1 FROM below b JOIN partner p"
	        " ON p.org_id = $1 AND p.parent_id = b.id WHERE b.depth < $3)"
	        " SELECT MAX(depth) FROM below",
};

static bool check_depth(struct ctx *c, int64_t id, int above)
{
	int64_t height = 0;

	if (above == 0)
		return true;
	if (!db_int(c, &SQL_HEIGHT, ARGS(val_int(id), val_int(PARENT_DEPTH_MAX)), &height))
		return false;
	return above + height <= PARENT_DEPTH_MAX || too_deep(c, above + (int)height + 1);
}

bool parent_check_new(struct ctx *c, int64_t parent_id)
{
	int above;

	return check_above(c, 0, parent_id, c->now_ms, &above);
}

/* ---- Places. */

static const struct sql SQL_PLACE = {
	.text = "INSERT INTO partner_place (org_id, partner_id, parent_id, since, until)"
	        " VALUES ($1, $2, $3, $4, $5)",
};

static bool place(struct ctx *c, int64_t partner_id, int64_t parent_id, int64_t since)
{
	return parent_id == 0
	       || db_exec(c, &SQL_PLACE,
	                  ARGS(val_int(partner_id), val_int(parent_id), val_int(since),
	                       val_int(INT64_MAX)));
}

bool parent_begin(struct ctx *c, const struct partner *p)
{
	return place(c, p->id, p->parent_id, 0);
}

static const struct sql SQL_UNPLACE = {
	.text = "DELETE FROM partner_place WHERE org_id = $1 AND partner_id = $2 AND since >= $3",
};

static const struct sql SQL_UNTIL = {
	.text = "UPDATE partner_place SET until = $3"
	        " WHERE org_id = $1 AND partner_id = $2 AND until > $3",
};

/* From then on the move counts, whatever was planned for later. */
static bool replace(struct ctx *c, const struct parent_move *m)
{
	struct val id = val_int(m->partner_id), since = val_int(m->since);

	return db_exec(c, &SQL_UNPLACE, ARGS(id, since)) && db_exec(c, &SQL_UNTIL, ARGS(id, since))
	       && place(c, m->partner_id, m->parent_id, m->since);
}

static const struct field below_fields[] = {
	FIELD(struct parent_below, id, .flags = 0),
	FIELD(struct parent_below, name, .flags = 0),
	FIELD(struct parent_below, until, .flags = 0),
};

static const struct model below_model = MODEL("partner", below_fields);

static const struct sql SQL_BELOW = {
	.text = "SELECT @columns FROM (SELECT p.id, p.name, e.until FROM partner_place e"
	        " JOIN partner p ON p.org_id = $1 AND p.id = e.partner_id WHERE e.org_id = $1"
	        " AND e.parent_id = $2 AND e.since <= $3 AND e.until > $3) AS partner"
	        " ORDER BY id LIMIT $4",
	.model = &below_model,
};

bool parent_below(struct ctx *c, int64_t partner_id, int64_t at_ms, int64_t limit,
                  struct list *out)
{
	return db_list(c, &SQL_BELOW, ARGS(val_int(partner_id), val_int(at_ms), val_int(limit)),
	               sizeof(struct parent_below), out);
}

static const struct sql SQL_HAS_BELOW = {
	.text = "SELECT COUNT(*) FROM (SELECT 1 FROM partner_place WHERE org_id = $1"
	        " AND parent_id = $2 AND since <= $3 AND until > $3 LIMIT 1) AS one",
};

bool parent_has_below(struct ctx *c, int64_t partner_id, int64_t at_ms, bool *out)
{
	int64_t count;

	if (!db_int(c, &SQL_HAS_BELOW, ARGS(val_int(partner_id), val_int(at_ms)), &count))
		return false;
	*out = count > 0;
	return true;
}

/* ---- Moves. */

/* What counted before the first move has the partner's own id: it is older than every event. */
static bool record_beginning(struct ctx *c, const struct partner *p)
{
	const struct parent_move first = {
		.id = p->id, .partner_id = p->id, .parent_id = p->parent_id,
		.created_at = p->created_at,
	};

	return p->parent_from != 0 || db_insert(c, &parent_move_model, &first);
}

bool parent_move(struct ctx *c, const struct partner *before, struct partner *p)
{
	struct parent_move move = {
		.id = id_new(), .partner_id = p->id, .parent_id = p->parent_id,
		.since = p->parent_from ? p->parent_from : c->now_ms,
		.moved_by = c->actor.name, .created_at = c->now_ms,
	};
	char now[CLOCK_TEXT_MAX];
	int above;

	if (move.since < c->now_ms) {
		time_format(c->now_ms, now);
		return fail(c, ERR_INVALID, "parent_from",
		            "must not be before now (%s): sales since then have been judged", now);
	}
	if (!check_above(c, p->id, p->parent_id, move.since, &above)
	    || !check_depth(c, p->id, above) || !record_beginning(c, before))
		return false;
	p->parent_from = move.since;
	return db_insert(c, &parent_move_model, &move) && replace(c, &move);
}

const struct sql *const parent_sql[] = {
	&SQL_AT, &SQL_LIST, &SQL_HEIGHT, &SQL_PLACE, &SQL_UNPLACE, &SQL_UNTIL, &SQL_BELOW,
	&SQL_HAS_BELOW, NULL,
};
