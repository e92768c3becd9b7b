/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "cli/cmd.h"
#include "db/store.h"
#include "jobs.h"
#include "org/org.h"

int cmd_migrate(struct cli *l)
{
	struct ctx c = cli_ctx(l);
	struct store_orgs orgs;

	if (!store_migrate(l->app->store, &c, 0) || !store_orgs(l->app->store, &c, &orgs))
		return cli_failed(l, &c);
	for (size_t i = 0; i < orgs.count; i++)
		if (!store_migrate(l->app->store, &c, orgs.ids[i]))
			return cli_failed(l, &c);
	buf_printf(&l->out, "migrate: ok, %zu organisations\n", orgs.count);
	return CLI_OK;
}

static bool run_job(struct cli *l, const struct job *j, int64_t org_id, int64_t at_ms)
{
	struct ctx c = cli_ctx(l);

	if (job_run(l->app->work, &c, j, org_id, at_ms))
		return true;
	cli_failed(l, &c);
	return false;
}

static void list_jobs(struct buf *out)
{
	for (size_t i = 0; i < job_count; i++)
		buf_printf(out, "  %-23s %s\n", jobs[i].name, jobs[i].what);
}

void cmd_job_more(struct buf *out)
{
	buf_puts(out, "\nJobs:\n");
	list_jobs(out);
}

static int unknown_job(struct cli *l)
{
	buf_printf(&l->err, "partnerd: there is no job \"%.*s\". There are:\n",
	           STR_ARG(l->positional));
	list_jobs(&l->err);
	return CLI_USAGE;
}

/*
 * Of one organisation, or of every one; an organisation's failure does not keep it from the others.
 */
int cmd_job(struct cli *l)
{
	const struct job *j = jobs_find(l->positional);
	struct str at = cli_value(l, "at");
	int64_t at_ms = 0;
	struct list orgs;
	int code = CLI_OK;

	if (!j)
		return unknown_job(l);
	if (at.n > 0 && !time_parse(at, &at_ms)) {
		buf_printf(&l->err, "partnerd: --at is not a time like 2026-11-20T16:45:00Z\n");
		return CLI_USAGE;
	}
	if (j->control)
		return run_job(l, j, 0, at_ms) ? CLI_OK : CLI_FAILED;
	if (!cli_orgs(l, &orgs))
		return CLI_FAILED;
	for (size_t i = 0; i < orgs.count; i++)
		if (!run_job(l, j, ((const struct org *)orgs.items)[i].id, at_ms))
			code = CLI_FAILED;
	return code;
}
