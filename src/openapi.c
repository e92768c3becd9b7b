/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi.h"

#include "api/version.h"
#include "base/check.h"
#include "data/json_out.h"
#include "dispatch_match.h"
#include "expansions.h"
#include "openapi_schema.h"
#include "outbox/outbox.h"
#include "routes.h"

#include <pthread.h>

#define PREFIX "/api/v1"

static const struct route *route_of(const struct api_call *call)
{
	for (size_t i = 0; i < route_count; i++)
		if (routes[i].method == call->method && strcmp(routes[i].path, call->path) == 0)
			return &routes[i];
	return NULL;
}

static const struct api_call *call_of(const struct route *route)
{
	for (const struct api_call *call = api_calls; route && call->path; call++)
		if (call->method == route->method && strcmp(call->path, route->path) == 0)
			return call;
	return NULL;
}

/* How GET of the object describes itself, which a call is about by its path; or NULL. */
static const struct api_call *object_of(const struct api_call *call)
{
	const struct route *route = route_of(call);

	return route ? call_of(match_object(routes, route_count, route)) : NULL;
}

/* Is the answer what has an ETag, see dispatch_match.h? */
static bool has_tag(const struct api_call *call)
{
	const struct api_call *object = object_of(call);
	enum method m = call->method;

	return object && call->answer && strcmp(call->answer, object->answer) == 0
	    && (m == METHOD_GET || m == METHOD_PATCH || m == METHOD_PUT);
}

/* "/api/v1/partners/:id" as "/partners/{id}". */
static void put_path(struct buf *b, const char *path)
{
	bool open = false;

	CHECK(strncmp(path, PREFIX, sizeof(PREFIX) - 1) == 0);
	for (const char *p = path + sizeof(PREFIX) - 1; *p; p++) {
		if (open && *p == '/')
			buf_char(b, '}');
		open = open && *p != '/';
		open = open || *p == ':';
		buf_char(b, *p == ':' ? '{' : *p);
	}
	if (open)
		buf_char(b, '}');
}

static const char *path_key(struct arena *a, const char *path)
{
	struct buf b;

	buf_init(&b, a);
	put_path(&b, path);
	return buf_text(&b).p;
}

/* "post_partners_id_approve": a name for the call. */
static struct str call_name(struct arena *a, const struct api_call *call)
{
	struct buf b;

	buf_init(&b, a);
	for (const char *p = method_name(call->method); *p; p++)
		buf_char(&b, (char)(*p - 'A' + 'a'));
	for (const char *p = call->path + sizeof(PREFIX) - 1; *p; p++)
		if (*p != ':')
			buf_char(&b, *p == '/' || *p == '-' || *p == '.' ? '_' : *p);
	return buf_text(&b);
}

static void put_param(struct buf *b, struct str name, const char *in)
{
	jw_object(b);
	jw_key_str(b, "name", name);
	jw_key_str(b, "in", str_from(in));
	if (*in == 'p')
		jw_key_bool(b, "required", true);
	jw_key(b, "schema");
}

static void put_text_param(struct buf *b, struct str name, const char *in)
{
	put_param(b, name, in);
	jw_raw(b, STR("{\"type\":\"string\"}"));
	jw_object_end(b);
}

/* A filter: four bounds for a time, one parameter for anything else. */
static void put_filter(struct buf *b, const struct list_spec *l, const struct list_filter *f)
{
	static const char *const bounds[] = { "gte", "gt", "lte", "lt" };
	const struct field *field = f->where ? NULL : model_field(l->model, str_from(f->column));
	struct str name = str_from(list_param(l, f));

	if (!field || field->as != AS_TIME) {
		put_text_param(b, name, "query");
		return;
	}
	for (size_t i = 0; i < LEN(bounds); i++) {
		put_param(b, arena_printf(b->arena, "%.*s.%s", STR_ARG(name), bounds[i]), "query");
		jw_raw(b, STR("{\"type\":\"string\",\"format\":\"date-time\"}"));
		jw_object_end(b);
	}
}

static void put_limit_param(struct buf *b)
{
	put_param(b, STR("limit"), "query");
	jw_raw(b, STR("{\"type\":\"integer\",\"minimum\":1,\"maximum\":100,\"default\":10}"));
	jw_object_end(b);
}

static void put_query_param(struct buf *b, struct str name)
{
	if (str_is(name, "limit"))
		put_limit_param(b);
	else
		put_text_param(b, name, "query");
}

