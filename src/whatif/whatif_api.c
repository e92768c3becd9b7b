/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/whatif_api.h"

#include "api/api.h"
#include "whatif/whatif_print.h"

bool whatif_api_simulate(struct ctx *c, const struct req *q, struct res *r)
{
	struct whatif_ask ask;
	struct campaign campaign;
	struct whatif w;
	json_t *body;
	int64_t id;
	struct buf b;

	if (!api_no_query(c, q) || !api_body(c, q, &body)
	    || !api_arg_id(c, q, 0, ID_CAMPAIGN, &id) || !campaign_get(c, id, &campaign)
	    || !whatif_read_body(c, body, &ask))
		return false;
	ask.campaign_id = id;
	if (!whatif_run(c, &ask, &w))
		return false;
	buf_init(&b, c->arena);
	whatif_json(&b, &w);
	return api_reply_buf(r, 200, &b);
}
