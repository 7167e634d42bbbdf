"""To be written."""

from __future__ import annotations

from typing import Any

from ..context import Desk, Looking
from ..elements import element


def layout(looking: Looking, _services: dict[str, Any]) -> Any:
    """Return the page."""
    return element("main", element("h1", looking.surface), id="wm-main")


def register(_app: Any, _desk: Desk, _services: dict[str, Any]) -> None:
    """Nothing yet."""
