/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_FIRST_WEB_H
#define CAMPAIGN_TERMS_FIRST_WEB_H

#include "web/page.h"

/* The first terms (terms_first.h) on the page for a new campaign. */

/*
 * Put `first`, the fields of app/_terms_field.html, into the view: as they were sent where the form
 * was refused, with everything that is wrong; the page's `problem` leads to the one it is about.
 */
void terms_first_web_put(struct page *p);

#endif
