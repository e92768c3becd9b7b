/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_MODEL_JSON_H
#define DATA_MODEL_JSON_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/field.h"
#include "data/form.h"

#include <jansson.h>

/*
 * Field tables and JSON: rows out, bodies and forms in.
 *
 * Out: the OUT fields in the table's order after "object", ids as "prt_…", times
 * in RFC 3339, choices by name, percentages as decimal text. What the actor may
 * not see is null: MONEY_ONLY without the permission `money`, PERSONAL without
 * `personal_data` (e-mail addresses are masked instead). A partner sees the
 * personal data of its own row only. The program itself sees everything.
 *
 * In: exactly the IN fields; any other key is refused by name. When creating, the
 * REQUIRED ones must be there; when changing, what is missing stays as it is and
 * FIXED ones are refused. null is none. Texts of more than MODEL_LINE_MAX allowed
 * characters may have line ends.
 */

#define MODEL_LINE_MAX 500

void model_json(struct buf *b, const struct ctx *c, const struct model *m, const void *row);

/* The members alone, without "object" and braces, so that others can stand beside them. */
void model_json_members(struct buf *b, const struct ctx *c, const struct model *m,
                        const void *row);

/* The same object as a value, for templates. The caller owns it. */
json_t *model_view(struct ctx *c, const struct model *m, const void *row);

/*
 * Put what a client sent onto *row; set defaults before. ERR_INVALID names the key at fault.
 * Strings point into the body or c->arena.
 */
bool model_read(struct ctx *c, const struct model *m, const json_t *body, void *row, bool create);
bool model_read_form(struct ctx *c, const struct model *m, const struct form *f, void *row,
                     bool create);

/*
 * {"before":{…},"after":{…}} with the fields that differ, for the audit log; before may be NULL
 * (a new row: every OUT field that is not none). Personal data is masked whoever asks.
 */
struct str model_change(struct ctx *c, const struct model *m, const void *before,
                        const void *after);

/* May the actor see the values of this field in this row? */
bool model_shows(const struct ctx *c, const struct model *m, const struct field *f,
                 const void *row);

#endif
