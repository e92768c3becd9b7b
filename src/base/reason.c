/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reason.h"
#include "base/check.h"

bool reason_lacks_subject(const struct err *e)
{
	static const char *const verbs[] = { "is ",   "was ",    "must ",     "has ",   "lies ",   "may ",
		                             "does ", "cannot ", "contains ", "holds ", "says " };

	for (size_t i = 0; e->field[0] && i < LEN(verbs); i++)
		if (str_starts(str_from(e->msg), verbs[i]))
			return true;
	return false;
}

struct str reason_text(struct arena *a, const struct err *e)
{
	const char *name = e->field;

	if (!reason_lacks_subject(e))
		return str_from(e->msg);
	while (*name >= '0' && *name <= '9')
		name++;
	if (name == e->field || *name != '/')
		return arena_printf(a, "%s %s", e->field, e->msg);
	/* of one in a list: "0/status" is no name */
	return arena_printf(a, "item %.*s: %s %s", (int)(name - e->field), e->field, name + 1, e->msg);
}