static void put_list_params(struct buf *b, const struct list_spec *l)
{
	put_limit_param(b);
	put_text_param(b, STR("starting_after"), "query");
	put_text_param(b, STR("ending_before"), "query");
	for (size_t i = 0; i < l->filter_count; i++)
		put_filter(b, l, &l->filters[i]);
}

/* Writes in a lane remember their answers, see access/idempotency.h. */
static void put_key_param(struct buf *b, const struct route *route)
{
	if (!route || route->method != METHOD_POST || route->who == ANYBODY
	    || (route->mode != WRITE && route->mode != CONTROL_WRITE))
		return;
	jw_object(b);
	jw_key_str(b, "name", STR("Idempotency-Key"));
	jw_key_str(b, "in", STR("header"));
	jw_key_bool(b, "required", (route->flags & ROUTE_KEYED) != 0);
	jw_key_raw(b, "schema", STR("{\"type\":\"string\",\"minLength\":1,\"maxLength\":255}"));
	jw_object_end(b);
}

static void put_expand_param(struct buf *b, const struct route *route)
{
	const char *of = route ? expansions_root(route) : NULL;
	size_t count = 0;
	struct buf names;

	if (!of)
		return;
	buf_init(&names, b->arena);
	buf_puts(&names, "Ids that become objects, with commas; inside those, up to three deep, with dots: ");
	for (const struct expansion *row = expansions; row->of; row++)
		if (strcmp(row->of, of) == 0)
			buf_printf(&names, "%s%s", count++ ? ", " : "", row->member);
	put_param(b, STR("expand"), "query");
	jw_raw(b, STR("{\"type\":\"string\"}"));
	jw_key_str(b, "description", buf_text(&names));
	jw_object_end(b);
}

static void put_match_params(struct buf *b, const struct api_call *call)
{
	if (object_of(call))
		jw_raw(b, STR("{\"$ref\":\"#/components/parameters/IfMatch\"}"));
	if (object_of(call) == call)
		jw_raw(b, STR("{\"$ref\":\"#/components/parameters/IfNoneMatch\"}"));
}

static void put_params(struct buf *b, const struct api_call *call, const struct route *route)
{
	struct str path = str_from(call->path), query = str_from(call->query);

	jw_key(b, "parameters");
	jw_array(b);
	while (path.p) {
		struct str part = str_cut(&path, '/');

		if (str_starts(part, ":"))
			put_text_param(b, str_slice(part, 1, part.n), "path");
	}
	if (call->list)
		put_list_params(b, call->list);
	while (query.n > 0)
		put_query_param(b, str_cut(&query, ' '));
	put_expand_param(b, route);
	put_key_param(b, route);
	put_match_params(b, call);
	jw_raw(b, STR("{\"$ref\":\"#/components/parameters/ApiVersion\"}"));
	jw_array_end(b);
}

static void put_ref(struct buf *b, const char *schema)
{
	jw_object(b);
	jw_key_str(b, "$ref", arena_printf(b->arena, "#/components/schemas/%s", schema));
	jw_object_end(b);
}

static void put_content(struct buf *b, const struct api_call *call, const char *schema)
{
	jw_key(b, "content");
	jw_object(b);
	jw_key(b, "application/json");
	jw_object(b);
	jw_key(b, "schema");
	if (call->list && schema == call->answer) {
		jw_object(b);
		jw_key(b, "allOf");
		jw_array(b);
		put_ref(b, "List");
		jw_raw(b, arena_printf(b->arena,
		                       "{\"properties\":{\"data\":{\"type\":\"array\",\"items\":"
		                       "{\"$ref\":\"#/components/schemas/%s\"}}}}",
		                       schema));
		jw_array_end(b);
		jw_object_end(b);
	} else {
		put_ref(b, schema);
	}
	jw_object_end(b);
	jw_object_end(b);
}

/* What stands above every answer; the limits only where a key is counted, tags where there are. */
enum { RATED = 1, TAGGED = 2 };

static const struct {
	const char *name, *schema, *what;
	unsigned only;
} answer_headers[] = {
	{ "Request-Id", "{\"type\":\"string\",\"pattern\":\"^req_\"}",
	  "Names the request in the server's log.", 0 },
	{ "Api-Version", "{\"type\":\"string\",\"format\":\"date\"}",
	  "The version that the answer is of.", 0 },
	{ "RateLimit-Policy", "{\"type\":\"string\"}", "Requests (q) in so many seconds (w).",
	  RATED },
	{ "RateLimit", "{\"type\":\"string\"}",
	  "Requests left (r), and seconds until the quota is reset to all of them (t).", RATED },
	{ "ETag", "{\"type\":\"string\",\"pattern\":\"^\\\"[0-9a-f]{32}\\\"$\"}",
	  "Names this state of the object, for If-Match and If-None-Match; not with expand.",
	  TAGGED },
};

