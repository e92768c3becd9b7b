/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reason.h"
#include "base/check.h"

bool reason_lacks_subject(const struct err *e)
{
	static const char *const verbs[] = { "is ",   "must ",   "has ",      "lies ",  "may ",
		                             "does ", "cannot ", "contains ", "holds ", "says " };

	for (size_t i = 0; e->field[0] && i < LEN(verbs); i++)
		if (str_starts(str_from(e->msg), verbs[i]))
			return true;
	return false;
}

struct str reason_text(struct arena *a, const struct err *e)
{
	if (!reason_lacks_subject(e))
		return str_from(e->msg);
	return arena_printf(a, "%s %s", e->field, e->msg);
}
