/* SPDX-License-Identifier: Apache-2.0 */
#include "db/backup.h"

static const char specials[] = "\b\f\n\r\t\v\\";
static const char letters[] = "bfnrtv\\";

void tsv_put(struct buf *b, struct val v)
{
	if (v.type == VAL_NULL) {
		buf_puts(b, "\\N");
		return;
	}
	if (v.type == VAL_INT) {
		buf_int(b, v.i);
		return;
	}
	for (size_t i = 0; i < v.s.n; i++) {
		const char *at = v.s.p[i] ? strchr(specials, v.s.p[i]) : NULL;

		if (at)
			buf_char(b, '\\');
		buf_char(b, at ? letters[at - specials] : v.s.p[i]);
	}
}

struct val tsv_take(struct arena *a, struct str *line)
{
	struct str raw = str_cut(line, '\t');
	struct buf b;

	if (str_is(raw, "\\N"))
		return (struct val){ .type = VAL_NULL };
	if (str_find(raw, '\\', 0) == SIZE_MAX)
		return val_str(arena_str(a, raw));
	buf_init(&b, a);
	for (size_t i = 0; i < raw.n; i++) {
		const char *at;

		if (raw.p[i] != '\\' || i + 1 == raw.n) {
			buf_char(&b, raw.p[i]);
			continue;
		}
		at = strchr(letters, raw.p[++i]);
		buf_char(&b, at && *at ? specials[at - letters] : raw.p[i]);
	}
	return val_str(buf_text(&b));
}
