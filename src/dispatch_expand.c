/* SPDX-License-Identifier: Apache-2.0 */
#include "dispatch_turn.h"
#include "expansions.h"

/* The parameter is the dispatcher's: the handler sees the query without it. */
static bool take_param(struct turn *t, struct str *out)
{
	struct form *query = &t->q->query;
	struct form_field *rest = ARENA_ARRAY(t->q->arena, struct form_field, query->count);
	size_t count = 0, found = 0;

	for (size_t i = 0; i < query->count; i++) {
		if (str_is(query->fields[i].name, "expand")) {
			*out = query->fields[i].value;
			found++;
		} else {
			rest[count++] = query->fields[i];
		}
	}
	*query = (struct form){ rest, count };
	return found == 1 || fail(&t->c, ERR_INVALID, "expand", "expand is given twice");
}

bool turn_read_expand(struct turn *t)
{
	struct expand_ask ask = { .table = expansions, .scopes = t->facts.key.scopes,
		                  .allows = scope_allows };

	if (!(t->q->route->flags & ROUTE_API) || !form_has(&t->q->query, "expand"))
		return true;
	ask.of = expansions_root(t->q->route);
	if (!ask.of)
		return fail(&t->c, ERR_INVALID, "expand", "nothing can be expanded in this call");
	t->expand = ARENA_NEW(t->q->arena, struct expand);
	return take_param(t, &ask.text) && expand_read(&t->c, &ask, t->expand);
}

bool turn_expand(struct ctx *c, struct turn *t)
{
	bool json = t->r->status == 200 && str_is(t->r->content_type, "application/json");

	return !t->expand || !json || expand_apply(c, t->expand, t->r);
}
