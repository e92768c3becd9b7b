/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"
#include "org/org.h"
#include "partner/partner.h"
#include "user/invitation.h"
#include "user/invitation_web.h"
#include "user/key.h"
#include "user/member.h"
#include "user/password.h"
#include "user/reset.h"
#include "user/user.h"

static int control(struct cli *l, enum work_kind kind, cli_task_fn run, void *arg)
{
	return cli_do(l, &(struct cli_task){ kind, 0, run, arg }) ? CLI_OK : CLI_FAILED;
}

/* Inside an organisation. */
static int org_task(struct cli *l, enum work_kind kind, cli_task_fn run, void *arg)
{
	int64_t org_id;

	if (!cli_org(l, &org_id))
		return CLI_FAILED;
	return cli_do(l, &(struct cli_task){ kind, org_id, run, arg }) ? CLI_OK : CLI_FAILED;
}

static bool find_user(struct ctx *c, struct cli *l, struct user *out)
{
	struct str email = cli_value(l, "email");
	bool found;

	return user_find_email(c, email, out, &found)
	    && (found || fail(c, ERR_NOT_FOUND, "email", "There is no user %.*s", STR_ARG(email)));
}

/* Hashed before any transaction begins: it takes long on purpose. */
static bool hash_password(struct cli *l, struct str *out)
{
	struct str password = cli_value(l, "password-stdin");
	struct ctx c = cli_ctx(l);

	*out = STR("");
	if (!cli_given(l, "password-stdin")
	    || (password_check(&c, password, cli_value(l, "email"), STR(""))
	        && password_hash(&c, password, out)))
		return true;
	cli_failed(l, &c);
	return false;
}

static bool create(struct ctx *c, struct cli *l, void *arg)
{
	struct user *u = arg;

	u->email = cli_value(l, "email");
	u->name = cli_value(l, "name");
	return user_create(c, u);
}

int cmd_user_create(struct cli *l)
{
	struct user u = { 0 };

	if (!hash_password(l, &u.password) || control(l, WORK_CONTROL_WRITE, create, &u) != CLI_OK)
		return CLI_FAILED;
	buf_printf(&l->out, "%s\n", id_str(l->arena, ID_USER, u.id).p);
	return CLI_OK;
}

