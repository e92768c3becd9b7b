/* SPDX-License-Identifier: Apache-2.0 */
#include "org/org_api.h"
#include "api/api.h"
#include "api/rows.h"
#include "audit/audit.h"
#include "data/model_json.h"
#include "org/org.h"
#include "org/tracking.h"

bool org_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct org o;

	return api_no_query(c, q)
	    && db_get_id(c, &org_model, c->org_id, &o) /* not what is kept in memory, see ROUTE_ONE */
	    && api_reply(c, r, 200, &org_model, &o);
}

bool org_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct org o;
	struct list one = { &o, 1 };

	return org_get(c, c->org_id, &o)
	    && api_reply_cut(c, q, r, &(struct api_rows){ &org_model, &one, sizeof(o), NULL, false },
	                     "id");
}

bool org_api_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct org before, after;
	json_t *body;

	if (!api_body(c, q, &body) || !db_get_id(c, &org_model, c->org_id, &before))
		return false;
	after = before;
	return model_read(c, &org_model, body, &after, false)
	    && tracking_move(c, q->host, &before, &after)
	    && org_update(c, &after)
	    && audit_control(c, "org.update", id_str(c->arena, ID_ORG, c->org_id),
	                     model_change(c, &org_model, &before, &after))
	    && api_reply(c, r, 200, &org_model, &after);
}
