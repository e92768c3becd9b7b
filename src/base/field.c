/* SPDX-License-Identifier: Apache-2.0 */
#include "base/field.h"
#include "base/check.h"

const char *field_key(const struct field *f)
{
	return f->json ? f->json : f->name;
}

const struct field *model_field(const struct model *m, struct str column)
{
	for (size_t i = 0; i < m->field_count; i++)
		if (str_is(column, m->fields[i].name))
			return &m->fields[i];
	return NULL;
}

int64_t field_int(const struct field *f, const void *row)
{
	const char *at = (const char *)row + f->offset;
	bool flag;
	int64_t value;

	CHECK(f->type == TYPE_BOOL || f->type == TYPE_INT);
	if (f->type == TYPE_BOOL) {
		memcpy(&flag, at, sizeof(flag));
		return flag;
	}
	memcpy(&value, at, sizeof(value));
	return value;
}

struct str field_str(const struct field *f, const void *row)
{
	struct str s;

	CHECK(f->type == TYPE_STR);
	memcpy(&s, (const char *)row + f->offset, sizeof(s));
	return s;
}

void field_set_int(const struct field *f, void *row, int64_t value)
{
	char *at = (char *)row + f->offset;
	bool flag = value != 0;

	CHECK(f->type == TYPE_BOOL || f->type == TYPE_INT);
	if (f->type == TYPE_BOOL)
		memcpy(at, &flag, sizeof(flag));
	else
		memcpy(at, &value, sizeof(value));
}

void field_set_str(const struct field *f, void *row, struct str value)
{
	CHECK(f->type == TYPE_STR);
	memcpy((char *)row + f->offset, &value, sizeof(value));
}

int64_t names_find(const char *const *names, struct str name)
{
	for (int64_t i = 0; names[i]; i++)
		if (str_is(name, names[i]))
			return i;
	return -1;
}
