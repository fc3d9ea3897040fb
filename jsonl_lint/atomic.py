"""Files that are written whole or not at all."""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

__all__ = ["written_whole"]


@contextmanager
def written_whole(
    path: str, *, backup: bool = False, last_look: Callable[[], None] | None = None
) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when the body ends well and leaves no trace when it does not.

    Symbolic links are followed, mode bits and (where allowed) the owner kept; what is no regular file (`/dev/stdout`, a
    pipe) is written to directly. `backup` keeps what stood there under a name that ends in `.bak`. `last_look` is called
    when all is on the disk, just before the file takes its place, and prevents that by raising. Raises `OSError` as
    `open` does.
    """
    final = os.path.realpath(path)
    if os.path.exists(final) and not stat.S_ISREG(os.stat(final).st_mode):
        with open(final, "wb") as direct:
            yield direct
        return
    import tempfile

    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(final)}.", dir=os.path.dirname(final))
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            keep_attributes(final, temporary)
            os.fsync(file.fileno())
        if last_look is not None:
            last_look()
        if backup and os.path.exists(final):
            keep_backup(final)
        os.replace(temporary, final)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    flush_folder(os.path.dirname(final))


def keep_attributes(path: str, temporary: str) -> None:
    """Give a new file the mode bits and, where the system lets us, the owner of the one whose place it takes."""
    try:
        before = os.stat(path)
    except FileNotFoundError:
        os.chmod(temporary, mode_of_new())
        return
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(temporary, -1, before.st_gid)
            os.chown(temporary, before.st_uid, -1)
    # The last step, because a change of owner takes some bits away.
    os.chmod(temporary, stat.S_IMODE(before.st_mode))


def mode_of_new() -> int:
    """The mode bits that a new file gets."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def keep_backup(path: str) -> None:
    """Keep a file under the first free name of `path.bak`, `path.bak2`, ...; no older backup is touched."""
    for number in itertools.count(1):
        try:
            link_or_copy(path, f"{path}.bak{number if number > 1 else ''}")
        except FileExistsError:
            continue
        return


def link_or_copy(path: str, name: str) -> None:
    """Give a file a second name, or copy it where the file system knows none; `FileExistsError` if the name is taken."""
    try:
        os.link(path, name)
    except FileExistsError:
        raise
    except OSError:
        copy_new(path, name)


def copy_new(path: str, name: str) -> None:
    """Copy a file to a name that nobody has; `FileExistsError` if somebody has it."""
    import shutil

    with open(path, "rb") as source, open(name, "xb") as target:
        shutil.copyfileobj(source, target)
    shutil.copystat(path, name)


def flush_folder(folder: str) -> None:
    """Bring a folder's new entry to the disk, where the system knows how."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
