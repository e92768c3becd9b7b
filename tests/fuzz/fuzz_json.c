/* SPDX-License-Identifier: Apache-2.0 */
#include "data/json.h"
#include "fuzz.h"

FUZZ
{
	json_t *value, *again;

	if (refused(c, json_read(c, text, &value)))
		return;

	char *dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

	CHECK(dump);
	CHECK(json_read(c, str_from(dump), &again));
	CHECK(json_equal(value, again));
	free(dump);
}
