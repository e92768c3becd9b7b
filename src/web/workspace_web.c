/* SPDX-License-Identifier: Apache-2.0 */
#include "web/workspace_web.h"
#include "app.h"
#include "base/check.h"
#include "base/money.h"
#include "data/json.h"
#include "org/workspace.h"
#include "report/report_home.h"
#include "web/page.h"
#include "web/say.h"
#include "work/work.h"

#define ORGS_MAX 200

/* One step of the page, run as a task. */
struct step {
	struct task task; /* first: tasks are steps */
	struct page *p;
	const struct req *q;
	struct res *r;
	struct workspace space;
	struct list orgs;
	const struct org *org;
	json_t *row;
};

/* The frame, the workspace, its organisations; ERR_NOT_FOUND for those who do not belong to it. */
static bool open_page(struct ctx *c, struct task *t)
{
	struct step *s = (struct step *)t;
	int64_t id, role;

	if (!id_parse(ID_WORKSPACE, s->q->args[0], &id))
		return fail(c, ERR_NOT_FOUND, NULL, "There is nothing here");
	if (!workspace_role(c, id, c->actor.user_id, &role))
		return false;
	if (role < ROLE_VIEWER)
		return fail(c, ERR_NOT_FOUND, NULL, "There is nothing here");
	c->actor.role = (enum role)role;
	c->actor.sees_money = true;
	c->actor.sees_personal_data = true;
	return page_open(s->p, c, s->q, s->r)
	    && workspace_get(c, id, &s->space)
	    && workspace_orgs(c, id, &s->orgs);
}

static void put_tasks(json_t *row, const struct report_tasks *t)
{
	json_set_int(row, "applications", t->applications);
	json_set_int(row, "held", t->held);
	json_set_int(row, "runs", t->runs_draft + t->runs_open);
}

static bool put_owed(struct ctx *c, struct step *s)
{
	struct say_part *parts;
	struct fx_sum sum;
	struct rows owed;
	struct str text;

	if (!report_owed(c, &owed))
		return false;
	parts = ARENA_ARRAY(c->arena, struct say_part, owed.count + 1);
	for (size_t i = 0; i < owed.count; i++)
		parts[i] = (struct say_part){ rows_str(&owed, i, 0), rows_int(&owed, i, 2) };
	fx_sum_begin(c, &sum, s->org->currency);
	if (!say_sum(s->p, &sum, parts, owed.count, &text))
		return false;
	json_set_str(s->row, "owed", text);
	return true;
}

static bool read_org(struct ctx *c, struct task *t)
{
	struct step *s = (struct step *)t;
	struct report_currency cur;
	struct report_tasks tasks;
	struct fx_sum sum;
	struct report report;
	bool up;

	s->p->c = c;
	if (!report_read(c, 0, &report) || !report_tasks(c, &tasks) || !put_owed(c, s)
	    || !report_home(c, &report, s->org->currency, &sum, &cur))
		return false;
	json_set_str(s->row, "revenue", say_money(s->p, cur.now.revenue, cur.code));
	json_set_str(s->row, "commission", say_money(s->p, cur.now.commission, cur.code));
	json_set_str(s->row, "converted", say_converted(s->p, &sum));
	json_set_str(s->row, "change", say_change(c->arena, cur.before.revenue, cur.now.revenue, &up));
	json_set_str(s->row, "tone", up ? STR("up") : STR("down"));
	json_set_int(s->row, "partners", report.partners_now);
	json_set_int(s->row, "clicks", report.clicks_now);
	put_tasks(s->row, &tasks);
	return true;
}

static bool run(struct ctx *c, struct step *s, enum work_kind kind,
                bool (*fn)(struct ctx *c, struct task *t))
{
	s->task = (struct task){ .kind = kind, .arena = c->arena, .app = c->app, .run = fn,
	                         .org_id = s->org ? s->org->id : 0 };
	bool ok = work_run(app_of(c)->work, c, &s->task);

	s->p->c = c;
	return ok;
}

/* What is no real money stands apart from what is. */
static bool put_orgs(struct ctx *c, struct step *s)
{
	json_t *rows = json_array(), *sandboxes = json_array();

	json_object_set_new(s->p->view, "rows", rows);
	json_object_set_new(s->p->view, "sandboxes", sandboxes);
	for (size_t i = 0; i < s->orgs.count && i < ORGS_MAX; i++) {
		s->org = (const struct org *)s->orgs.items + i;
		s->row = json_object();
		json_array_append_new(s->org->sandbox ? sandboxes : rows, s->row);
		json_set_str(s->row, "name", s->org->name);
		json_set_str(s->row, "slug", s->org->slug);
		json_set_str(s->row, "currency", s->org->currency);
		if (!run(c, s, WORK_READ, read_org))
			return false;
	}
	json_set_bool(s->p->view, "any_sandbox", json_array_size(sandboxes) > 0);
	return true;
}

bool workspace_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct step *s = ARENA_NEW(c->arena, struct step);

	s->p = ARENA_NEW(c->arena, struct page);
	s->q = q;
	s->r = r;
	if (!run(c, s, WORK_CONTROL_READ, open_page))
		return false;
	c->actor.sees_money = true;
	return put_orgs(c, s)
	    && page_show(s->p, "app/workspace.html", s->space.name);
}
