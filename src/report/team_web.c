/* SPDX-License-Identifier: Apache-2.0 */
#include "report/team_web.h"

#include "data/json.h"
#include "data/model_json.h"
#include "report/team.h"
#include "web/names.h"
#include "web/say.h"

/* One line of the table: a level, or several, in one currency. */
struct line {
	struct str name;
	int64_t partners;
	const struct team_volume *volume; /* NULL: nothing was brought */
};

static json_t *line_view(struct page *p, const struct line *l)
{
	const struct team_volume *v = p->c->actor.sees_money ? l->volume : NULL;
	json_t *o = json_object();

	json_set_str(o, "name", l->name);
	json_set_int(o, "partners", l->partners);
	json_set_int(o, "sales", l->volume ? l->volume->sales : 0);
	json_set_str(o, "revenue", v ? say_money(p, v->revenue, v->currency) : STR("–"));
	json_set_str(o, "month", v ? say_money(p, v->month_revenue, v->currency) : STR("–"));
	return o;
}

/* A level's volumes are neighbours; *at goes behind them. */
static void put_level(struct page *p, json_t *lines, const struct team *t, size_t level, size_t *at)
{
	struct line l = { .partners = t->partners[level] };
	size_t from = *at;

	l.name = level ? arena_printf(p->c->arena, "Level %zu", level) : STR("This partner");
	while (*at < t->volume_count && t->volumes[*at].level == (int64_t)level) {
		l.volume = &t->volumes[(*at)++];
		json_array_append_new(lines, line_view(p, &l));
	}
	if (*at == from)
		json_array_append_new(lines, line_view(p, &l));
}

static json_t *team_view(struct page *p, const struct team *t)
{
	json_t *o = json_object(), *lines = json_array();
	size_t at = 0;

	for (size_t i = 0; i < t->levels; i++)
		put_level(p, lines, t, i, &at);
	for (size_t i = 0; i < t->together_count; i++) {
		struct line l = { STR("All below"), t->below, &t->together[i] };

		json_array_append_new(lines, line_view(p, &l));
	}
	json_object_set_new(o, "lines", lines);
	json_set_bool(o, "any", t->below > 0);
	json_set_bool(o, "complete", t->complete);
	return o;
}

/* Names are found by the key "parent". */
static bool put_above(struct page *p, const struct team *t)
{
	json_t *list = json_array();

	json_object_set_new(p->view, "above", list);
	json_set_bool(p->view, "has_above", t->above_count > 0);
	for (size_t i = 0; i < t->above_count; i++) {
		json_t *o = json_object();

		json_set_str(o, "parent", id_str(p->c->arena, ID_PARTNER, t->above[i]));
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

static bool put_moves(struct page *p, int64_t partner_id)
{
	json_t *list = json_array();
	struct list moves;

	json_object_set_new(p->view, "moves", list);
	if (!parent_list(p->c, partner_id, &moves))
		return false;
	json_set_bool(p->view, "has_moves", moves.count > 0);
	for (size_t i = 0; i < moves.count; i++) {
		const struct parent_move *m = (const struct parent_move *)moves.items + i;
		json_t *o = model_view(p->c, &parent_move_model, m);

		json_set_bool(o, "planned", m->since > p->c->now_ms);
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

bool team_web_put(struct page *p, const struct partner *partner)
{
	struct team *t = ARENA_NEW(p->c->arena, struct team);

	if (!team_read(p->c, partner->id, t))
		return false;
	json_object_set_new(p->view, "team", team_view(p, t));
	return put_above(p, t) && put_moves(p, partner->id);
}
