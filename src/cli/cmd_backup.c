/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd.h"
#include "db/store.h"

int cmd_backup(struct cli *l)
{
	struct ctx c = cli_ctx(l);

	return store_backup(l->app->store, &c, cli_value(l, "to")) ? CLI_OK : cli_failed(l, &c);
}

int cmd_restore(struct cli *l)
{
	const struct settings *s = &l->settings->values;
	struct store_config config = {
		.data_dir = s->data,
		.database_url = s->database,
		.migrate_url = s->migrate_database,
	};
	struct ctx c = cli_ctx(l);

	return store_restore(&c, &config, cli_value(l, "from")) ? CLI_OK : cli_failed(l, &c);
}
