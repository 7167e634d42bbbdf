"""Zip files opened only after their list of contents has been checked."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from typing import Final

from .errors import FormatError, check_size

MAX_UNPACKED: Final = 20_000_000
MAX_MEMBERS: Final = 200
MAX_RATIO: Final = 100


def open_zip(data: bytes) -> zipfile.ZipFile:
    """Return the opened zip.

    Raises
    ------
    FormatError
        For more than `MAX_MEMBERS` files, more than `MAX_UNPACKED` bytes unpacked, a
        file packed harder than `MAX_RATIO`, paths that leave the folder, links,
        encryption, or a broken zip.
    """
    check_size(data)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise FormatError(
            f"the zip cannot be opened ({error}); save or download it again", code="syntax"
        ) from None
    if len(members) > MAX_MEMBERS:
        raise FormatError(f"{len(members)} files in the zip; at most {MAX_MEMBERS}", code="limit")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise FormatError(f"the zip unpacks to more than {MAX_UNPACKED // 10**6} MB", code="limit")
    seen: set[str] = set()
    for member in members:
        name = member.filename
        if name in seen:
            raise FormatError("the same file is in the zip twice", place=name[:80], code="content")
        seen.add(name)
        if member.file_size > 100_000 and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise FormatError("a file in the zip is packed suspiciously hard", place=name[:80], code="limit")
        if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name[:3]:
            raise FormatError("a path in the zip leads out of its folder", place=name[:80])
        if stat.S_ISLNK(member.external_attr >> 16):
            raise FormatError("a link in the zip is not followed", place=name[:80])
        if member.flag_bits & 1:
            raise FormatError("the zip is protected by a password; save it without one", place=name[:80])
    return archive


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one unpacked file of a zip that `open_zip` has let through."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError) as error:
        # NotImplementedError, for a packing that nobody uses, is a RuntimeError.
        raise FormatError(
            f"a file in the zip is damaged ({error}); save or download it again", place=name[:80], code="syntax"
        ) from None
