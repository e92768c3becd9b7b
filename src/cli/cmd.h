/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "cli/cli.h"

/* The functions behind the rows of commands.c. */

int cmd_serve(struct cli *l);
int cmd_demo(struct cli *l);
int cmd_version(struct cli *l);
int cmd_settings(struct cli *l);
int cmd_routes(struct cli *l);
int cmd_sql(struct cli *l);

int cmd_org_create(struct cli *l);
int cmd_org_list(struct cli *l);
int cmd_user_create(struct cli *l);
int cmd_user_list(struct cli *l);
int cmd_user_password(struct cli *l);
int cmd_user_reset(struct cli *l);
int cmd_user_disable(struct cli *l);
int cmd_user_enable(struct cli *l);
int cmd_member_add(struct cli *l);
int cmd_member_invite(struct cli *l);
int cmd_member_list(struct cli *l);
int cmd_member_remove(struct cli *l);
int cmd_key_create(struct cli *l);
int cmd_key_list(struct cli *l);
int cmd_key_revoke(struct cli *l);
int cmd_workspace_create(struct cli *l);
int cmd_workspace_adopt(struct cli *l);
int cmd_workspace_member(struct cli *l);

int cmd_migrate(struct cli *l);
int cmd_backup(struct cli *l);
int cmd_restore(struct cli *l);
int cmd_job(struct cli *l);
void cmd_job_more(struct buf *out); /* what jobs there are */
int cmd_fx_load(struct cli *l);
int cmd_fx_show(struct cli *l);
int cmd_audit(struct cli *l);
int cmd_ledger_key(struct cli *l);
int cmd_ledger_export(struct cli *l);
int cmd_verify(struct cli *l);
int cmd_simulate(struct cli *l);
int cmd_restate(struct cli *l);

/* The campaign of --campaign, a slug or an id. */
bool cmd_campaign(struct ctx *c, struct cli *l, int64_t *out_id);

#endif
