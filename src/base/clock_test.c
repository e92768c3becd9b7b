/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "unit.h"

TEST(the_clock_follows_a_file_as_it_changes)
{
	struct str path = arena_printf(c->arena, "%s/clock", unit_dir(c).p);
	int64_t offset = 45 * MS_PER_DAY;
	FILE *f = fopen(path.p, "w+b");

	OK(f);
	OK(!clock_follow(path.p)); /* still empty */
	EQ(fwrite(&offset, sizeof(offset), 1, f), 1);
	EQ(fflush(f), 0);
	OK(clock_follow(path.p));
	OK(clock_now_ms() - clock_real_ms() >= offset - 1000);
	rewind(f);
	offset = 0;
	EQ(fwrite(&offset, sizeof(offset), 1, f), 1);
	EQ(fclose(f), 0);
	OK(clock_now_ms() - clock_real_ms() < 1000);
}

TEST(what_is_not_there_is_not_followed)
{
	OK(!clock_follow("/nonexistent/clock"));
}

TEST(times_are_read_and_written_as_rfc_3339)
{
	static const struct {
		const char *text, *same;
	} good[] = {
		{ "2026-11-20T16:45:00.000Z", "2026-11-20T16:45:00.000Z" },
		{ "2026-11-20T16:45:00Z", "2026-11-20T16:45:00.000Z" },
		{ "2026-11-20T17:45:00.25+01:00", "2026-11-20T16:45:00.250Z" },
		{ "2026-11-20T23:59:60.007Z", "2026-11-21T00:00:00.007Z" },
		{ "2024-02-29", "2024-02-29T00:00:00.000Z" },
		{ "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z" },
	};
	static const char *const bad[] = { "", "2026", "2026-02-29", "2026-13-01T00:00:00Z",
		                           "2026-11-20T25:00:00Z", "2026-11-20T16:45:00",
		                           "1969-12-31T23:59:59Z", "2026-11-20T16:45:00Zx",
		                           "2026-11-20T24:00:00.000Z", "2026-02-29T00:00:00.000Z",
		                           "2026-11-20T16:60:00.000Z", "2026-11-20T16:45:0x.000Z",
		                           "2026-11-20T16:45:61.000Z", "2026-11-20T16:45:00.0x0Z",
		                           "20x6-11-20T16:45:00.000Z", "x026-11-20T16:45:00.000Z" };
	int64_t at = 0;

	for (size_t i = 0; i < LEN(good); i++) {
		OK(time_parse(str_from(good[i].text), &at));
		EQ_STR(time_str(c->arena, at), good[i].same);
	}
	for (size_t i = 0; i < LEN(bad); i++)
		if (time_parse(str_from(bad[i]), &at))
			FAIL("\"%s\" was read as a time", bad[i]);
}

TEST(a_local_day_begins_at_local_midnight_also_around_summer_time)
{
	struct date d = { 2026, 3, 29 }; /* clocks go forward in Berlin */
	int64_t start = zone_day_start_ms(STR("Europe/Berlin"), d);
	struct date next = { 2026, 3, 30 };

	EQ_STR(time_str(c->arena, start), "2026-03-28T23:00:00.000Z");
	EQ(zone_day_start_ms(STR("Europe/Berlin"), next) - start, MS_PER_DAY - 3600 * 1000);
	EQ(zone_date(STR("Europe/Berlin"), start).day, 29);
	EQ(zone_date(STR("Europe/Berlin"), start - 1).day, 28);
	OK(zone_exists(STR("America/New_York")));
	NO(zone_exists(STR("Mars/Olympus")));
	NO(zone_exists(STR("-5")));
	NO(zone_exists(STR("+02:00")));
}
