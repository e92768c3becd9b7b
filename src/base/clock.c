/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/check.h"

#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static _Atomic int64_t shift;
static const _Atomic int64_t *followed; /* set once at start; mapped for ever */

int64_t clock_real_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * MS_PER_SECOND + t.tv_nsec / 1000000;
}

int64_t clock_mono_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_now_ms(void)
{
	return clock_real_ms() + atomic_load(&shift) + (followed ? atomic_load(followed) : 0);
}

void clock_shift_ms(int64_t offset_ms)
{
	atomic_store(&shift, offset_ms);
}

bool clock_follow(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *p = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && st.st_size == (off_t)sizeof(*followed))
		p = mmap(NULL, sizeof(*followed), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return false;
	followed = p;
	return true;
}

/* Howard Hinnant's days_from_civil, https://howardhinnant.github.io/date_algorithms.html */
int64_t date_to_days(struct date d)
{
	int64_t y = d.month <= 2 ? d.year - 1 : d.year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t month = d.month > 2 ? d.month - 3 : d.month + 9;
	int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

struct date date_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);

	return (struct date){
		.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1),
	};
}

int date_days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	CHECK(month >= 1 && month <= 12);
	return days[month - 1] + (month == 2 && leap);
}

/* Exactly n digits at the front of *s; cuts them off. */
static bool take_digits(struct str *s, size_t n, int *out)
{
	int value = 0;

	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		value = value * 10 + (s->p[i] - '0');
	}
	*s = str_slice(*s, n, s->n);
	*out = value;
	return true;
}

static bool take_char(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_slice(*s, 1, s->n);
	return true;
}

static bool is_date(struct date d)
{
	return d.year >= 1970 && d.month >= 1 && d.month <= 12 && d.day >= 1
	       && d.day <= date_days_in_month(d.year, d.month);
}

static bool take_date(struct str *s, struct date *out)
{
	struct date d;

	if (!take_digits(s, 4, &d.year) || !take_char(s, '-') || !take_digits(s, 2, &d.month)
	    || !take_char(s, '-') || !take_digits(s, 2, &d.day))
		return false;
	*out = d;
	return is_date(d);
}

bool date_parse(struct str s, struct date *out)
{
	struct date d;

	if (!take_date(&s, &d) || s.n != 0)
		return false;
	*out = d;
	return true;
}

#define STAMP_LENGTH 24 /* 2026-05-03T22:43:06.000Z */

static void put_digits(char *at, int n, int value)
{
	for (; n > 0; value /= 10)
		at[--n] = (char)('0' + value % 10);
}

size_t time_format(int64_t at_ms, char out[CLOCK_TEXT_MAX])
{
	int64_t days = at_ms / MS_PER_DAY - (at_ms % MS_PER_DAY < 0);
	int ms = (int)(at_ms - days * MS_PER_DAY);
	struct date d = date_from_days(days);

	if (d.year < 0 || d.year > 9999)
		return (size_t)snprintf(out, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
		                        d.year, d.month, d.day, ms / 3600000, ms / 60000 % 60,
		                        ms / 1000 % 60, ms % 1000);
	memcpy(out, "0000-00-00T00:00:00.000Z", STAMP_LENGTH + 1);
	put_digits(out, 4, d.year);
	put_digits(out + 5, 2, d.month);
	put_digits(out + 8, 2, d.day);
	put_digits(out + 11, 2, ms / 3600000);
	put_digits(out + 14, 2, ms / 60000 % 60);
	put_digits(out + 17, 2, ms / 1000 % 60);
	put_digits(out + 20, 3, ms % 1000);
	return STAMP_LENGTH;
}

struct str date_str(struct arena *a, struct date d)
{
	return arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
}

struct str time_str(struct arena *a, int64_t at_ms)
{
	char *p = arena_alloc(a, CLOCK_TEXT_MAX);

	return (struct str){ p, time_format(at_ms, p) };
}

static bool take_fraction(struct str *s, int *out_ms)
{
	int scale = 100, ms = 0;

	if (s->n == 0 || s->p[0] < '0' || s->p[0] > '9')
		return false;
	while (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9') {
		ms += (s->p[0] - '0') * scale;
		scale /= 10;
		*s = str_slice(*s, 1, s->n);
	}
	*out_ms = ms;
	return true;
}

static bool take_offset(struct str *s, int *out_minutes)
{
	int hours, minutes, sign = 1;

	*out_minutes = 0;
	if (take_char(s, 'Z') || take_char(s, 'z'))
		return true;
	if (take_char(s, '-'))
		sign = -1;
	else if (!take_char(s, '+'))
		return false;
	if (!take_digits(s, 2, &hours) || !take_char(s, ':') || !take_digits(s, 2, &minutes))
		return false;
	*out_minutes = sign * (hours * 60 + minutes);
	return hours <= 23 && minutes <= 59;
}

/* Two digits; far below zero where they are none. */
static int two(const char *p)
{
	unsigned tens = (unsigned)(p[0] - '0'), ones = (unsigned)(p[1] - '0');

	return tens <= 9 && ones <= 9 ? (int)(tens * 10 + ones) : -1000000;
}

