/* SPDX-License-Identifier: Apache-2.0 */
#include "web/flash.h"
#include "base/check.h"
#include "data/json.h"

static const struct {
	const char *word, *text;
} texts[] = {
	{ "restatement.created", "The run was made. Nothing is posted until it is approved." },
	{ "restatement.posted", "Posted. Each difference is an adjustment beside its commission." },
	{ "restatement.posting", "Approved. The adjustments are being posted." },
	{ "restatement.canceled", "The run was canceled. Nothing was posted." },
	{ "partner.created", "The partner was added." },
	{ "partner.saved", "The partner was saved." },
	{ "partner.approved", "Approved. The partner can share links now." },
	{ "partner.declined", "The application was declined." },
	{ "partner.suspended", "Suspended. New commissions are held until the partner is reinstated." },
	{ "partner.banned", "Banned. Nothing accrues for this partner any more." },
	{ "partner.reinstated", "Reinstated." },
	{ "override.set", "The partner's own reward was saved." },
	{ "override.cleared", "The partner's own reward was taken away." },
	{ "group.set", "The group was saved." },
	{ "campaign.created", "The campaign was created with version 1 of its terms." },
	{ "campaign.saved", "The campaign was saved." },
	{ "terms.published", "The new version of the terms was published." },
	{ "deal.registered", "Registered. The account is protected from now on." },
	{ "deal.submitted", "Submitted. A person decides about this account." },
	{ "deal.refused", "It could not be registered; the reason is below." },
	{ "deal.approved", "Approved. The account is protected from now on." },
	{ "deal.declined", "The deal was declined." },
	{ "deal.extended", "The protection was extended." },
	{ "deal.won", "Won. The event that its partner is paid by was recorded." },
	{ "deal.lost", "Lost. The protection is over." },
	{ "deal.saved", "The deal was saved." },
	{ "protected_account.created", "The account is on the list." },
	{ "protected_account.removed", "The account was taken off the list." },
	{ "link.created", "The link was created and answers clicks now." },
	{ "link.saved", "The link was saved." },
	{ "code.created", "The code was created." },
	{ "code.saved", "The code was saved." },
	{ "commission.approved", "Approved. The amount is owed now." },
	{ "commission.held", "On hold. It does not mature until it is released." },
	{ "commission.released", "Released. It matures on its date." },
	{ "commission.rejected", "Rejected. All of it was reversed in the ledger." },
	{ "run.created", "The draft is ready. Nothing has been paid yet." },
	{ "run.approved", "Approved. Export the file, send the money, then enter the results." },
	{ "run.canceled", "The draft was canceled. No money moved." },
	{ "run.results", "The results were recorded." },
	{ "run.none", "Nothing was entered." },
	{ "org.saved", "The settings were saved." },
	{ "member.saved", "The member was saved." },
	{ "member.removed", "The member was removed." },
	{ "account.saved", "The name was saved." },
	{ "account.password", "The password was changed. Everywhere else you are signed out." },
	{ "account.ended", "Signed out there." },
	{ "account.ended_others", "Signed out everywhere else." },
	{ "invitation.withdrawn", "The invitation was withdrawn. Its link does not work any more." },
	{ "key.revoked", "The key was revoked. It stopped working at once." },
	{ "webhook.saved", "The endpoint was saved." },
	{ "webhook.test", "A test is on its way." },
	{ "webhook.enabled", "Enabled. What waited is being sent." },
	{ "webhook.disabled", "Disabled. Nothing is sent until it is enabled." },
	{ "webhook.removed", "The endpoint was deleted." },
	{ "webhook.again", "It is sent once more." },
	{ "webhook.replayed", "Everything since that day is sent once more." },
	{ "webhook.replayed_some", "The first 1,000 messages since that day are sent once more." },
	{ "webhook.replayed_none", "Nothing was written since that day that it wants." },
	{ "stripe.connected", "The signing secret was saved." },
	{ "stripe.removed", "Stripe was disconnected." },
};

#define COOKIE "flash"
#define LIFE "; Path=/; HttpOnly; SameSite=Lax; Max-Age="

static const char *find(struct str word)
{
	for (size_t i = 0; i < LEN(texts); i++)
		if (str_is(word, texts[i].word))
			return texts[i].text;
	return NULL;
}

void flash_set(const struct req *q, struct res *r, const char *word)
{
	CHECK(find(str_from(word)) != NULL);
	res_header(r, "Set-Cookie",
	           arena_printf(r->arena, COOKIE "=%s" LIFE "60%s", word,
	                        q->https ? "; Secure" : ""));
}

void flash_show(const struct req *q, struct res *r, json_t *view)
{
	struct str word = req_cookie(q, COOKIE);
	const char *text = find(word);

	if (word.n > 0)
		res_header(r, "Set-Cookie", STR(COOKIE "=" LIFE "0"));
	if (text)
		json_object_set_new(view, "flash", json_pack("{s:s}", "text", text));
}
