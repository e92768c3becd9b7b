/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"
#include "routes.h"
#include "statements.h"

int cmd_version(struct cli *l)
{
	buf_puts(&l->out, "partnerd " PARTNERD_VERSION "\n");
	return CLI_OK;
}

int cmd_settings(struct cli *l)
{
	settings_print(l->settings, &l->out);
	return CLI_OK;
}

int cmd_routes(struct cli *l)
{
	routes_print(&l->out);
	return CLI_OK;
}

int cmd_sql(struct cli *l)
{
	struct ctx c = cli_ctx(l);

	statements_print(&c, &l->out);
	return CLI_OK;
}
