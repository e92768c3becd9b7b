/* SPDX-License-Identifier: Apache-2.0 */
#include "web/page.h"
#include "app.h"
#include "base/check.h"
#include "data/json.h"
#include "data/model_json.h"
#include "data/template.h"
#include "org/workspace.h"
#include "user/member.h"
#include "user/session.h"
#include "web/assets.h"
#include "web/badge.h"
#include "web/flash.h"

#define SWITCHER_MAX 50

/* What the side shows, and to whom. */
static const struct nav_item {
	const char *group, *path, *icon, *text;
	enum role role;
	bool money;
} items[] = {
	{ "", "", "home", "Overview", ROLE_VIEWER, false },
	{ "Program", "/partners", "users", "Partners", ROLE_VIEWER, false },
	{ "Program", "/campaigns", "target", "Campaigns", ROLE_VIEWER, false },
	{ "Program", "/links", "link", "Links and codes", ROLE_VIEWER, false },
	{ "Program", "/deals", "briefcase", "Deals", ROLE_VIEWER, false },
	{ "Results", "/customers", "user", "Customers", ROLE_VIEWER, false },
	{ "Results", "/events", "list-details", "Events", ROLE_VIEWER, false },
	{ "Results", "/commissions", "coin", "Commissions", ROLE_VIEWER, false },
	{ "Money", "/payouts", "building-bank", "Payouts", ROLE_VIEWER, true },
	{ "Money", "/ledger", "scale", "Ledger", ROLE_VIEWER, true },
	{ "Organisation", "/settings", "settings", "Settings", ROLE_VIEWER, false },
	{ "Organisation", "/audit", "shield-check", "Audit log", ROLE_ADMIN, false },
};

/* Does the path of this request lie below the item's? The overview is only itself. */
static bool is_here(const struct page *p, const struct nav_item *item)
{
	struct str full = arena_printf(p->c->arena, "%.*s%s", STR_ARG(p->base), item->path);
	struct str path = p->q->path;

	if (item->path[0] == '\0')
		return str_eq(path, full);
	return str_starts(path, full.p) && (path.n == full.n || path.p[full.n] == '/');
}

static json_t *nav_entry(const struct page *p, const struct nav_item *item)
{
	json_t *e = json_object();

	json_set_str(e, "href", arena_printf(p->c->arena, "%.*s%s", STR_ARG(p->base), item->path));
	json_set_str(e, "icon", str_from(item->icon));
	json_set_str(e, "text", str_from(item->text));
	json_set_bool(e, "here", is_here(p, item));
	return e;
}

static void put_nav(struct page *p)
{
	const struct actor *a = &p->c->actor;
	json_t *groups = json_array(), *entries = NULL;
	const char *title = NULL;

	for (size_t i = 0; i < LEN(items); i++) {
		const struct nav_item *item = &items[i];

		if (a->role < item->role || (item->money && !a->sees_money))
			continue;
		if (!title || strcmp(title, item->group) != 0) {
			json_t *group = json_object();

			title = item->group;
			entries = json_array();
			json_set_str(group, "group", str_from(title));
			json_object_set_new(group, "entries", entries);
			json_array_append_new(groups, group);
		}
		json_array_append_new(entries, nav_entry(p, item));
	}
	json_object_set_new(p->view, "nav", groups);
}

/* Where a switcher's line leads: partners have another place than staff. */
static bool put_org_entry(struct page *p, json_t *list, const struct org *o)
{
	struct standing_in standing;
	json_t *e;
	bool staff;

	if (!member_standing(p->c, o->id, p->c->actor.user_id, &standing))
		return false;
	staff = standing.role >= ROLE_VIEWER;
	e = json_object();
	json_set_str(e, "name", o->name);
	json_set_str(e, "href",
	             arena_printf(p->c->arena, staff ? "/app/%.*s" : "/portal/%.*s",
	                          STR_ARG(o->slug)));
	json_set_bool(e, "here", o->id == p->org.id);
	json_set_bool(e, "staff", staff);
	json_set_bool(e, "sandbox", o->sandbox);
	return json_array_append_new(list, e) == 0;
}

static bool put_orgs(struct page *p)
{
	json_t *list = json_array();
	struct list orgs;

	json_object_set_new(p->view, "orgs", list);
	if (!org_list_user(p->c, p->c->actor.user_id, &orgs))
		return false;
	for (size_t i = 0; i < orgs.count && i < SWITCHER_MAX; i++)
		if (!put_org_entry(p, list, (const struct org *)orgs.items + i))
			return false;
	return true;
}

static bool put_spaces(struct page *p)
{
	json_t *list = json_array();
	struct list spaces;

	json_object_set_new(p->view, "spaces", list);
	if (!workspace_list_user(p->c, p->c->actor.user_id, &spaces))
		return false;
	for (size_t i = 0; i < spaces.count; i++) {
		const struct workspace *w = (const struct workspace *)spaces.items + i;
		struct str id = id_str(p->c->arena, ID_WORKSPACE, w->id);
		json_t *e = json_object();

		json_set_str(e, "name", w->name);
		json_set_str(e, "href", arena_printf(p->c->arena, "/workspace/%.*s", STR_ARG(id)));
		json_array_append_new(list, e);
	}
	return true;
}

