/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/whatif_print.h"

#include "base/check.h"
#include "data/csv.h"
#include "data/json_out.h"
#include "rules/names.h"

#define TEXT_PARTNERS 20 /* on a terminal */

const char *whatif_reason(enum gate gate)
{
	static const char *const reasons[] = {
		[GATE_NONE] = "it earns",
		[GATE_NOT_CREDITED] = "nobody is credited",
		[GATE_CAMPAIGN_CLOSED] = "the campaign was closed",
		[GATE_TRIGGER] = "the terms do not pay for this kind of event",
		[GATE_BOT] = "the visit came from a bot",
		[GATE_DUPLICATE] = "it was paid before",
		[GATE_SELF] = "it was the partner itself",
		[GATE_UNQUALIFIED] = "it did not qualify",
		[GATE_NO_AMOUNT] = "there is no amount to take a part of",
		[GATE_TOO_LARGE] = "the amount is too large",
		[GATE_BANNED] = "the partner is banned",
		[GATE_CLOSED] = "the partner is not in the campaign",
		[GATE_NO_REWARD] = "no reward applies",
		[GATE_ZERO_REWARD] = "the reward is zero",
		[GATE_DELAY] = "the first invoices do not pay",
		[GATE_DURATION] = "the customer's months are over",
		[GATE_WINDOW] = "it came after the days that pay",
		[GATE_NOTHING_LEFT] = "those above get all of it",
		[GATE_CAPPED] = "a cap was used up",
		[GATE_ROUNDS_TO_ZERO] = "it rounds to nothing",
	};

	_Static_assert(LEN(reasons) == GATE_COUNT, "a reason for each gate");
	return reasons[gate];
}

struct str whatif_month_text(struct arena *a, int64_t month)
{
	return arena_printf(a, "%04lld-%02lld", (long long)(month / 100), (long long)(month % 100));
}

struct str whatif_who(struct arena *a, const struct whatif *w)
{
	size_t more = 0, less = 0;

	for (size_t i = 0; i < w->partner_count; i++) {
		more += w->partners[i].new_minor > w->partners[i].old_minor;
		less += w->partners[i].new_minor < w->partners[i].old_minor;
	}
	return arena_printf(a, "%zu partner%s would get more, %zu less, %zu the same.", more,
	                    more == 1 ? "" : "s", less, w->partner_count - more - less);
}

/* Only what was in force has been restated: other terms would have been right from the start. */
static struct str restated_note(struct arena *a, const struct whatif *w)
{
	return arena_printf(a, "What it has cost as it was includes restatements of %.*s that were"
	                       " posted in this time.",
	                    STR_ARG(money_text(a, w->old.restated_minor, w->currency)));
}

/* What was done about who is credited, where there was something to choose. */
static struct str credit_note(struct arena *a, const struct whatif *w)
{
	struct str than = w->ask.compare ? arena_printf(a, "version %lld", (long long)w->ask.compare)
	                                 : STR("those in force today");

	if (!w->ask.attribution)
		return arena_printf(a, "These terms attribute otherwise than %.*s, but who is"
		                       " credited was left as it was.", STR_ARG(than));
	if (!w->attributes_otherwise)
		return STR("Who is credited was judged again, by these terms.");
	return arena_printf(a, "These terms attribute otherwise than %.*s: who is credited was"
	                       " judged again, by these terms.", STR_ARG(than));
}

size_t whatif_notes(struct arena *a, const struct whatif *w, struct str out[WHATIF_NOTES])
{
	size_t n = 0;

	if (w->attributes_otherwise || w->ask.attribution)
		out[n++] = credit_note(a, w);
	if (w->old.restated_minor)
		out[n++] = restated_note(a, w);
	if (w->old.foreign || w->new.foreign)
		out[n++] = STR("Commissions in other currencies are counted, but left out of the"
		               " amounts.");
	if (w->uplines_today)
		out[n++] = STR("Partners above whom the old terms did not pay are taken as they"
		               " stand today.");
	if (w->standing_today)
		out[n++] = STR("Partners who would be credited instead are taken as they stand"
		               " today.");
	if (w->open_periods > 0)
		out[n++] = STR("Periods that are not over yet are not settled: their true-ups are"
		               " still to come.");
	return n;
}

