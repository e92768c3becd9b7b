/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/terms_doc.h"

#include "base/check.h"
#include "campaign/terms_part.h"
#include "campaign/terms_sense.h"
#include "rules/names.h"

static const struct terms defaults = {
	.standard = { .has_months = true, .recurring_months = MONTHS_LIFETIME },
	.hold_days = TERMS_HOLD_DAYS,
	.attribution = {
		.model = MODEL_LAST,
		.cookie_days = TERMS_COOKIE_DAYS,
		.deal_days = TERMS_DEAL_DAYS,
		.priority = { SIGNAL_OWNED, SIGNAL_DEAL, SIGNAL_CODE, SIGNAL_LINK, SIGNAL_UTM },
		.priority_count = SIGNAL_COUNT,
	},
	.on_refund = CLAWBACK_FULL,
	.on_dispute = CLAWBACK_FULL,
};

/* Members with values of their own, and members with a reader. */
static const struct {
	const char *key;
	bool array;
	bool (*read)(const struct terms_reading *r, const json_t *doc);
} parts[] = {
	{ "attribution", false, part_attribution },
	{ "tiers", false, part_tiers },
	{ "rewards", true, part_rewards },
	{ "groups", false, part_groups },
	{ "chain", false, part_chain },
	{ "recruiting", false, part_recruiting },
	{ "caps", true, part_caps },
	{ "clawback", false, part_clawback },
};

static const char *const keys[] = {
	"trigger", "reward", "recurring_months", "delay_invoices", "window_days", "base",
	"hold_days", "minimum_payout", "attribution", "tiers", "rewards", "groups", "chain",
	"recruiting", "caps", "clawback", NULL,
};

static bool read_parts(const struct terms_reading *r, const json_t *doc)
{
	for (size_t i = 0; i < LEN(parts); i++) {
		json_t *part = NULL;
		const char *key = parts[i].key;

		if (!(parts[i].array ? json_get_array(r->c, doc, key, MAY(0, 0), &part)
		                     : json_get_object(r->c, doc, key, MAY(0, 0), &part)))
			return false;
		if (part && !parts[i].read(r, part))
			return parts[i].array ? false : fail_under(r->c, key);
	}
	return true;
}

static bool read_values(const struct terms_reading *r, const json_t *doc)
{
	static const char *const bases[] = { "net", "gross", NULL };
	struct terms *t = r->t;
	int64_t trigger = 0, delay = 0, window = 0, base = 0, hold = t->hold_days;

	if (!json_get_name(r->c, doc, "trigger", MUST_NAME(trigger_names), &trigger)
	    || !json_get_int(r->c, doc, "delay_invoices", MAY(0, 120), &delay)
	    || !json_get_int(r->c, doc, "window_days", MAY(1, 36500), &window)
	    || !json_get_name(r->c, doc, "base", MAY_NAME(bases), &base)
	    || !json_get_int(r->c, doc, "hold_days", MAY(0, 730), &hold)
	    || !json_get_money(r->c, doc, "minimum_payout", MAY(0, 0), &t->minimum_payout_minor))
		return false;
	t->trigger = (enum trigger)trigger;
	t->delay_invoices = (int32_t)delay;
	t->window_days = (int32_t)window;
	t->base_gross = base == 1;
	t->hold_days = (int32_t)hold;
	if (!part_offer(r, doc, true, &t->standard))
		return false;
	if (!t->standard.has_months)
		t->standard = (struct offer){ t->standard.reward, true, MONTHS_LIFETIME };
	return true;
}

static bool read_all(const struct terms_reading *r, const json_t *doc)
{
	const json_t *today;

	if (!json_is_object(doc))
		return fail(r->c, ERR_INVALID, NULL, "must be an object");
	if (!terms_legacy_translate(r, doc, &today))
		return false;
	return (json_only(r->c, today, keys) && read_values(r, today) && read_parts(r, today)
	        && (r->as_is || terms_sense(r->c, r->t)))
	       || terms_legacy_blame(r->c, doc);
}

