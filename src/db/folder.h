/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_FOLDER_H
#define DB_FOLDER_H

#include <stdbool.h>

/*
 * Bring a folder's own entries (names made, moved or removed in it) to disk: a file that was
 * synced is lost all the same while its name is not (fsync(2), NOTES). false: errno says why.
 */
bool folder_sync(const char *path);

/*
 * Make an empty file, its path given, in a folder, or remove it, and bring that to disk: the mark
 * of something that has begun and not ended. A mark that is there already stays. false: errno says
 * why.
 */
bool folder_mark(const char *folder, const char *file);
bool folder_unmark(const char *folder, const char *file);

#endif
