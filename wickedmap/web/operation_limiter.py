"""At most so many changes a second from one person, so that one phone cannot fill the room."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from ..changes import Refused

_KNOWN = 5000


class OperationLimiter:
    """A bucket of changes per person that fills again with time.

    Parameters
    ----------
    per_second : float
        How fast the bucket fills.
    burst : int
        How many changes it holds; an outbox that comes back from the lift empties
        a part of it at once.
    clock : callable
        Seconds; for tests.
    """

    def __init__(
        self, *, per_second: float = 8.0, burst: int = 40, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, person: str) -> None:
        """Count one change; ``Refused("rate_limited")`` when there were too many."""
        now = self._clock()
        left, last = self._buckets.pop(person, (float(self._burst), now))
        left = min(self._burst, left + (now - last) * self._per_second)
        if left < 1:
            self._buckets[person] = (left, now)
            raise Refused("rate_limited", seconds=math.ceil((1 - left) / self._per_second))
        self._buckets[person] = (left - 1, now)
        while len(self._buckets) > _KNOWN:
            self._buckets.popitem(last=False)
