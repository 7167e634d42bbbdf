"""Pictures that somebody looks at before a file is used."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_KEPT: Final = 8
_FACTORS: Final = 300
_LINKS: Final = 600


class ImportPictures:
    """The last few maps that were looked at, each under a name that cannot be guessed.

    Drawing takes longer than reading; with an address of its own the picture comes
    when the words are there already.
    """

    def __init__(self) -> None:
        self._drawings: OrderedDict[str, tuple[str, Callable[[], str]]] = OrderedDict()
        self._drawn: dict[str, str] = {}
        self._lock = threading.Lock()

    def keep(self, factors: int, links: int, draw: Callable[[], str], whose: str = "") -> str:
        """Return the name a picture will be drawn under; empty when it is too large or holds nothing.

        Parameters
        ----------
        factors, links : int
            How many there are to draw.
        draw : callable
            Returns the picture as SVG; called once, when somebody asks for it.
        whose : str
            The workshop it belongs to; empty before there is one.
        """
        if not factors or factors > _FACTORS or links > _LINKS:
            return ""
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._drawings[name] = whose, draw
            while len(self._drawings) > _KEPT:
                gone, _ = self._drawings.popitem(last=False)
                self._drawn.pop(gone, None)
        return name

    def svg(self, name: str, whose: str = "") -> str | None:
        """Return the picture, drawn once; None when it is no longer kept or belongs elsewhere."""
        with self._lock:
            found, drawn = self._drawings.get(name), self._drawn.get(name)
        if found is None or found[0] != whose:
            return None
        if drawn is not None:
            return drawn
        drawn = found[1]()
        with self._lock:
            if name in self._drawings:
                self._drawn[name] = drawn
        return drawn
