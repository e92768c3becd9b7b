/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_match.h"
#include "dispatch_desk.h"

/* ---- Things, of which only the number of their changes is known. */

static const struct sql SQL_BUMP = {
	.text = "INSERT INTO org_version (org_id, version) VALUES ($1, 1)"
	        " ON CONFLICT (org_id) DO UPDATE SET version = org_version.version + 1",
};
static const struct sql SQL_VERSION = {
	.text = "SELECT version FROM org_version WHERE org_id = $1",
};

/* "none" is not there; who may not see money sees no number. */
static bool show(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t version;

	CHECK(q->route->method == METHOD_GET && q->body.n == 0 && q->arg_count == 1);
	if (str_is(q->args[0], "none"))
		return fail(c, ERR_NOT_FOUND, "id", "There is no such thing");
	if (!db_int(c, &SQL_VERSION, NO_ARGS, &version))
		return false;
	res_json(r, 200, arena_printf(c->arena, "{\"id\":\"%.*s\",\"path\":\"%.*s\",\"query\":%zu,"
	                              "\"version\":%lld}", STR_ARG(q->args[0]), STR_ARG(q->path),
	                              q->query.count, c->actor.sees_money ? (long long)version : -1));
	return true;
}

static bool change(struct ctx *c, const struct req *q, struct res *r)
{
	struct form none = { 0 };
	struct req again = *q;

	if (!db_exec(c, &SQL_BUMP, NO_ARGS))
		return false;
	if (str_is(q->body, "{\"fail\":true}"))
		return fail(c, ERR_INVALID, "amount", "The amount is wrong");
	again.body = STR("");
	again.query = none;
	again.arg_count = 1;
	again.route = &(const struct route){ .method = METHOD_GET };
	return show(c, &again, r);
}

static bool step(struct ctx *c, const struct req *q, struct res *r)
{
	(void)q;
	if (!db_exec(c, &SQL_BUMP, NO_ARGS))
		return false;
	res_json(r, 200, STR("{\"object\":\"step\"}"));
	return true;
}

static bool drop(struct ctx *c, const struct req *q, struct res *r)
{
	(void)q;
	res_text(r, 204, STR(""), STR(""));
	return db_exec(c, &SQL_BUMP, NO_ARGS);
}

static bool greet(struct ctx *c, const struct req *q, struct res *r)
{
	(void)c;
	(void)q;
	res_text(r, 200, STR("text/plain"), STR("Hello"));
	return true;
}

#define V1 "/api/v1"
#define ONE (ROUTE_API | ROUTE_ONE)

static const struct route rows[] = {
	{ METHOD_GET, V1 "/things", VIEWER, READ, ROUTE_API, "things:read", greet },
	{ METHOD_POST, V1 "/things", MANAGER, WRITE, ROUTE_API, "things:write", step },
	{ METHOD_GET, V1 "/things/:id", VIEWER, READ, ONE, "things:read", show },
	{ METHOD_PATCH, V1 "/things/:id", MANAGER, WRITE, ROUTE_API, "things:write", change },
	{ METHOD_DELETE, V1 "/things/:id", MANAGER, WRITE, ROUTE_API, "things:write", drop },
	{ METHOD_PUT, V1 "/things/:id/part", MANAGER, WRITE, ROUTE_API, "things:write", step },
	{ METHOD_POST, V1 "/things/:id/pay", MANAGER, WRITE, ROUTE_API, "money:write", step },
	{ METHOD_GET, V1 "/things/:id/parts/:no", VIEWER, READ, ONE, "things:read", show },
	{ METHOD_PUT, V1 "/things/:id/parts/:no/x", MANAGER, WRITE, ROUTE_API, "things:write", step },
	{ METHOD_PATCH, V1 "/things/:id/owner", ADMIN, CONTROL_WRITE, ROUTE_API, "admin", step },
	{ METHOD_POST, V1 "/thingsome", MANAGER, WRITE, ROUTE_API, "things:write", step },
	{ METHOD_GET, V1 "/us", VIEWER, CONTROL_READ, ONE, NULL, show },
	{ METHOD_PATCH, V1 "/us", ADMIN, CONTROL_WRITE, ROUTE_API, "admin", step },
	{ METHOD_GET, "/hello", ANYBODY, FAST, 0, NULL, greet },
	{ METHOD_GET, V1 "/hello", ANYBODY, FAST, ROUTE_API, NULL, greet },
};

