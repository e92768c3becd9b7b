/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/id.h"
#include "campaign/campaign.h"
#include "cli/cmd.h"
#include "restate/restatement_print.h"
#include "restate/sweep.h"

struct restate {
	struct restatement_new in;
	int64_t org_id, run_id;
	struct restatement run;
	bool approve, json;
};

/* ---- The steps, each a task of its own: other writes are served in between. */

static bool create(struct ctx *c, struct cli *l, void *arg)
{
	struct restate *s = arg;
	int64_t campaign_id;

	return cmd_campaign(c, l, &campaign_id)
	       && restatement_create(c, campaign_id, &s->in, &s->run);
}

/* The server's own job may be at the same run. */
static bool page(struct ctx *c, struct cli *l, void *arg)
{
	struct restate *s = arg;

	(void)l;
	if (!restatement_get(c, s->run_id, &s->run))
		return false;
	return (s->run.status != RESTATEMENT_PREPARING && s->run.status != RESTATEMENT_POSTING)
	       || sweep_page(c, &s->run);
}

static bool approve(struct ctx *c, struct cli *l, void *arg)
{
	struct restate *s = arg;

	(void)l;
	return restatement_get(c, s->run_id, &s->run) && restatement_approve(c, &s->run);
}

static bool show(struct ctx *c, struct cli *l, void *arg)
{
	struct restate *s = arg;
	bool ok = restatement_get(c, s->run_id, &s->run)
	          && (s->json ? restatement_json : restatement_text)(c, &l->out, &s->run);

	if (ok && s->json)
		buf_char(&l->out, '\n');
	return ok;
}

static bool step(struct cli *l, struct restate *s, enum work_kind kind, cli_task_fn run)
{
	return cli_do(l, &(struct cli_task){ kind, s->org_id, run, s });
}

static bool go_through(struct cli *l, struct restate *s)
{
	do {
		if (!step(l, s, WORK_WRITE, page))
			return false;
	} while (s->run.status == RESTATEMENT_PREPARING || s->run.status == RESTATEMENT_POSTING);
	return true;
}

static bool preview(struct cli *l, struct restate *s)
{
	if (s->run_id == 0) {
		if (!step(l, s, WORK_WRITE, create))
			return false;
		s->run_id = s->run.id;
	}
	return go_through(l, s);
}

/* ---- What is asked for. */

static bool wrong(struct cli *l, const char *what)
{
	buf_printf(&l->err, "partnerd: %s\n", what);
	return false;
}

static bool read_run(struct cli *l, struct restate *s)
{
	static const char *const of_new[] = { "campaign", "terms", "version", "from", "to", "reason" };

	if (!cli_given(l, "run"))
		return true;
	for (size_t i = 0; i < LEN(of_new); i++)
		if (cli_given(l, of_new[i]))
			return wrong(l, "--run is a run that is there; it takes no --campaign, --terms,"
			                " --version, --from, --to or --reason");
	return id_parse(ID_RESTATEMENT, cli_value(l, "run"), &s->run_id)
	       || wrong(l, "--run is the id of a run, rst_…");
}

static bool read_new(struct cli *l, struct restate *s)
{
	struct str version = cli_value(l, "version");

	if (s->run_id)
		return true;
	if (!cli_given(l, "campaign") || cli_given(l, "terms") == cli_given(l, "version"))
		return wrong(l, "give --campaign and either --terms or --version; or --run");
	if (!cli_given(l, "reason"))
		return wrong(l, "give a --reason: partners read it");
	return version.n == 0 || (str_to_int(version, &s->in.version) && s->in.version > 0)
	       || wrong(l, "--version is the number of a version of the terms");
}

static bool read_format(struct cli *l, struct restate *s)
{
	struct str name = cli_value(l, "format");

	s->json = str_is(name, "json");
	return s->json || name.n == 0 || str_is(name, "text") || wrong(l, "--format is text or json");
}

int cmd_restate(struct cli *l)
{
	struct restate s = { .in = { .terms = cli_value(l, "terms"),
		                     .from = cli_value(l, "from"),
		                     .to = cli_value(l, "to"),
		                     .reason = cli_value(l, "reason") },
		             .approve = cli_given(l, "approve") };

	if (!read_format(l, &s) || !read_run(l, &s) || !read_new(l, &s))
		return CLI_USAGE;
	if (!cli_org(l, &s.org_id) || !preview(l, &s)
	    || (s.approve && (!step(l, &s, WORK_WRITE, approve) || !go_through(l, &s))))
		return CLI_FAILED;
	return step(l, &s, WORK_READ, show) ? CLI_OK : CLI_FAILED;
}