static void put_headers(struct buf *b, const struct api_call *call)
{
	const struct route *route = route_of(call);
	unsigned is = (route && route->who != ANYBODY ? RATED : 0u) | (has_tag(call) ? TAGGED : 0u);

	jw_key(b, "headers");
	jw_object(b);
	for (size_t i = 0; i < LEN(answer_headers); i++)
		if (!(answer_headers[i].only & ~is))
			jw_key_raw(b, answer_headers[i].name,
			           arena_printf(b->arena, "{\"$ref\":\"#/components/headers/%s\"}",
			                        answer_headers[i].name));
	jw_object_end(b);
}

static void put_answer(struct buf *b, const struct api_call *call, int status, const char *what)
{
	jw_key(b, arena_printf(b->arena, "%d", status).p);
	jw_object(b);
	jw_key_str(b, "description", str_from(what));
	put_headers(b, call);
	if (call->answer && status != 304)
		put_content(b, call, call->answer);
	jw_object_end(b);
}

static void put_answers(struct buf *b, const struct api_call *call)
{
	jw_key(b, "responses");
	jw_object(b);
	put_answer(b, call, call->status, "Done");
	if (call->answer && strcmp(call->answer, "Recorded") == 0)
		put_answer(b, call, 200, "It was recorded before: the same answer once more");
	if (object_of(call) == call)
		put_answer(b, call, 304, "It is what If-None-Match names");
	if (object_of(call))
		jw_key_raw(b, "412", STR("{\"$ref\":\"#/components/responses/Stale\"}"));
	jw_key(b, "default");
	jw_raw(b, STR("{\"$ref\":\"#/components/responses/Problem\"}"));
	jw_object_end(b);
}

static void put_call(struct buf *b, const struct api_call *call, const struct route *route)
{
	jw_object(b);
	jw_key_str(b, "operationId", call_name(b->arena, call));
	jw_key_str(b, "summary", str_from(call->what));
	if (route && route->scope)
		jw_key_str(b, "x-scope", str_from(route->scope));
	put_params(b, call, route);
	if (call->body) {
		jw_key(b, "requestBody");
		jw_object(b);
		put_content(b, call, call->body);
		jw_object_end(b);
	}
	put_answers(b, call);
	if (route && route->who == ANYBODY)
		jw_key_raw(b, "security", STR("[]"));
	jw_object_end(b);
}

static bool is_first_of_path(const struct api_call *call)
{
	for (const struct api_call *before = api_calls; before < call; before++)
		if (strcmp(before->path, call->path) == 0)
			return false;
	return true;
}

static void put_paths(struct buf *b)
{
	jw_key(b, "paths");
	jw_object(b);
	for (const struct api_call *first = api_calls; first->path; first++) {
		if (!is_first_of_path(first))
			continue;
		jw_key(b, path_key(b->arena, first->path));
		jw_object(b);
		for (const struct api_call *call = first; call->path; call++) {
			char name[8] = { 0 };

			if (strcmp(call->path, first->path) != 0)
				continue;
			for (size_t i = 0; method_name(call->method)[i]; i++)
				name[i] = (char)(method_name(call->method)[i] - 'A' + 'a');
			jw_key(b, name);
			put_call(b, call, route_of(call));
		}
		jw_object_end(b);
	}
	jw_object_end(b);
}

static void put_header_components(struct buf *b)
{
	jw_key(b, "headers");
	jw_object(b);
	for (size_t i = 0; i < LEN(answer_headers); i++) {
		jw_key(b, answer_headers[i].name);
		jw_object(b);
		jw_key_str(b, "description", str_from(answer_headers[i].what));
		jw_key_raw(b, "schema", str_from(answer_headers[i].schema));
		jw_object_end(b);
	}
	jw_object_end(b);
}