static const char *object_of(enum method m, const char *path)
{
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct route *object = match_object(rows, LEN(rows), &rows[i]);

		if (rows[i].method == m && strcmp(rows[i].path, path) == 0)
			return object ? object->path : "none";
	}
	return "no such row";
}

TEST(the_object_of_a_call_is_the_longest_that_its_path_begins_with)
{
	EQ_STR(object_of(METHOD_GET, V1 "/things/:id"), V1 "/things/:id");
	EQ_STR(object_of(METHOD_PATCH, V1 "/things/:id"), V1 "/things/:id");
	EQ_STR(object_of(METHOD_PUT, V1 "/things/:id/part"), V1 "/things/:id");
	EQ_STR(object_of(METHOD_PUT, V1 "/things/:id/parts/:no/x"), V1 "/things/:id/parts/:no");
	EQ_STR(object_of(METHOD_PATCH, V1 "/us"), V1 "/us");
	EQ_STR(object_of(METHOD_GET, V1 "/things"), "none");
	EQ_STR(object_of(METHOD_POST, V1 "/things"), "none");
	EQ_STR(object_of(METHOD_POST, V1 "/thingsome"), "none");
	EQ_STR(object_of(METHOD_PATCH, V1 "/things/:id/owner"), "none"); /* other data */
}

/* ---- What must hold. */

static void open_desk(struct desk *w, struct ctx *c, struct store *s)
{
	desk_open(w, c, s, rows, LEN(rows));
}

#define T1 V1 "/things/t1"
#define WITH(m, p, k, name, value) \
	SAY(m, p, .body = (m) > METHOD_HEAD ? "{}" : NULL, .type = "application/json", .key = k, \
	    .header = { { name, value } })
#define IF(m, p, k, tag) WITH(m, p, k, "If-Match", tag)
#define UNLESS(m, p, k, tag) WITH(m, p, k, "If-None-Match", tag)

static const char *tag_of(struct desk *w, const char *path, const char *key)
{
	return desk_header(w, SAY(METHOD_GET, path, .key = key), "ETag").p;
}

STORE_TEST(one_object_has_a_tag_that_changes_with_it)
{
	struct desk w;
	const char *tag, *k;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	k = key.text.p;
	tag = tag_of(&w, T1, k);
	EQ(strlen(tag), 34);
	EQ_STR(tag_of(&w, T1, k), tag);
	EQ_STR(desk_header(&w, SAY(METHOD_HEAD, T1, .key = k), "ETag"), tag);
	OK(strcmp(tag_of(&w, V1 "/things/t2", k), tag) != 0);
	EQ_STR(desk_header(&w, SAY(METHOD_GET, V1 "/things", .key = k), "ETag"), "");
	EQ(desk_ask(&w, SAY(METHOD_POST, V1 "/things", .key = k), NULL), 200);
	OK(strcmp(tag_of(&w, T1, k), tag) != 0);
	EQ_STR(desk_header(&w, SAY(METHOD_POST, V1 "/things", .key = k), "ETag"), "");
	desk_close(&w);
}

STORE_TEST(who_has_it_already_is_told_so)
{
	struct desk w;
	struct str body;
	const char *tag, *k, *list;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	k = key.text.p;
	tag = tag_of(&w, T1, k);
	list = arena_printf(c->arena, "\"other\", W/%s", tag).p;
	EQ(desk_ask(&w, UNLESS(METHOD_GET, T1, k, tag), NULL), 304);
	EQ_STR(desk_header(&w, UNLESS(METHOD_GET, T1, k, tag), "ETag"), tag);
	EQ(desk_ask(&w, UNLESS(METHOD_HEAD, T1, k, tag), NULL), 304);
	EQ(desk_ask(&w, UNLESS(METHOD_GET, T1, k, list), NULL), 304);
	EQ(desk_ask(&w, UNLESS(METHOD_GET, T1, k, "*"), NULL), 304);
	EQ(desk_ask(&w, UNLESS(METHOD_GET, T1, k, "\"other\""), &body), 200);
	OK(body.n > 0);
	EQ(desk_ask(&w, UNLESS(METHOD_GET, T1, k, "other"), NULL), 400);
	EQ(desk_ask(&w, UNLESS(METHOD_GET, V1 "/things/none", k, "*"), NULL), 404);
	EQ(desk_ask(&w, UNLESS(METHOD_GET, V1 "/things", k, "\"a\""), NULL), 200);
	EQ(desk_ask(&w, IF(METHOD_GET, T1, k, tag), NULL), 200);
	EQ(desk_ask(&w, IF(METHOD_GET, T1, k, "\"other\""), NULL), 412);
	EQ(desk_ask(&w, IF(METHOD_GET, T1, k, list), NULL), 412); /* weak */
	EQ(desk_ask(&w, IF(METHOD_GET, V1 "/things/none", k, "*"), NULL), 404);
	desk_close(&w);
}

