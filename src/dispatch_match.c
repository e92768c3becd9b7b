/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_match.h"
#include "base/check.h"
#include "base/digest.h"
#include "dispatch_turn.h"
#include "net/etag.h"

#define TAG_BYTES 16

static bool is_control(const struct route *r)
{
	return r->mode == CONTROL_READ || r->mode == CONTROL_WRITE;
}

static bool begins(const char *path, const char *with)
{
	size_t n = strlen(with);

	return strncmp(path, with, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

const struct route *match_object(const struct route *routes, size_t count, const struct route *r)
{
	const struct route *best = NULL;

	if (r->method == METHOD_GET)
		return r->flags & ROUTE_ONE ? r : NULL;
	for (size_t i = 0; i < count; i++) {
		const struct route *one = &routes[i];

		if ((one->flags & ROUTE_ONE) && is_control(one) == is_control(r)
		    && begins(r->path, one->path)
		    && (!best || strlen(one->path) > strlen(best->path)))
			best = one;
	}
	return best;
}

/* ---- On the loop thread: what is asked for, and can it be kept? */

/* Several headers of one name are one list. */
static bool read_list(struct turn *t, const char *name, struct str *out)
{
	const struct req *q = t->q;
	struct str want = str_from(name);
	bool found = false;

	for (size_t i = 0; i < q->header_count; i++) {
		if (!str_eq_nocase(q->headers[i].name, want))
			continue;
		*out = found ? arena_printf(q->arena, "%.*s, %.*s", STR_ARG(*out),
		                            STR_ARG(q->headers[i].value))
		             : q->headers[i].value;
		found = true;
	}
	return !found || etag_list_ok(*out)
	    || fail(&t->c, ERR_MALFORMED, NULL,
	            "%s must be tags in quotes with commas between them, as ETag has them, or *",
	            name);
}

static bool read_of_get(struct turn *t)
{
	if (!t->expand)
		t->object = match_object(NULL, 0, t->q->route);
	if (t->if_match.n == 0 || t->object)
		return true;
	return fail(&t->c, ERR_MALFORMED, NULL,
	            t->expand ? "If-Match is not possible here: what is expanded has no ETag"
	                      : "If-Match is not possible here: this is no single object with an ETag");
}

static bool read_of_write(struct turn *t)
{
	const struct dispatch_config *config = &t->d->config;
	enum method m = t->q->method;

	if (t->if_none_match.n > 0)
		return fail(&t->c, ERR_MALFORMED, NULL, "If-None-Match is for GET and HEAD");
	if (t->if_match.n == 0 && m != METHOD_PATCH && m != METHOD_PUT)
		return true;
	t->object = match_object(config->routes, config->route_count, t->q->route);
	if (t->if_match.n == 0)
		return true;
	if (!t->object)
		return fail(&t->c, ERR_MALFORMED, NULL,
		            "If-Match is not possible here: the address names no object with an ETag");
	return access_admit(&t->c, t->object, &t->ask, &t->facts);
}

bool turn_read_match(struct turn *t)
{
	if (!(t->q->route->flags & ROUTE_API))
		return true;
	return read_list(t, "If-Match", &t->if_match)
	    && read_list(t, "If-None-Match", &t->if_none_match)
	    && (t->q->route->method == METHOD_GET ? read_of_get(t) : read_of_write(t));
}

/* ---- On the worker, in the transaction. */

static struct str tag_of(struct arena *a, const struct res *r)
{
	CHECK(!r->has_file && !r->static_body);
	return arena_printf(a, "\"%.*s\"", STR_ARG(digest_hex(a, buf_text(&r->body), TAG_BYTES)));
}

/* The path and the number of names in it, as far as the object's own goes. */
static void name_object(struct req *q, const struct route *object)
{
	struct str rest = str_from(object->path);
	size_t at = 0;

	q->arg_count = 0;
	while (rest.p) {
		struct str part = str_cut(&rest, '/');

		q->arg_count += str_starts(part, ":");
		if (part.n > 0)
			at = str_find(q->path, '/', at + 1);
	}
	q->path = str_slice(q->path, 0, at);
}

/* What GET of the object would answer now. */
static bool look(struct ctx *c, const struct turn *t, struct res *out)
{
	struct req q = *t->q;

	q.method = METHOD_GET;
	q.route = t->object;
	q.query_text = q.body = STR("");
	q.query = q.form = (struct form){ 0 };
	q.read = NULL;
	name_object(&q, t->object);
	res_init(out, c->arena);
	if (!t->object->run(c, &q, out))
		return false;
	CHECK(out->status == 200);
	return true;
}

static bool is_get(const struct turn *t)
{
	return t->q->route->method == METHOD_GET;
}

static bool check_match(struct ctx *c, const struct turn *t, struct str tag)
{
	return t->if_match.n == 0 || etag_list_has_strong(t->if_match, tag)
	    || fail(c, ERR_STALE, NULL,
	            "It is not any more what If-Match names; read it again, decide again");
}

bool turn_match(struct ctx *c, const struct turn *t)
{
	struct res now;

	if (t->if_match.n == 0 || is_get(t))
		return true;
	return look(c, t, &now) && check_match(c, t, tag_of(c->arena, &now));
}

static bool tag_get(struct ctx *c, struct turn *t)
{
	struct str tag = tag_of(c->arena, t->r);

	if (!check_match(c, t, tag))
		return false;
	/* The body stays and is not sent: the length that is told has to be its (RFC 9110, 8.6). */
	if (t->if_none_match.n > 0 && etag_list_has_weak(t->if_none_match, tag)) {
		t->r->status = 304;
		t->r->content_type = STR("");
	}
	res_header(t->r, "ETag", tag);
	return true;
}

static bool tag_write(struct ctx *c, struct turn *t)
{
	struct res now;

	if (!look(c, t, &now))
		return false;
	if (str_eq(buf_text(&now.body), buf_text(&t->r->body)))
		res_header(t->r, "ETag", tag_of(c->arena, &now));
	return true;
}

bool turn_tag(struct ctx *c, struct turn *t)
{
	enum method m = t->q->method;

	if (!t->object || t->r->status != 200)
		return true;
	if (is_get(t))
		return tag_get(c, t);
	return (m != METHOD_PATCH && m != METHOD_PUT) || tag_write(c, t);
}
