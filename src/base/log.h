/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

/*
 * The log: one event, one line on standard error, written with one write().
 *
 *     log_event(LOG_WARN, "commit failed", LOG_STR("db", name), LOG_INT("org", org_id));
 *
 * gives  time=2026-11-20T16:45:00.000Z level=warn msg="commit failed" db=acme org=7
 * or, after log_set_json(true), the same as a JSON object. Messages and keys are
 * literals. Values may come from outside: control characters and quotes are
 * escaped, so a value can neither end the line nor add a key; long values are
 * cut. Never log secrets or personal data. Thread-safe.
 */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_field {
	const char *key; /* NULL: no field */
	bool is_int;
	int64_t i;
	struct str s;
};

struct log_line {
	const char *msg;
	struct log_field a, b, c, d, e, f, g, h;
};

/* Up to eight fields. */
#define LOG_STR(name, value) { .key = (name), .s = (value) }
#define LOG_CSTR(name, value) { .key = (name), .s = str_from(value) }
#define LOG_INT(name, value) { .key = (name), .is_int = true, .i = (value) }
#define log_event(level, ...) log_write((level), &(const struct log_line){ __VA_ARGS__ })

void log_write(enum log_level level, const struct log_line *line);

/* Write nothing below this level; LOG_INFO at start. */
void log_set_level(enum log_level level);
bool log_writes(enum log_level level);
void log_set_json(bool json);

/* Give each line (without its newline) to fn instead of standard error; NULL: back. Tests only. */
void log_set_sink(void (*fn)(struct str line));

#endif
