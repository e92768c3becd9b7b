/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/check.h"
#include "base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096
#define VALUE_MAX_BYTES 1000

static _Atomic(enum log_level) level_min = LOG_INFO;
static atomic_bool as_json;
static void (*_Atomic sink)(struct str line);

static const char *const level_names[] = { "debug", "info", "warn", "error" };

/* A line on the stack; what does not fit is cut. */
struct out {
	char p[LINE_MAX_BYTES];
	size_t n;
};

static void put(struct out *o, const char *p, size_t n)
{
	size_t room = sizeof(o->p) - 2 - o->n; /* keeps place for "}" and the newline */

	if (n > room)
		n = room;
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

static void puts_to(struct out *o, const char *c)
{
	put(o, c, strlen(c));
}

static void put_escaped(struct out *o, unsigned char c)
{
	char text[8];

	switch (c) {
	case '\n': puts_to(o, "\\n"); return;
	case '\t': puts_to(o, "\\t"); return;
	case '"': puts_to(o, "\\\""); return;
	case '\\': puts_to(o, "\\\\"); return;
	default: break;
	}
	snprintf(text, sizeof(text), "\\u%04x", c);
	puts_to(o, text);
}

static void put_quoted(struct out *o, struct str s)
{
	bool text = str_is_text(s);
	size_t n = s.n < VALUE_MAX_BYTES ? s.n : VALUE_MAX_BYTES;

	while (text && n < s.n && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	puts_to(o, "\"");
	for (size_t i = 0; i < n; i++) {
		unsigned char ch = (unsigned char)s.p[i];

		if (o->n + 16 > sizeof(o->p))
			break;
		if (ch < 0x20 || ch == '"' || ch == '\\' || ch == 0x7F || (ch >= 0x80 && !text))
			put_escaped(o, ch);
		else
			put(o, s.p + i, 1);
	}
	puts_to(o, n < s.n ? "…\"" : "\"");
}

static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];

		if (ch <= ' ' || ch >= 0x7F || ch == '"' || ch == '=' || ch == '\\')
			return false;
	}
	return s.n > 0 && s.n <= VALUE_MAX_BYTES;
}

static void put_value(struct out *o, const struct log_field *f, bool json)
{
	char digits[24];

	if (f->is_int) {
		snprintf(digits, sizeof(digits), "%lld", (long long)f->i);
		puts_to(o, digits);
	} else if (!json && is_plain(f->s)) {
		put(o, f->s.p, f->s.n);
	} else {
		put_quoted(o, f->s);
	}
}

static void put_field(struct out *o, const struct log_field *f, bool json)
{
	if (!f->key || o->n + 64 > sizeof(o->p))
		return;
	if (json)
		puts_to(o, o->n > 1 ? ",\"" : "\"");
	else if (o->n > 0)
		puts_to(o, " ");
	puts_to(o, f->key);
	puts_to(o, json ? "\":" : "=");
	put_value(o, f, json);
}

static void emit(struct out *o)
{
	void (*fn)(struct str line) = atomic_load(&sink);

	if (fn) {
		fn((struct str){ o->p, o->n });
		return;
	}
	o->p[o->n++] = '\n';
	if (write(STDERR_FILENO, o->p, o->n) < 0)
		return; /* nowhere left to say so */
}

void log_write(enum log_level level, const struct log_line *l)
{
	char at[CLOCK_TEXT_MAX];
	bool json = atomic_load(&as_json);
	struct out o;

	CHECK(level >= LOG_DEBUG && level <= LOG_ERROR);
	if (level < atomic_load(&level_min))
		return;
	o.n = 0;
	const struct log_field fields[] = {
		LOG_STR("time", ((struct str){ at, time_format(clock_real_ms(), at) })),
		LOG_CSTR("level", level_names[level]),
		LOG_CSTR("msg", l->msg),
		l->a, l->b, l->c, l->d, l->e, l->f, l->g, l->h,
	};

	if (json)
		puts_to(&o, "{");
	for (size_t i = 0; i < LEN(fields); i++)
		put_field(&o, &fields[i], json);
	if (json)
		o.p[o.n++] = '}';
	emit(&o);
}

void log_set_level(enum log_level level)
{
	atomic_store(&level_min, level);
}

bool log_writes(enum log_level level)
{
	return level >= atomic_load(&level_min);
}

void log_set_json(bool json)
{
	atomic_store(&as_json, json);
}

void log_set_sink(void (*fn)(struct str line))
{
	atomic_store(&sink, fn);
}
