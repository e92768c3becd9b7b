/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/reason.h"
#include "org/org.h"
#include "program.h"

static size_t option_at(const struct cli *l, const char *option)
{
	const struct cli_option *o = l->command->options;
	size_t i = 0;

	while (i < CLI_OPTIONS_MAX && o[i].name && strcmp(o[i].name, option) != 0)
		i++;
	CHECK(i < CLI_OPTIONS_MAX && o[i].name);
	return i;
}

struct str cli_value(const struct cli *l, const char *option)
{
	return l->values[option_at(l, option)];
}

bool cli_given(const struct cli *l, const char *option)
{
	return l->values[option_at(l, option)].p != NULL;
}

struct ctx cli_ctx(struct cli *l)
{
	return (struct ctx){
		.arena = l->arena,
		.app = l->app,
		.actor = { .kind = ACTOR_SYSTEM, .role = ROLE_OWNER, .sees_money = true,
		           .sees_personal_data = true, .name = STR("command line") },
		.now_ms = clock_now_ms(),
	};
}

/* Is the error that the value of this option can never be? "allowed-ips" is allowed_ips there. */
static bool is_about(const struct err *e, const struct cli_option *o)
{
	size_t i = 0;

	if (e->code != ERR_INVALID || o->kind != CLI_TEXT)
		return false;
	while (o->name[i] && (o->name[i] == '-' ? '_' : o->name[i]) == e->field[i])
		i++;
	return !o->name[i] && !e->field[i];
}

int cli_failed(struct cli *l, const struct ctx *c)
{
	const char *msg = c->err.msg[0] ? c->err.msg : err_info(c->err.code)->title;
	const struct cli_option *o = l->command ? l->command->options : NULL;

	for (size_t i = 0; o && i < CLI_OPTIONS_MAX && o[i].name; i++)
		l->misused |= is_about(&c->err, &o[i]);

	if (reason_lacks_subject(&c->err))
		buf_printf(&l->err, "partnerd: %s %s\n", c->err.field, msg);
	else if (c->err.field[0])
		buf_printf(&l->err, "partnerd: %s (%s)\n", msg, c->err.field);
	else
		buf_printf(&l->err, "partnerd: %s\n", msg);
	return CLI_FAILED;
}

struct doing {
	struct task task; /* first: tasks are doings */
	struct cli *l;
	const struct cli_task *what;
};

static bool run(struct ctx *c, struct task *task)
{
	struct doing *d = (struct doing *)task;

	return d->what->run(c, d->l, d->what->arg);
}

bool cli_do(struct cli *l, const struct cli_task *t)
{
	struct ctx c = cli_ctx(l);
	struct doing *d = ARENA_NEW(l->arena, struct doing);

	d->task = (struct task){ .kind = t->kind, .org_id = t->org_id, .run = run };
	d->l = l;
	d->what = t;
	if (work_run(l->app->work, &c, &d->task))
		return true;
	cli_failed(l, &c);
	return false;
}

int cli_run(struct cli *l)
{
	int code;

	CHECK(l->app || l->command->here);
	code = l->command->run(l);
	return code == CLI_FAILED && l->misused ? CLI_USAGE : code;
}

static bool find_org(struct ctx *c, struct cli *l, void *arg)
{
	struct org o;

	if (!org_named(c, "org", cli_value(l, "org"), &o))
		return false;
	*(int64_t *)arg = o.id;
	return true;
}

bool cli_org(struct cli *l, int64_t *out_id)
{
	return cli_do(l, &(struct cli_task){ WORK_CONTROL_READ, 0, find_org, out_id });
}

static bool list_orgs(struct ctx *c, struct cli *l, void *arg)
{
	struct list *out = arg;
	struct org *one = ARENA_NEW(c->arena, struct org);

	if (!cli_given(l, "org"))
		return org_list(c, out);
	*out = (struct list){ one, 1 };
	return org_named(c, "org", cli_value(l, "org"), one);
}

bool cli_orgs(struct cli *l, struct list *out)
{
	return cli_do(l, &(struct cli_task){ WORK_CONTROL_READ, 0, list_orgs, out });
}
