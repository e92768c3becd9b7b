/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_JSON_H
#define DATA_JSON_H

#include "data/want.h"

#include <jansson.h>

/*
 * JSON in: strict reading on top of jansson, and typed getters for handlers.
 * JSON out goes through data/json_out.h.
 *
 * A value read here belongs to the arena of the context and goes with it; do not
 * decref it. Strings handed out point into it. Refused besides bad syntax:
 * duplicate keys, invalid UTF-8, NUL, text after the value, nesting deeper than
 * JSON_DEPTH_MAX and integers beyond 64 bits. Numbers with a fraction or exponent
 * are reals and no getter takes them: money and rates are integers or texts.
 */

#define JSON_DEPTH_MAX 64

/* ERR_MALFORMED with line and column, and as field the pointer of the innermost value begun. */
bool json_read(struct ctx *c, struct str body, json_t **out);

/* As json_read, and the value must be an object. */
bool json_read_object(struct ctx *c, struct str body, json_t **out);

/* Give a value to the arena, which frees it at its end; returns it. NULL is a bug. */
json_t *json_own(struct arena *a, json_t *value);

/* The text of a string value, or the empty string; lives as long as the value. */
struct str json_text(const json_t *value);

/* A new string value; bytes that are not UTF-8 become U+FFFD. The caller owns it. */
json_t *json_from_str(struct str s);

/* For building views: the key's value is set, replacing another. The object takes the new value. */
void json_set_str(json_t *obj, const char *key, struct str s);
void json_set_int(json_t *obj, const char *key, int64_t value);
void json_set_bool(json_t *obj, const char *key, bool value);
void json_set_id(json_t *obj, const char *key, enum id_kind kind, int64_t id); /* 0: null */
void json_set_time(json_t *obj, const char *key, int64_t at_ms);               /* 0: null */

/*
 * Typed getters. A missing key and null are the same; for what MUST and MAY do see
 * want.h. Another type than the wanted is ERR_INVALID on the key, never converted.
 */
bool json_get_str(struct ctx *c, const json_t *obj, const char *key, struct want w,
                  struct str *out);
bool json_get_int(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out);
bool json_get_bool(struct ctx *c, const json_t *obj, const char *key, struct want w, bool *out);
bool json_get_time(struct ctx *c, const json_t *obj, const char *key, struct want w,
                   int64_t *out_ms);
bool json_get_id(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out);
bool json_get_name(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out);
/* "12.5", or a whole number of percents as an integer. */
bool json_get_percent(struct ctx *c, const json_t *obj, const char *key, struct want w,
                      int64_t *out_ppm);
bool json_get_currency(struct ctx *c, const json_t *obj, const char *key, struct want w,
                       const struct currency **out);
bool json_get_country(struct ctx *c, const json_t *obj, const char *key, struct want w,
                      struct str *out);

/* An integer of minor units; .max 0 is MONEY_MAX_MINOR, so MUST(0, 0) is any amount >= 0. */
bool json_get_money(struct ctx *c, const json_t *obj, const char *key, struct want w,
                    int64_t *out_minor);

/* *out is borrowed from obj; for an array .min and .max limit its length (max 0: any). */
bool json_get_object(struct ctx *c, const json_t *obj, const char *key, struct want w,
                     json_t **out);
bool json_get_array(struct ctx *c, const json_t *obj, const char *key, struct want w, json_t **out);

/* ERR_INVALID on the first key that is not in the NULL-ended list. */
bool json_only(struct ctx *c, const json_t *obj, const char *const *keys);

#endif
