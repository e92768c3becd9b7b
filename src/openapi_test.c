/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi.h"

#include "data/json.h"
#include "routes.h"
#include "unit.h"

static bool is_call(const struct route *r)
{
	return r->flags & ROUTE_API && strncmp(r->path, "/api/v1/", 8) == 0;
}

static bool same(const struct route *r, const struct api_call *call)
{
	return r->method == call->method && strcmp(r->path, call->path) == 0;
}

TEST(every_route_of_the_api_is_described)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct api_call *call = api_calls;

		while (call->path && !same(&routes[i], call))
			call++;
		if (is_call(&routes[i]) && !call->path)
			FAIL("%s %s has no row in openapi_calls.c", method_name(routes[i].method),
			     routes[i].path);
	}
}

TEST(every_described_call_is_a_route)
{
	for (const struct api_call *call = api_calls; call->path; call++) {
		size_t i = 0;

		while (i < route_count && !same(&routes[i], call))
			i++;
		if (i == route_count)
			FAIL("%s %s is no route", method_name(call->method), call->path);
	}
}

static json_t *document(struct ctx *c)
{
	json_t *doc;
	struct buf b;

	buf_init(&b, c->arena);
	openapi_write(&b);
	OK(json_read_object(c, buf_text(&b), &doc));
	return doc;
}

/* Every reference in a text leads to a schema. */
static void check_references(struct ctx *c, const json_t *schemas, struct str text)
{
	static const char mark[] = "#/components/schemas/";
	const char *at = text.p;

	while ((at = strstr(at, mark))) {
		at += sizeof(mark) - 1;
		char *name = arena_cstr(c->arena, (struct str){ at, strcspn(at, "\"") });

		if (!json_object_get(schemas, name))
			FAIL("there is no schema %s", name);
	}
}

TEST(the_description_is_json_whose_references_lead_somewhere)
{
	json_t *doc = document(c);
	json_t *schemas = json_object_get(json_object_get(doc, "components"), "schemas");
	struct buf b;

	EQ_STR(json_string_value(json_object_get(doc, "openapi")), "3.1.0");
	OK(json_object_get(json_object_get(doc, "paths"), "/partners/{id}/approve"));
	buf_init(&b, c->arena);
	openapi_write(&b);
	check_references(c, schemas, buf_text(&b));
}

TEST(a_schema_follows_the_field_table)
{
	json_t *schemas = json_object_get(json_object_get(document(c), "components"), "schemas");
	json_t *body = json_object_get(schemas, "PartnerNew");
	json_t *country = json_object_get(json_object_get(body, "properties"), "country");

	EQ(json_array_size(json_object_get(body, "required")), 3);
	EQ(json_integer_value(json_object_get(country, "maxLength")), 2);
	body = json_object_get(schemas, "LinkChange");
	OK(json_object_get(json_object_get(body, "properties"), "url"));
	NO(json_object_get(json_object_get(body, "properties"), "slug"));
}

/* The calls that a text names: `POST /partners/{id}`. */
static void check_named(struct ctx *c, struct str text, const json_t *paths)
{
	for (size_t at = str_find(text, '`', 0); at != SIZE_MAX; at = str_find(text, '`', at + 1)) {
		struct str rest = str_slice(text, at + 1, text.n);
		struct str word = str_cut(&rest, '`'), path = word;
		struct str method = str_cut(&path, ' ');

		if (method_find(method) == METHOD_COUNT || !str_starts(path, "/"))
			continue;
		if (!json_object_get(paths, arena_cstr(c->arena, path)))
			FAIL("docs/API.md names %.*s, which is no call", STR_ARG(word));
	}
}

TEST(the_manual_names_every_call_and_no_other)
{
	struct str text = unit_file(c, "docs/API.md");
	json_t *paths = json_object_get(document(c), "paths"), *methods;
	const char *path;

	check_named(c, text, paths);
	json_object_foreach(paths, path, methods) {
		const char *method;
		json_t *call;

		json_object_foreach(methods, method, call) {
			struct buf b;

			buf_init(&b, c->arena);
			buf_char(&b, '`');
			for (const char *p = method; *p; p++)
				buf_char(&b, (char)(*p - 'a' + 'A'));
			buf_printf(&b, " %s`", path);
			if (!memmem(text.p, text.n, b.p, b.n))
				FAIL("docs/API.md does not name %s", b.p);
		}
	}
}
