"""A file appears whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file beside its place and move it there.

    A file that is there already keeps its permissions, a symbolic link goes on pointing
    where it did, and a pipe or a terminal is written to as it is.

    Raises
    ------
    OSError
        When the place cannot be written; what was there is left as it was.
    """
    place = Path(os.path.realpath(path))
    if place.exists() and not place.is_file():
        # A pipe or a terminal has no content to keep; moved onto, it would be gone.
        with place.open("wb") as stream:
            stream.write(data)
        return
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("xb") as file:
            if place.exists():
                # Before anything is in it: what was private is so from the first byte.
                shutil.copymode(place, beside)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
