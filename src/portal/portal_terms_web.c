/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_terms_web.h"
#include "base/check.h"
#include "campaign/terms_cache.h"
#include "campaign/terms_doc.h"
#include "campaign/terms_version.h"
#include "data/json.h"
#include "portal/portal_says_web.h"
#include "web/say.h"

static bool fill(struct portal *o, const struct enrolment *e, struct portal_campaign *out)
{
	out->enrolment = *e;
	out->status = enrolment_status(&o->partner, e);
	if (!campaign_get(o->page.c, e->campaign_id, &out->campaign))
		return false;
	out->shares = out->campaign.status != CAMPAIGN_CLOSED
	           && (out->status == PARTNER_APPROVED || out->status == PARTNER_PENDING);
	return true;
}

bool portal_terms_campaigns(struct portal *o, const struct portal_campaign **out, size_t *out_n)
{
	struct portal_campaign *all;
	struct list rows;

	if (!enrolment_list(o->page.c, o->partner.id, &rows))
		return false;
	all = ARENA_ARRAY(o->page.c->arena, struct portal_campaign, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++)
		if (!fill(o, (const struct enrolment *)rows.items + i, &all[i]))
			return false;
	*out = all;
	*out_n = rows.count;
	return true;
}

/* The reward agreed with this partner alone, while it counts. */
static bool put_own(struct page *p, const struct portal_campaign *m, json_t *view)
{
	const struct enrolment *e = &m->enrolment;
	int64_t now = p->c->now_ms;
	json_t *doc;

	json_set_str(view, "own", STR(""));
	if (e->override_reward.n == 0 || e->override_from > now
	    || (e->override_until != 0 && e->override_until <= now))
		return true;
	if (!json_read(p->c, e->override_reward, &doc))
		return false;
	json_set_str(view, "own", say_reward(p, doc, m->campaign.currency));
	json_set_time(view, "own_until", e->override_until);
	return true;
}

static bool put_campaign(struct page *p, json_t *list, const struct portal_campaign *m)
{
	struct str *says = ARENA_ARRAY(p->c->arena, struct str, SENTENCES_MAX);
	json_t *view = json_object(), *sentences = json_array();
	struct terms_in_force now;
	struct terms_version v;
	size_t n;

	json_array_append_new(list, view);
	json_object_set_new(view, "says", sentences);
	if (!terms_in_force(p->c, m->campaign.id, p->c->now_ms, &now)
	    || !terms_get_id(p->c, now.id, &v))
		return false;
	n = terms_doc_sentences(p->c->arena, now.terms, says, SENTENCES_MAX);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(sentences, json_from_str(says[i]));
	json_set_str(view, "name", m->campaign.name);
	json_set_id(view, "id", ID_CAMPAIGN, m->campaign.id);
	json_set_int(view, "version", now.version);
	json_set_time(view, "effective_at", v.effective_at);
	json_set_time(view, "since", m->enrolment.created_at);
	json_set_str(view, "group", m->enrolment.group_name);
	json_set_str(view, "standing", portal_says_standing(p, m->status));
	json_set_bool(view, "closed", m->campaign.status == CAMPAIGN_CLOSED);
	json_object_set_new(view, "badge", portal_says_standing_badge(m->status));
	return put_own(p, m, view);
}

bool portal_terms_show(struct ctx *c, const struct req *q, struct res *r)
{
	const struct portal_campaign *all;
	json_t *list = json_array();
	struct portal o;
	size_t n;

	if (!portal_web_open(&o, c, q, r))
		return false;
	json_object_set_new(o.page.view, "campaigns", list);
	if (!portal_terms_campaigns(&o, &all, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!put_campaign(&o.page, list, &all[i]))
			return false;
	return portal_web_show(&o, "portal/terms.html", STR("Terms"));
}
