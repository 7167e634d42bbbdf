"""Pictures of maps that somebody looks at before a workshop is opened from them."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from typing import Final

from ..causal_map import CausalMap
from ..formats.picture import svg

_KEPT: Final = 8
_FACTORS: Final = 300
_LINKS: Final = 600


class ImportPictures:
    """The last few maps that were looked at, each under a name that cannot be guessed.

    Drawing takes longer than reading; with an address of its own the picture comes
    when the words are there already.
    """

    def __init__(self) -> None:
        self._maps: OrderedDict[str, tuple[CausalMap, str]] = OrderedDict()
        self._drawn: dict[str, str] = {}
        self._lock = threading.Lock()

    def keep(self, m: CausalMap, language: str) -> str:
        """Return the address at which a map will be drawn; empty when it is too large or has nothing."""
        if not m.factors or len(m.factors) > _FACTORS or len(m.links) > _LINKS:
            return ""
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._maps[name] = (m, language)
            while len(self._maps) > _KEPT:
                gone, _ = self._maps.popitem(last=False)
                self._drawn.pop(gone, None)
        return f"/api/v1/import/picture/{name}.svg"

    def svg(self, name: str) -> str | None:
        """Return the picture, drawn once; None when it is no longer kept."""
        with self._lock:
            found, drawn = self._maps.get(name), self._drawn.get(name)
        if found is None or drawn is not None:
            return drawn
        m, language = found
        drawn = svg(m, language=language, title="")
        with self._lock:
            if name in self._maps:
                self._drawn[name] = drawn
        return drawn
