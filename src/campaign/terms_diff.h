/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_DIFF_H
#define CAMPAIGN_TERMS_DIFF_H

#include "campaign/terms_doc.h"

/*
 * What changes from one version of terms to another, in their sentences: which stay, which take
 * another's place, which are new and which are gone. In the order of the newer terms.
 */

struct terms_change {
	struct str before, after; /* equal: stays; before empty: new; after empty: gone */
};

#define TERMS_CHANGES_MAX (2 * SENTENCES_MAX)
size_t terms_diff(struct arena *a, const struct terms *before, const struct terms *after,
                  struct terms_change out[TERMS_CHANGES_MAX]);

#endif
