/* SPDX-License-Identifier: Apache-2.0 */
#include "openapi_schema.h"

#include "data/checks.h"
#include "data/json_out.h"
#include "data/metadata.h"
#include "data/model_json.h"
#include "expansions.h"

#define TEXT_MAX 255

/* JSON with single quotes for double ones. */
static struct str quoted(struct arena *a, const char *text)
{
	char *p = arena_cstr(a, str_from(text));

	for (char *at = p; *at; at++)
		if (*at == '\'')
			*at = '"';
	return str_from(p);
}

/* Can the value be null outside? */
static bool may_be_null(const struct field *f, bool in)
{
	if (f->flags & NULLABLE)
		return true;
	if (!in && f->flags & OPEN)
		return true;
	if (in)
		return !(f->flags & REQUIRED) && f->as != AS_ENUM && f->type != TYPE_BOOL;
	return f->flags & (MONEY_ONLY | PERSONAL) || f->as == AS_ID || f->as == AS_TIME
	       || f->as == AS_JSON;
}

static void put_type(struct buf *b, const char *type, bool null)
{
	jw_key(b, "type");
	if (!null) {
		jw_str(b, str_from(type));
		return;
	}
	jw_array(b);
	jw_str(b, str_from(type));
	jw_str(b, STR("null"));
	jw_array_end(b);
}

static void put_names(struct buf *b, const struct field *f, bool null)
{
	put_type(b, "string", null);
	jw_key(b, "enum");
	jw_array(b);
	for (const char *const *name = f->names; *name; name++)
		jw_str(b, str_from(*name));
	if (null)
		jw_null(b);
	jw_array_end(b);
}

static void put_id(struct buf *b, const struct field *f, bool null)
{
	put_type(b, "string", null);
	jw_key_str(b, "pattern",
	           arena_printf(b->arena, "^%s_[0-9a-hjkmnp-tv-z]{13}$", id_prefix(f->id)));
}

static void put_text(struct buf *b, const struct field *f, bool in, bool null)
{
	put_type(b, "string", null);
	if (in && f->flags & REQUIRED)
		jw_key_int(b, "minLength", f->min > 1 ? f->min : 1);
	if (in)
		jw_key_int(b, "maxLength", f->max ? f->max : TEXT_MAX);
	if (in && f->check == check_email)
		jw_key_str(b, "format", STR("email"));
	if (f->check == check_url)
		jw_key_str(b, "format", STR("uri"));
}

static void put_metadata(struct buf *b, bool in, bool null)
{
	put_type(b, "object", null);
	jw_key_int(b, "maxProperties", METADATA_KEYS_MAX);
	jw_key_raw(b, "propertyNames",
	           arena_printf(b->arena, "{\"minLength\":1,\"maxLength\":%d}", METADATA_KEY_MAX));
	jw_key_raw(b, "additionalProperties",
	           arena_printf(b->arena, "{\"type\":%s,\"maxLength\":%d}",
	                        in ? "[\"string\",\"null\"]" : "\"string\"",
	                        METADATA_VALUE_MAX));
}

static void put_number(struct buf *b, const struct field *f, bool null)
{
	put_type(b, "integer", null);
	jw_key_str(b, "format", STR("int64"));
	if (f->min != 0 || f->max != 0) {
		jw_key_int(b, "minimum", f->min);
		jw_key_int(b, "maximum", f->max);
	}
}

/* What the id in this member of a shape becomes when it is expanded, or NULL. */
static const char *expanded(const struct api_schema *s, const struct field *f)
{
	for (const struct expansion *row = expansions; !s->in && row->of; row++)
		if (row->list && strcmp(row->of, s->name) == 0 && strcmp(row->member, field_key(f)) == 0)
			return row->to;
	return NULL;
}

static void put_expanded(struct buf *b, const char *shape)
{
	jw_object(b);
	jw_key_str(b, "$ref", arena_printf(b->arena, "#/components/schemas/%s", shape));
	jw_object_end(b);
}

static void put_value(struct buf *b, const struct field *f, bool in)
{
	bool null = may_be_null(f, in);

	jw_object(b);
	if (f->as == AS_ID) {
		put_id(b, f, null);
	} else if (f->as == AS_TIME) {
		put_type(b, "string", null);
		jw_key_str(b, "format", STR("date-time"));
	} else if (f->as == AS_ENUM) {
		put_names(b, f, null);
	} else if (f->as == AS_JSON) {
		put_type(b, "object", null);
	} else if (f->as == AS_METADATA) {
		put_metadata(b, in, null);
	} else if (f->as == AS_PERCENT) {
		put_type(b, "string", null);
		jw_key_str(b, "description", STR("A percentage with at most four decimals: 12.5"));
	} else if (f->type == TYPE_STR) {
		put_text(b, f, in, null);
	} else if (f->type == TYPE_BOOL) {
		put_type(b, "boolean", null);
	} else {
		put_number(b, f, null);
	}
	jw_object_end(b);
}

static void put_field(struct buf *b, const struct api_schema *s, const struct field *f)
{
	const char *shape = expanded(s, f);

	jw_key(b, field_key(f));
	if (!shape) {
		put_value(b, f, s->in);
		return;
	}
	jw_object(b);
	jw_key(b, "anyOf");
	jw_array(b);
	put_value(b, f, s->in);
	put_expanded(b, shape);
	jw_array_end(b);
	jw_object_end(b);
}

static bool takes_part(const struct api_schema *s, const struct field *f)
{
	return f->flags & (s->in ? IN : OUT) && !(s->change && f->flags & FIXED);
}

static void put_properties(struct buf *b, const struct api_schema *s)
{
	jw_key(b, "properties");
	jw_object(b);
	if (!s->in)
		jw_key_raw(b, "object",
		           arena_printf(b->arena, "{\"const\":\"%s\"}", s->model->name));
	for (size_t i = 0; i < s->model->field_count; i++)
		if (takes_part(s, &s->model->fields[i]))
			put_field(b, s, &s->model->fields[i]);
	if (s->more) {
		struct str more = quoted(b->arena, s->more);

		if (b->p[b->n - 1] != '{')
			buf_char(b, ',');
		buf_str(b, more);
	}
	jw_object_end(b);
}

static void put_required(struct buf *b, const struct api_schema *s)
{
	jw_key(b, "required");
	jw_array(b);
	if (!s->in)
		jw_str(b, STR("object"));
	for (size_t i = 0; i < s->model->field_count; i++) {
		const struct field *f = &s->model->fields[i];

		if (takes_part(s, f) && !s->change && (!s->in || f->flags & REQUIRED))
			jw_str(b, str_from(field_key(f)));
	}
	jw_array_end(b);
}

void openapi_schema_write(struct buf *b, const struct api_schema *s)
{
	if (s->by_hand) {
		jw_raw(b, quoted(b->arena, s->by_hand));
		return;
	}
	jw_object(b);
	jw_key_str(b, "type", STR("object"));
	put_properties(b, s);
	put_required(b, s);
	jw_key_bool(b, "additionalProperties", false);
	jw_object_end(b);
}
