/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_JSON_OUT_H
#define DATA_JSON_OUT_H

#include "base/buf.h"
#include "base/id.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * JSON out: values appended to a buf, minified, with no memory but the buf's.
 *
 *	jw_object(b);
 *	jw_key(b, "data");
 *	jw_array(b);
 *	jw_str(b, STR("a"));
 *	jw_array_end(b);
 *	jw_key_int(b, "amount", 100);
 *	jw_object_end(b);
 *
 * Commas put themselves: a value or key that follows a finished value gets one.
 * (The last byte of the buf tells; so a buf must hold JSON only, or end with a
 * line end before a new document.) Whether keys and values alternate is up to the
 * caller. Texts may hold any bytes; what is not UTF-8 comes out as U+FFFD.
 */

void jw_object(struct buf *b);
void jw_object_end(struct buf *b);
void jw_array(struct buf *b);
void jw_array_end(struct buf *b);
void jw_key(struct buf *b, const char *key); /* plain ASCII without quotes */

void jw_str(struct buf *b, struct str s);
void jw_int(struct buf *b, int64_t value);
void jw_real(struct buf *b, double value); /* shortest text that reads back the same; finite only */
void jw_bool(struct buf *b, bool value);
void jw_null(struct buf *b);
void jw_id(struct buf *b, enum id_kind kind, int64_t id); /* "prt_…"; 0 is null */
void jw_time(struct buf *b, int64_t at_ms);               /* "2026-…Z"; 0 is null */
void jw_raw(struct buf *b, struct str json);              /* one complete value; empty is null */
void jw_json(struct buf *b, const json_t *value);         /* NULL is null */

/* A key and its value. */
void jw_key_str(struct buf *b, const char *key, struct str s);
void jw_key_int(struct buf *b, const char *key, int64_t value);
void jw_key_bool(struct buf *b, const char *key, bool value);
void jw_key_null(struct buf *b, const char *key);
void jw_key_id(struct buf *b, const char *key, enum id_kind kind, int64_t id);
void jw_key_time(struct buf *b, const char *key, int64_t at_ms);
void jw_key_raw(struct buf *b, const char *key, struct str json);

#endif
