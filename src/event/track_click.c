/* SPDX-License-Identifier: Apache-2.0 */
#include "event/track_click.h"

#include "app.h"
#include "base/clock.h"
#include "click/click.h"
#include "data/json.h"
#include "link/code.h"
#include "link/link.h"

static const char *const click_keys[] = {
	"type", "slug", "code", "url", "referrer", "user_agent", "ip", "occurred_at", NULL,
};

struct click_body {
	struct str slug, code, url, referrer, user_agent, ip;
	int64_t occurred_at;
};

static bool read_click(struct ctx *c, const json_t *body, struct click_body *k)
{
	if (!json_only(c, body, click_keys) || !json_get_str(c, body, "slug", MAY(1, 64), &k->slug)
	    || !json_get_str(c, body, "code", MAY(1, 64), &k->code)
	    || !json_get_str(c, body, "url", MAY(1, 2000), &k->url)
	    || !json_get_str(c, body, "referrer", MAY(0, 2000), &k->referrer)
	    || !json_get_str(c, body, "user_agent", MAY(0, 1000), &k->user_agent)
	    || !json_get_str(c, body, "ip", MAY(0, 45), &k->ip)
	    || !json_get_time(c, body, "occurred_at", MAY(0, 0), &k->occurred_at))
		return false;
	if (k->slug.n == 0 && k->code.n == 0)
		return fail(c, ERR_INVALID, "slug", "slug or code must be given");
	if (k->slug.n > 0 && k->code.n > 0)
		return fail(c, ERR_INVALID, "code", "slug and code cannot be given together");
	if (k->occurred_at > c->now_ms + MS_PER_DAY)
		return fail(c, ERR_INVALID, "occurred_at", "lies more than a day in the future");
	return true;
}

static struct str query_of(struct str url)
{
	size_t at = str_find(url, '?', 0);

	return at == SIZE_MAX ? STR("") : str_slice(url, at + 1, url.n);
}

/* The slug's link; where `code` was said, as for events: a code, or else a slug. */
static bool clicked(struct ctx *c, const struct click_body *k, struct link_entry *out)
{
	struct str slug = k->slug.n > 0 ? k->slug : k->code;
	struct code code;
	struct link link;
	bool found;

	*out = (struct link_entry){ .org_id = c->org_id };
	if (k->code.n > 0) {
		if (!code_find(c, k->code, &code, &found))
			return false;
		if (found && code.status == CODE_ACTIVE) {
			out->link_id = code.link_id;
			out->partner_id = code.partner_id;
			out->campaign_id = code.campaign_id;
			return true;
		}
	}
	if (!link_find_slug(c, slug, &link, &found))
		return false;
	if (!found)
		return fail(c, ERR_INVALID, k->code.n > 0 ? "code" : "slug", "there is no such %s",
		            k->code.n > 0 ? "code" : "link");
	out->link_id = link.id;
	out->partner_id = link.partner_id;
	out->campaign_id = link.campaign_id;
	return true;
}

static bool make(struct ctx *c, const json_t *body, struct click *out)
{
	struct click_body k = { .occurred_at = c->now_ms };
	struct link_entry entry;

	if (!read_click(c, body, &k) || !clicked(c, &k, &entry))
		return false;

	struct visit v = { .at_ms = k.occurred_at,
		           .ip = k.ip,
		           .user_agent = k.user_agent.n ? k.user_agent : STR("api"),
		           .referrer = k.referrer,
		           .query = query_of(k.url),
		           .flags = CLICK_API };

	click_make(app_of(c)->clicks, c->arena, &entry, &v, out);
	return true;
}

bool track_click(struct ctx *c, const json_t *body, int64_t *out_id)
{
	struct click click;

	if (!make(c, body, &click))
		return false;
	*out_id = click.id;
	return click_keep(app_of(c)->clicks, &click)
	    || fail(c, ERR_FULL, NULL, "the click could not be kept");
}

static void keep(struct ctx *c, void *arg)
{
	click_keep(app_of(c)->clicks, arg);
}

bool track_click_later(struct ctx *c, const json_t *body, int64_t *out_id)
{
	struct click *click = ARENA_NEW(c->arena, struct click);

	if (!make(c, body, click))
		return false;
	if (!journal_has_room(click_journal(app_of(c)->clicks)))
		return fail(c, ERR_FULL, NULL, "the click could not be kept");
	*out_id = click->id;
	ctx_after_commit(c, keep, click);
	return true;
}
