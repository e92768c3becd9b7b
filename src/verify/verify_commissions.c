/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/check.h"
#include "base/id.h"
#include "event/event.h"
#include "verify/recompute.h"
#include "verify/verify_legs.h"

#define PAGE 1000

/* A commission beside its event and the terms that were in force then. */
struct row {
	int64_t id, kind, partner_id, status, amount, reversed, matures_at, terms_id;
	struct str currency;
	struct str explanation;
	int64_t event_id, event_found, event_type, event_amount, event_tax, expected_terms;
	int64_t holds, allocated;
};

static const struct field fields[] = {
	FIELD(struct row, id, .flags = 0),
	FIELD(struct row, kind, .flags = 0),
	FIELD(struct row, partner_id, .flags = 0),
	FIELD(struct row, status, .flags = 0),
	FIELD(struct row, currency, .flags = 0),
	FIELD(struct row, reversed, .flags = 0),
	FIELD(struct row, amount, .flags = 0),
	FIELD(struct row, matures_at, .flags = 0),
	FIELD(struct row, terms_id, .flags = 0),
	FIELD(struct row, explanation, .flags = 0),
	FIELD(struct row, holds, .flags = 0),
	FIELD(struct row, allocated, .flags = 0),
	FIELD(struct row, event_id, .flags = 0),
	FIELD(struct row, event_found, .flags = 0),
	FIELD(struct row, event_type, .flags = 0),
	FIELD(struct row, event_amount, .flags = 0),
	FIELD(struct row, event_tax, .flags = 0),
	FIELD(struct row, expected_terms, .flags = 0),
};

static const struct model row_model = MODEL("commission", fields);

static const struct sql SQL_PAGE = {
	.text = "SELECT commission.id, commission.kind, commission.partner_id, commission.status,"
	        " commission.currency, commission.reversed, commission.holds, commission.allocated,"
	        " commission.event_id, event.id AS event_found, commission.amount, commission.matures_at,"
	        " commission.terms_id, commission.explanation, event.amount AS event_amount,"
	        " event.tax AS event_tax, event.type AS event_type, COALESCE((SELECT terms.id FROM terms"
	        " WHERE terms.org_id = $1 AND terms.campaign_id = commission.campaign_id"
	        " AND (terms.effective_at <= event.occurred_at OR terms.version = 1)"
	        " ORDER BY terms.version DESC LIMIT 1), 0) AS expected_terms"
	        " FROM commission LEFT JOIN event ON event.org_id = commission.org_id"
	        " AND event.id = commission.event_id"
	        " WHERE commission.org_id = $1 AND commission.id > $2"
	        " ORDER BY commission.id LIMIT 1000",
	.model = &row_model,
};

static void check(struct verify *v, const struct row *m)
{
	struct legs_claim claim = { .id = m->id, .partner_id = m->partner_id,
		                    .status = m->status, .amount = m->amount,
		                    .reversed = m->reversed, .currency = m->currency,
		                    .holds = m->holds, .allocated = m->allocated };
	struct recomputed r;
	char id[ID_TEXT_MAX];

	legs_compare(v, &claim);
	id_format(ID_COMMISSION, m->id, id);
	if (m->event_found != m->event_id) {
		verify_found(v, "%s: the commission's event is not there", id);
		return;
	}
	if (!recompute(v->c, m->explanation, &r)) {
		verify_found(v, "%s: the explanation cannot be read", id);
		return;
	}
	if (r.wrong)
		verify_found(v, "%s: step \"%s\" of the explanation does not add up", id, r.wrong);
	if (!r.wrong && r.amount_minor != m->amount)
		verify_found(v, "%s: the explanation gives %lld, the commission is %lld", id,
		             (long long)r.amount_minor, (long long)m->amount);
	if (r.matures_at_ms != m->matures_at)
		verify_found(v, "%s: matures at another time than explained", id);
	if (r.based && (r.sale_minor != m->event_amount || r.tax_minor != m->event_tax))
		verify_found(v, "%s: the explanation starts from %lld, the event is %lld", id,
		             (long long)r.sale_minor, (long long)m->event_amount);
	if (m->terms_id != m->expected_terms && m->event_type != EVENT_RESTATED)
		verify_found(v, "%s: other terms were in force when its event happened", id);
}

bool verify_commissions(struct verify *v)
{
	int64_t last = 0;
	struct list page;

	if (!legs_read_items(v))
		return false;
	do {
		const struct row *rows;

		arena_reset(v->c->arena);
		if (!db_list(v->c, &SQL_PAGE, ARGS(val_int(last)), sizeof(struct row), &page))
			return false;
		rows = page.items;
		for (size_t i = 0; i < page.count; i++)
			check(v, &rows[i]);
		if (page.count > 0)
			last = rows[page.count - 1].id;
	} while (page.count == PAGE);
	legs_end(v);
	return true;
}

const struct sql *const verify_commissions_sql[] = { &SQL_PAGE, NULL };
