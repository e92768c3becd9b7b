/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_SAYS_H
#define CAMPAIGN_TERMS_SAYS_H

#include "campaign/terms_doc.h"

/* Terms in sentences, for views of pages. The caller owns what these return. */

/* ["25 % of …", …] */
json_t *terms_says(struct arena *a, const struct terms *t);

/*
 * {changes: [{was, now}], stays: […], any, count, silent}: from one version to another. silent: the
 * documents differ though the sentences do not.
 */
json_t *terms_says_changes(struct arena *a, const struct terms *before, const struct terms *after);

#endif