static bool list(struct ctx *c, struct cli *l, void *arg)
{
	struct list rows;

	(void)arg;
	if (!user_list(c, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct user *u = (const struct user *)rows.items + i;

		buf_printf(&l->out, "%s\t%.*s\t%.*s%s\n", id_str(l->arena, ID_USER, u->id).p,
		           STR_ARG(u->email), STR_ARG(u->name), u->disabled ? "\tdisabled" : "");
	}
	return true;
}

int cmd_user_list(struct cli *l)
{
	return control(l, WORK_CONTROL_READ, list, NULL);
}

static bool set_password(struct ctx *c, struct cli *l, void *arg)
{
	struct user u;

	return find_user(c, l, &u) && user_set_password(c, u.id, *(struct str *)arg);
}

int cmd_user_password(struct cli *l)
{
	struct str hash;

	return hash_password(l, &hash) ? control(l, WORK_CONTROL_WRITE, set_password, &hash)
	                               : CLI_FAILED;
}

static bool make_reset(struct ctx *c, struct cli *l, void *arg)
{
	struct str token;
	struct user u;

	if (!find_user(c, l, &u) || !reset_create(c, u.id, &u, &token))
		return false;
	*(struct str *)arg = invitation_web_link(c, "/reset/", token);
	return true;
}

int cmd_user_reset(struct cli *l)
{
	struct str link = { 0 };

	if (control(l, WORK_CONTROL_WRITE, make_reset, &link) != CLI_OK)
		return CLI_FAILED;
	buf_printf(&l->out, "%.*s\n", STR_ARG(link));
	return CLI_OK;
}

static bool set_disabled(struct ctx *c, struct cli *l, void *arg)
{
	struct user u;

	return find_user(c, l, &u) && user_set_disabled(c, u.id, *(bool *)arg);
}

int cmd_user_disable(struct cli *l)
{
	return control(l, WORK_CONTROL_WRITE, set_disabled, &(bool){ true });
}

int cmd_user_enable(struct cli *l)
{
	return control(l, WORK_CONTROL_WRITE, set_disabled, &(bool){ false });
}

static bool read_partner(struct ctx *c, struct cli *l, int64_t *out)
{
	struct str text = cli_value(l, "partner");

	*out = 0;
	return text.n == 0 || id_parse(ID_PARTNER, text, out)
	    || fail(c, ERR_INVALID, "partner", "\"%.*s\" is no partner", STR_ARG(text));
}

static bool add_member(struct ctx *c, struct cli *l, void *arg)
{
	struct member m = { 0 };
	struct org o;
	struct user u;

	(void)arg;
	if (!member_read_role(c, cli_value(l, "role"), ROLE_PARTNER, &m.role)
	    || !org_named(c, "org", cli_value(l, "org"), &o)
	    || !find_user(c, l, &u)
	    || !read_partner(c, l, &m.partner_id)
	    || !member_read_without(c, cli_value(l, "without"), &m))
		return false;
	m.org_id = o.id;
	m.user_id = u.id;
	return member_put(c, &m);
}

/* Members are control data; whether there is such a partner, the organisation's own data knows. */
static bool see_partner(struct ctx *c, struct cli *l, void *arg)
{
	struct partner p;
	int64_t id;

	(void)arg;
	return read_partner(c, l, &id) && partner_get(c, id, &p);
}

int cmd_member_add(struct cli *l)
{
	struct cli_task see = { .kind = WORK_READ, .run = see_partner };

	if (cli_value(l, "partner").n > 0 && (!cli_org(l, &see.org_id) || !cli_do(l, &see)))
		return CLI_FAILED;
	return control(l, WORK_CONTROL_WRITE, add_member, NULL);
}

static bool make_invitation(struct ctx *c, struct cli *l, void *arg)
{
	struct invitation i = { .email = cli_value(l, "email") };
	struct member m = { 0 };
	struct str token;

	if (!member_read_role(c, cli_value(l, "role"), ROLE_PARTNER, &i.role)
	    || !read_partner(c, l, &i.partner_id)
	    || !member_read_without(c, cli_value(l, "without"), &m))
		return false;
	i.without_money = m.without_money;
	i.without_personal_data = m.without_personal_data;
	if (!invitation_create(c, &i, &token))
		return false;
	*(struct str *)arg = invitation_web_link(c, "/invite/", token);
	return true;
}

int cmd_member_invite(struct cli *l)
{
	struct str link = { 0 };

	if (org_task(l, WORK_CONTROL_WRITE, make_invitation, &link) != CLI_OK)
		return CLI_FAILED;
	buf_printf(&l->out, "%.*s\n", STR_ARG(link));
	return CLI_OK;
}

static bool list_members(struct ctx *c, struct cli *l, void *arg)
{
	struct list rows;
	struct org o;

	(void)arg;
	if (!org_named(c, "org", cli_value(l, "org"), &o) || !member_list(c, o.id, true, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct member *m = (const struct member *)rows.items + i;

		buf_printf(&l->out, "%.*s\t%s%s%s%s%s\n", STR_ARG(m->email), role_names[m->role],
		           m->without_money ? "\twithout money" : "",
		           m->without_personal_data ? "\twithout personal_data" : "",
		           m->by_workspace ? "\tby the workspace" : "",
		           m->can_sign_in ? "" : "\tcannot sign in");
	}
	return true;
}

int cmd_member_list(struct cli *l)
{
	return control(l, WORK_CONTROL_READ, list_members, NULL);
}

static bool remove_member(struct ctx *c, struct cli *l, void *arg)
{
	int64_t partner_id;
	struct org o;
	struct user u;

	(void)arg;
	return org_named(c, "org", cli_value(l, "org"), &o)
	    && find_user(c, l, &u)
	    && read_partner(c, l, &partner_id)
	    && member_remove(c, o.id, u.id, partner_id);
}

int cmd_member_remove(struct cli *l)
{
	return control(l, WORK_CONTROL_WRITE, remove_member, NULL);
}

/* ---- Keys. */

static bool create_key(struct ctx *c, struct cli *l, void *arg)
{
	struct str scopes = cli_value(l, "scopes");
	struct key k = { .name = cli_value(l, "name"), .scopes = scopes.n ? scopes : STR("all"),
	                 .allowed_ips = cli_value(l, "allowed-ips") };

	return key_create(c, &k, arg);
}

int cmd_key_create(struct cli *l)
{
	struct str secret = { 0 };

	if (org_task(l, WORK_CONTROL_WRITE, create_key, &secret) != CLI_OK)
		return CLI_FAILED;
	buf_printf(&l->out, "%.*s\n", STR_ARG(secret));
	return CLI_OK;
}

static bool list_keys(struct ctx *c, struct cli *l, void *arg)
{
	struct list rows;

	(void)arg;
	if (!key_list(c, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct key *k = (const struct key *)rows.items + i;

		buf_printf(&l->out, "%s\t...%.*s\t%.*s\t%.*s%s%.*s%s\n",
		           id_str(l->arena, ID_KEY, k->id).p,
		           STR_ARG(k->hint), STR_ARG(k->name), STR_ARG(k->scopes),
		           k->allowed_ips.n ? "\tfrom " : "", STR_ARG(k->allowed_ips),
		           k->revoked_at ? "\trevoked" : "");
	}
	return true;
}

int cmd_key_list(struct cli *l)
{
	return org_task(l, WORK_CONTROL_READ, list_keys, NULL);
}

static bool revoke_key(struct ctx *c, struct cli *l, void *arg)
{
	int64_t id;

	(void)arg;
	if (!id_parse(ID_KEY, cli_value(l, "id"), &id))
		return fail(c, ERR_INVALID, "id",
		            "That is not the id of a key; see partnerd key list");
	return key_revoke(c, id);
}

int cmd_key_revoke(struct cli *l)
{
	return org_task(l, WORK_CONTROL_WRITE, revoke_key, NULL);
}
