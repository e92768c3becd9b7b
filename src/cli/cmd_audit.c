/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"
#include "org/org.h"
#include "verify/verify.h"

struct report {
	struct buf *out;
	struct verify_counts counts;
};

static bool verify(struct ctx *c, struct cli *l, void *arg)
{
	struct report *r = arg;

	(void)l;
	return verify_org(c, r->out, &r->counts);
}

/* Findings are printed as they are found, each organisation's under its slug. */
int cmd_audit(struct cli *l)
{
	struct report r = { .out = &l->out };
	struct list orgs;

	if (!cli_orgs(l, &orgs))
		return CLI_FAILED;
	for (size_t i = 0; i < orgs.count; i++) {
		const struct org *o = (const struct org *)orgs.items + i;
		struct cli_task task = { .kind = WORK_READ, .org_id = o->id, .run = verify,
		                         .arg = &r };
		int64_t before = r.counts.findings;

		if (!cli_do(l, &task))
			return CLI_FAILED;
		if (r.counts.findings > before)
			buf_printf(&l->out, "%.*s: %lld findings\n", STR_ARG(o->slug),
			           (long long)(r.counts.findings - before));
	}
	buf_printf(&l->out,
	           "audit: %s %zu organisations, %lld events, %lld commissions, %lld entries,"
	           " %lld payouts, %lld findings\n",
	           r.counts.findings ? "failed" : "ok", orgs.count, (long long)r.counts.events,
	           (long long)r.counts.commissions, (long long)r.counts.entries,
	           (long long)r.counts.payouts, (long long)r.counts.findings);
	return r.counts.findings ? CLI_FAILED : CLI_OK;
}
