/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>

void check_failed(const char *cond, const char *file, int line, const char *func)
{
	fprintf(stderr, "level=fatal msg=\"check failed\" cond=\"%s\" at=%s:%d in=%s\n", cond, file,
	        line, func);
	fflush(stderr);
	abort();
}
