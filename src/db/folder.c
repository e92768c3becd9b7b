/* SPDX-License-Identifier: Apache-2.0 */
#include "db/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), why;
	bool ok = fd >= 0 && fsync(fd) == 0;

	why = errno;
	if (fd >= 0)
		close(fd);
	errno = why;
	return ok;
}

bool folder_mark(const char *folder, const char *file)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return false;
	close(fd);
	return folder_sync(folder);
}

bool folder_unmark(const char *folder, const char *file)
{
	return unlink(file) == 0 && folder_sync(folder);
}
