/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_driver.h"

struct store *postgres_store_open(struct ctx *c, const struct store_config *config)
{
	(void)config;
	fail(c, ERR_STORAGE, NULL, "PostgreSQL is not supported yet");
	return NULL;
}