/* The version that is stored. */
static long long version(struct desk *w, const char *key)
{
	struct str body;

	EQ(desk_ask(w, SAY(METHOD_GET, T1, .key = key), &body), 200);
	return atoll(strrchr(body.p, ':') + 1);
}

STORE_TEST(a_change_goes_by_the_state_that_it_was_decided_on)
{
	struct desk w;
	struct str body;
	const char *first, *k;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	k = key.text.p;
	first = tag_of(&w, T1, k);
	EQ(desk_ask(&w, IF(METHOD_PATCH, T1, k, first), NULL), 200);
	EQ(version(&w, k), 1);
	EQ(desk_ask(&w, IF(METHOD_PATCH, T1, k, first), &body), 412);
	OK(memmem(body.p, body.n, "\"code\":\"stale\"", 14) != NULL);
	EQ(desk_ask(&w, IF(METHOD_DELETE, T1, k, first), NULL), 412);
	EQ(desk_ask(&w, IF(METHOD_PUT, T1 "/part", k, first), NULL), 412);
	EQ(desk_ask(&w, IF(METHOD_POST, T1 "/pay", k, first), NULL), 412);
	EQ(version(&w, k), 1);
	first = tag_of(&w, T1, k);
	EQ(desk_ask(&w, IF(METHOD_POST, T1 "/pay", k, first), NULL), 200);
	EQ(desk_ask(&w, IF(METHOD_PUT, T1 "/part", k, tag_of(&w, T1, k)), NULL), 200);
	EQ(desk_ask(&w, IF(METHOD_DELETE, T1, k, tag_of(&w, T1, k)), NULL), 204);
	EQ(desk_ask(&w, IF(METHOD_PATCH, T1, k, "*"), NULL), 200);
	EQ(version(&w, k), 5);
	EQ(desk_ask(&w, IF(METHOD_PATCH, V1 "/things/none", k, "*"), NULL), 404);
	EQ(desk_ask(&w, IF(METHOD_PATCH, V1 "/things/none", k, first), NULL), 404);
	EQ(version(&w, k), 5);
	desk_close(&w);
}

STORE_TEST(several_headers_are_one_list)
{
	struct desk w;
	const char *k, *p = T1;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	k = key.text.p;
	EQ(desk_ask(&w, SAY(METHOD_PATCH, p, .key = k, .header = { { "If-Match", "\"a\"" },
	            { "IF-MATCH", tag_of(&w, p, k) } }), NULL), 200);
	EQ(desk_ask(&w, SAY(METHOD_PATCH, p, .key = k, .header = { { "If-Match", "\"a\"" },
	            { "If-Match", "\"b\"" } }), NULL), 412);
	EQ(desk_ask(&w, SAY(METHOD_PATCH, p, .key = k, .header = { { "If-Match", "*" },
	            { "If-Match", "*" } }), NULL), 400);
	desk_close(&w);
}

STORE_TEST(what_a_change_answers_has_its_tag_only_if_get_would_answer_the_same)
{
	struct desk w;
	const char *k, *tag;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	k = key.text.p;
	tag = desk_header(&w, SAY(METHOD_PATCH, T1, .query = "a=1", .key = k), "ETag").p;
	EQ_STR(tag_of(&w, T1, k), tag);
	EQ(desk_ask(&w, IF(METHOD_PATCH, T1, k, tag), NULL), 200);
	EQ_STR(desk_header(&w, SAY(METHOD_PUT, T1 "/part", .key = k), "ETag"), "");
	EQ_STR(desk_header(&w, SAY(METHOD_POST, T1 "/pay", .key = k), "ETag"), "");
	EQ_STR(desk_header(&w, SAY(METHOD_PATCH, T1, .body = "{\"fail\":true}", .key = k), "ETag"), "");
	desk_close(&w);
}

STORE_TEST(a_query_of_the_change_is_none_of_the_object)
{
	struct desk w;
	const char *k, *tag;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	k = key.text.p;
	tag = tag_of(&w, T1, k);
	EQ(desk_ask(&w, SAY(METHOD_PUT, T1 "/part", .query = "a=1", .key = k,
	                    .header = { { "If-Match", tag } }), NULL), 200);
	desk_close(&w);
}

