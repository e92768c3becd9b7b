/* SPDX-License-Identifier: Apache-2.0 */
#include "link/sharing.h"

bool sharing_check(struct ctx *c, int64_t partner_id, int64_t campaign_id, struct sharing *out)
{
	enum partner_status status;
	bool found;

	if (!partner_visible(c, partner_id)
	    || !partner_named(c, "partner", partner_id, &out->partner)
	    || !campaign_named(c, "campaign", campaign_id, &out->campaign)
	    || !enrolment_find(c, campaign_id, partner_id, &out->enrolment, &found))
		return false;
	if (!found)
		return fail(c, ERR_INVALID, "partner", "the partner is not in this campaign");
	if (out->campaign.status == CAMPAIGN_CLOSED)
		return fail(c, ERR_STATE, "campaign", "the campaign is closed");
	status = enrolment_status(&out->partner, &out->enrolment);
	if (status != PARTNER_APPROVED && status != PARTNER_PENDING)
		return fail(c, ERR_STATE, "partner", "the partner is %s",
		            partner_status_names[status]);
	return true;
}
