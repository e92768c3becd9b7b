/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/chain.h"

static bool earns(const struct upline *u)
{
	return u->standing != STANDING_BANNED && u->standing != STANDING_CLOSED;
}

/* Nobody takes, or in a correction below zero gives back, more than there is. */
static bool is_more(const struct chain *chain, const struct part *p)
{
	bool gives_back = chain->parts[0].of_minor < 0;

	return gives_back ? p->amount_minor < chain->kept_minor
	                  : p->amount_minor > chain->kept_minor;
}

/* Somebody who may not earn leaves the part with the earner. */
static void take_from_earner(struct chain *chain, struct part *p)
{
	p->from_earner = true;
	if (is_more(chain, p))
		p->amount_minor = chain->kept_minor;
	if (earns(p->who))
		chain->kept_minor -= p->amount_minor;
}

static struct part *add_part(const struct credit *cr, const struct upline *who, int64_t own_minor,
                             struct chain *chain)
{
	struct part *p = &chain->parts[chain->count++];

	*p = (struct part){ .who = who, .of_minor = own_minor, .below_id = cr->partner_id };
	return p;
}

static void add_rate(struct part *p, int64_t rate_ppm)
{
	p->rate_ppm = rate_ppm;
	p->wanted_minor = p->amount_minor = money_percent(p->of_minor, rate_ppm);
}

static void add_level(const struct terms *t, size_t level, struct part *p, struct chain *chain)
{
	const struct part *below = level > 0 ? p - 1 : NULL;

	p->level = (int)level + 1;
	if (below && t->chain_compute == CHAIN_CASCADE) {
		p->of_minor = below->amount_minor;
		p->below_id = below->who->partner_id;
	}
	add_rate(p, p->who->has_rate ? p->who->rate_ppm : t->level_ppm[level]);
	if (t->chain_mode == CHAIN_FROM_SHARE)
		take_from_earner(chain, p);
}

void chain_compute(const struct terms *t, const struct credit *cr, int64_t own_minor,
                   struct chain *out)
{
	out->count = 0;
	out->kept_minor = own_minor;
	for (size_t i = 0; i < t->level_count && i < cr->chain_count; i++)
		add_level(t, i, add_part(cr, &cr->chain[i], own_minor, out), out);
	if (!cr->recruiter)
		return;

	int64_t rate = cr->recruiter->has_rate ? cr->recruiter->rate_ppm : t->recruiting_ppm;

	if (rate > 0)
		add_rate(add_part(cr, cr->recruiter, own_minor, out), rate);
}
