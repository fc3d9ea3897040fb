"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

__all__ = ["written_whole"]


@contextmanager
def written_whole(path: str) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when the body ends well and leaves no trace when it does not.

    Symbolic links are followed and mode bits kept; what is no regular file (`/dev/stdout`, a pipe) is written to
    directly. Raises `OSError` as `open` does.
    """
    final = os.path.realpath(path)
    if os.path.exists(final) and not stat.S_ISREG(os.stat(final).st_mode):
        with open(final, "wb") as direct:
            yield direct
        return
    descriptor, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(final)}.", dir=os.path.dirname(final))
    try:
        with open(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode_for(final))
        os.replace(temporary, final)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def mode_for(path: str) -> int:
    """The mode bits of a file, or those that a new one gets."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
