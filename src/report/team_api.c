/* SPDX-License-Identifier: Apache-2.0 */
#include "report/team_api.h"

#include "data/json_out.h"
#include "data/model_json.h"
#include "report/team.h"

static void put_revenue(struct ctx *c, struct buf *b, const char *key, int64_t minor)
{
	if (c->actor.sees_money)
		jw_key_int(b, key, minor);
	else
		jw_key_null(b, key);
}

/* The volumes of one level, as a list. */
static void put_volumes(struct ctx *c, struct buf *b, const struct team_volume *all, size_t count,
                        int64_t level)
{
	jw_array(b);
	for (size_t i = 0; i < count; i++) {
		if (all[i].level != level)
			continue;
		jw_object(b);
		jw_key_str(b, "currency", all[i].currency);
		jw_key_int(b, "sales", all[i].sales);
		put_revenue(c, b, "revenue", all[i].revenue);
		put_revenue(c, b, "month_revenue", all[i].month_revenue);
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_levels(struct ctx *c, struct buf *b, const struct team *t)
{
	jw_array(b);
	for (size_t i = 1; i < t->levels; i++) {
		jw_object(b);
		jw_key_int(b, "level", (int64_t)i);
		jw_key_int(b, "partners", t->partners[i]);
		jw_key(b, "volumes");
		put_volumes(c, b, t->volumes, t->volume_count, (int64_t)i);
		jw_object_end(b);
	}
	jw_array_end(b);
}

bool team_api_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct team *t = ARENA_NEW(c->arena, struct team);
	struct buf b;
	int64_t id;

	if (!api_no_query(c, q) || !api_arg_id(c, q, 0, ID_PARTNER, &id) || !team_read(c, id, t))
		return false;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("team"));
	jw_key_id(&b, "partner", ID_PARTNER, id);
	jw_key(&b, "above");
	jw_array(&b);
	for (size_t i = 0; i < t->above_count; i++)
		jw_str(&b, id_str(c->arena, ID_PARTNER, t->above[i]));
	jw_array_end(&b);
	jw_key_int(&b, "partners", t->below);
	jw_key_bool(&b, "complete", t->complete);
	jw_key(&b, "own");
	put_volumes(c, &b, t->volumes, t->volume_count, 0);
	jw_key(&b, "together");
	put_volumes(c, &b, t->together, t->together_count, 1);
	jw_key(&b, "levels");
	put_levels(c, &b, t);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}

/* Who was never moved has one decision: the one it came with. */
static bool decisions(struct ctx *c, int64_t id, struct list *out)
{
	struct parent_move *first = ARENA_NEW(c->arena, struct parent_move);
	struct partner p;

	if (!partner_get(c, id, &p) || !parent_list(c, id, out))
		return false;
	if (out->count > 0 || p.parent_id == 0)
		return true;
	*first = (struct parent_move){ .partner_id = id, .parent_id = p.parent_id,
		                       .created_at = p.created_at };
	*out = (struct list){ .items = first, .count = 1 };
	return true;
}

bool team_api_parents(struct ctx *c, const struct req *q, struct res *r)
{
	const struct parent_move *all;
	struct list moves;
	struct buf b;
	int64_t id;

	if (!api_no_query(c, q) || !api_arg_id(c, q, 0, ID_PARTNER, &id)
	    || !decisions(c, id, &moves))
		return false;
	all = moves.items;
	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "object", STR("list"));
	jw_key_str(&b, "url", q->path);
	jw_key_bool(&b, "has_more", false);
	jw_key(&b, "data");
	jw_array(&b);
	for (size_t i = 0; i < moves.count; i++) {
		jw_object(&b);
		jw_key_str(&b, "object", STR("partner_parent"));
		model_json_members(&b, c, &parent_move_model, &all[i]);
		jw_object_end(&b);
	}
	jw_array_end(&b);
	jw_object_end(&b);
	return api_reply_buf(r, 200, &b);
}
