/* SPDX-License-Identifier: Apache-2.0 */
#include "web/chart.h"
#include "base/check.h"
#include "data/html.h"
#include "data/json.h"
#include "web/say.h"

#define WIDTH 720
#define HEIGHT 160

static int64_t highest(const struct chart *ch)
{
	int64_t most = 0;

	for (size_t i = 0; i < ch->days; i++) {
		most = ch->now[i] > most ? ch->now[i] : most;
		most = ch->before && ch->before[i] > most ? ch->before[i] : most;
	}
	return most;
}

/* 1, 2 or 5 times a power of ten at or above the value, so that the label is a round one. */
static int64_t round_top(int64_t value, const struct currency *cur)
{
	int64_t step = 1;

	for (int i = 0; cur && i < cur->exponent; i++)
		step *= 10;
	while (step * 10 <= value)
		step *= 10;
	return value <= step ? step : value <= 2 * step ? 2 * step : value <= 5 * step ? 5 * step
	    : 10 * step;
}

/* A height in tenths of a unit, measured from the top. */
static int64_t level(int64_t value, int64_t top)
{
	int64_t shown = value < 0 ? 0 : value > top ? top : value;

	return HEIGHT * 10 - money_muldiv(shown, HEIGHT * 10, top);
}

static struct str amount(struct arena *a, const struct chart *ch, int64_t value)
{
	return ch->cur ? money_text(a, value, ch->cur) : arena_printf(a, "%lld", (long long)value);
}

static void put_rules(struct buf *b)
{
	for (int i = 0; i <= 4; i++)
		buf_printf(b, "<line class=\"rule\" x1=\"0\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>",
		           WIDTH,
		           HEIGHT * i / 4, HEIGHT * i / 4);
}

static void put_bars(struct buf *b, const struct chart *ch, int64_t top)
{
	int slot = WIDTH / (int)ch->days;

	for (size_t i = 0; i < ch->days; i++) {
		int64_t y = level(ch->now[i], top), h = HEIGHT * 10 - y;
		struct str day = say_day(b->arena, ch->first_day + (int64_t)i);

		buf_printf(b, "<g><rect class=\"slot\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/>"
		           "<rect class=\"bar\" x=\"%d\" y=\"%lld.%lld\" width=\"%d\" height=\"%lld.%lld\"/>",
		           (int)i * slot, slot, HEIGHT, (int)i * slot + 3, (long long)(y / 10),
		           (long long)(y % 10), slot - 6, (long long)(h / 10), (long long)(h % 10));
		buf_printf(b, "<title>%.*s: %.*s</title></g>", STR_ARG(day),
		           STR_ARG(amount(b->arena, ch, ch->now[i])));
	}
}

static void put_line(struct buf *b, const struct chart *ch, int64_t top)
{
	int slot = WIDTH / (int)ch->days;

	buf_puts(b, "<polyline class=\"line2\" points=\"");
	for (size_t i = 0; i < ch->days; i++) {
		int64_t y = level(ch->before[i], top);

		buf_printf(b, "%s%d,%lld.%lld", i ? " " : "", (int)i * slot + slot / 2,
		           (long long)(y / 10), (long long)(y % 10));
	}
	buf_puts(b, "\"/>");
}

/* One bar of a pair, in tenths of a unit from the left. */
static void put_half(struct buf *b, const char *look, const int64_t x_width[2], int64_t y)
{
	int64_t h = HEIGHT * 10 - y;

	buf_printf(b, "<rect class=\"%s\" x=\"%lld.%lld\" y=\"%lld.%lld\" width=\"%lld.%lld\""
	           " height=\"%lld.%lld\"/>", look, (long long)(x_width[0] / 10),
	           (long long)(x_width[0] % 10), (long long)(y / 10), (long long)(y % 10),
	           (long long)(x_width[1] / 10), (long long)(x_width[1] % 10),
	           (long long)(h / 10), (long long)(h % 10));
}

struct scale {
	struct chart chart; /* how many, and the currency */
	int64_t top;
};

/* Slots are measured in tenths, so that many pairs still fill the plot. */
static void put_pair(struct buf *b, const struct chart_pair *pair, const struct scale *scale,
                     size_t i)
{
	int64_t slot = WIDTH * 10 / (int64_t)scale->chart.days, left = (int64_t)i * slot;
	int64_t gap = slot / 8, half = (slot - 2 * gap) / 2, top = scale->top;

	buf_printf(b, "<g><rect class=\"slot\" x=\"%lld.%lld\" y=\"0\" width=\"%lld.%lld\""
	           " height=\"%d\"/>", (long long)(left / 10), (long long)(left % 10),
	           (long long)(slot / 10), (long long)(slot % 10), HEIGHT);
	put_half(b, "bar2", (int64_t[]){ left + gap, half }, level(pair->before, top));
	put_half(b, "bar", (int64_t[]){ left + gap + half, half }, level(pair->now, top));
	buf_printf(b, "<title>%.*s: %.*s, %.*s</title></g>", STR_ARG(pair->label),
	           STR_ARG(amount(b->arena, &scale->chart, pair->before)),
	           STR_ARG(amount(b->arena, &scale->chart, pair->now)));
}

json_t *chart_pairs_view(struct arena *a, const struct chart_pair *pairs, size_t count,
                         const struct currency *cur)
{
	struct scale scale = { .chart = { .days = count, .cur = cur } };
	json_t *view = json_object();
	int64_t most = 0;
	struct buf b;

	CHECK(count > 0);
	for (size_t i = 0; i < count; i++) {
		most = pairs[i].before > most ? pairs[i].before : most;
		most = pairs[i].now > most ? pairs[i].now : most;
	}
	scale.top = round_top(most, cur);
	buf_init(&b, a);
	buf_printf(&b, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\""
	           " aria-hidden=\"true\">", WIDTH, HEIGHT);
	put_rules(&b);
	for (size_t i = 0; i < count; i++)
		put_pair(&b, &pairs[i], &scale, i);
	buf_puts(&b, "</svg>");
	json_object_set_new(view, "svg", html_value(buf_text(&b)));
	json_set_str(view, "top", amount(a, &scale.chart, scale.top));
	json_set_str(view, "first", pairs[0].label);
	json_set_str(view, "middle", count > 2 ? pairs[count / 2].label : STR(""));
	json_set_str(view, "last", count > 1 ? pairs[count - 1].label : STR(""));
	json_set_bool(view, "any", most > 0);
	return view;
}

json_t *chart_view(struct arena *a, const struct chart *ch)
{
	int64_t most = highest(ch), top = round_top(most, ch->cur);
	int64_t last = ch->first_day + (int64_t)ch->days - 1;
	json_t *view = json_object();
	struct buf b;

	CHECK(ch->days > 0);
	buf_init(&b, a);
	buf_printf(&b, "<svg class=\"chart\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\""
	           " aria-hidden=\"true\">", WIDTH, HEIGHT);
	put_rules(&b);
	put_bars(&b, ch, top);
	if (ch->before)
		put_line(&b, ch, top);
	buf_puts(&b, "</svg>");
	json_object_set_new(view, "svg", html_value(buf_text(&b)));
	json_set_str(view, "top", amount(a, ch, top));
	json_set_str(view, "first", say_day(a, ch->first_day));
	json_set_str(view, "middle", say_day(a, ch->first_day + (int64_t)ch->days / 2));
	json_set_str(view, "last", say_day(a, last));
	json_set_bool(view, "any", most > 0);
	return view;
}
