"""Which workshop and surface an address names."""

from __future__ import annotations

import re

SURFACES = ("projector", "console", "me", "compare", "analyse", "export")
_ADDRESS = re.compile(r"^/w/([a-z0-9]{1,64})/([a-z]+)/?$")


def surface_at(path: object) -> tuple[str, str]:
    """Return workshop and surface of an address; empty texts when it names neither.

    Examples
    --------
    >>> surface_at("/w/ab12/console"), surface_at("/")
    (('ab12', 'console'), ('', ''))
    """
    found = _ADDRESS.match(path) if type(path) is str else None
    return (found[1], found[2]) if found is not None and found[2] in SURFACES else ("", "")


def workshop_at(path: object, surface: str) -> str:
    """Return the workshop an address of this surface names, else an empty text."""
    workshop, named = surface_at(path)
    return workshop if named == surface else ""
