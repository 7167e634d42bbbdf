"""How long and how far a search may go: checked limits, and the clock that ends it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from numbers import Integral, Real
from typing import Literal, TypeAlias

StopReason: TypeAlias = Literal["time", "count", "cancelled"]
"""Why a search ended before it was done."""

Cancelled: TypeAlias = Callable[[], bool]
"""Asked every few milliseconds; the search ends when it answers True."""


def positive_count(value: int | None, argument: str) -> int | None:
    """Return a whole number of at least 1, or None (no limit); else `ValueError` naming `argument`."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ValueError(f"{argument}: {value!r} is not a whole number of at least 1 (None means no limit)")
    return int(value)


def positive_seconds(value: float | None, argument: str = "time_limit") -> float | None:
    """Return a number of seconds above 0, or None (no limit); else `ValueError` naming `argument`."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Real) or not float(value) > 0:
        raise ValueError(f"{argument}: {value!r} is not a number of seconds above 0 (None means no limit)")
    return None if math.isinf(value) else float(value)


class Clock:
    """Says when to stop: a deadline, and a caller who may cancel."""

    __slots__ = ("cancelled", "deadline")

    def __init__(self, time_limit: float | None, cancelled: Cancelled | None = None) -> None:
        seconds = positive_seconds(time_limit)
        self.deadline = math.inf if seconds is None else time.monotonic() + seconds
        self.cancelled = cancelled

    def remaining(self) -> float:
        """Return the seconds left; at least 0."""
        return max(0.0, self.deadline - time.monotonic())

    def stop(self) -> Literal["time", "cancelled"] | None:
        """Return why to stop now, or None."""
        if self.cancelled is not None and self.cancelled():
            return "cancelled"
        return "time" if time.monotonic() >= self.deadline else None

    def share(self, parts: int) -> Clock:
        """Return a clock that ends when 1/`parts` of the time left is used."""
        part = Clock(None, self.cancelled)
        part.deadline = time.monotonic() + self.remaining() / max(1, parts)
        return part
