"""What goes wrong with a file, said so that a person can mend it; and how large a file may be."""

from __future__ import annotations

import re
from typing import Final

MAX_BYTES: Final = 5_000_000
"""Largest file read, and largest text inside a compressed one."""
MAX_OWN_BYTES: Final = 10_000_000
"""Largest file of our own: a workshop with all that was said in it."""
MAX_OWN_PARTS: Final = 1_000_000
"""Most brackets and commas in one above `MAX_BYTES`: a value takes far more room in memory than in the file."""
MAX_FACTORS: Final = 2_000
MAX_LINKS: Final = 10_000
MAX_TEXT: Final = 100_000
"""Longest single text in a file, in characters."""
MAX_DEPTH: Final = 200
"""Deepest nesting of XML elements."""
_OURS: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"format"\s*:\s*"wickedmap-map"')


class FormatError(ValueError):
    """A file that cannot be read, or a map that cannot be written as asked.

    Parameters
    ----------
    message : str
        What is wrong and what to do, in one or two sentences.
    place : str
        Where: "line 7", "row 3, column polarity", "links[4].sign".
    file : str
        Name of the file, when there is one.
    code : str
        One of ``"syntax"``, ``"limit"``, ``"unknown-format"``, ``"missing"``,
        ``"content"``, ``"unsupported"``, ``"cannot-write"``: for a catalogue of
        sentences in other languages.

    Examples
    --------
    >>> str(FormatError("the sign 'x' is not known", place="row 3", file="map.csv"))
    "map.csv, row 3: the sign 'x' is not known"
    """

    def __init__(self, message: str, *, place: str = "", file: str = "", code: str = "content") -> None:
        self.message = message
        self.place = place
        self.file = file
        self.code = code
        where = ", ".join(part for part in (file, place) if part)
        super().__init__(f"{where}: {message}" if where else message)

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.message, self.place, self.file, self.code)

    def in_file(self, file: str) -> FormatError:
        """Return the same error with the file named."""
        return FormatError(self.message, place=self.place, file=file, code=self.code)


def _again(message: str, place: str, file: str, code: str) -> FormatError:
    return FormatError(message, place=place, file=file, code=code)


def is_ours(data: bytes) -> bool:
    """Whether a file begins as ours do."""
    return _OURS.match(data) is not None


def check_size(data: bytes) -> None:
    """Refuse a file above `MAX_BYTES`, or above `MAX_OWN_BYTES` when it is one of ours."""
    if len(data) <= MAX_BYTES:
        return
    ours = is_ours(data)
    most = MAX_OWN_BYTES if ours else MAX_BYTES
    if len(data) > most:
        raise FormatError(
            f"the file is {len(data) / 1e6:.1f} MB; at most {most / 1e6:.0f} MB can be read. "
            "Remove embedded pictures and history, or split the map",
            code="limit",
        )
    if sum(map(data.count, (b"{", b"[", b","))) > MAX_OWN_PARTS:
        raise FormatError(
            f"the file holds more than {MAX_OWN_PARTS} values, which no workshop has; it is damaged",
            code="limit",
        )


def check_counts(factors: int, links: int, place: str = "") -> None:
    """Refuse a map above `MAX_FACTORS` factors or `MAX_LINKS` links."""
    if factors > MAX_FACTORS:
        raise FormatError(f"more than {MAX_FACTORS} factors; split the map", place=place, code="limit")
    if links > MAX_LINKS:
        raise FormatError(f"more than {MAX_LINKS} links; split the map", place=place, code="limit")