static void put_caps(struct buf *b, const struct whatif_side *s)
{
	jw_key(b, "caps");
	jw_array(b);
	for (size_t i = 0; i < s->cap_count; i++) {
		const struct whatif_cap *cap = &s->caps[i];

		jw_object(b);
		jw_key_str(b, "scope", str_from(cap_scope_names[cap->scope]));
		jw_key_str(b, "period", str_from(period_names[cap->period]));
		jw_key_int(b, "amount", cap->limit_minor);
		jw_key_int(b, "hits", cap->hits);
		jw_key_int(b, "cut", cap->cut_minor);
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_side(struct buf *b, const struct whatif_side *s)
{
	jw_key_int(b, "cost", whatif_cost(s));
	jw_key_int(b, "earned", s->earned_minor);
	jw_key_int(b, "reversed", s->reversed_minor);
	jw_key_int(b, "restated", s->restated_minor);
	jw_key_int(b, "events", s->events);
	jw_key_int(b, "commissions", s->commissions);
	jw_key_int(b, "other_currencies", s->foreign);
	put_caps(b, s);
}

static void put_reasons(struct buf *b, const char *key, const int64_t counts[GATE_COUNT])
{
	jw_key(b, key);
	jw_array(b);
	for (size_t i = 0; i < GATE_COUNT; i++) {
		if (counts[i] == 0)
			continue;
		jw_object(b);
		jw_key_str(b, "reason", str_from(gate_names[i]));
		jw_key_str(b, "says", str_from(whatif_reason((enum gate)i)));
		jw_key_int(b, "events", counts[i]);
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_changes(struct buf *b, const struct whatif *w)
{
	jw_key(b, "changes");
	jw_object(b);
	jw_key_int(b, "more", w->more);
	jw_key_int(b, "less", w->less);
	jw_key_int(b, "same", w->same);
	jw_key_int(b, "gained", w->gained);
	jw_key_int(b, "lost", w->lost);
	put_reasons(b, "gained_because", w->gained_by);
	put_reasons(b, "lost_because", w->lost_by);
	jw_object_end(b);
}

static void put_difference(struct buf *b, int64_t old_minor, int64_t new_minor)
{
	jw_key_int(b, "old", old_minor);
	jw_key_int(b, "new", new_minor);
	jw_key_int(b, "difference", new_minor - old_minor);
}

static void put_partners(struct buf *b, const struct whatif *w)
{
	jw_key(b, "partners");
	jw_array(b);
	for (size_t i = 0; i < w->partner_count; i++) {
		const struct whatif_partner *p = &w->partners[i];

		jw_object(b);
		jw_key_id(b, "partner", ID_PARTNER, p->id);
		jw_key_str(b, "name", p->name);
		put_difference(b, p->old_minor, p->new_minor);
		if (w->ask.models) {
			jw_key(b, "models");
			jw_object(b);
			for (size_t m = 0; m < WHATIF_MODELS; m++)
				jw_key_int(b, model_names[m], p->models[m]);
			jw_object_end(b);
		}
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_months(struct buf *b, const struct whatif *w)
{
	jw_key(b, "months");
	jw_array(b);
	for (size_t i = 0; i < w->month_count; i++) {
		const struct whatif_month *m = &w->months[i];

		jw_object(b);
		jw_key_str(b, "month", whatif_month_text(b->arena, m->month));
		put_difference(b, m->old_minor, m->new_minor);
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_models(struct buf *b, const struct whatif *w)
{
	if (!w->ask.models)
		return;
	jw_key(b, "models");
	jw_array(b);
	for (size_t i = 0; i < WHATIF_MODELS; i++) {
		jw_object(b);
		jw_key_str(b, "model", str_from(model_names[i]));
		put_side(b, &w->models[i]);
		jw_object_end(b);
	}
	jw_array_end(b);
}

static void put_notes(struct buf *b, const struct whatif *w)
{
	struct str notes[WHATIF_NOTES];
	size_t n = whatif_notes(b->arena, w, notes);

	jw_key(b, "notes");
	jw_array(b);
	for (size_t i = 0; i < n; i++)
		jw_str(b, notes[i]);
	jw_array_end(b);
}

void whatif_json(struct buf *b, const struct whatif *w)
{
	jw_object(b);
	jw_key_str(b, "object", STR("simulation"));
	jw_key_id(b, "campaign", ID_CAMPAIGN, w->campaign.id);
	jw_key_str(b, "currency", w->campaign.currency);
	jw_key_time(b, "from", w->ask.from_ms);
	jw_key_time(b, "to", w->ask.to_ms);
	if (w->ask.compare)
		jw_key_int(b, "compare", w->ask.compare);
	else
		jw_key_null(b, "compare");
	jw_key_bool(b, "attribution", w->ask.attribution);
	jw_key_int(b, "events", w->events);
	jw_key(b, "old");
	jw_object(b);
	put_side(b, &w->old);
	jw_object_end(b);
	jw_key(b, "new");
	jw_object(b);
	put_side(b, &w->new);
	jw_object_end(b);
	jw_key_int(b, "difference", whatif_cost(&w->new) - whatif_cost(&w->old));
	put_changes(b, w);
	put_months(b, w);
	put_partners(b, w);
	put_models(b, w);
	put_notes(b, w);
	jw_object_end(b);
}

void whatif_csv(struct buf *b, const struct whatif *w)
{
	static const char *const headings[] = { "partner", "name", "currency", "old", "new",
		                                "difference" };
	struct csv_out out;

	csv_begin(&out, b);
	for (size_t i = 0; i < LEN(headings); i++)
		csv_cell(&out, str_from(headings[i]));
	for (size_t m = 0; w->ask.models && m < WHATIF_MODELS; m++)
		csv_cell(&out, str_from(model_names[m]));
	csv_row_end(&out);
	for (size_t i = 0; i < w->partner_count; i++) {
		const struct whatif_partner *p = &w->partners[i];

		csv_cell(&out, id_str(b->arena, ID_PARTNER, p->id));
		csv_cell(&out, p->name);
		csv_cell(&out, w->campaign.currency);
		csv_money(&out, p->old_minor, w->currency);
		csv_money(&out, p->new_minor, w->currency);
		csv_money(&out, p->new_minor - p->old_minor, w->currency);
		for (size_t m = 0; w->ask.models && m < WHATIF_MODELS; m++)
			csv_money(&out, p->models[m], w->currency);
		csv_row_end(&out);
	}
}

static struct str amount(const struct whatif *w, struct buf *b, int64_t minor)
{
	return money_text(b->arena, minor, w->currency);
}

static void line(struct buf *b, const struct whatif *w, const char *what,
                 const int64_t old_new[2])
{
	buf_printf(b, "%-26s %20.*s %20.*s %20.*s\n", what, STR_ARG(amount(w, b, old_new[0])),
	           STR_ARG(amount(w, b, old_new[1])),
	           STR_ARG(amount(w, b, old_new[1] - old_new[0])));
}

static void say_figures(struct buf *b, const struct whatif *w)
{
	int64_t cost[] = { whatif_cost(&w->old), whatif_cost(&w->new) };
	int64_t earned[] = { w->old.earned_minor, w->new.earned_minor };
	int64_t reversed[] = { w->old.reversed_minor, w->new.reversed_minor };
	int64_t restated[] = { w->old.restated_minor, w->new.restated_minor };

	buf_printf(b, "%-26s %20s %20s %20s\n", "", w->ask.compare ? "compared" : "as it was",
	           "new terms", "difference");
	line(b, w, "cost", cost);
	line(b, w, "earned", earned);
	line(b, w, "taken back", reversed);
	if (w->old.restated_minor)
		line(b, w, "of it restatements", restated);
	buf_printf(b, "%-26s %20lld %20lld %20lld\n", "events that earn", (long long)w->old.events,
	           (long long)w->new.events, (long long)(w->new.events - w->old.events));
	buf_printf(b, "%-26s %20lld %20lld %20lld\n", "commissions",
	           (long long)w->old.commissions, (long long)w->new.commissions,
	           (long long)(w->new.commissions - w->old.commissions));
}

static void say_reasons(struct buf *b, const char *what, const int64_t counts[GATE_COUNT])
{
	for (size_t i = 0; i < GATE_COUNT; i++)
		if (counts[i] > 0)
			buf_printf(b, "%lld events %s: %s\n", (long long)counts[i], what,
			           whatif_reason((enum gate)i));
}

static void say_caps(struct buf *b, const struct whatif *w, const char *when,
                     const struct whatif_side *s)
{
	for (size_t i = 0; i < s->cap_count; i++) {
		const struct whatif_cap *cap = &s->caps[i];

		buf_printf(b, "%s, the cap of %.*s per %s (%s) cut %lld commissions by %.*s\n",
		           when,
		           STR_ARG(amount(w, b, cap->limit_minor)), cap_scope_names[cap->scope],
		           period_names[cap->period], (long long)cap->hits,
		           STR_ARG(amount(w, b, cap->cut_minor)));
	}
}

static void say_changes(struct buf *b, const struct whatif *w)
{
	buf_printf(b, "\nOf %lld events %lld earn more, %lld less, %lld the same, %lld only by the"
	           " new terms, %lld no longer.\n", (long long)w->events, (long long)w->more,
	           (long long)w->less, (long long)w->same, (long long)w->gained,
	           (long long)w->lost);
	say_reasons(b, "would earn that did not", w->gained_by);
	say_reasons(b, "would no longer earn", w->lost_by);
	say_caps(b, w, "Before", &w->old);
	say_caps(b, w, "By the new terms", &w->new);
}

static void say_models(struct buf *b, const struct whatif *w)
{
	if (!w->ask.models)
		return;
	buf_puts(b, "\nThe new terms by attribution model:\n");
	for (size_t i = 0; i < WHATIF_MODELS; i++)
		buf_printf(b, "%-26s %20.*s\n", model_names[i],
		           STR_ARG(amount(w, b, whatif_cost(&w->models[i]))));
}

static void say_partner(struct buf *b, const struct whatif *w, const struct whatif_partner *p)
{
	int64_t values[] = { p->old_minor, p->new_minor };

	line(b, w, arena_printf(b->arena, "%.*s", STR_ARG(str_slice(p->name, 0, 26))).p, values);
}

void whatif_text(struct buf *b, const struct whatif *w)
{
	struct str notes[WHATIF_NOTES];
	size_t n = whatif_notes(b->arena, w, notes);

	say_figures(b, w);
	say_changes(b, w);
	buf_char(b, '\n');
	for (size_t i = 0; i < w->month_count; i++) {
		int64_t values[] = { w->months[i].old_minor, w->months[i].new_minor };

		line(b, w, whatif_month_text(b->arena, w->months[i].month).p, values);
	}
	buf_printf(b, "\n%.*s\n", STR_ARG(whatif_who(b->arena, w)));
	for (size_t i = 0; i < w->partner_count && i < TEXT_PARTNERS; i++)
		say_partner(b, w, &w->partners[i]);
	if (w->partner_count > TEXT_PARTNERS)
		buf_printf(b, "and %zu more partners\n", w->partner_count - TEXT_PARTNERS);
	say_models(b, w);
	for (size_t i = 0; i < n; i++)
		buf_printf(b, "Note: %.*s\n", STR_ARG(notes[i]));
}
