/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "rules/explain.h"
#include "rules/write.h"

static const char *const signal_texts[] = { "deal", "code", "link", "UTM parameters", "customer" };

static void put_days(struct buf *b, int64_t from_ms, int64_t to_ms)
{
	int64_t days = to_ms > from_ms ? (to_ms - from_ms) / MS_PER_DAY : 0;

	if (days == 0) {
		buf_puts(b, "on the same day");
		return;
	}
	buf_int(b, days);
	buf_puts(b, days == 1 ? " day before" : " days before");
}

static size_t count_signal(const struct attribution *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->verdict_count; i++) {
		enum lost lost = a->verdicts[i].lost;

		n += a->verdicts[i].signal == a->signal
		     && (lost == LOST_NOT || lost == LOST_EARLIER || lost == LOST_LATER);
	}
	return n;
}

/* "that the caller named", and when, if it was not with this event. */
static void put_named(struct buf *b, const struct credited *c, const struct attribution *a)
{
	buf_puts(b, "that the caller named");
	if (c->at_ms == a->at_ms)
		return;
	buf_char(b, ' ');
	put_days(b, c->at_ms, a->at_ms);
}

static void put_used(struct buf *b, const struct credited *c, const struct attribution *a)
{
	buf_puts(b, "whose ");
	buf_puts(b, signal_texts[c->signal]);
	buf_puts(b, c->signal == SIGNAL_DEAL  ? " was registered "
	            : c->signal == SIGNAL_UTM ? " were used "
	                                      : " was used ");
	put_days(b, c->at_ms, a->at_ms);
}

/* "Credited to the partner whose link was used 3 days before, the last of 2." */
static void put_single(struct buf *b, const struct attribution *a)
{
	const struct credited *c = &a->credited[0];
	size_t of = count_signal(a);

	buf_puts(b, "Credited to the partner ");
	if (c->named)
		put_named(b, c, a);
	else
		put_used(b, c, a);
	if (of > 1) {
		buf_puts(b, a->model == MODEL_FIRST ? ", the first of " : ", the last of ");
		buf_int(b, (int64_t)of);
	}
}

static void put_shared(struct buf *b, const struct attribution *a)
{
	buf_puts(b, "Shared by ");
	buf_int(b, (int64_t)a->credited_count);
	buf_puts(b, " partners by ");
	buf_puts(b, signal_texts[a->signal]);
	if (a->signal != SIGNAL_DEAL && a->signal != SIGNAL_OWNED) {
		buf_puts(b, " (");
		buf_puts(b, model_names[a->model]);
		buf_char(b, ')');
	}
	for (size_t i = 0; i < a->credited_count; i++) {
		buf_puts(b, i == 0 ? ": " : ", ");
		buf_percent(b, a->credited[i].share_ppm);
		buf_puts(b, " %");
	}
}

static const char *lost_text(enum lost lost)
{
	static const char *const texts[] = {
		[LOST_NOT] = "",
		[LOST_EXPIRED] = "outside the days that count",
		[LOST_LATER_THAN_EVENT] = "later than the event",
		[LOST_SIGNAL] = "a stronger signal decided",
		[LOST_UNLISTED] = "a signal the campaign does not count",
		[LOST_EARLIER] = "a later one decided",
		[LOST_LATER] = "an earlier one decided",
		[LOST_OWNED] = "the customer belongs to another partner",
		[LOST_OWNERSHIP_OVER] = "the ownership is over",
		[LOST_DEAL_EXPIRED] = "the deal's protection is over",
		[LOST_DEAL_DECLINED] = "the deal was not accepted",
		[LOST_DIRECT_CONTACT] = "the deal was registered after direct contact",
		[LOST_UNAUTHORISED_SITE] = "the site is not one the partner may use",
		[LOST_BOT] = "the visit came from a bot",
		[LOST_INACTIVE] = "the link, code or partner is not active",
		[LOST_SELF] = "it was the partner's own visit",
		[LOST_TOO_MANY] = "too many partners took part",
	};

	_Static_assert(LEN(texts) == LOST_COUNT, "a text for each way to lose");
	return texts[lost];
}

