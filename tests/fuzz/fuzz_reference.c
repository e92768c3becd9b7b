/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz.h"

#include "campaign/inputs_doc.h"
#include "campaign/terms_doc.h"
#include "case.h"
#include "rules/names.h"
#include "shared/bytes.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The engine against the reference engine: bytes become cases (tests/reference/case.h), the engine
 * judges them here, and tests/reference/referee.mjs, one process of Node for all of them, judges
 * them again. Who disagrees by a cent ends the run, with the case and both answers.
 *
 * Each text is an event with its standing, a reversal, and one of: what a true-up makes of the
 * event, a correction, a contest of touches, the disputes of a sale.
 */

#define NOW_MS 1768478400000
#define FIXED_MAX 1000000000000 /* more than this is refused in terms */

static FILE *to_referee, *from_referee;

static void start_referee(void)
{
	int ends[2];
	pid_t pid;

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], 0);
		dup2(ends[1], 1);
		execlp("node", "node", FUZZ_SOURCE_DIR "/tests/reference/referee.mjs", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	to_referee = fdopen(ends[0], "w");
	from_referee = fdopen(dup(ends[0]), "r");
	CHECK(to_referee && from_referee);
}

/* All cases of one text in one exchange: [[case, answer], …], and back null or what is wrong. */
static void ask_referee(struct str cases)
{
	static char *line;
	static size_t room;

	if (!to_referee)
		start_referee();
	fwrite(cases.p, 1, cases.n, to_referee);
	fputc('\n', to_referee);
	fflush(to_referee);
	if (getline(&line, &room, from_referee) > 0 && strcmp(line, "agreed\n") == 0)
		return;
	fputs("ERROR: the engines disagree\n", stderr);
	do {
		fputs(line ? line : "the referee is gone\n", stderr);
	} while (getline(&line, &room, from_referee) > 0);
	abort();
}

static void put_case(struct ctx *c, struct buf *all, struct buf *one)
{
	struct buf answer;

	buf_init(&answer, c->arena);
	if (case_run(c, buf_text(one), &answer)) {
		jw_array(all);
		jw_raw(all, buf_text(one));
		jw_raw(all, buf_text(&answer));
		jw_array_end(all);
	}
	fail_clear(c);
}

/* ---- Terms as a document may have them: what would be refused becomes what is nearest. */

static bool has_price(enum trigger trigger)
{
	return trigger != TRIGGER_CLICK && trigger != TRIGGER_LEAD && trigger != TRIGGER_RETAINER;
}

static struct offer mend_offer(struct offer f, const struct terms *t, enum trigger trigger)
{
	if (f.reward.type == REWARD_PERCENTAGE && !has_price(trigger))
		f.reward = (struct reward){ REWARD_FIXED, 0, f.reward.rate_ppm / 100, t->currency };
	if (f.reward.type == REWARD_FIXED && f.reward.amount_minor > FIXED_MAX)
		f.reward.amount_minor = FIXED_MAX;
	if (f.reward.type == REWARD_NONE)
		f.has_months = true;
	if (f.has_months && f.recurring_months != MONTHS_LIFETIME
	    && f.recurring_months < t->delay_invoices)
		f.recurring_months = t->delay_invoices;
	return f;
}

/* Of texts that no single line has, another one. */
static struct str mend_word(struct str s)
{
	return str_is_text(s) ? s : STR("b");
}

static struct value_list mend_values(struct ctx *c, struct value_list all, bool countries)
{
	static const char *const words[] = { "a", "b" }, *const lands[] = { "DE", "FR" };
	struct str *values = ARENA_ARRAY(c->arena, struct str, all.count + 1);

	for (size_t i = 0; i < all.count; i++)
		values[i] = str_from((countries ? lands : words)[all.values[i].n % 2]);
	return (struct value_list){ values, all.count };
}

static struct condition mend_condition(struct ctx *c, struct condition w, const struct terms *t)
{
	enum trigger kind = w.has_event ? w.event : t->trigger;

