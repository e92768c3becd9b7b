/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/check.h"
#include "base/id.h"

/* Was an event judged by the chain of its time? By the partners' rows and all their moves. */

struct placed {
	int64_t id, parent_id, parent_from;
};

static const struct field placed_fields[] = {
	FIELD(struct placed, id, .flags = 0), FIELD(struct placed, parent_id, .flags = 0),
	FIELD(struct placed, parent_from, .flags = 0),
};

static const struct model placed_model = MODEL("partner", placed_fields);

static const struct sql SQL_PLACED = {
	.text = "SELECT @columns FROM partner WHERE org_id = $1 AND (parent_id <> 0 OR parent_from <> 0)"
	        " ORDER BY id",
	.model = &placed_model,
};

struct moved {
	int64_t id, partner_id, parent_id, since;
};

static const struct field moved_fields[] = {
	FIELD(struct moved, id, .flags = 0), FIELD(struct moved, partner_id, .flags = 0),
	FIELD(struct moved, parent_id, .flags = 0), FIELD(struct moved, since, .flags = 0),
};

static const struct model moved_model = MODEL("partner_parent", moved_fields);

static const struct sql SQL_MOVED = {
	.text = "SELECT @columns FROM partner_parent WHERE org_id = $1 ORDER BY partner_id, id",
	.model = &moved_model,
};

static size_t first_move(const struct replay *r, int64_t partner_id)
{
	const struct moved *all = r->moved.items;
	size_t low = 0, high = r->moved.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].partner_id < partner_id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The partner's row has what the newest decision says. */
static bool is_last_move(const struct replay *r, const struct placed *p)
{
	const struct moved *all = r->moved.items, *last = NULL;

	for (size_t i = first_move(r, p->id); i < r->moved.count && all[i].partner_id == p->id; i++)
		last = &all[i];
	return last ? last->parent_id == p->parent_id && last->since == p->parent_from
	            : p->parent_from == 0;
}

/* Who stood below whom, as it is kept for whoever looks from above. */
struct below {
	int64_t partner_id, parent_id, since, until;
};

static const struct field below_fields[] = {
	FIELD(struct below, partner_id, .flags = 0), FIELD(struct below, parent_id, .flags = 0),
	FIELD(struct below, since, .flags = 0), FIELD(struct below, until, .flags = 0),
};

static const struct model below_model = MODEL("partner_place", below_fields);

static const struct sql SQL_BELOW = {
	.text = "SELECT @columns FROM partner_place WHERE org_id = $1 ORDER BY partner_id, since",
	.model = &below_model,
};

/* The parent at a moment by all decisions that have been made. */
static int64_t decided(const struct replay *r, const struct placed *p, int64_t at_ms)
{
	const struct moved *all = r->moved.items;
	int64_t parent = 0;

	if (p->parent_from == 0)
		return p->parent_id;
	for (size_t i = first_move(r, p->id); i < r->moved.count && all[i].partner_id == p->id; i++)
		if (all[i].since <= at_ms)
			parent = all[i].parent_id;
	return parent;
}

/* A partner's times below others say at each move what the decisions say. */
static bool is_kept(const struct replay *r, const struct placed *p, const struct below *all,
                    size_t count)
{
	const struct moved *moves = r->moved.items;
	size_t i = first_move(r, p->id);
	int64_t at = 0;

	for (;;) {
		int64_t parent = 0;

		for (size_t k = 0; k < count; k++)
			if (all[k].since <= at && all[k].until > at)
				parent = parent ? -1 : all[k].parent_id;
		if (parent != decided(r, p, at))
			return false;
		if (i == r->moved.count || moves[i].partner_id != p->id)
			return true;
		at = moves[i++].since;
	}
}

static void found_place(struct replay *r, int64_t partner_id)
{
	verify_found(r->v, "%s: is not kept below the partners that its moves say",
	             id_str(r->lasting.arena, ID_PARTNER, partner_id).p);
}

/* Both are in the order of the partners; whoever was never placed has no time below anybody. */
static bool check_places(struct replay *r)
{
	const struct placed *p = r->placed.items, *end = p + r->placed.count;
	const struct below *below;
	size_t at = 0, count;
	struct list all;

	if (!db_list(&r->lasting, &SQL_BELOW, NO_ARGS, sizeof(struct below), &all))
		return false;
	below = all.items;
	while (p < end || at < all.count) {
		if (p == end || (at < all.count && below[at].partner_id < p->id)) {
			found_place(r, below[at++].partner_id);
			continue;
		}
		for (count = 0; at + count < all.count && below[at + count].partner_id == p->id;)
			count++;
		if (!is_kept(r, p, below + at, count))
			found_place(r, p->id);
		at += count;
		p++;
	}
	return true;
}

bool replay_read_parents(struct replay *r)
{
	const struct placed *p;

	if (!db_list(&r->lasting, &SQL_PLACED, NO_ARGS, sizeof(struct placed), &r->placed)
	    || !db_list(&r->lasting, &SQL_MOVED, NO_ARGS, sizeof(struct moved), &r->moved))
		return false;
	p = r->placed.items;
	for (size_t i = 0; i < r->placed.count; i++)
		if (!is_last_move(r, &p[i]))
			verify_found(r->v, "%s: the partner above is not the one of the last move",
			             id_str(r->lasting.arena, ID_PARTNER, p[i].id).p);
	return check_places(r);
}

static const struct placed *find_placed(const struct replay *r, int64_t id)
{
	const struct placed *all = r->placed.items;
	size_t low = 0, high = r->placed.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].id == id)
			return &all[middle];
		if (all[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Only what had been decided when the event came can have been known. */
static int64_t parent_of(const struct replay *r, int64_t id, const struct event *e)
{
	const struct placed *p = find_placed(r, id);
	const struct moved *all = r->moved.items;
	int64_t parent = 0;

	if (!p || p->parent_from == 0)
		return p ? p->parent_id : 0;
	for (size_t i = first_move(r, id); i < r->moved.count && all[i].partner_id == id; i++)
		if (all[i].id < e->id && all[i].since <= e->occurred_at)
			parent = all[i].parent_id;
	return parent;
}

void replay_check_chain(struct replay *r, const struct replayed *e, const struct credit *cr)
{
	int64_t at = cr->partner_id;
	bool wrong = false;

	for (size_t i = 0; i < cr->chain_count && !wrong; i++) {
		at = parent_of(r, at, e->event);
		wrong = at != cr->chain[i].partner_id;
	}
	if (!wrong && cr->chain_count < e->terms->level_count)
		wrong = parent_of(r, at, e->event) != 0;
	if (e->terms->recruiting_ppm > 0)
		wrong = wrong || parent_of(r, cr->partner_id, e->event)
		                 != (cr->recruiter ? cr->recruiter->partner_id : 0);
	if (wrong)
		verify_found(r->v, "%s: judged by partners above that were not there at its time",
		             e->id);
}

const struct sql *const verify_parents_sql[] = { &SQL_PLACED, &SQL_MOVED, &SQL_BELOW, NULL };
