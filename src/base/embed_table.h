/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_EMBED_TABLE_H
#define BASE_EMBED_TABLE_H

#include "base/embed.h"

/* What tools/embed writes and only embed.c reads. One more row than embed_count, all zero. */
extern const struct embed embed_table[];
extern const size_t embed_count;

#endif