/* As time_format() writes it, which most are, "2026-05-03T22:43:06.000Z": in one go. */
static bool parse_stamp(struct str s, int64_t *out_ms)
{
	const char *p = s.p;

	if (s.n != STAMP_LENGTH || p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':'
	    || p[16] != ':' || p[19] != '.' || p[22] < '0' || p[22] > '9' || p[23] != 'Z')
		return false;

	struct date day = { two(p) * 100 + two(p + 2), two(p + 5), two(p + 8) };
	int hour = two(p + 11), minute = two(p + 14), second = two(p + 17);
	int ms = two(p + 20) * 10 + (p[22] - '0');

	if (!is_date(day) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0
	    || second > 60 || ms < 0)
		return false;
	*out_ms = date_to_days(day) * MS_PER_DAY + (hour * 60 + minute) * 60 * MS_PER_SECOND
	        + second * MS_PER_SECOND + ms;
	return true;
}

bool time_parse(struct str s, int64_t *out_ms)
{
	struct date d;
	int hour, minute, second, ms = 0, offset = 0;

	if (parse_stamp(s, out_ms))
		return true;
	if (!take_date(&s, &d))
		return false;
	int64_t day_ms = date_to_days(d) * MS_PER_DAY;

	if (s.n == 0) {
		*out_ms = day_ms;
		return true;
	}
	if (!take_char(&s, 'T') && !take_char(&s, 't') && !take_char(&s, ' '))
		return false;
	if (!take_digits(&s, 2, &hour) || !take_char(&s, ':') || !take_digits(&s, 2, &minute)
	    || !take_char(&s, ':') || !take_digits(&s, 2, &second))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	if (take_char(&s, '.') && !take_fraction(&s, &ms))
		return false;
	if (!take_offset(&s, &offset) || s.n != 0)
		return false;
	int64_t at = day_ms + ((hour * 60 + minute - offset) * 60LL + second) * MS_PER_SECOND + ms;

	if (at < 0)
		return false;
	*out_ms = at;
	return true;
}

#define ZONE_NAME_MAX 64
#define ZONES_KEPT 64

/* Reading a zone's file costs as much as a whole page: the first ones asked for are kept. */
static struct {
	pthread_rwlock_t lock;
	size_t count;
	struct {
		char name[ZONE_NAME_MAX];
		GTimeZone *zone;
	} rows[ZONES_KEPT];
} kept = { .lock = PTHREAD_RWLOCK_INITIALIZER };

static GTimeZone *zone_kept(const char *name)
{
	GTimeZone *z = NULL;

	pthread_rwlock_rdlock(&kept.lock);
	for (size_t i = 0; i < kept.count && !z; i++)
		if (strcmp(kept.rows[i].name, name) == 0)
			z = g_time_zone_ref(kept.rows[i].zone);
	pthread_rwlock_unlock(&kept.lock);
	return z;
}

static void zone_keep(const char *name, GTimeZone *z)
{
	pthread_rwlock_wrlock(&kept.lock);
	if (kept.count < ZONES_KEPT) {
		snprintf(kept.rows[kept.count].name, ZONE_NAME_MAX, "%s", name);
		kept.rows[kept.count++].zone = g_time_zone_ref(z);
	}
	pthread_rwlock_unlock(&kept.lock);
}

/* GLib would open any path. */
static bool is_zone_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!g_ascii_isalnum(name.p[i]) && !(name.p[i] && strchr("_+-/", name.p[i])))
			return false;
	/* Nor is an offset such as "-5" a place with rules of its own. */
	return name.n > 0 && name.n < ZONE_NAME_MAX && g_ascii_isalpha(name.p[0]);
}

static GTimeZone *zone_open(struct str name)
{
	char text[ZONE_NAME_MAX];

	if (!is_zone_name(name))
		return NULL;
	memcpy(text, name.p, name.n);
	text[name.n] = '\0';
	GTimeZone *z = zone_kept(text);

	if (!z && (z = g_time_zone_new_identifier(text)))
		zone_keep(text, z);
	return z;
}

bool zone_exists(struct str name)
{
	GTimeZone *z = zone_open(name);

	if (!z)
		return false;
	g_time_zone_unref(z);
	return true;
}

static int64_t zone_offset_ms(GTimeZone *z, GTimeType type, int64_t at_ms)
{
	int interval = g_time_zone_find_interval(z, type, at_ms / MS_PER_SECOND);

	if (interval < 0)
		return 0;
	return g_time_zone_get_offset(z, interval) * MS_PER_SECOND;
}

int64_t zone_local_ms(struct str zone, int64_t at_ms)
{
	GTimeZone *z = str_is(zone, "UTC") ? NULL : zone_open(zone);

	if (z) {
		at_ms += zone_offset_ms(z, G_TIME_TYPE_UNIVERSAL, at_ms);
		g_time_zone_unref(z);
	}
	return at_ms;
}

struct date zone_date(struct str zone, int64_t at_ms)
{
	at_ms = zone_local_ms(zone, at_ms);
	return date_from_days(at_ms / MS_PER_DAY - (at_ms % MS_PER_DAY < 0));
}

int64_t zone_day_start_ms(struct str zone, struct date d)
{
	int64_t local = date_to_days(d) * MS_PER_DAY;
	GTimeZone *z = str_is(zone, "UTC") ? NULL : zone_open(zone);

	if (z) {
		local -= zone_offset_ms(z, G_TIME_TYPE_STANDARD, local);
		g_time_zone_unref(z);
	}
	return local;
}
