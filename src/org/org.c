/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org.h"
#include "access/access.h"
#include "app.h"
#include "audit/audit.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/money.h"
#include "data/checks.h"
#include "db/store.h"
#include "org/tracking.h"
#include "org/zone.h"

const char *const org_status_names[] = { "active", "suspended", NULL };
const char *const org_payer_names[] = { "client", "agency", NULL };

static const struct field fields[] = {
	FIELD(struct org, id, .flags = OUT, .as = AS_ID, .id = ID_ORG),
	FIELD(struct org, workspace_id, .json = "workspace", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_WORKSPACE),
	FIELD(struct org, slug, .flags = IN | OUT | REQUIRED | UNIQUE | FIXED, .min = 2, .max = 40,
	      .check = org_check_slug),
	FIELD(struct org, name, .flags = IN | OUT | REQUIRED, .min = 1, .max = 120),
	FIELD(struct org, currency, .flags = IN | OUT | FIXED | UPPER, .max = 3,
	      .check = check_currency),
	FIELD(struct org, timezone, .flags = IN | OUT, .max = 64, .check = org_check_timezone),
	FIELD(struct org, status, .flags = OUT, .as = AS_ENUM, .names = org_status_names),
	FIELD(struct org, tracking_host, .flags = IN | OUT | NULLABLE, .max = 253,
	      .check = tracking_check_host),
	FIELD(struct org, payer, .flags = IN | OUT, .as = AS_ENUM, .names = org_payer_names),
	FIELD(struct org, sandbox, .flags = OUT),
	FIELD(struct org, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model org_model = CONTROL_MODEL("org", fields);

static const struct sql SQL_BY_SLUG = {
	.text = "SELECT @columns FROM org WHERE slug = $1",
	.model = &org_model, .control = true, .global = true,
};

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM org ORDER BY name, id",
	.model = &org_model, .control = true, .global = true,
};

static const struct sql SQL_LIST_USER = {
	.text = "SELECT @columns FROM org"
	        " WHERE id IN (SELECT org_id FROM member WHERE user_id = $1)"
	        " OR workspace_id IN (SELECT workspace_id FROM workspace_member WHERE user_id = $1)"
	        " ORDER BY name, id",
	.model = &org_model, .control = true, .global = true,
};

static const struct sql SQL_UPDATE = {
	.text = "UPDATE org SET name = $2, timezone = $3, status = $4, tracking_host = $5,"
	        " payer = $6, workspace_id = $7"
	        " WHERE id = $1",
	.control = true, .global = true,
};

static const struct sql SQL_VERSION = {
	.text = "INSERT INTO org_version (org_id, version) VALUES ($1, 0)"
	        " ON CONFLICT (org_id) DO NOTHING",
};

const struct sql *const org_sql[] = { &SQL_BY_SLUG, &SQL_LIST,    &SQL_LIST_USER,
	                              &SQL_UPDATE,  &SQL_VERSION, NULL };

const char *org_check_slug(struct str slug)
{
	static const char *const taken[] = { "api", "assets", "static", "admin", "www", "new",
	                                     NULL };

	if (slug.n < 2 || slug.n > 40)
		return "must have 2 to 40 letters";
	for (size_t i = 0; i < slug.n; i++) {
		char ch = slug.p[i];
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');

		if (!letter && (ch != '-' || i == 0 || i == slug.n - 1))
			return "may have a-z, 0-9, and - inside only";
	}
	return names_find(taken, slug) >= 0 ? "is taken by the program itself" : NULL;
}

const char *org_check_timezone(struct str name)
{
	return zone_exists(name) ? NULL : "is not the name of a time zone, like Europe/Paris";
}

static bool refuse(struct ctx *c, const char *field, struct str value, const char *wrong)
{
	return !wrong
	    || fail(c, ERR_INVALID, field, "The %s \"%.*s\" %s", field, STR_ARG(value), wrong);
}

static bool check(struct ctx *c, struct org *o)
{
	const struct currency *cur = currency_find(o->currency);

	o->name = str_trim(o->name);
	if (o->name.n == 0 || !str_is_text(o->name) || str_length(o->name) > 120)
		return fail(c, ERR_INVALID, "name", "The name must have 1 to 120 characters");
	if (!cur)
		return refuse(c, "currency", o->currency, "is not a code of ISO 4217");
	o->currency = str_from(cur->code);
	return refuse(c, "slug", o->slug, org_check_slug(o->slug))
	    && refuse(c, "timezone", o->timezone, org_check_timezone(o->timezone));
}

/*
 * The organisation's own data: a transaction of its own, inside the one of the control data. If
 * that one fails later, empty data is left behind that nobody knows of.
 */
static bool make_data(struct ctx *c, int64_t org_id)
{
	struct store *store = app_of(c)->store;
	struct ctx own = { .arena = c->arena, .app = c->app, .actor = c->actor, .org_id = org_id,
	                   .now_ms = c->now_ms };
	struct db *db = NULL;

	if (store_migrate(store, &own, org_id))
		db = store_begin(store, &own, org_id, STORE_WRITE);
	if (db && db_exec(&own, &SQL_VERSION, NO_ARGS) && store_commit(store, &own, db))
		return true;
	c->err = own.err;
	return false;
}

bool org_create(struct ctx *c, struct org *o)
{
	if (!check(c, o))
		return false;
	if (o->id == 0)
		o->id = id_new();
	o->created_at = c->now_ms;
	return db_insert(c, &org_model, o)
	    && make_data(c, o->id)
	    && audit_control_org(c, o->id, "org.create", id_str(c->arena, ID_ORG, o->id), STR(""));
}

bool org_get(struct ctx *c, int64_t id, struct org *out)
{
	struct access *access = app_of(c) ? app_of(c)->access : NULL;

	if (access && access_org(access, c->arena, id, out))
		return true;
	CHECK(c->control != NULL);
	return db_get_id(c, &org_model, id, out);
}

bool org_is_sandbox(struct ctx *c, bool *out)
{
	struct org o;

	if (!org_get(c, c->org_id, &o))
		return false;
	*out = o.sandbox;
	return true;
}

bool org_find(struct ctx *c, struct str slug_or_id, struct org *out, bool *out_found)
{
	int64_t id;

	if (!id_parse(ID_ORG, slug_or_id, &id))
		return db_find(c, &SQL_BY_SLUG, ARGS(val_str(slug_or_id)), out, out_found);
	*out_found = db_get_id(c, &org_model, id, out);
	if (*out_found)
		return true;
	if (c->err.code != ERR_NOT_FOUND)
		return false;
	fail_clear(c);
	return true;
}

bool org_named(struct ctx *c, const char *field, struct str slug_or_id, struct org *out)
{
	bool found;

	if (!org_find(c, slug_or_id, out, &found))
		return false;
	return found
	    || fail(c, ERR_NOT_FOUND, field, "There is no organisation \"%.*s\"", STR_ARG(slug_or_id));
}

static void forget_zone(struct ctx *c, void *arg)
{
	(void)c;
	zone_forget(*(int64_t *)arg);
}

bool org_update(struct ctx *c, const struct org *o)
{
	int64_t *id = ARENA_NEW(c->arena, int64_t);
	struct org checked = *o;

	if (!check(c, &checked))
		return false;
	access_changed(c, CACHE_ORG);
	access_changed(c, CACHE_MEMBER);
	*id = o->id;
	ctx_after_commit(c, forget_zone, id);
	return db_exec(c, &SQL_UPDATE,
	               ARGS(val_int(o->id), val_str(checked.name), val_str(o->timezone),
	                    val_int(o->status), val_str(o->tracking_host), val_int(o->payer),
	                    val_int(o->workspace_id)));
}

bool org_list(struct ctx *c, struct list *out)
{
	return db_list(c, &SQL_LIST, NO_ARGS, sizeof(struct org), out);
}

bool org_list_user(struct ctx *c, int64_t user_id, struct list *out)
{
	return db_list(c, &SQL_LIST_USER, ARGS(val_int(user_id)), sizeof(struct org), out);
}
