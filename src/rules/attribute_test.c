/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/attribute.h"

#include "base/clock.h"
#include "base/field.h"
#include "rules/explain.h"
#include "unit.h"

/* Runs tests/cases/rules/attribute.txt; the language is described at its head. */

static struct attribution done;

static struct str word(struct str *rest)
{
	*rest = str_trim(*rest);
	return str_cut(rest, ' ');
}

static int64_t number(struct str s)
{
	int64_t n = -1;

	CHECK(str_to_int(s, &n));
	return n;
}

static int64_t day(struct str s)
{
	CHECK(str_ends(s, "d"));
	return number(str_slice(s, 0, s.n - 1)) * MS_PER_DAY;
}

static void read_rules(struct str line, struct attribution_rules *r)
{
	bool owned = false;

	*r = (struct attribution_rules){
		.model = (enum attribution_model)names_find(model_names, word(&line))
	};
	while (line.n > 0) {
		struct str value = word(&line), key = str_cut(&value, '=');

		if (str_is(key, "cookie")) {
			r->cookie_days = (int32_t)number(value);
		} else if (str_is(key, "ownership") && names_find(ownership_names, value) >= 0) {
			r->ownership = (enum ownership)names_find(ownership_names, value);
		} else if (str_is(key, "ownership")) {
			r->ownership = OWNERSHIP_DAYS;
			r->ownership_days = (int32_t)number(value);
		} else {
			owned = str_find(value, 'w', 0) != SIZE_MAX;
			if (!owned)
				r->priority[r->priority_count++] = SIGNAL_OWNED;
			while (value.n > 0)
				r->priority[r->priority_count++] =
				        (enum signal)names_find(signal_names, str_cut(&value, ','));
		}
	}
}

static void touch_word(struct str w, struct candidate *t)
{
	static const char *const faults[] = { "fine", "deal_expired", "deal_declined",
		                              "direct_contact", "unauthorised_site", "bot",
		                              "inactive", "self", NULL };

	if (str_ends(w, "%"))
		t->share_ppm = number(str_slice(w, 0, w.n - 1)) * 10000;
	else if (str_is(w, "named"))
		t->named = true;
	else if (str_starts(w, "until="))
		t->until_ms = day(str_slice(w, 6, w.n));
	else
		t->fault = (enum candidate_fault)names_find(faults, w);
}

static void read_touch(struct str s, struct candidate *t)
{
	struct str who = word(&s), signal = word(&s);

	*t = (struct candidate){ .partner_id = number(str_slice(who, 1, who.n)) };
	t->link_id = t->partner_id * 10;
	if (str_starts(signal, "deal")) {
		t->signal = SIGNAL_DEAL;
		t->deal_id = number(str_slice(signal, 4, signal.n));
	} else {
		t->signal = (enum signal)names_find(signal_names, signal);
	}
	t->at_ms = day(word(&s));
	while (s.n > 0)
		touch_word(word(&s), t);
}

static void read_owner(struct str s, struct owner *o, struct contest *x)
{
	struct str who = word(&s);

	*o = (struct owner){ .partner_id = number(str_slice(who, 1, who.n)) };
	x->has_bought = str_is(word(&s), "bought");
	x->owned_since_ms = day(word(&s));
	if (s.n > 0)
		o->share_ppm = number(str_slice(s, 0, s.n - 1)) * 10000;
}

static struct str outcome(struct ctx *c)
{
	struct buf b;
	const char *sep = " lost: ";

	buf_init(&b, c->arena);
	if (done.credited_count == 0)
		buf_puts(&b, "nobody");
	for (size_t i = 0; i < done.credited_count; i++)
		buf_printf(&b, "%sp%lld %lld %s", i ? ", " : "",
		           (long long)done.credited[i].partner_id,
		           (long long)done.credited[i].share_ppm,
		           signal_names[done.credited[i].signal]);
	for (size_t i = 0; i < done.verdict_count; i++) {
		if (done.verdicts[i].lost == LOST_NOT)
			continue;
		buf_printf(&b, "%sp%lld %s", sep, (long long)done.verdicts[i].partner_id,
		           lost_names[done.verdicts[i].lost]);
		sep = ", ";
	}
	return buf_text(&b);
}

static void check_shares(void)
{
	int64_t sum = 0;

	for (size_t i = 0; i < done.credited_count; i++)
		sum += done.credited[i].share_ppm;
	EQ(sum, done.credited_count ? PPM_ONE : 0);
}