	w.product = mend_values(c, w.product, false);
	w.site = mend_values(c, w.site, false);
	w.plan = mend_values(c, w.plan, false);
	w.country = mend_values(c, w.country, true);
	w.renewal = w.renewal && kind == TRIGGER_SALE;
	w.has_amount_from = w.has_amount_from && has_price(kind);
	w.has_amount_below = w.has_amount_below && has_price(kind);
	if (w.amount_from > w.amount_below) {
		int64_t from = w.amount_below;

		w.amount_below = w.amount_from;
		w.amount_from = from;
	}
	w.amount_below += w.amount_below == w.amount_from;
	if (!w.has_event && !w.product.count && !w.site.count && !w.plan.count && !w.country.count
	    && !w.has_amount_from && !w.has_amount_below && !w.attribute_count)
		w.has_renewal = true;
	w.offer = mend_offer(w.offer, t, kind);
	return w;
}

static void mend_rewards(struct ctx *c, struct terms *t)
{
	struct condition *all = ARENA_ARRAY(c->arena, struct condition, t->reward_count + 1);
	struct tier *tiers = ARENA_ARRAY(c->arena, struct tier, t->tier_count + 1);
	struct group_offer *group = ARENA_NEW(c->arena, struct group_offer);

	for (size_t i = 0; i < t->reward_count; i++)
		all[i] = mend_condition(c, t->rewards[i], t);
	t->rewards = all;
	for (size_t i = 0; i < t->tier_count; i++) {
		tiers[i] = (struct tier){ t->tiers[i].from, t->tiers[i].offer };
		if (tiers[i].offer.reward.type == REWARD_NONE)
			tiers[i].offer.reward = t->standard.reward;
		tiers[i].offer = mend_offer(tiers[i].offer, t, t->trigger);
	}
	t->tiers = tiers;
	*group = (struct group_offer){ STR("a"), mend_offer(t->groups[0].offer, t, t->trigger) };
	t->groups = group;
}

/* One cap of each scope; what levels take from the earner is no more than there is. */
static void mend_limits(struct terms *t)
{
	bool seen[CAP_CAMPAIGN + 1] = { false };
	struct cap caps[CAPS_MAX];
	size_t count = t->cap_count;

	memcpy(caps, t->caps, sizeof(caps));
	t->cap_count = 0;
	for (int scope = CAP_PARTNER; scope <= CAP_CAMPAIGN; scope++)
		for (size_t i = 0; i < count; i++) {
			if (caps[i].scope != (enum cap_scope)scope || seen[scope])
				continue;
			if (scope == CAP_CUSTOMER)
				caps[i].period = PERIOD_LIFETIME;
			if (caps[i].amount_minor > MONEY_MAX_MINOR)
				caps[i].amount_minor = MONEY_MAX_MINOR;
			t->caps[t->cap_count++] = caps[i];
			seen[scope] = true;
		}
	for (size_t i = 0; i < t->level_count; i++) {
		if (t->chain_mode == CHAIN_FROM_SHARE)
			t->level_ppm[i] /= (int64_t)t->level_count;
		t->level_ppm[i] += t->level_ppm[i] == 0;
	}
}

static struct terms mended(struct ctx *c, struct bytes *b)
{
	struct terms t = bytes_terms(c, b);

	t.standard = mend_offer(t.standard, &t, t.trigger);
	t.hold_days %= 731;
	t.retroactive = false;
	t.attribution = bytes_attribution(b);
	if (t.attribution.priority_count == 0)
		t.attribution.priority[t.attribution.priority_count++] = SIGNAL_LINK;
	mend_rewards(c, &t);
	mend_limits(&t);
	return t;
}

/* ---- The cases. */

static struct buf open_case(struct ctx *c, const struct terms *t)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key_str(&b, "currency", str_from(t->currency->code));
	jw_key(&b, "terms");
	terms_doc_print(&b, t);
	return b;
}

static void put_numbers(struct buf *out, const char *key, const int64_t *values, size_t count)
{
	if (key)
		jw_key(out, key);
	jw_array(out);
	for (size_t i = 0; i < count; i++)
		jw_int(out, values[i]);
	jw_array_end(out);
}

static struct standing mended_standing(struct ctx *c, struct bytes *b)
{
	struct standing s = bytes_standing(c, b, NOW_MS);
	struct credit *all = ARENA_ARRAY(c->arena, struct credit, s.credit_count + 1);

	for (size_t i = 0; i < s.credit_count; i++) {
		all[i] = s.credits[i];
		all[i].group = mend_word(all[i].group);
		if (all[i].own.reward.amount_minor > FIXED_MAX)
			all[i].own.reward.amount_minor = FIXED_MAX;
		if (all[i].override.reward.amount_minor > FIXED_MAX)
			all[i].override.reward.amount_minor = FIXED_MAX;
	}
	s.credits = all;
	return s;
}

