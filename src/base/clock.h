/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Time: milliseconds since 1970-01-01T00:00:00Z, as int64_t named …_ms.
 *
 * clock_now_ms() can be set ahead or back by tests and by `--at`; features read
 * it only through ctx->now_ms. Dates follow the proleptic Gregorian calendar;
 * texts follow RFC 3339. Time zones are IANA names, resolved by GLib.
 */

#define MS_PER_SECOND 1000LL
#define MS_PER_HOUR 3600000LL
#define MS_PER_DAY 86400000LL
#define CLOCK_TEXT_MAX 32

int64_t clock_real_ms(void);      /* the machine's clock */
int64_t clock_mono_ns(void);      /* for measuring */
int64_t clock_now_ms(void);       /* the machine's clock plus the offset below */
void clock_shift_ms(int64_t offset_ms);

/*
 * For tests of the whole program: from now on add the milliseconds in this file
 * (an int64_t in the machine's byte order), also as they change. False if there is no such file.
 */
bool clock_follow(const char *path);

struct date {
	int year, month, day; /* month and day from 1 */
};

/* Days since the epoch, and back. */
int64_t date_to_days(struct date d);
struct date date_from_days(int64_t days);
bool date_parse(struct str s, struct date *out); /* YYYY-MM-DD */
struct str date_str(struct arena *a, struct date d);
int date_days_in_month(int year, int month);

/* "2026-11-20T16:45:00.000Z" */
size_t time_format(int64_t at_ms, char out[CLOCK_TEXT_MAX]);
struct str time_str(struct arena *a, int64_t at_ms);

/*
 * RFC 3339 with any offset, fraction optional; also a plain date (midnight UTC). Years 1970 to
 * 9999.
 */
bool time_parse(struct str s, int64_t *out_ms);

/* A known IANA zone name? "UTC" always is. */
bool zone_exists(struct str name);

/* A moment as the clock on the wall shows it: milliseconds since the local 1970-01-01. */
int64_t zone_local_ms(struct str zone, int64_t at_ms);

/*
 * Local calendar date of a moment in a zone, and the moment a local day begins. Unknown zones are
 * UTC.
 */
struct date zone_date(struct str zone, int64_t at_ms);
int64_t zone_day_start_ms(struct str zone, struct date d);

#endif