STORE_TEST(of_many_changes_of_one_state_one_is_made)
{
	struct desk_heard heard[40];
	struct desk w;
	int made = 0, stale = 0;
	const char *tag;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	tag = tag_of(&w, T1, key.text.p);
	for (size_t i = 0; i < LEN(heard); i++)
		desk_send(&w, IF(METHOD_PATCH, T1, key.text.p, tag), &heard[i]);
	for (size_t i = 0; i < LEN(heard); i++) {
		desk_hear(&heard[i]);
		made += heard[i].r.status == 200;
		stale += heard[i].r.status == 412;
		arena_release(&heard[i].arena);
	}
	EQ(made, 1);
	EQ(stale, (int)LEN(heard) - 1);
	EQ(version(&w, key.text.p), 1);
	desk_close(&w);
}

#define KEYED(tag, id, k) \
	SAY(METHOD_POST, T1 "/pay", .body = "{}", .key = k, \
	    .header = { { "If-Match", tag }, { "Idempotency-Key", id } })

STORE_TEST(a_repetition_is_answered_whatever_has_become_of_the_object)
{
	struct desk w;
	const char *k, *tag;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	k = key.text.p;
	tag = tag_of(&w, T1, k);
	EQ(desk_ask(&w, KEYED("\"other\"", "k1", k), NULL), 412);
	EQ(desk_ask(&w, KEYED(tag, "k1", k), NULL), 200); /* the refusal was not kept */
	EQ_STR(desk_header(&w, KEYED(tag, "k1", k), "Idempotent-Replayed"), "true");
	EQ_STR(desk_header(&w, KEYED("\"other\"", "k1", k), "Idempotent-Replayed"), "true");
	EQ(desk_ask(&w, KEYED(tag, "k2", k), NULL), 412);
	EQ(version(&w, k), 1);
	desk_close(&w);
}

STORE_TEST(what_is_compared_is_what_the_caller_may_read)
{
	struct desk w;
	const char *k, *tag;

	open_desk(&w, c, s);
	struct desk_task all = desk_key(&w, 1, "all", ""),
	                 blind = desk_key(&w, 1, "write,-money", ""),
	                 pays = desk_key(&w, 1, "money:write", "");

	k = blind.text.p;
	tag = tag_of(&w, T1, k);
	OK(strcmp(tag, tag_of(&w, T1, all.text.p)) != 0);
	EQ(desk_ask(&w, IF(METHOD_PATCH, T1, k, tag_of(&w, T1, all.text.p)), NULL), 412);
	EQ(desk_ask(&w, IF(METHOD_PATCH, T1, k, tag), NULL), 200);
	EQ_STR(tag_of(&w, T1, k), tag); /* it sees nothing of what has changed */
	EQ(desk_ask(&w, IF(METHOD_POST, T1 "/pay", pays.text.p, "*"), NULL), 403);
	EQ(desk_ask(&w, SAY(METHOD_POST, T1 "/pay", .key = pays.text.p), NULL), 200);
	desk_close(&w);
}

STORE_TEST(a_precondition_that_cannot_be_kept_is_refused)
{
	static const struct { enum method m; const char *path, *name, *value; } bad[] = {
		{ METHOD_GET, V1 "/things", "If-Match", "*" },
		{ METHOD_GET, V1 "/hello", "If-Match", "*" },
		{ METHOD_POST, V1 "/things", "If-Match", "*" },
		{ METHOD_POST, V1 "/thingsome", "If-Match", "*" },
		{ METHOD_PATCH, T1 "/owner", "If-Match", "*" },
		{ METHOD_PATCH, T1, "If-None-Match", "*" },
		{ METHOD_PATCH, T1, "If-Match", "a" },
		{ METHOD_GET, T1, "If-Match", "\"a\"," "\"" },
		{ METHOD_PATCH, T1, "If-Match", "" },
	};
	struct desk w;
	struct str body;

	open_desk(&w, c, s);
	struct desk_task key = desk_key(&w, 1, "all", "");

	for (size_t i = 0; i < LEN(bad); i++) {
		EQ(desk_ask(&w, WITH(bad[i].m, bad[i].path, key.text.p, bad[i].name, bad[i].value),
		            &body), 400);
		OK(memmem(body.p, body.n, bad[i].name, strlen(bad[i].name)) != NULL);
		OK(memmem(body.p, body.n, "\"code\":\"malformed\"", 18) != NULL);
	}
	EQ(version(&w, key.text.p), 0);
	EQ(desk_ask(&w, IF(METHOD_GET, "/hello", NULL, "a"), NULL), 200); /* a page */
	desk_close(&w);
}
