/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPENAPI_SCHEMA_H
#define OPENAPI_SCHEMA_H

#include "openapi.h"

/* One schema as JSON: from a field table or by hand. Private to openapi/. */

void openapi_schema_write(struct buf *b, const struct api_schema *s);

#endif