static const struct {
	const char *key, *name, *what, *schema;
} parameters[] = {
	{ "ApiVersion", "Api-Version",
	  "The version to be answered in; left out, the one the key was made with.",
	  "{\"type\":\"string\",\"enum\":[\"" API_VERSION "\"]}" },
	{ "IfMatch", "If-Match",
	  "Tags of the object that the path names: do this only if one of them is still its ETag.",
	  "{\"type\":\"string\"}" },
	{ "IfNoneMatch", "If-None-Match",
	  "Tags that are known: 304 without a body if one of them is the object's ETag.",
	  "{\"type\":\"string\"}" },
};

static void put_parameter_components(struct buf *b)
{
	jw_key(b, "parameters");
	jw_object(b);
	for (size_t i = 0; i < LEN(parameters); i++) {
		jw_key(b, parameters[i].key);
		put_param(b, str_from(parameters[i].name), "header");
		jw_raw(b, str_from(parameters[i].schema));
		jw_key_str(b, "description", str_from(parameters[i].what));
		jw_object_end(b);
	}
	jw_object_end(b);
}

static void put_problem(struct buf *b, const char *key, const char *what)
{
	jw_key_raw(b, key,
	           arena_printf(b->arena,
	                        "{\"description\":\"%s\",\"content\":"
	                        "{\"application/problem+json\":{\"schema\":"
	                        "{\"$ref\":\"#/components/schemas/Problem\"}}}}",
	                        what));
}

/* What endpoints are sent, see outbox/outbox.h. */
static void put_webhooks(struct buf *b)
{
	jw_key(b, "webhooks");
	jw_object(b);
	for (size_t i = 0; i < OUTBOX_TYPE_COUNT; i++) {
		const struct outbox_shape *s = &outgoing_shapes[i];

		jw_key_raw(b, outbox_type_names[i],
		           arena_printf(b->arena,
		                        "{\"post\":{\"summary\":\"%s\",\"security\":[],"
		                        "\"requestBody\":{\"content\":{\"application/json\":"
		                        "{\"schema\":{\"type\":\"object\",\"required\":"
		                        "[\"type\",\"timestamp\",\"sequence\",\"data\"],"
		                        "\"properties\":{\"type\":{\"const\":\"%s\"},"
		                        "\"timestamp\":{\"type\":\"string\",\"format\":"
		                        "\"date-time\"},\"sequence\":{\"type\":"
		                        "[\"integer\",\"null\"]},\"data\":{\"$ref\":"
		                        "\"#/components/schemas/%s\"}}}}}},\"responses\":"
		                        "{\"2XX\":{\"description\":\"Taken\"}}}}",
		                        s->what, outbox_type_names[i], s->schema));
	}
	jw_object_end(b);
}

static void put_components(struct buf *b)
{
	jw_key(b, "components");
	jw_object(b);
	jw_key_raw(b, "securitySchemes",
	           STR("{\"key\":{\"type\":\"http\",\"scheme\":\"bearer\","
	               "\"description\":\"An API key: sk_live_…, of a sandbox sk_test_…\"}}"));
	put_header_components(b);
	put_parameter_components(b);
	jw_key(b, "responses");
	jw_object(b);
	put_problem(b, "Problem", "Refused; see code and param");
	put_problem(b, "Stale", "It is not any more what was expected: code is stale");
	jw_object_end(b);
	jw_key(b, "schemas");
	jw_object(b);
	for (const struct api_schema *s = api_schemas; s->name; s++) {
		jw_key(b, s->name);
		openapi_schema_write(b, s);
	}
	jw_object_end(b);
	jw_object_end(b);
}

void openapi_write(struct buf *b)
{
	jw_object(b);
	jw_key_str(b, "openapi", STR("3.1.0"));
	jw_key_raw(b, "info",
	           STR("{\"title\":\"partnerd\",\"version\":\"1\",\"license\":"
	               "{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}"));
	jw_key_raw(b, "servers", STR("[{\"url\":\"" PREFIX "\"}]"));
	jw_key_raw(b, "security", STR("[{\"key\":[]}]"));
	put_paths(b);
	put_webhooks(b);
	put_components(b);
	jw_object_end(b);
}

static struct arena document_arena; /* of the document, which is made once and kept */
static struct str document;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_document(void)
{
	struct arena work;
	struct buf b;

	arena_init(&work);
	buf_init(&b, &work);
	openapi_write(&b);
	document = arena_str(&document_arena, buf_text(&b));
	arena_release(&work);
}

bool openapi_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	if (!api_no_query(c, q))
		return false;
	pthread_once(&once, make_document);
	res_json(r, 200, document);
	return true;
}