static struct occurrence mended_event(struct bytes *b, const struct terms *t)
{
	struct occurrence o = bytes_event(b, t, NOW_MS);

	o.product = mend_word(o.product);
	o.site = mend_word(o.site);
	o.plan = mend_word(o.plan);
	o.country = o.country.n == 1 ? STR("DE") : mend_word(o.country);
	return o;
}

/* {"event": …, "standing": …} without the braces. */
static void put_inputs(struct ctx *c, struct buf *out, const struct terms *t,
                       const struct inputs *in)
{
	struct buf inputs;

	buf_init(&inputs, c->arena);
	inputs_doc_print(&inputs, t->currency, &in->event, &in->standing);
	buf_char(out, ',');
	buf_str(out, str_slice(buf_text(&inputs), 1, inputs.n - 2));
}

static void put_event(struct ctx *c, struct buf *all, const struct terms *t,
                      const struct inputs *in)
{
	struct buf out = open_case(c, t);

	put_inputs(c, &out, t, in);
	jw_object_end(&out);
	put_case(c, all, &out);
}

static void put_true_up(struct ctx *c, struct buf *all, struct bytes *b, const struct terms *t,
                        const struct inputs *in)
{
	struct buf out = open_case(c, t);
	int64_t reached[] = { bytes_any(b, 20000), bytes_any(b, 20), bytes_any(b, 20),
		              bytes_any(b, 20) };
	int64_t of = bytes_any(b, 2) ? 1 + bytes_any(b, 20000) : 0;
	int64_t left = of ? bytes_any(b, of + 1) : 0;

	if (in->standing.credit_count == 0)
		return;
	put_inputs(c, &out, t, in);
	jw_key(&out, "item");
	jw_object(&out);
	jw_key_int(&out, "credit", bytes_any(b, (int64_t)in->standing.credit_count));
	put_numbers(&out, "reached", reached, LEN(reached));
	jw_key_bool(&out, "as_judged", bytes_maybe(b));
	jw_key_int(&out, "left", left);
	jw_key_int(&out, "of", of);
	jw_key_int(&out, "settle", of && bytes_any(b, 2) ? bytes_any(b, left + 1) : 0);
	jw_object_end(&out);
	jw_object_end(&out);
	put_case(c, all, &out);
}

static void put_correction(struct ctx *c, struct buf *all, struct bytes *b, const struct terms *t,
                           struct inputs in)
{
	struct buf out = open_case(c, t);
	struct credit credit = { .partner_id = 1 };
	int64_t is = bytes_any(b, 10000), was = bytes_any(b, 10000);
	int64_t before = bytes_any(b, 2) ? bytes_any(b, 10000) - 5000 : 0;

	if (in.standing.credit_count > 0)
		credit = in.standing.credits[0];
	credit.share_ppm = PPM_ONE;
	in.standing.credits = &credit;
	in.standing.credit_count = 1;
	in.event = (struct occurrence){ .kind = t->trigger, .occurred_at_ms = NOW_MS };
	put_inputs(c, &out, t, &in);
	jw_key(&out, "correction");
	jw_object(&out);
	jw_key_int(&out, "is", is - was == before ? is + 1 : is);
	jw_key_int(&out, "was", was);
	jw_key_int(&out, "before", before);
	jw_key_int(&out, "events", bytes_any(b, 9));
	jw_object_end(&out);
	jw_object_end(&out);
	put_case(c, all, &out);
}

static int64_t any_day(struct bytes *b)
{
	return NOW_MS + (bytes_any(b, 100) - 1) * 86400000 + bytes_any(b, 3) - 1;
}

static void put_reversal(struct ctx *c, struct buf *all, struct bytes *b, const struct terms *t)
{
	struct buf out = open_case(c, t);
	int64_t amount = 1 + bytes_amount(b) % FIXED_MAX, sale = bytes_amount(b);
	int64_t earned[] = { amount, bytes_any(b, amount + 1), NOW_MS, sale };

	put_numbers(&out, "earned", earned, LEN(earned));
	jw_key(&out, "refunds");
	jw_array(&out);
	for (int64_t n = bytes_any(b, 4); n > 0; n--)
		put_numbers(&out, NULL, (int64_t[]){ bytes_amount(b), any_day(b) }, 2);
	jw_array_end(&out);
	jw_key(&out, "disputes");
	jw_array(&out);
	for (int64_t n = bytes_any(b, 3); n > 0; n--)
		put_numbers(&out, NULL,
		            (int64_t[]){ bytes_any(b, 3), bytes_any(b, sale + 1), any_day(b) }, 3);
	jw_array_end(&out);
	jw_key_int(&out, "churned_at", bytes_maybe(b) ? any_day(b) : 0);
	jw_object_end(&out);
	put_case(c, all, &out);
}