static void put_actor(struct page *p)
{
	const struct actor *a = &p->c->actor;
	json_t *can = json_object(), *user = json_object();

	json_set_bool(can, "manage", a->role >= ROLE_MANAGER);
	json_set_bool(can, "admin", a->role >= ROLE_ADMIN);
	json_set_bool(can, "owner", a->role >= ROLE_OWNER);
	json_set_bool(can, "money", a->sees_money);
	json_set_bool(can, "personal", a->sees_personal_data);
	json_object_set_new(p->view, "can", can);
	json_set_str(user, "name", a->name);
	json_set_str(user, "role", str_from(a->role > ROLE_NONE ? role_names[a->role] : ""));
	json_object_set_new(p->view, "user", user);
	json_set_str(p->view, "csrf", session_csrf(p->c));
}

static bool put_org(struct page *p)
{
	if (p->c->org_id == 0) {
		json_set_str(p->view, "timezone", STR("UTC"));
		return true;
	}
	if (!org_get(p->c, p->c->org_id, &p->org))
		return false;
	p->base = arena_printf(p->c->arena, "/app/%.*s", STR_ARG(p->org.slug));
	json_set_str(p->view, "root", p->base);
	json_set_str(p->view, "timezone", p->org.timezone);
	json_object_set_new(p->view, "org", model_view(p->c, &org_model, &p->org));
	put_nav(p);
	return true;
}

static void put_problem(struct page *p)
{
	const struct err *e = p->q->problem;
	json_t *problem;

	if (!e)
		return;
	problem = json_object();
	json_set_str(problem, "message", str_from(e->msg));
	json_set_str(problem, "field", str_from(e->field));
	json_object_set_new(p->view, "problem", problem);
}

json_t *page_bare(struct ctx *c, struct str title)
{
	json_t *view = json_own(c->arena, json_object());

	json_set_str(view, "title", title);
	json_set_str(view, "v", assets_version());
	return view;
}

void page_open_bare(struct page *p, struct ctx *c, const struct req *q, struct res *r)
{
	*p = (struct page){ .c = c, .q = q, .r = r, .view = page_bare(c, STR("")), .base = STR("") };
	put_actor(p);
	put_problem(p);
}

bool page_open(struct page *p, struct ctx *c, const struct req *q, struct res *r)
{
	page_open_bare(p, c, q, r);
	return put_org(p)
	    && put_orgs(p)
	    && put_spaces(p);
}

bool page_show(struct page *p, const char *template, struct str title)
{
	struct buf html;

	json_set_str(p->view, "title", title);
	flash_show(p->q, p->r, p->view);
	buf_init(&html, p->c->arena);
	if (!template_page(p->c, app_of(p->c)->templates, template, p->view, &html))
		return false;
	res_text(p->r, 200, STR("text/html; charset=utf-8"), buf_text(&html));
	return true;
}

json_t *page_row(struct page *p, const struct model *m, const void *row)
{
	json_t *view = model_view(p->c, m, row);

	badge_put(view);
	return view;
}

bool page_put(struct page *p, const char *key, const struct model *m, const void *row)
{
	return json_object_set_new(p->view, key, page_row(p, m, row)) == 0;
}

struct str page_path(struct page *p, const char *section, enum id_kind kind, int64_t id)
{
	return arena_printf(p->c->arena, "%.*s/%s/%.*s", STR_ARG(p->base), section,
	                    STR_ARG(id_str(p->c->arena, kind, id)));
}

bool page_arg_id(struct ctx *c, const struct req *q, enum id_kind kind, int64_t *out)
{
	CHECK(q->arg_count >= 2);
	return id_parse(kind, q->args[1], out)
	    || fail(c, ERR_NOT_FOUND, "id", "There is nothing with this id here");
}

bool page_done(struct ctx *c, const struct req *q, struct res *r, struct str path,
               const char *flash)
{
	CHECK(q->arg_count >= 1);
	res_redirect(r, 303, arena_printf(c->arena, "/app/%.*s%.*s", STR_ARG(q->args[0]),
	                                  STR_ARG(path)));
	flash_set(q, r, flash);
	return true;
}

struct str page_text(const struct req *q, const char *name)
{
	return str_trim(form_get(&q->form, name));
}

bool page_new(struct ctx *c, const struct req *q, const struct model *m, json_t **out)
{
	const char *key;
	json_t *value;
	void *next;

	if (!form_json(c, &q->form, m, out))
		return false;
	json_object_foreach_safe(*out, next, key, value)
		if (json_is_string(value) && json_string_length(value) == 0)
			json_object_del(*out, key);
	return true;
}
