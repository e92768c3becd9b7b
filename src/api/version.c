/* SPDX-License-Identifier: Apache-2.0 */
#include "api/version.h"

#include "base/check.h"

static const char *const versions[] = { API_VERSION };

bool api_version_known(struct str version)
{
	for (size_t i = 0; i < LEN(versions); i++)
		if (str_is(version, versions[i]))
			return true;
	return false;
}
