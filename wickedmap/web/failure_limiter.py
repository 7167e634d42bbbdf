"""Slow down those who guess join codes, without locking out the room they sit in.

A hundred phones in a meeting room share one address. So only failures count, a
success never does, and an address with too many failures is made to queue, not
shut out: a right code gets in, a little later.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import time
from collections import deque
from collections.abc import Awaitable, Callable

MAX_ADDRESSES = 10_000


class TooManyTries(Exception):
    """The queue is full.

    Attributes
    ----------
    retry_after : int
        Seconds until there is room again.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class FailureLimiter:
    """Counts failures in a sliding window, and makes those who go on failing wait.

    With eight Crockford characters, 20 open workshops and three hours of guessing
    at the fastest the queue allows, the chance of one hit stays below 1e-3; see
    ``docs/for-developers.md``.

    Parameters
    ----------
    per_address, in_all : int
        Failures within the window that are answered at once.
    window, step : float
        Seconds: the length of the window, and between two turns in a queue.
    queue, queue_in_all : int
        How many attempts may wait, per address and in all.
    clock, sleep : callable
        For tests.
    """

    def __init__(
        self,
        *,
        per_address: int = 10,
        in_all: int = 60,
        window: float = 60.0,
        step: float = 0.5,
        queue: int = 100,
        queue_in_all: int = 400,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._per_address, self._in_all = per_address, in_all
        self._window, self._step = window, step
        self._queue, self._queue_in_all = queue, queue_in_all
        self._clock, self._sleep = clock, sleep
        self._failures: deque[float] = deque()
        self._failures_of: dict[str, deque[float]] = {}
        self._last_turn: dict[str, float] = {}
        self._waiting: dict[str, int] = {}

    async def wait_turn(self, address: str) -> None:
        """Return when an attempt from `address` may be tried: mostly at once.

        Raises
        ------
        TooManyTries
            When too many attempts wait already.
        """
        group = address_group(address)
        now = self._clock()
        if not self._is_slow(group, now):
            return
        last_turn = max(self._last_turn.get(group, now), now)
        in_all = sum(self._waiting.values())
        if self._waiting.get(group, 0) >= self._queue or in_all >= self._queue_in_all:
            raise TooManyTries(max(1, math.ceil(last_turn - now)))
        turn = last_turn + self._step
        self._last_turn[group] = turn
        self._waiting[group] = self._waiting.get(group, 0) + 1
        try:
            await self._sleep(turn - now)
        finally:
            self._waiting[group] -= 1
            if not self._waiting[group]:
                del self._waiting[group]
                del self._last_turn[group]

    def failed(self, address: str) -> None:
        """Count one failure from `address`."""
        group = address_group(address)
        now = self._clock()
        self._failures.append(now)
        while len(self._failures) > self._in_all:
            self._failures.popleft()
        # The address that failed last goes to the end, so that the first one is the one to forget.
        of_address = self._failures_of.pop(group, None) or deque(maxlen=self._per_address)
        of_address.append(now)
        self._failures_of[group] = of_address
        if len(self._failures_of) > MAX_ADDRESSES:
            del self._failures_of[next(iter(self._failures_of))]

    def recent_failures(self) -> int:
        """Return the failures within the window, at most `in_all`: something to tell the facilitator."""
        return self._within(self._failures, self._clock())

    def _is_slow(self, group: str, now: float) -> bool:
        if self._within(self._failures, now) >= self._in_all:
            return True
        return self._within(self._failures_of.get(group, deque()), now) >= self._per_address

    def _within(self, times: deque[float], now: float) -> int:
        while times and times[0] <= now - self._window:
            times.popleft()
        return len(times)


def address_group(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or an IPv6 network of 64 bits.

    One household or attacker has a whole IPv6 network to choose addresses from.

    Examples
    --------
    >>> address_group("2001:db8:1:2:aaaa::1") == address_group("2001:db8:1:2::9")
    True
    >>> address_group("::ffff:10.0.0.7")
    '10.0.0.7'
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
