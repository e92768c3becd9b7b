/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/ecb.h"

#include "base/check.h"
#include "base/clock.h"
#include "rules/fx.h"

#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>

#define NO_DAY (-1)
#define FIRST_YEAR 1999 /* the euro's first */

struct reading {
	struct ctx *c;
	xmlTextReader *xml;
	struct ecb_rates *out;
	size_t room;
	int32_t day;    /* of the Cube we are in, or NO_DAY */
	int day_depth;
	size_t of_day;  /* rates it has given */
	size_t given;   /* rates of the file */
};

static bool wrong(const struct reading *r, const char *what)
{
	return fail(r->c, ERR_INVALID, "file", "line %d: %s",
	            xmlTextReaderGetParserLineNumber(r->xml), what);
}

static bool add(struct reading *r, const char *currency, int64_t rate)
{
	struct ecb_rates *out = r->out;

	if (out->count == ECB_RATES_MAX)
		return fail(r->c, ERR_TOO_LARGE, "file", "has more than %d rates", ECB_RATES_MAX);
	if (out->count == r->room) {
		struct ecb_rate *more;

		r->room = r->room ? 2 * r->room : 64;
		more = ARENA_ARRAY(r->c->arena, struct ecb_rate, r->room);
		if (out->count > 0)
			memcpy(more, out->all, out->count * sizeof(*more));
		out->all = more;
	}
	struct ecb_rate *e = &out->all[out->count++];

	*e = (struct ecb_rate){ .day = r->day, .rate = rate };
	memcpy(e->currency, currency, 3);
	return true;
}

/* The value of an attribute, in the arena; p is NULL where there is none. */
static struct str attribute(const struct reading *r, const char *name)
{
	xmlChar *value = xmlTextReaderGetAttribute(r->xml, (const xmlChar *)name);
	struct str copy = { 0 };

	if (value)
		copy = arena_str(r->c->arena, str_from((const char *)value));
	xmlFree(value);
	return copy;
}

static bool is_currency(struct str s)
{
	if (s.n != 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	return true;
}

static bool end_day(struct reading *r)
{
	if (r->day != NO_DAY && r->of_day == 0)
		return wrong(r, "a day without rates");
	r->day = NO_DAY;
	return true;
}

static bool begin_day(struct reading *r, struct str time, int depth)
{
	int64_t latest = r->c->now_ms / MS_PER_DAY + 1;
	struct date date;

	if (!end_day(r))
		return false;
	if (!date_parse(time, &date) || date.year < FIRST_YEAR)
		return wrong(r, "time is not a day like 2026-01-15");
	if (date_to_days(date) > latest)
		return wrong(r, "the day lies in the future");
	r->day = (int32_t)date_to_days(date);
	r->day_depth = depth;
	r->of_day = 0;
	r->out->days++;
	return add(r, "EUR", FX_SCALE);
}

static bool take_rate(struct reading *r, struct str currency, struct str text)
{
	int64_t rate;

	if (r->day == NO_DAY)
		return wrong(r, "a rate outside of a day");
	if (!is_currency(currency) || str_is(currency, "EUR"))
		return wrong(r, "currency is not a code like USD");
	if (!fx_rate_parse(text, &rate))
		return wrong(r, "rate is not a positive number with at most 8 decimals");
	r->of_day++;
	r->given++;
	return add(r, currency.p, rate);
}

static bool take_element(struct reading *r)
{
	const char *name = (const char *)xmlTextReaderConstLocalName(r->xml);
	int depth = xmlTextReaderDepth(r->xml);
	struct str time, currency, rate;

	if (depth == 0 && (!name || strcmp(name, "Envelope") != 0))
		return wrong(r, "this is not a file of reference rates: no Envelope");
	if (depth > ECB_DEPTH_MAX)
		return wrong(r, "nested too deep");
	if (r->day != NO_DAY && depth <= r->day_depth && !end_day(r))
		return false;
	if (!name || strcmp(name, "Cube") != 0)
		return true;
	time = attribute(r, "time");
	currency = attribute(r, "currency");
	rate = attribute(r, "rate");
	if (time.p)
		return begin_day(r, time, depth);
	if (!currency.p && !rate.p)
		return true;
	return take_rate(r, currency, rate);
}

static bool take_node(struct reading *r)
{
	switch (xmlTextReaderNodeType(r->xml)) {
	case XML_READER_TYPE_ELEMENT:
		return take_element(r);
	case XML_READER_TYPE_DOCUMENT_TYPE:
	case XML_READER_TYPE_ENTITY_REFERENCE:
		return wrong(r, "a document type or an entity, which no file of rates has");
	default:
		return true;
	}
}

static int by_currency_and_day(const void *a, const void *b)
{
	const struct ecb_rate *x = a, *y = b;
	int order = memcmp(x->currency, y->currency, 3);

	return order ? order : (x->day > y->day) - (x->day < y->day);
}

static bool finish(struct reading *r)
{
	struct ecb_rates *out = r->out;

	if (r->given == 0)
		return fail(r->c, ERR_INVALID, "file", "has no rates");
	qsort(out->all, out->count, sizeof(*out->all), by_currency_and_day);
	out->first = out->last = out->all[0].day;
	for (size_t i = 0; i < out->count; i++) {
		const struct ecb_rate *e = &out->all[i];
		struct date d = date_from_days(e->day);

		if (i > 0 && by_currency_and_day(e - 1, e) == 0)
			return fail(r->c, ERR_INVALID, "file", "%04d-%02d-%02d has %s twice",
			            d.year, d.month, d.day, e->currency);
		out->first = e->day < out->first ? e->day : out->first;
		out->last = e->day > out->last ? e->day : out->last;
	}
	return true;
}

static bool read_all(struct reading *r)
{
	int more;

	while ((more = xmlTextReaderRead(r->xml)) == 1)
		if (!take_node(r))
			return false;
	if (more != 0)
		return wrong(r, "this is not well-formed XML");
	return end_day(r) && finish(r);
}

/* Entities are declared in a document type, and in attributes they would be replaced unasked. */
static bool has_document_type(struct str text)
{
	return memmem(text.p, text.n, "<!DOCTYPE", 9) != NULL;
}

bool ecb_parse(struct ctx *c, struct str text, struct ecb_rates *out)
{
	struct reading r = { .c = c, .out = out, .day = NO_DAY };
	bool ok;

	*out = (struct ecb_rates){ 0 };
	if (text.n > ECB_BYTES_MAX)
		return fail(c, ERR_TOO_LARGE, "file", "is larger than %zu MiB", ECB_BYTES_MAX >> 20);
	if (text.n == 0)
		return fail(c, ERR_INVALID, "file", "is empty");
	if (has_document_type(text))
		return fail(c, ERR_INVALID, "file",
		            "has a document type, which no file of rates has");
	r.xml = xmlReaderForMemory(text.p, (int)text.n, NULL, NULL,
	                           XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING
	                                   | XML_PARSE_COMPACT);
	CHECK(r.xml != NULL);
	ok = read_all(&r);
	xmlFreeTextReader(r.xml);
	return ok;
}