static void put_touch(struct buf *out, const struct candidate *t)
{
	jw_object(out);
	jw_key_str(out, "signal", str_from(signal_names[t->signal]));
	jw_key_str(out, "fault", str_from(case_faults[t->fault]));
	jw_key_int(out, "partner", t->partner_id);
	jw_key_int(out, "link", t->link_id);
	jw_key_int(out, "at", t->at_ms);
	if (t->signal == SIGNAL_DEAL) {
		jw_key_int(out, "deal", t->deal_id);
		jw_key_int(out, "share", t->share_ppm);
		jw_key_int(out, "until", t->until_ms);
	}
	jw_object_end(out);
}

static void put_contest(struct ctx *c, struct buf *all, struct bytes *b, const struct terms *t)
{
	struct contest x = bytes_contest(c, b, NOW_MS);
	struct buf out = open_case(c, t);

	jw_key(&out, "contest");
	jw_object(&out);
	jw_key(&out, "touches");
	jw_array(&out);
	for (size_t i = 0; i < x.touch_count; i++)
		put_touch(&out, &x.touches[i]);
	jw_array_end(&out);
	jw_key(&out, "owners");
	jw_array(&out);
	for (size_t i = 0; i < x.owner_count; i++)
		put_numbers(&out, NULL, (int64_t[]){ x.owners[i].partner_id, x.owners[i].link_id,
		                                     x.owners[i].share_ppm }, 3);
	jw_array_end(&out);
	jw_key_int(&out, "owned_since", x.owned_since_ms);
	jw_key_bool(&out, "has_bought", x.has_bought);
	jw_key_int(&out, "at", x.at_ms);
	jw_object_end(&out);
	jw_object_end(&out);
	put_case(c, all, &out);
}

static void put_notices(struct ctx *c, struct buf *all, struct bytes *b, const struct terms *t)
{
	struct buf out = open_case(c, t);
	int64_t sale = bytes_amount(b), refunded = bytes_any(b, sale + 1);
	int64_t added[] = { bytes_any(b, sale + 1), bytes_any(b, 2), bytes_any(b, 2), 0 };

	jw_key(&out, "notices");
	jw_array(&out);
	for (int64_t n = bytes_any(b, 7); n > 0; n--)
		put_numbers(&out, NULL, (int64_t[]){ bytes_any(b, 3), bytes_any(b, 3),
		                                     bytes_any(b, sale + 1), bytes_any(b, 5) }, 4);
	jw_array_end(&out);
	jw_key_int(&out, "sale", sale);
	jw_key_int(&out, "refunded", refunded);
	put_numbers(&out, "added", added, LEN(added));
	jw_object_end(&out);
	put_case(c, all, &out);
}

/* A short text is a whole case too: what it leaves open is filled in by chance, always the same. */
static uint64_t chance_of(struct str text)
{
	uint64_t n = 14695981039346656037u;

	for (size_t i = 0; i < text.n; i++)
		n = (n ^ (unsigned char)text.p[i]) * 1099511628211u;
	return n | 1;
}

FUZZ
{
	struct bytes b = { text.p, text.n, chance_of(text) };
	int64_t also = bytes_any(&b, 4);
	struct terms t = mended(c, &b);
	struct inputs in = { .standing = mended_standing(c, &b) };
	struct buf all;

	in.event = mended_event(&b, &t);
	buf_init(&all, c->arena);
	jw_array(&all);
	put_event(c, &all, &t, &in);
	put_reversal(c, &all, &b, &t);
	if (also == 0)
		put_true_up(c, &all, &b, &t, &in);
	else if (also == 1)
		put_correction(c, &all, &b, &t, in);
	else if (also == 2)
		put_contest(c, &all, &b, &t);
	else
		put_notices(c, &all, &b, &t);
	jw_array_end(&all);
	ask_referee(buf_text(&all));
}
