/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_WRITE_H
#define RULES_WRITE_H

#include "base/clock.h"
#include "base/id.h"
#include "base/money.h"

/* Inside the rules: writing JSON members and dates without allocating. Names need no escaping. */

void write_text(struct buf *b, struct str s); /* quoted and escaped */

/* Each writes ,"name":value */
void write_int(struct buf *b, const char *name, int64_t value);
void write_name(struct buf *b, const char *name, const char *value);
void write_str(struct buf *b, const char *name, struct str value);
void write_rate(struct buf *b, const char *name, int64_t ppm); /* "12.5" */
void write_time(struct buf *b, const char *name, int64_t at_ms);
void write_id(struct buf *b, const char *name, enum id_kind kind, int64_t id);

/* Without quotes: "2026-11-20". */
void write_date(struct buf *b, int64_t at_ms);

/* The day of a moment, "2026-11-20 UTC": by an organisation's own clock it may be another. */
void write_day(struct buf *b, int64_t at_ms);

#endif
