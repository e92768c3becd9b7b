/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/explained.h"

#include "base/id.h"
#include "verify/recompute.h"

static void compare(struct verify *v, const struct commission *m, const struct event *e,
                    const struct recomputed *r)
{
	char id[ID_TEXT_MAX];

	verify_id(ID_COMMISSION, m->id, id);
	if (r->wrong)
		verify_found(v, "%s: step \"%s\" of the explanation does not add up", id, r->wrong);
	if (!r->wrong && r->amount_minor != m->amount)
		verify_found(v, "%s: the explanation gives %lld, the commission is %lld", id,
		             (long long)r->amount_minor, (long long)m->amount);
	if (r->matures_at_ms != m->matures_at)
		verify_found(v, "%s: matures at another time than explained", id);
	if (r->based && (r->sale_minor != e->amount || r->tax_minor != e->tax))
		verify_found(v, "%s: the explanation starts from %lld, the event is %lld", id,
		             (long long)r->sale_minor, (long long)e->amount);
}

static bool agrees(const struct commission *m, const struct event *e, const struct recomputed *r)
{
	return !r->wrong && r->amount_minor == m->amount && r->matures_at_ms == m->matures_at
	       && (!r->based || (r->sale_minor == e->amount && r->tax_minor == e->tax));
}

void explained_check(struct verify *v, const struct commission *m, const struct event *e,
                     int64_t terms_id)
{
	char id[ID_TEXT_MAX];
	struct recomputed r;

	if (!recompute_next(v->c, v->shapes, m->explanation, &r)) {
		verify_id(ID_COMMISSION, m->id, id);
		verify_found(v, "%s: the explanation cannot be read", id);
		return;
	}
	if (!agrees(m, e, &r))
		compare(v, m, e, &r);
	if (m->terms_id != terms_id && e->type != EVENT_RESTATED) {
		verify_id(ID_COMMISSION, m->id, id);
		verify_found(v, "%s: other terms were in force when its event happened", id);
	}
}
