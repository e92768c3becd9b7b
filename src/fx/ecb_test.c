/* SPDX-License-Identifier: Apache-2.0 */
#include "fx/ecb.h"
#include "base/buf.h"
#include "base/clock.h"
#include "rules/fx.h"
#include "unit.h"

#define DAY(inner) "<Envelope><Cube><Cube time='2026-01-14'>" inner "</Cube></Cube></Envelope>"
#define USD "<Cube currency='USD' rate='1.0876'/>"

static int64_t rate_of(const struct ecb_rates *r, const char *currency, int64_t day)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->all[i].currency, currency) == 0 && r->all[i].day == day)
			return r->all[i].rate;
	return 0;
}

TEST(the_daily_file_is_read_with_the_euro_beside_what_it_names)
{
	struct ecb_rates r;

	OK(ecb_parse(c, unit_file(c, "tests/cases/fx/daily.xml"), &r));
	EQ(r.count, 5);
	EQ(r.days, 1);
	EQ(r.first, date_to_days((struct date){ 2026, 1, 15 }));
	EQ(r.last, r.first);
	EQ(rate_of(&r, "EUR", r.first), FX_SCALE);
	EQ(rate_of(&r, "USD", r.first), 108760000);
	EQ(rate_of(&r, "GBP", r.first), 84335000);
	EQ(rate_of(&r, "IDR", r.first), 1701250000000);
}

TEST(the_history_is_read_day_by_day_and_sorted_by_currency)
{
	struct ecb_rates r;

	OK(ecb_parse(c, unit_file(c, "tests/cases/fx/history.xml"), &r));
	EQ(r.count, 12);
	EQ(r.days, 3);
	EQ(r.last - r.first, 5);
	EQ(rate_of(&r, "USD", r.last), 108000000);
	EQ(rate_of(&r, "BGN", r.first), 195580000);
	EQ(rate_of(&r, "BGN", r.last), 0);
	EQ_STR(r.all[0].currency, "BGN");
	for (size_t i = 1; i < r.count; i++)
		OK(strcmp(r.all[i - 1].currency, r.all[i].currency) < 0
		   || r.all[i - 1].day < r.all[i].day);
}

TEST(what_is_no_file_of_rates_is_refused_with_its_line)
{
	static const char *const bad[] = {
		"",
		"no xml at all",
		"<html><body>captive portal</body></html>",
		"<Envelope></Envelope>",
		"<Envelope><Cube><Cube time='2026-01-14'></Cube></Cube></Envelope>",
		"<Envelope><Cube><Cube time='2026-01-14'>" USD "</Cube></Cube>",
		"<Envelope><Cube>" USD "</Cube></Envelope>",
		"<Envelope><Cube><Cube time='2026-01-14'>" USD "</Cube>" USD "</Cube></Envelope>",
		"<Envelope><Cube><Cube time='14.1.2026'>" USD "</Cube></Cube></Envelope>",
		"<Envelope><Cube><Cube time='2026-02-30'>" USD "</Cube></Cube></Envelope>",
		"<Envelope><Cube><Cube time='1998-12-31'>" USD "</Cube></Cube></Envelope>",
		"<Envelope><Cube><Cube time='2026-01-17'>" USD "</Cube></Cube></Envelope>",
		DAY("<Cube currency='USD'/>"),
		DAY("<Cube rate='1.0'/>"),
		DAY("<Cube currency='usd' rate='1.0'/>"),
		DAY("<Cube currency='EUR' rate='1.0'/>"),
		DAY("<Cube currency='USD' rate='0'/>"),
		DAY("<Cube currency='USD' rate='-1'/>"),
		DAY("<Cube currency='USD' rate='1,08'/>"),
		DAY("<Cube currency='USD' rate='1e3'/>"),
		DAY("<Cube currency='USD' rate='N/A'/>"),
		DAY(USD USD),
		DAY(USD "<a><a><a><a><a><a><a/></a></a></a></a></a></a>"),
		DAY(USD) DAY(USD),
	};
	struct ecb_rates r;

	for (size_t i = 0; i < LEN(bad); i++)
		FAILS(ecb_parse(c, str_from(bad[i]), &r), ERR_INVALID, "file");
	OK(ecb_parse(c, STR(DAY(USD)), &r));
}

TEST(document_types_and_entities_are_refused_unread)
{
	static const char *const bad[] = {
		"<!DOCTYPE Envelope SYSTEM 'http://127.0.0.1:1/x.dtd'>" DAY(USD),
		"<!DOCTYPE a [<!ENTITY r '1.0'>]>" DAY("<Cube currency='USD' rate='&r;'/>"),
		"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" DAY(USD "&x;"),
		DAY(USD "&x;"),
		DAY("<Cube currency='USD' rate='&x;'/>"),
	};
	struct ecb_rates r;

	for (size_t i = 0; i < LEN(bad); i++)
		FAILS(ecb_parse(c, str_from(bad[i]), &r), ERR_INVALID, "file");
}

TEST(a_file_as_long_as_the_whole_history_is_read_and_a_longer_one_refused)
{
	struct ecb_rates r;
	struct buf b;

	buf_init(&b, c->arena);
	buf_puts(&b, "<Envelope><Cube>");
	for (int64_t day = 10600; day < 17600; day++) {
		struct date d = date_from_days(day);

		buf_printf(&b, "<Cube time='%04d-%02d-%02d'>", d.year, d.month, d.day);
		for (int i = 0; i < 30; i++)
			buf_printf(&b, "<Cube currency=\"A%c%c\" rate=\"%d.%d\"/>", 'A' + i / 26,
			           'A' + i % 26, i + 1, i + 1);
		buf_puts(&b, "</Cube>");
	}
	buf_puts(&b, "</Cube></Envelope>");
	OK(b.n > 7000000);
	OK(ecb_parse(c, buf_text(&b), &r));
	EQ(r.count, 7000 * 31);
	while (b.n <= ECB_BYTES_MAX)
		buf_puts(&b, "                                                                   ");
	FAILS(ecb_parse(c, buf_text(&b), &r), ERR_TOO_LARGE, "file");
}
