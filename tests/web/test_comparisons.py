"""Views made beside the server are the same as in it, follow the log, and are there when the process is not."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap.web.context import Looking
from wickedmap.web.pages import compare, compare_answers
from wickedmap.web.pages.compare_answers import Comparisons
from wickedmap.web.pages.compare_material import Kept
from wickedmap.web.wall import Places

LINK = "L52"


@pytest.fixture
def meeting(begin: Callable[..., Meeting]) -> Meeting:
    meeting = begin(framings=())
    for agency, stance in (("nav_kommune", "asserts"), ("politi", "rejects")):
        meeting.does(meeting.join(agency), "take_stance", link=LINK, stance=stance)
    return meeting


@pytest.fixture
def full(meeting: Meeting, monkeypatch: pytest.MonkeyPatch) -> Iterator[Comparisons]:
    """A room that counts as full, with its process up."""
    monkeypatch.setattr(compare_answers, "FULL", 1)
    made = Comparisons(meeting.workshops, Places(), compare.ANSWERS)
    while not made._beside._up:
        made.ask(meeting.facilitator, "view", "#links").result()
        time.sleep(0.05)
    yield made
    made.close()


def here(meeting: Meeting, address: str) -> tuple[Any, ...]:
    actor = meeting.facilitator
    looking = Looking(meeting.workshops, actor, "compare", meeting.workshops.view(actor), "nb")
    return compare.answer(looking, Kept(), Places(), address)


def test_every_view_made_beside_the_server_is_the_one_made_in_it_and_follows_the_log(
    meeting: Meeting, full: Comparisons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(full, "_answers", {})
    for number, view in enumerate(compare.VIEWS):
        address = f"?agencies=nav_kommune,politi#{view}"
        assert full.ask(meeting.facilitator, "view", address).result() == here(meeting, address)
        person = meeting.join("husbanken")
        meeting.does(person, "take_stance", link=f"L{number + 10}", stance="asserts")
        assert full.ask(meeting.facilitator, "view", f"#{view}").result() == here(meeting, f"#{view}")
    drawn = full.ask(meeting.facilitator, "picture", ("light", None)).result()
    assert f'"ref": "{LINK}"' in drawn


def test_when_the_process_ends_the_view_is_made_in_the_server(meeting: Meeting, full: Comparisons) -> None:
    os.kill(full._beside._process.pid, signal.SIGKILL)
    full._beside._process.join()
    assert full.ask(meeting.facilitator, "view", "#links").result() == here(meeting, "#links")
    assert full.ask(meeting.facilitator, "view", "#pair").result() == here(meeting, "#pair")


def test_closing_does_not_wait_for_a_process_that_never_answers(
    meeting: Meeting, full: Comparisons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_answers, "_LATEST", 3_600.0)
    made_here: list[str] = []
    monkeypatch.setattr(full, "_answers", {"view": lambda *_: made_here.append("view")})
    process = full._beside._process.pid
    os.kill(process, signal.SIGSTOP)
    awaited = full.ask(meeting.facilitator, "view", "#links")
    while not awaited.running():
        time.sleep(0.01)
    closing = threading.Thread(target=full.close, daemon=True)
    closing.start()
    closing.join(60)
    ended = not closing.is_alive()
    if not ended:
        os.kill(process, signal.SIGKILL)
    assert ended
    assert isinstance(awaited.exception(), CancelledError)
    assert made_here == []


def test_those_who_ask_the_same_before_it_is_begun_share_one_answer(meeting: Meeting) -> None:
    begun, go = threading.Event(), threading.Event()
    made: list[str] = []

    def slow(_looking: Looking, _kept: Kept, _places: Places, question: str) -> str:
        made.append(question)
        begun.set()
        go.wait()
        return question

    comparisons = Comparisons(meeting.workshops, Places(), {"view": slow})
    first = comparisons.ask(meeting.facilitator, "view", "first")
    begun.wait()
    waiting = [comparisons.ask(meeting.facilitator, "view", "second") for _ in range(5)]
    # What has been begun may be of an earlier moment, so it is not shared.
    again = comparisons.ask(meeting.facilitator, "view", "first")
    go.set()
    assert {one.result() for one in waiting} == {"second"}
    assert (first.result(), again.result()) == ("first", "first")
    assert made == ["first", "second", "first"]
    comparisons.close()


def test_what_a_view_cannot_do_is_told_to_the_one_who_asked(meeting: Meeting) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    comparisons = Comparisons(meeting.workshops, Places(), {"view": broken})
    with pytest.raises(ZeroDivisionError):
        comparisons.ask(meeting.facilitator, "view", "").result()
    comparisons.close()
