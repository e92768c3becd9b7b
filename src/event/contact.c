/* SPDX-License-Identifier: Apache-2.0 */
#include "event/contact.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "data/json.h"
#include "rules/names.h"

static enum candidate_fault fault_of(enum lost lost)
{
	switch (lost) {
	case LOST_DEAL_EXPIRED:
		return CANDIDATE_DEAL_EXPIRED;
	case LOST_DEAL_DECLINED:
		return CANDIDATE_DEAL_DECLINED;
	case LOST_DIRECT_CONTACT:
		return CANDIDATE_DIRECT_CONTACT;
	case LOST_UNAUTHORISED_SITE:
		return CANDIDATE_UNAUTHORISED_SITE;
	case LOST_BOT:
		return CANDIDATE_BOT;
	case LOST_INACTIVE:
		return CANDIDATE_INACTIVE;
	case LOST_SELF:
		return CANDIDATE_SELF;
	default:
		return CANDIDATE_FINE;
	}
}

static struct str member(const json_t *step, const char *key)
{
	return json_text(json_object_get(step, key));
}

/* A step of the attribution as the contact it was about; false for any other step. */
static bool read_touch(const json_t *step, struct candidate *out)
{
	int64_t signal = names_find(signal_names, member(step, "signal"));
	int64_t lost = names_find(lost_names, member(step, "outcome"));

	*out = (struct candidate){ .deal_id = signal == SIGNAL_DEAL };
	if (!str_is(member(step, "step"), "touch") || signal < 0 || signal == SIGNAL_OWNED
	    || lost < 0 || !id_parse(ID_PARTNER, member(step, "partner"), &out->partner_id)
	    || !time_parse(member(step, "at"), &out->at_ms))
		return false;
	id_parse(ID_LINK, member(step, "link"), &out->link_id);
	out->signal = (enum signal)signal;
	out->fault = fault_of((enum lost)lost);
	out->named = json_is_true(json_object_get(step, "named"));
	if (signal != SIGNAL_DEAL)
		return true;
	out->share_ppm = json_integer_value(json_object_get(step, "share_ppm"));
	id_parse(ID_DEAL, member(step, "deal"), &out->deal_id);
	time_parse(member(step, "until"), &out->until_ms);
	if (lost == LOST_DEAL_EXPIRED && out->until_ms != 0)
		out->fault = CANDIDATE_FINE;
	return true;
}

bool contact_list(struct ctx *c, struct str attribution, struct candidate **out, size_t *out_count)
{
	json_t *doc, *step;
	size_t i;

	*out = ARENA_ARRAY(c->arena, struct candidate, CANDIDATES_MAX);
	*out_count = 0;
	if (!json_read_object(c, attribution, &doc))
		return false;
	json_array_foreach (json_object_get(doc, "steps"), i, step)
		if (*out_count < CANDIDATES_MAX && read_touch(step, &(*out)[*out_count]))
			++*out_count;
	return true;
}
