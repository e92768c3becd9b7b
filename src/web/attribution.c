/* SPDX-License-Identifier: Apache-2.0 */
#include "web/attribution.h"
#include "base/check.h"
#include "base/money.h"
#include "data/json.h"
#include "web/names.h"
#include "web/say.h"

/* The engine's words for how a contact lost, as people say it. */
static const struct {
	const char *wire, *text;
} reasons[] = {
	{ "credited", "Credited" },
	{ "expired", "Too old: outside the days that count" },
	{ "later_than_event", "Later than the event" },
	{ "weaker_signal", "A stronger kind of contact decided" },
	{ "unlisted", "The campaign does not count this kind" },
	{ "earlier", "A later contact decided" },
	{ "later", "An earlier contact decided" },
	{ "owned", "The customer had its partner already" },
	{ "ownership_over", "The ownership is over" },
	{ "deal_expired", "The deal's protection is over" },
	{ "deal_declined", "The deal was not accepted" },
	{ "direct_contact", "The deal was registered after direct contact" },
	{ "unauthorised_site", "The site is not one the partner may use" },
	{ "bot", "The visit came from a bot" },
	{ "inactive", "The link, code or partner is not active" },
	{ "self", "It was the partner's own visit" },
	{ "too_many", "Too many partners took part" },
};

static struct str reason(struct arena *a, struct str wire)
{
	for (size_t i = 0; i < LEN(reasons); i++)
		if (str_is(wire, reasons[i].wire))
			return str_from(reasons[i].text);
	return say_words(a, wire);
}

static void put_touch(struct page *p, json_t *list, const json_t *step)
{
	struct str outcome = json_text(json_object_get(step, "outcome"));
	const json_t *share = json_object_get(step, "share_ppm");
	struct arena *a = p->c->arena;
	json_t *o = json_deep_copy(step);

	json_set_str(o, "signal",
	             json_is_true(json_object_get(step, "named"))
	                     ? STR("Named")
	                     : say_words(a, json_text(json_object_get(step, "signal"))));
	json_set_str(o, "why", reason(a, outcome));
	json_set_bool(o, "won", str_is(outcome, "credited"));
	json_set_str(o, "share", share && json_integer_value(share) != PPM_ONE
	                                 ? arena_printf(a, "%.*s %%",
	                                                STR_ARG(percent_text(a,
	                                                                     json_integer_value(share))))
	                                 : STR(""));
	json_array_append_new(list, o);
}

/* What stands behind "No commission" may name amounts: not for those who may not see money. */
static struct str sentence(const struct page *p, const json_t *doc)
{
	struct str text = json_text(json_object_get(doc, "sentence"));
	const char *none = p->c->actor.sees_money || text.n == 0 ? NULL
	                   : memmem(text.p, text.n, "No commission", 13);

	return none ? arena_printf(p->c->arena, "%.*s.", (int)(none - text.p) + 13, text.p) : text;
}

bool attribution_put(struct page *p, const struct event *e)
{
	json_t *view = json_object(), *touches = json_array(), *doc, *step;
	size_t i;

	json_object_set_new(p->view, "attribution", view);
	json_object_set_new(view, "touches", touches);
	json_set_str(view, "sentence", STR(""));
	if (e->attribution.n == 0)
		return true;
	if (!json_read(p->c, e->attribution, &doc))
		return false;
	json_set_str(view, "sentence", sentence(p, doc));
	json_set_bool(view, "by_contact", json_array_size(json_object_get(doc, "steps")) > 0);
	json_array_foreach(json_object_get(doc, "steps"), i, step) {
		struct str kind = json_text(json_object_get(step, "step"));

		if (str_is(kind, "touch"))
			put_touch(p, touches, step);
		if (!str_is(kind, "model"))
			continue;
		json_set_int(view, "days",
		             json_integer_value(json_object_get(step, "cookie_days")));
		/* Without a campaign no contact was looked for. */
		if (json_integer_value(json_object_get(step, "cookie_days")) > 0)
			json_set_str(view, "model", json_text(json_object_get(step, "model")));
	}
	return names_put(p, touches);
}