static bool read_doc(struct terms_reading r, const json_t *doc, struct terms *out)
{
	const struct currency *cur = r.cur;
	struct ctx *c = r.c;
	struct terms t = defaults;

	CHECK(cur);
	r.t = &t;
	t.currency = cur;
	if (!read_all(&r, doc))
		return fail_under(c, "terms");
	*out = t;
	return true;
}

bool terms_doc_read(struct ctx *c, const json_t *doc, const struct currency *cur,
                    struct terms *out)
{
	return read_doc((struct terms_reading){ .c = c, .cur = cur }, doc, out);
}

bool terms_doc_read_as_is(struct ctx *c, const json_t *doc, const struct currency *cur,
                          struct terms *out)
{
	return read_doc((struct terms_reading){ .c = c, .cur = cur, .as_is = true }, doc, out);
}

bool terms_doc_parse(struct ctx *c, struct str text, const struct currency *cur, struct terms *out)
{
	json_t *doc;

	return json_read(c, text, &doc) && terms_doc_read(c, doc, cur, out);
}

bool terms_doc_stored(struct ctx *c, struct str text, const struct currency *cur,
                      struct terms *out)
{
	struct terms_reading r = { .c = c, .cur = cur, .as_is = true, .stored = true };
	json_t *doc;

	return json_read(c, text, &doc) && read_doc(r, doc, out);
}

bool terms_doc_canonical(struct ctx *c, struct str text, const struct currency *cur,
                         struct str *out)
{
	struct terms typed, stored;
	struct buf b, again;

	if (!terms_doc_parse(c, text, cur, &typed))
		return false;
	buf_init(&b, c->arena);
	terms_doc_print(&b, &typed);
	if (!terms_doc_parse(c, buf_text(&b), cur, &typed)
	    || !terms_doc_stored(c, buf_text(&b), cur, &stored))
		return false;
	buf_init(&again, c->arena);
	terms_doc_print(&again, &stored);
	if (!str_eq(buf_text(&b), buf_text(&again)))
		return fail(c, ERR_INVALID, "terms", "cannot be stored as they were meant");
	*out = buf_text(&b);
	return true;
}

static bool read_reward(const struct terms_reading *r, const json_t *doc, struct reward *out)
{
	const json_t *today;

	if (!terms_legacy_offer(r, doc, false, &today))
		return false;
	if (today == doc)
		return part_reward(r, doc, out);
	return part_reward(r, json_object_get(today, "reward"), out)
	       || fail_under(r->c, "reward") || terms_legacy_blame_offer(r->c, doc);
}

bool reward_doc_parse(struct ctx *c, struct str text, const struct currency *cur,
                      struct reward *out)
{
	struct terms_reading r = { .c = c, .cur = cur };
	json_t *doc;

	return json_read(c, text, &doc) && read_reward(&r, doc, out);
}

static bool read_offer(const struct terms_reading *r, const json_t *doc, struct offer *out)
{
	static const char *const offer_keys[] = { "reward", "recurring_months", NULL };

	if (json_object_get(doc, "type"))
		return part_reward(r, doc, &out->reward);
	return json_only(r->c, doc, offer_keys) && part_offer(r, doc, false, out);
}

bool offer_doc_read(struct ctx *c, const json_t *doc, const struct currency *cur,
                    struct offer *out)
{
	struct terms_reading r = { .c = c, .cur = cur };
	struct offer f = { 0 };
	const json_t *today;

	if (!json_is_object(doc))
		return fail(c, ERR_INVALID, NULL, "must be an object");
	if (!terms_legacy_offer(&r, doc, true, &today))
		return false;
	if (!read_offer(&r, today, &f))
		return terms_legacy_blame_offer(c, doc);
	*out = f;
	return true;
}

bool offer_doc_parse(struct ctx *c, struct str text, const struct currency *cur,
                     struct offer *out)
{
	json_t *doc;

	return json_read(c, text, &doc) && offer_doc_read(c, doc, cur, out);
}
