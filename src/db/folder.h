/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_FOLDER_H
#define DB_FOLDER_H

#include <stdbool.h>

/*
 * Bring a folder's own entries (names made, moved or removed in it) to disk: a file that was
 * synced is lost all the same while its name is not (fsync(2), NOTES). false: errno says why.
 */
bool folder_sync(const char *path);

#endif