static void run_case(struct ctx *c, const struct attribution_rules *r, struct str line, int at)
{
	struct str touches = str_trim(str_cut(&line, '|')), owners = str_trim(str_cut(&line, '|'));
	struct str when = str_trim(str_cut(&line, '|')), want = str_trim(str_cut(&line, '|'));
	struct candidate t[CANDIDATES_MAX];
	struct owner o[CREDITS_MAX];
	struct contest x = { .touches = t, .owners = o, .at_ms = day(when) };
	struct buf b;

	while (touches.n > 0)
		read_touch(str_trim(str_cut(&touches, ';')), &t[x.touch_count++]);
	while (owners.n > 0)
		read_owner(str_trim(str_cut(&owners, ';')), &o[x.owner_count++], &x);
	attribute(r, &x, &done);
	check_shares();
	if (!str_eq(outcome(c), want))
		FAIL("line %d gives\n  %s", at, outcome(c).p);
	buf_init(&b, c->arena);
	explain_attribution_sentence(&b, &done);
	line = str_trim(line);
	if (line.n > 0 && !str_eq(buf_text(&b), line))
		FAIL("line %d says\n  %s", at, b.p);
}

static int run_table(struct ctx *c, const char *path, const char *fence)
{
	struct unit_table table = unit_table(c, path, fence);
	struct attribution_rules r = { 0 };
	struct str line;
	int cases = 0;

	while (unit_line(&table, &line)) {
		if (str_starts(line, "rules ")) {
			read_rules(str_slice(line, 6, line.n), &r);
		} else {
			run_case(c, &r, line, table.line);
			cases++;
		}
	}
	return cases;
}

TEST(credit_goes_where_the_table_says)
{
	OK(run_table(c, "tests/cases/rules/attribute.txt", NULL) > 60);
}

TEST(credit_goes_where_the_manual_says)
{
	OK(run_table(c, "docs/RULES.md", "```attribution") >= 7);
}

TEST(attribution_is_explained_as_json)
{
	struct attribution_rules r = { .cookie_days = 90, .priority = { SIGNAL_LINK, SIGNAL_OWNED },
		                       .priority_count = 2 };
	struct candidate t = { .signal = SIGNAL_LINK, .partner_id = 1, .link_id = 2,
		               .at_ms = 86400000 };
	struct contest x = { .touches = &t, .touch_count = 1, .at_ms = 2 * 86400000 };
	struct buf b;

	attribute(&r, &x, &done);
	buf_init(&b, c->arena);
	explain_attribution_json(&b, &done, STR("No commission."));
	EQ_STR(buf_text(&b),
	       "{\"credited\":[{\"partner\":\"prt_0000000000001\",\"link\":\"lnk_0000000000002\","
	       "\"share_ppm\":1000000,\"signal\":\"link\"}],"
	       "\"sentence\":\"Credited to the partner whose link was used 1 day before."
	       " No commission.\",\"steps\":[{\"step\":\"model\",\"model\":\"last\","
	       "\"cookie_days\":90},{\"step\":\"touch\",\"signal\":\"link\","
	       "\"partner\":\"prt_0000000000001\",\"link\":\"lnk_0000000000002\","
	       "\"at\":\"1970-01-02T00:00:00.000Z\",\"outcome\":\"credited\","
	       "\"share_ppm\":1000000}]}");
}

TEST(more_partners_than_can_share_lose_from_the_oldest)
{
	struct attribution_rules r = { .model = MODEL_LINEAR, .cookie_days = 90,
		                       .priority = { SIGNAL_LINK }, .priority_count = 1 };
	struct candidate t[CANDIDATES_MAX];
	struct contest x = { .touches = t, .touch_count = CANDIDATES_MAX, .at_ms = MS_PER_DAY };

	for (size_t i = 0; i < CANDIDATES_MAX; i++)
		t[i] = (struct candidate){ .signal = SIGNAL_LINK, .partner_id = (int64_t)i + 1,
			                   .at_ms = (int64_t)i };
	attribute(&r, &x, &done);
	EQ(done.credited_count, CREDITS_MAX);
	EQ(done.credited[0].partner_id, CANDIDATES_MAX - CREDITS_MAX + 1);
	EQ(done.verdicts[0].lost, LOST_TOO_MANY);
	check_shares();
}
