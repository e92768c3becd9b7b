/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_search.h"
#include "data/checks.h"

static const struct sql SQL_SEARCH = {
	.text = "SELECT @columns FROM partner"
	        " WHERE org_id = $1"
	        " AND (LOWER(name) LIKE $2 ESCAPE '!' OR external_id = $3 OR email = $4)"
	        " ORDER BY name, id LIMIT $5",
	.model = &partner_model,
};

const struct sql *const partner_search_sql[] = { &SQL_SEARCH, NULL };

struct str partner_search_pattern(struct arena *a, struct str text)
{
	struct buf b;

	buf_init(&b, a);
	buf_char(&b, '%');
	for (size_t i = 0; i < text.n; i++) {
		char ch = text.p[i];

		if (ch == '%' || ch == '_' || ch == '!')
			buf_char(&b, '!');
		buf_char(&b, ch >= 'A' && ch <= 'Z' ? (char)(ch - 'A' + 'a') : ch);
	}
	buf_char(&b, '%');
	return buf_text(&b);
}

bool partner_search(struct ctx *c, struct str text, int64_t most, struct list *out)
{
	struct str email = c->actor.sees_personal_data ? email_fold(c->arena, text) : STR("-");

	return db_list(c, &SQL_SEARCH,
	               ARGS(val_str(partner_search_pattern(c->arena, text)),
	                    val_str(text.n ? text : STR("-")), val_str(email), val_int(most)),
	               sizeof(struct partner), out);
}
