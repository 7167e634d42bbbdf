"""Files in and files out: one module per format, each with what it cannot carry.

`read` gives the map with a report of every guess and repair; `load` gives the map
alone; `save` writes and returns what was lost.
"""

from __future__ import annotations

import os
from pathlib import Path

from ..causal_map import CausalMap
from .aspects import Loss, losses_of
from .errors import MAX_OWN_BYTES, FormatError, check_counts, check_size
from .reading import Notice, Reading
from .registry import FORMATS, Format, by_suffix, named, recognise
from .writing import write_whole

__all__ = [
    "FORMATS",
    "Format",
    "FormatError",
    "Loss",
    "Notice",
    "Reading",
    "load",
    "losses",
    "read",
    "read_bytes",
    "save",
    "write_bytes",
]

PathLike = str | os.PathLike[str]


def read_bytes(data: bytes, filename: str = "", format: str | None = None) -> Reading:
    """Return the map in `data` and what the reader has to say about it.

    Parameters
    ----------
    data : bytes
        A whole file.
    filename : str
        Used in errors, and to tell formats apart when the content does not.
    format : str, optional
        Name of a format, instead of recognising it.

    Raises
    ------
    FormatError
        Naming file, place and what to do.
    """
    try:
        check_size(data)
        chosen = named(format) if format else recognise(data, filename)
        if chosen.read is None:
            raise FormatError(f"{chosen.title} can be written but not read", code="unsupported")
        return chosen.read(data)
    except FormatError as error:
        raise error.in_file(filename) if filename and not error.file else error from None


def read(path: PathLike, format: str | None = None) -> Reading:
    """Return the map in a file with the reader's report; see `read_bytes`."""
    place = _place(path, "; `formats.read_bytes` reads the content of a file")
    try:
        with place.open("rb") as file:
            data = file.read(MAX_OWN_BYTES + 1)
    except OSError as error:
        raise FormatError(
            f"the file cannot be opened ({error.strerror or error})", file=place.name, code="missing"
        ) from error
    return read_bytes(data, place.name, format)


def load(path: PathLike, format: str | None = None) -> CausalMap:
    """Return the map in a file of any format that is read here.

    The format is told from the content, then the suffix. What was guessed or
    repaired on the way is in ``formats.read(path).report``.

    Raises
    ------
    FormatError
        Naming the file, the line, row or field, and what to do.
    """
    return read(path, format).map


def losses(m: CausalMap, format: str) -> list[Loss]:
    """Return what this map would lose in a format, one sentence each, without writing it."""
    return losses_of(m, named(format).losses)


def write_bytes(m: CausalMap, format: str) -> bytes:
    """Return the map as a file of this format."""
    if not isinstance(m, CausalMap):
        raise TypeError(
            f"m: expected a CausalMap, got {type(m).__name__}; CausalMap.from_networkx makes one of a graph"
        )
    chosen = named(format)
    if chosen.write is None:
        raise FormatError(f"{chosen.title} can be read but not written", code="unsupported")
    check_counts(len(m.factors), len(m.links))
    return chosen.write(m)


def save(m: CausalMap, path: PathLike, format: str | None = None) -> list[Loss]:
    """Write the map to a file, by its suffix or the named format.

    The file appears whole or not at all: it is written beside its place and then
    moved there. A file that is there already keeps its permissions, and a symbolic
    link goes on pointing where it did.

    Parameters
    ----------
    m : CausalMap
    path : path
    format : str, optional
        Name of a format or one of its suffixes, such as ``"kumu"`` or ``"json"``.

    Returns
    -------
    list of Loss
        What the format cannot carry of this map; each is a sentence.

    Raises
    ------
    FormatError
        When no format is known by the suffix or name, the map is too large, or the
        place cannot be written. What was there before is left as it was.
    TypeError
        When `m` is not a map or `path` not a path.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> m = CausalMap.from_links([("gjeld", "utkastelse", 1)])
    >>> path = pathlib.Path(tempfile.mkdtemp(), "map.wickedmap.json")
    >>> save(m, path), load(path) == m
    ([], True)
    """
    place = _place(path, "; `formats.write_bytes` gives the content of a file")
    chosen = named(format) if format else by_suffix(place.name)
    if chosen is None:
        names = ", ".join(one.name for one in FORMATS.values() if one.write)
        raise FormatError(
            f"no format is known by this suffix; name one of {names}",
            file=place.name,
            code="unknown-format",
        )
    try:
        data = write_bytes(m, chosen.name)
    except FormatError as error:
        raise error.in_file(place.name) from None
    try:
        write_whole(place, data)
    except OSError as error:
        raise FormatError(
            f"the file cannot be written ({error.strerror or error})", file=place.name, code="cannot-write"
        ) from error
    return losses_of(m, chosen.losses)


def _place(path: PathLike, instead: str) -> Path:
    try:
        return Path(path)
    except TypeError:
        raise TypeError(
            f"path: expected the name of a file (str or Path), got {type(path).__name__}{instead}"
        ) from None
