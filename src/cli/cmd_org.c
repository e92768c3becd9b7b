/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"
#include "org/org.h"
#include "org/workspace.h"
#include "user/member.h"
#include "user/user.h"

static struct str or(struct str s, const char *otherwise)
{
	return s.n > 0 ? s : str_from(otherwise);
}

static void print_id(struct cli *l, enum id_kind kind, int64_t id)
{
	buf_printf(&l->out, "%s\n", id_str(l->arena, kind, id).p);
}

/* --workspace ID, "none" or nothing. */
static bool workspace_of(struct ctx *c, struct cli *l, int64_t *out)
{
	struct str text = cli_value(l, "workspace");

	*out = 0;
	return text.n == 0 || str_is(text, "none") || id_parse(ID_WORKSPACE, text, out)
	    || fail(c, ERR_INVALID, "workspace", "\"%.*s\" is no workspace", STR_ARG(text));
}

static bool create(struct ctx *c, struct cli *l, void *arg)
{
	struct org *o = arg;
	struct workspace w;

	*o = (struct org){
		.name = cli_value(l, "name"),
		.slug = cli_value(l, "slug"),
		.currency = or(cli_value(l, "currency"), "USD"),
		.timezone = or(cli_value(l, "timezone"), "UTC"),
		.sandbox = cli_given(l, "sandbox"),
	};
	return workspace_of(c, l, &o->workspace_id)
	    && (o->workspace_id == 0 || workspace_get(c, o->workspace_id, &w))
	    && org_create(c, o);
}

int cmd_org_create(struct cli *l)
{
	struct org o;

	if (!cli_do(l, &(struct cli_task){ WORK_CONTROL_WRITE, 0, create, &o }))
		return CLI_FAILED;
	print_id(l, ID_ORG, o.id);
	return CLI_OK;
}

static bool list(struct ctx *c, struct cli *l, void *arg)
{
	struct list rows;

	(void)arg;
	if (!org_list(c, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct org *o = (const struct org *)rows.items + i;

		buf_printf(&l->out, "%s\t%.*s\t%.*s\t%.*s\t%.*s\t%s%s\n",
		           id_str(l->arena, ID_ORG, o->id).p, STR_ARG(o->slug), STR_ARG(o->name),
		           STR_ARG(o->currency), STR_ARG(o->timezone), org_status_names[o->status],
		           o->sandbox ? "\tsandbox" : "");
	}
	return true;
}

int cmd_org_list(struct cli *l)
{
	return cli_do(l, &(struct cli_task){ WORK_CONTROL_READ, 0, list, NULL }) ? CLI_OK
	    : CLI_FAILED;
}

static bool create_workspace(struct ctx *c, struct cli *l, void *arg)
{
	struct workspace *w = arg;

	w->name = cli_value(l, "name");
	return workspace_create(c, w);
}

int cmd_workspace_create(struct cli *l)
{
	struct workspace w = { 0 };

	if (!cli_do(l, &(struct cli_task){ WORK_CONTROL_WRITE, 0, create_workspace, &w }))
		return CLI_FAILED;
	print_id(l, ID_WORKSPACE, w.id);
	return CLI_OK;
}

static bool adopt(struct ctx *c, struct cli *l, void *arg)
{
	struct org o;
	int64_t workspace_id;

	(void)arg;
	return workspace_of(c, l, &workspace_id)
	    && org_named(c, "org", cli_value(l, "org"), &o)
	    && workspace_adopt(c, workspace_id, o.id);
}

int cmd_workspace_adopt(struct cli *l)
{
	return cli_do(l, &(struct cli_task){ WORK_CONTROL_WRITE, 0, adopt, NULL }) ? CLI_OK
	                                                                          : CLI_FAILED;
}

static bool put_member(struct ctx *c, struct cli *l, void *arg)
{
	struct str email = cli_value(l, "email");
	int64_t role, workspace_id;
	struct user u;
	bool found;

	(void)arg;
	if (!member_read_role(c, cli_value(l, "role"), ROLE_NONE, &role)
	    || !workspace_of(c, l, &workspace_id) || !user_find_email(c, email, &u, &found))
		return false;
	if (!found)
		return fail(c, ERR_NOT_FOUND, "email", "There is no user %.*s", STR_ARG(email));
	return workspace_put_member(c, workspace_id, u.id, (enum role)role);
}

int cmd_workspace_member(struct cli *l)
{
	return cli_do(l, &(struct cli_task){ WORK_CONTROL_WRITE, 0, put_member, NULL }) ? CLI_OK
	                                                                               : CLI_FAILED;
}
