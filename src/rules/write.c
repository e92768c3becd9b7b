/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/write.h"

static void put_escaped(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char escape[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (c == '"' || c == '\\') {
		buf_char(b, '\\');
		buf_char(b, (char)c);
	} else {
		buf_put(b, escape, sizeof(escape));
	}
}

void write_text(struct buf *b, struct str s)
{
	size_t from = 0;

	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_put(b, s.p + from, i - from);
		put_escaped(b, c);
		from = i + 1;
	}
	if (from < s.n)
		buf_put(b, s.p + from, s.n - from);
	buf_char(b, '"');
}

static void put_key(struct buf *b, const char *name)
{
	buf_put(b, ",\"", 2);
	buf_puts(b, name);
	buf_put(b, "\":", 2);
}

void write_int(struct buf *b, const char *name, int64_t value)
{
	put_key(b, name);
	buf_int(b, value);
}

void write_name(struct buf *b, const char *name, const char *value)
{
	put_key(b, name);
	buf_char(b, '"');
	buf_puts(b, value);
	buf_char(b, '"');
}

void write_str(struct buf *b, const char *name, struct str value)
{
	put_key(b, name);
	write_text(b, value);
}

void write_rate(struct buf *b, const char *name, int64_t ppm)
{
	put_key(b, name);
	buf_char(b, '"');
	buf_percent(b, ppm);
	buf_char(b, '"');
}

static char *put_digits(char *p, int value, int digits)
{
	for (int i = digits; i-- > 0; value /= 10)
		p[i] = (char)('0' + value % 10);
	return p + digits;
}

static int64_t day_of(int64_t at_ms)
{
	return at_ms >= 0 ? at_ms / MS_PER_DAY : -((MS_PER_DAY - 1 - at_ms) / MS_PER_DAY);
}

static char *put_date(char *p, int64_t at_ms)
{
	struct date d = date_from_days(day_of(at_ms));

	p = put_digits(p, d.year, 4);
	*p++ = '-';
	p = put_digits(p, d.month, 2);
	*p++ = '-';
	return put_digits(p, d.day, 2);
}

void write_date(struct buf *b, int64_t at_ms)
{
	char text[16];
	char *end = put_date(text, at_ms);

	buf_put(b, text, (size_t)(end - text));
}

void write_day(struct buf *b, int64_t at_ms)
{
	write_date(b, at_ms);
	buf_puts(b, " UTC");
}

void write_time(struct buf *b, const char *name, int64_t at_ms)
{
	int64_t ms = at_ms - day_of(at_ms) * MS_PER_DAY;
	char text[32];
	char *p = text;

	put_key(b, name);
	*p++ = '"';
	p = put_date(p, at_ms);
	*p++ = 'T';
	p = put_digits(p, (int)(ms / 3600000), 2);
	*p++ = ':';
	p = put_digits(p, (int)(ms / 60000 % 60), 2);
	*p++ = ':';
	p = put_digits(p, (int)(ms / 1000 % 60), 2);
	*p++ = '.';
	p = put_digits(p, (int)(ms % 1000), 3);
	*p++ = 'Z';
	*p++ = '"';
	buf_put(b, text, (size_t)(p - text));
}

void write_id(struct buf *b, const char *name, enum id_kind kind, int64_t id)
{
	char text[ID_TEXT_MAX];

	put_key(b, name);
	buf_char(b, '"');
	buf_put(b, text, id_format(kind, id, text));
	buf_char(b, '"');
}
