/* SPDX-License-Identifier: Apache-2.0 */
#include "web/errors_web.h"
#include "app.h"
#include "data/json.h"
#include "data/template.h"
#include "web/page.h"

static json_t *error_row(const struct err_info *info)
{
	json_t *o = json_object();

	json_set_str(o, "code", str_from(info->wire));
	json_set_int(o, "status", info->status);
	json_set_str(o, "what", str_from(info->title));
	json_set_str(o, "advice", str_from(info->advice));
	json_set_bool(o, "retryable", info->retryable);
	return o;
}

bool errors_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	json_t *view = page_bare(c, STR("Errors of the API")), *list = json_array();
	struct buf html;

	(void)q;
	json_object_set_new(view, "errors", list);
	for (int code = ERR_NONE + 1; code < ERR_COUNT; code++)
		json_array_append_new(list, error_row(err_info((enum err_code)code)));
	buf_init(&html, c->arena);
	if (!template_page(c, app_of(c)->templates, "errors.html", view, &html))
		return false;
	res_text(r, 200, STR("text/html; charset=utf-8"), buf_text(&html));
	return true;
}
