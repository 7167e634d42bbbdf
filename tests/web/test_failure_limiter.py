"""Guessing is slowed down; a room full of phones behind one address is not."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from wickedmap.web import failure_limiter
from wickedmap.web.failure_limiter import FailureLimiter, TooManyTries

ROOM = "192.0.2.1"


def run_apart(work):  # type: ignore[no-untyped-def]
    # A browser test may have left a running loop in this thread.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


class Time:
    """A clock that moves when everybody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.now = max(self.now, until)


def limiter_at(time: Time, **limits: int) -> FailureLimiter:
    return FailureLimiter(clock=time, sleep=time.sleep, **limits)  # type: ignore[arg-type]


def fail(limiter: FailureLimiter, times: int, address: str = ROOM) -> None:
    for _ in range(times):
        limiter.failed(address)


def test_a_hundred_and_twenty_phones_behind_one_address_join_at_once() -> None:
    time = Time()
    limiter = limiter_at(time)

    async def room() -> None:
        await asyncio.gather(*(limiter.wait_turn(ROOM) for _ in range(120)))

    run_apart(room())
    assert time.slept == []


def test_nine_mistyped_codes_delay_nobody() -> None:
    time = Time()
    limiter = limiter_at(time)
    fail(limiter, 9)
    run_apart(limiter.wait_turn(ROOM))
    assert time.slept == []


def test_after_ten_failures_each_attempt_waits_its_turn_and_is_then_let_in() -> None:
    time = Time()
    limiter = limiter_at(time)
    fail(limiter, 10)

    async def three() -> None:
        await asyncio.gather(*(limiter.wait_turn(ROOM) for _ in range(3)))

    run_apart(three())
    assert time.slept == [0.5, 1.0, 1.5]


def test_failures_of_one_address_do_not_delay_another() -> None:
    time = Time()
    limiter = limiter_at(time)
    fail(limiter, 30)
    run_apart(limiter.wait_turn("192.0.2.2"))
    assert time.slept == []


def test_sixty_failures_from_many_addresses_slow_everybody_a_little() -> None:
    time = Time()
    limiter = limiter_at(time)
    for number in range(60):
        limiter.failed(f"198.51.100.{number}")
    assert limiter.recent_failures() == 60
    run_apart(limiter.wait_turn("192.0.2.2"))
    assert time.slept == [0.5]


def test_failures_are_forgotten_after_the_window() -> None:
    time = Time()
    limiter = limiter_at(time)
    fail(limiter, 60)
    time.now += 60
    run_apart(limiter.wait_turn(ROOM))
    assert time.slept == []
    assert limiter.recent_failures() == 0


def test_a_full_queue_says_when_to_come_back() -> None:
    time = Time()
    limiter = limiter_at(time, queue=4)
    fail(limiter, 10)

    async def five() -> list[BaseException | None]:
        return await asyncio.gather(*(limiter.wait_turn(ROOM) for _ in range(5)), return_exceptions=True)

    *let_in, turned_away = run_apart(five())
    assert let_in == [None] * 4
    assert isinstance(turned_away, TooManyTries)
    assert turned_away.retry_after == 2


def test_many_addresses_together_cannot_wait_without_bound() -> None:
    time = Time()
    limiter = limiter_at(time, queue_in_all=3)
    for number in range(60):
        limiter.failed(f"198.51.100.{number}")

    async def four() -> list[BaseException | None]:
        waits = (limiter.wait_turn(f"198.51.100.{number}") for number in range(4))
        return await asyncio.gather(*waits, return_exceptions=True)

    *let_in, turned_away = run_apart(four())
    assert let_in == [None] * 3
    assert isinstance(turned_away, TooManyTries)


def test_a_client_that_leaves_the_queue_makes_room() -> None:
    time = Time()
    limiter = FailureLimiter(queue=1, clock=time)
    fail(limiter, 10)

    async def leave_and_come_back() -> None:
        waiting = asyncio.create_task(limiter.wait_turn(ROOM))
        await asyncio.sleep(0)
        with pytest.raises(TooManyTries):
            await limiter.wait_turn(ROOM)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        again = asyncio.create_task(limiter.wait_turn(ROOM))
        await asyncio.sleep(0)
        assert not again.done()
        again.cancel()

    run_apart(leave_and_come_back())


def test_a_network_of_ipv6_addresses_counts_as_one() -> None:
    time = Time()
    limiter = limiter_at(time)
    for number in range(10):
        limiter.failed(f"2001:db8:1:2::{number:x}")
    run_apart(limiter.wait_turn("2001:db8:1:2:ffff::1"))
    assert time.slept == [0.5]


def test_ten_thousand_guesses_from_fifty_addresses_take_minutes() -> None:
    time = Time()
    limiter = limiter_at(time)

    async def guess(address: str) -> None:
        await limiter.wait_turn(address)
        limiter.failed(address)

    async def attack() -> None:
        addresses = [f"198.51.100.{number}" for number in range(50)]
        for _ in range(200):
            await asyncio.gather(*(guess(address) for address in addresses))

    run_apart(attack())
    assert time.now - 1000.0 >= 0.5 * (200 - 11)


def test_memory_is_bounded_by_forgetting_who_failed_longest_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failure_limiter, "MAX_ADDRESSES", 2)
    time = Time()
    limiter = limiter_at(time, per_address=1)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        limiter.failed(address)
    for address in ("192.0.2.2", "192.0.2.1", "192.0.2.3"):
        run_apart(limiter.wait_turn(address))
    assert time.slept == [0.5, 0.5]


@pytest.mark.parametrize("address", ["", "testclient", "not an address"])
def test_an_address_that_is_none_still_counts(address: str) -> None:
    time = Time()
    limiter = limiter_at(time, per_address=1)
    limiter.failed(address)
    run_apart(limiter.wait_turn(address))
    assert time.slept == [0.5]
