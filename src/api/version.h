/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_VERSION_H
#define API_VERSION_H

#include "base/str.h"

/*
 * Versions of the JSON API: dates, each the day on which something became incompatible. Within
 * one only new fields, values and calls are added.
 *
 * A request is of the version in its header Api-Version, or else of the one that its key was made
 * with. There has been one version so far.
 */
#define API_VERSION "2026-11-01" /* the newest */

bool api_version_known(struct str version);

#endif