/* Nobody: the newest touch says why it does not count. */
static void put_nobody(struct buf *b, const struct attribution *a)
{
	const struct verdict *last = a->verdict_count ? &a->verdicts[a->verdict_count - 1] : NULL;

	buf_puts(b, "Credited to nobody: ");
	if (!last) {
		buf_puts(b, "no link, code, deal or earlier purchase leads to a partner");
		return;
	}
	buf_puts(b, "the last contact, ");
	if (last->signal != SIGNAL_UTM)
		buf_puts(b, "a ");
	buf_puts(b, last->signal == SIGNAL_OWNED ? "purchase"
	            : last->named                ? "partner that the caller named"
	                                         : signal_texts[last->signal]);
	buf_char(b, ' ');
	put_days(b, last->at_ms, a->at_ms);
	buf_puts(b, ", does not count: ");
	buf_puts(b, lost_text(last->lost));
	if (last->lost == LOST_EXPIRED) {
		buf_puts(b, " (");
		buf_int(b, a->cookie_days);
		buf_char(b, ')');
	}
}

void explain_attribution_sentence(struct buf *b, const struct attribution *a)
{
	if (a->credited_count == 0) {
		put_nobody(b, a);
	} else if (a->credited_count > 1) {
		put_shared(b, a);
	} else if (a->signal == SIGNAL_OWNED) {
		buf_puts(b, "Credited to the partner who owns the customer since ");
		write_day(b, a->credited[0].at_ms);
	} else {
		put_single(b, a);
	}
	buf_char(b, '.');
}

static void put_credited(struct buf *b, const struct credited *c)
{
	char partner[ID_TEXT_MAX];

	buf_puts(b, "{\"partner\":\"");
	buf_put(b, partner, id_format(ID_PARTNER, c->partner_id, partner));
	buf_char(b, '"');
	if (c->link_id)
		write_id(b, "link", ID_LINK, c->link_id);
	write_int(b, "share_ppm", c->share_ppm);
	write_name(b, "signal", signal_names[c->signal]);
	if (c->named)
		buf_puts(b, ",\"named\":true");
	buf_char(b, '}');
}

static void put_model(struct buf *b, const struct attribution *a)
{
	buf_puts(b, "{\"step\":\"model\"");
	write_name(b, "model", model_names[a->model]);
	write_int(b, "cookie_days", a->cookie_days);
	buf_char(b, '}');
}

static void put_verdict(struct buf *b, const struct verdict *v)
{
	buf_puts(b, "{\"step\":\"touch\"");
	write_name(b, "signal", signal_names[v->signal]);
	write_id(b, "partner", ID_PARTNER, v->partner_id);
	if (v->link_id)
		write_id(b, "link", ID_LINK, v->link_id);
	if (v->deal_id)
		write_id(b, "deal", ID_DEAL, v->deal_id);
	write_time(b, "at", v->at_ms);
	if (v->until_ms)
		write_time(b, "until", v->until_ms);
	if (v->named)
		buf_puts(b, ",\"named\":true");
	write_name(b, "outcome", lost_names[v->lost]);
	if (v->lost == LOST_NOT)
		write_int(b, "share_ppm", v->share_ppm);
	buf_char(b, '}');
}

static void put_all_credited(struct buf *b, const struct attribution *a)
{
	buf_puts(b, "{\"credited\":[");
	for (size_t i = 0; i < a->credited_count; i++) {
		if (i > 0)
			buf_char(b, ',');
		put_credited(b, &a->credited[i]);
	}
	buf_puts(b, "],\"sentence\":");
}

void explain_enrolment_json(struct buf *b, const struct attribution *a, struct str what,
                            struct str also)
{
	struct buf sentence;

	put_all_credited(b, a);
	buf_init(&sentence, b->arena);
	buf_str(&sentence, what);
	if (also.n > 0) {
		buf_char(&sentence, ' ');
		buf_str(&sentence, also);
	}
	write_text(b, buf_text(&sentence));
	buf_puts(b, ",\"steps\":[]}");
}

void explain_attribution_json(struct buf *b, const struct attribution *a, struct str also)
{
	struct buf sentence;
	const char *sep = "";

	put_all_credited(b, a);
	buf_init(&sentence, b->arena);
	explain_attribution_sentence(&sentence, a);
	if (also.n > 0) {
		buf_char(&sentence, ' ');
		buf_str(&sentence, also);
	}
	write_text(b, buf_text(&sentence));
	buf_puts(b, ",\"steps\":[");
	if (a->cookie_days > 0) {
		put_model(b, a);
		sep = ",";
	}
	for (size_t i = 0; i < a->verdict_count; i++, sep = ",") {
		buf_puts(b, sep);
		put_verdict(b, &a->verdicts[i]);
	}
	buf_puts(b, "]}");
}
