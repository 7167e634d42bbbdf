"""The line that says, to somebody who waits at a terminal, what is going on and how far it is."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator
from typing import Final, Protocol

_AFTER: Final = 1.0
_EVERY: Final = 0.2


class Tell(Protocol):
    """Called with what begins now, a name under ``commands.doing``, and how much of the whole is done."""

    def __call__(self, part: str, share: float | None = None, /) -> None:
        """Say it."""


@contextlib.contextmanager
def working(part: str, language: str = "", **values: object) -> Iterator[Tell]:
    """Show what is going on, when it takes more than a second and somebody watches.

    One line on the error stream is written over and over: what is done, how much of it
    where that is known, and for how many seconds. Nothing is left of it in the end, and
    there is none of it in a file or a pipe. It has no colours, and needs nothing of the
    terminal but that it can go back to the start of a line.

    Parameters
    ----------
    part : str
        What begins: a name under ``commands.doing`` in the catalogue.
    language : str
        Of the words; English when empty.
    **values : object
        What is named in the words, such as ``file``; also for the parts told later.
    """
    if not sys.stderr.isatty():
        yield lambda _part, _share=None, /: None
        return
    line = _Line(language or "en", {name: str(value) for name, value in values.items()})
    line.tell(part)
    line.thread.start()
    try:
        yield line.tell
    finally:
        line.over.set()
        line.thread.join()


class _Line:
    def __init__(self, language: str, values: dict[str, str]) -> None:
        self.language = language
        self.values = values
        self.said: tuple[str, float | None] = ("", None)
        self.begun = time.monotonic()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._draw, name="progress", daemon=True)

    def tell(self, part: str, share: float | None = None, /) -> None:
        self.said = (part, share)

    def _draw(self) -> None:
        # A terminal that cannot go back is told each thing once.
        back = os.environ.get("TERM") != "dumb"
        drawn = ""
        wait = _AFTER
        while not self.over.wait(wait):
            wait = _EVERY
            words = self._words() if back else self._what()
            if words != drawn:
                sys.stderr.write(f"\r{fitted(words, _columns())}" if back else f"{words}\n")
                sys.stderr.flush()
                drawn = words
        if back and drawn:
            sys.stderr.write(f"\r{' ' * _columns()}\r")
            sys.stderr.flush()

    def _what(self) -> str:
        from .texts import text

        return text(self.language, f"commands.doing.{self.said[0]}", **self.values) + " …"

    def _words(self) -> str:
        share = self.said[1]
        parts = [
            self._what(),
            f"{share:.0%}" if share is not None else "",
            f"{time.monotonic() - self.begun:.0f} s",
        ]
        return "  ".join(part for part in parts if part)


def _columns() -> int:
    # In the last column some terminals go on to the next line.
    return shutil.get_terminal_size().columns - 1


def fitted(words: str, columns: int) -> str:
    """Return words cut and filled up to a number of columns; what cannot be shown is left out.

    Examples
    --------
    >>> fitted("reading kart.csv", 20), fitted("reading kart.csv", 10)
    ('reading kart.csv    ', 'reading k…')
    >>> fitted("読む", 6)
    '読む  '
    """
    shown = [(sign, _width(sign)) for sign in words if sign.isprintable()]
    if sum(width for _, width in shown) > columns:
        room = columns - 1
        kept = ""
        for sign, width in shown:
            if width > room:
                break
            kept += sign
            room -= width
        return kept + "…" + " " * room
    return "".join(sign for sign, _ in shown) + " " * (columns - sum(width for _, width in shown))


def _width(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
