/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_WEB_H
#define CAMPAIGN_TERMS_WEB_H

#include "net/http.h"

/*
 * The terms editor: a form (or the document itself) beside what it says in plain sentences, then
 * a preview with what changes, then publishing. And all versions with what each one changed.
 *
 * Drafts are kept nowhere: what is typed travels in the form. Only the last step writes.
 */

/* GET: begins with the latest version, or with ?from=2. */
bool terms_web_edit(struct ctx *c, const struct req *q, struct res *r);

/*
 * POST, reads only: the page again after the button `step` — "check", "preview", "form",
 * "document", or one of the rows ("add/caps").
 */
bool terms_web_draft(struct ctx *c, const struct req *q, struct res *r);

/* POST: publishes what was previewed; the preview again when it is refused. */
bool terms_web_publish(struct ctx *c, const struct req *q, struct res *r);
bool terms_web_again(struct ctx *c, const struct req *q, struct res *r);

bool terms_web_versions(struct ctx *c, const struct req *q, struct res *r); /* ?before=20 */

#endif
