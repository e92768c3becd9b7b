/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http.h"
#include "base/check.h"
#include "base/reason.h"
#include "data/json_out.h"

#include <unistd.h>

static const struct str methods[METHOD_COUNT] = {
	[METHOD_GET] = STR_INIT("GET"),     [METHOD_HEAD] = STR_INIT("HEAD"),
	[METHOD_POST] = STR_INIT("POST"),   [METHOD_PUT] = STR_INIT("PUT"),
	[METHOD_PATCH] = STR_INIT("PATCH"), [METHOD_DELETE] = STR_INIT("DELETE"),
	[METHOD_OPTIONS] = STR_INIT("OPTIONS"),
};

enum method method_find(struct str name)
{
	for (int m = 0; m < METHOD_COUNT; m++) {
		if (str_eq(name, methods[m]))
			return (enum method)m;
	}
	return METHOD_COUNT;
}

const char *method_name(enum method m)
{
	CHECK(m < METHOD_COUNT);
	return methods[m].p;
}

struct str req_header(const struct req *q, const char *name)
{
	struct str want = str_from(name);

	for (size_t i = 0; i < q->header_count; i++) {
		if (str_eq_nocase(q->headers[i].name, want))
			return q->headers[i].value;
	}
	return (struct str){ 0 };
}

/* The value of a name in "a=1; b=2". */
static bool cookie_in(struct str pairs, const char *name, struct str *out)
{
	while (pairs.p && pairs.n) {
		struct str value = str_trim(str_cut(&pairs, ';'));
		struct str key = str_cut(&value, '=');

		if (value.p && str_is(key, name)) {
			*out = value;
			return true;
		}
	}
	return false;
}

struct str req_cookie(const struct req *q, const char *name)
{
	struct str value = { 0 };

	for (size_t i = 0; i < q->header_count; i++) {
		if (str_eq_nocase(q->headers[i].name, STR("cookie"))
		    && cookie_in(q->headers[i].value, name, &value))
			break;
	}
	return value;
}

struct str req_media(const struct req *q)
{
	struct str rest = req_header(q, "content-type");
	struct str media = str_trim(str_cut(&rest, ';'));
	char *p = arena_cstr(q->arena, media);

	for (size_t i = 0; i < media.n; i++) {
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + ('a' - 'A'));
	}
	return (struct str){ p, media.n };
}

/* "UTF-8", also in quotes; ASCII is part of it. */
static bool is_utf8(struct str name)
{
	name = str_trim(name);
	if (name.n >= 2 && name.p[0] == '"' && name.p[name.n - 1] == '"')
		name = str_slice(name, 1, name.n - 2);
	return str_eq_nocase(name, STR("utf-8")) || str_eq_nocase(name, STR("us-ascii"));
}

bool req_other_charset(const struct req *q)
{
	struct str rest = req_header(q, "content-type");

	str_cut(&rest, ';');
	while (rest.p) {
		struct str value = str_cut(&rest, ';');
		struct str key = str_trim(str_cut(&value, '='));

		if (str_eq_nocase(key, STR("charset")) && !is_utf8(value))
			return true;
	}
	return false;
}

bool req_read_form(struct ctx *c, struct req *q)
{
	if (q->body.n == 0 || !str_is(req_media(q), "application/x-www-form-urlencoded"))
		return true;
	if (req_other_charset(q))
		return fail(c, ERR_MEDIA, NULL, "the body must be UTF-8");
	return form_read_typed(c, q->body, &q->form);
}

void res_init(struct res *r, struct arena *a)
{
	r->arena = a;
	r->status = 0;
	r->content_type = (struct str){ 0 };
	buf_init(&r->body, a);
	r->again = (struct str){ 0 };
	r->header_count = 0;
	r->cacheable = false;
	r->bare = false;
	r->has_file = false;
	r->static_body = NULL;
	r->static_size = 0;
}

static bool is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/* A text that cannot end the header line it is put on, and ends with a NUL. */
static struct str one_line(struct arena *a, struct str value)
{
	if (!str_has_control(value))
		return value;
	char *p = arena_cstr(a, value);

	for (size_t i = 0; i < value.n; i++) {
		if (is_control(p[i]))
			p[i] = ' ';
	}
	return (struct str){ p, value.n };
}

void res_header(struct res *r, const char *name, struct str value)
{
	CHECK(r->header_count < RES_HEADERS_MAX);
	r->headers[r->header_count++] = (struct req_header){
		.name = str_from(name),
		.value = one_line(r->arena, value),
	};
}

static void answer(struct res *r, int status, struct str content_type)
{
	CHECK(status >= 200 && status <= 599);
	r->status = status;
	r->content_type = content_type;
	r->has_file = false;
	r->static_body = NULL;
	r->static_size = 0;
	buf_init(&r->body, r->arena);
}

void res_text(struct res *r, int status, struct str content_type, struct str body)
{
	answer(r, status, content_type);
	buf_str(&r->body, body);
}

size_t res_size(const struct res *r)
{
	if (r->has_file)
		return r->file_size;
	return r->static_body ? r->static_size : r->body.n;
}

static void close_file(void *arg)
{
	close((int)(intptr_t)arg);
}

void res_file(struct res *r, struct str content_type, int fd, size_t size)
{
	arena_defer(r->arena, close_file, (void *)(intptr_t)fd);
	r->status = 200;
	r->content_type = content_type;
	r->body.n = 0;
	r->has_file = true;
	r->file = fd;
	r->file_size = size;
}

void res_json(struct res *r, int status, struct str json)
{
	res_text(r, status, STR("application/json"), json);
}

void res_redirect(struct res *r, int status, struct str location)
{
	answer(r, status, (struct str){ 0 });
	res_header(r, "Location", location);
}

static void problem_json(struct buf *b, const struct err *e, struct str request_id, struct str path)
{
	const struct err_info *info = err_info(e->code);
	struct str detail = reason_text(b->arena, e);

	/* Registered at https://www.iana.org/assignments/http-problem-types */
	jw_object(b);
	jw_key_str(b, "type",
	           e->code == ERR_RATE
	               ? STR("https://iana.org/assignments/http-problem-types#quota-exceeded")
	               : STR("about:blank"));
	jw_key_str(b, "title", str_from(info->title));
	jw_key_int(b, "status", info->status);
	jw_key_str(b, "detail", detail.n ? detail : str_from(info->title));
	jw_key_str(b, "instance", path);
	jw_key_str(b, "code", str_from(info->wire));
	if (e->field[0]) {
		struct str pointer = arena_printf(b->arena, "/%s", e->field);

		jw_key_str(b, "param", pointer);
		jw_key(b, "errors");
		jw_array(b);
		jw_object(b);
		jw_key_str(b, "pointer", pointer);
		jw_key_str(b, "code", str_from(info->wire));
		jw_key_str(b, "detail", detail);
		jw_object_end(b);
		jw_array_end(b);
	}
	jw_key_str(b, "request_id", request_id);
	jw_key_str(b, "doc_url", arena_printf(b->arena, "/docs/errors#%s", info->wire));
	jw_key_bool(b, "retryable", info->retryable);
	if (e->code == ERR_RATE)
		jw_key_raw(b, "violated-policies", STR("[\"default\"]"));
	jw_object_end(b);
}

void res_problem(struct res *r, const struct err *e, struct str request_id, struct str path)
{
	const struct err_info *info = err_info(e->code);

	CHECK(e->code != ERR_NONE);
	answer(r, info->status, STR("application/problem+json"));
	problem_json(&r->body, e, request_id, path);
	if (info->status == 503 || info->status == 429)
		res_header(r, "Retry-After", STR("1"));
}
