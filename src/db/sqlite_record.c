/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_record.h"

#include <endian.h>

/* The types of values: how many bytes those below 12 have; from then on blobs and texts. */
enum { SERIAL_NULL = 0, SERIAL_REAL = 7, SERIAL_ZERO = 8, SERIAL_ONE = 9, SERIAL_BLOB = 12 };

static const uint8_t lengths[SERIAL_BLOB] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

#define VARINT_MAX 9

size_t record_varint(const unsigned char *p, size_t n, uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < n && i < VARINT_MAX - 1; i++) {
		v = v << 7 | (p[i] & 0x7F);
		if (p[i] < 0x80) {
			*out = v;
			return i + 1;
		}
	}
	if (n < VARINT_MAX)
		return 0;
	*out = v << 8 | p[VARINT_MAX - 1];
	return VARINT_MAX;
}

static size_t length_of(uint64_t type)
{
	return type < SERIAL_BLOB ? lengths[type] : (size_t)(type - SERIAL_BLOB) / 2;
}

/* The next type of the header, which ends at `end`; false if it does not hold one. */
static bool next_type(const unsigned char *p, size_t *at, size_t end, uint64_t *out)
{
	size_t n;

	if (*at < end && p[*at] < 0x80) {
		*out = p[(*at)++];
		return true;
	}
	n = *at < end ? record_varint(p + *at, end - *at, out) : 0;
	*at += n;
	return n > 0;
}

/* Big-endian, of `n` bytes from 1 to 8; `room` is what may be read. */
static int64_t number(const unsigned char *p, size_t n, size_t room)
{
	uint64_t v = 0;

	if (room >= sizeof(v))
		memcpy(&v, p, sizeof(v));
	else
		memcpy(&v, p, n);
	return (int64_t)be64toh(v) >> (8 * (sizeof(v) - n));
}

/* A value; `room` is what may be read from *p on. */
struct value {
	uint64_t type;
	const unsigned char *p;
	size_t room;
};

static bool put_number(const struct value *v, int64_t *to)
{
	if (v->type >= SERIAL_REAL && v->type != SERIAL_ZERO && v->type != SERIAL_ONE)
		return false;
	if (v->type == SERIAL_NULL || v->type >= SERIAL_ZERO)
		*to = v->type == SERIAL_ONE;
	else
		*to = number(v->p, lengths[v->type], v->room);
	return true;
}

static bool put_text(const struct value *v, struct arena *texts, struct str *to)
{
	struct str text = { (const char *)v->p, length_of(v->type) };
	bool is_text = v->type > SERIAL_BLOB && v->type % 2 == 1;

	*to = is_text ? arena_str(texts, text) : STR("");
	return is_text || v->type == SERIAL_NULL;
}

static bool put(const struct cursor_column *to, const struct value *v, struct arena *texts,
                char *row)
{
	void *field = row + to->offset;

	return to->is_text ? put_text(v, texts, field) : put_number(v, field);
}

/* Where the header ends; false if that is behind the bytes at hand. */
static bool header_of(const struct record *r, size_t *at, size_t *out_end)
{
	uint64_t end;

	*at = record_varint(r->p, r->n, &end);
	*out_end = (size_t)end;
	return *at > 0 && end <= r->n;
}

enum record_result record_take(const struct record *r, const struct record_shape *shape,
                               struct arena *texts, char *row)
{
	size_t at, end, next;

	if (!header_of(r, &at, &end))
		return RECORD_CUT;
	next = end;
	for (size_t i = 0; i < shape->count; i++) {
		struct value v = { 0, r->p + next, r->n - next };

		if (!next_type(r->p, &at, end, &v.type))
			return RECORD_ODD;
		if (length_of(v.type) > v.room)
			return RECORD_CUT;
		if (shape->to[i] && !put(shape->to[i], &v, texts, row))
			return RECORD_ODD;
		next += length_of(v.type);
	}
	return at < end || next == r->whole ? RECORD_TAKEN : RECORD_ODD;
}

bool record_first(const struct record *r, int64_t *out)
{
	struct value v;
	size_t at, end;

	if (!header_of(r, &at, &end) || !next_type(r->p, &at, end, &v.type))
		return false;
	v.p = r->p + end;
	v.room = r->n - end;
	return v.type != SERIAL_NULL && length_of(v.type) <= v.room && put_number(&v, out);
}
