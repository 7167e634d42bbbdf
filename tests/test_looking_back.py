"""What people held earlier: the same as folding the log would give, and never a secret."""

from __future__ import annotations

import random

import pytest

from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.changes import Refused
from wickedmap.looking_back import as_it_was, history, moments
from wickedmap.rows import State
from wickedmap.state import fold
from wickedmap.store import log

LINK = "L52"


def held(state: State) -> dict[str, tuple[str, str]]:
    return {key: (row.stance, row.reason) for key, row in state.tables["stances"].items()}


def reasons(meeting: Meeting, actor: Actor, seq: int | None) -> list[str]:
    return sorted(row.reason for row in as_it_was(meeting.workshops, actor, seq).rows("stances"))


def says(meeting: Meeting, actor: Actor, reason: str, stance: str = "asserts") -> int:
    return meeting.does(actor, "take_stance", link=LINK, stance=stance, reason=reason).seq


@pytest.mark.parametrize("seed", range(6))
def test_every_version_is_what_folding_the_log_to_that_moment_gives(meeting: Meeting, seed: int) -> None:
    chance = random.Random(seed)
    people = [meeting.join(agency) for agency in ("nav_kommune", "politi", "husbanken")]
    for number in range(60):
        actor = chance.choice(people)
        link = chance.choice(("L01", "L52", "L60"))
        try:
            if chance.random() < 0.5:
                stance = chance.choice(("asserts", "rejects", "unsure"))
                meeting.does(actor, "take_stance", link=link, stance=stance, reason=str(number))
            elif chance.random() < 0.4:
                meeting.does(actor, "withdraw_stance", link=link)
            else:
                meeting.does(actor, "undo", of=chance.choice([1, *meeting.state.done]))
        except Refused:
            continue
    events = log.events(meeting.workshops.store, meeting.id)
    now = meeting.state
    for upto in range(1, len(events) + 1):
        then = fold(State(meeting.id), events[:upto]).tables["stances"]
        looked = as_it_was(meeting.workshops, meeting.facilitator, upto).tables["stances"]
        still = {key: row for key, row in then.items() if key in now.tables["stances"]}
        assert dict(looked.items()) == still
    for key, versions in history(now, "stances").items():
        assert versions[-1].row == now.tables["stances"][key]


def test_a_mind_changed_in_private_has_not_moved_in_the_room(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    first = says(meeting, nav, "Kladd")
    says(meeting, nav, "Slik vil jeg si det", "rejects")
    shown = meeting.leads("reveal", stances=True).seq
    says(meeting, nav, "Nå tror jeg noe annet", "unsure")
    for at in (None, first, shown):
        assert reasons(meeting, police, at) == ["Slik vil jeg si det"]
    assert reasons(meeting, police, meeting.state.seq) == ["Nå tror jeg noe annet"]
    assert reasons(meeting, nav, None) == ["Kladd"], "one's own agency saw it all along"
    assert reasons(meeting, meeting.facilitator, first) == ["Kladd"]


def test_nothing_is_looked_back_at_before_it_is_shown(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    says(meeting, nav, "Hemmelig")
    for role in ("viewer", "researcher"):
        assert reasons(meeting, meeting.as_role(role), None) == []
    assert reasons(meeting, police, None) == []
    meeting.leads("reveal", stances=True)
    says(meeting, nav, "Nytt")
    meeting.leads("reveal", stances=False)
    assert reasons(meeting, police, None) == []


def test_what_was_hidden_while_it_stood_is_not_brought_back(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.leads("reveal", stances=True)
    meeting.leads("reveal", stances=False)
    says(meeting, nav, "Noe om en person")
    key = f"{nav.person}|{LINK}"
    meeting.leads("hide_contribution", table="stances", contribution=key)
    meeting.leads("reveal", stances=True)
    says(meeting, nav, "Noe annet", "unsure")
    meeting.leads("hide_contribution", table="stances", contribution=key, hidden=False)
    assert reasons(meeting, police, None) == ["Noe annet"]


def test_what_was_withdrawn_is_gone_from_the_past_too(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.leads("reveal", stances=True)
    said = says(meeting, nav, "Angrer")
    meeting.does(nav, "withdraw_stance", link=LINK)
    for actor in (nav, police, meeting.facilitator):
        assert reasons(meeting, actor, said) == []


def test_names_are_letters_in_the_past_as_they_are_now(meeting: Meeting) -> None:
    nav, police = meeting.join("nav_kommune"), meeting.join("politi")
    meeting.leads("reveal", stances=True)
    says(meeting, nav, "Før")
    says(meeting, nav, "Nå")
    agencies = {row.agency for row in as_it_was(meeting.workshops, police, None).rows("stances")}
    assert len(agencies) == 1
    assert agencies.pop().startswith("letter-")


def test_moments_are_the_steps_of_the_agenda_and_the_first_time_stances_were_shown(meeting: Meeting) -> None:
    meeting.leads("set_agenda", template="45")
    meeting.leads("set_step", step=1)
    meeting.leads("reveal", stances=True)
    meeting.leads("set_step", step=0)
    meeting.leads("set_step", step=1)
    meeting.leads("reveal", notes=True)
    found = [(moment.kind, moment.agenda, moment.step) for moment in moments(meeting.workshops, meeting.id)]
    assert found == [("step", "45", 0), ("step", "45", 1), ("shown", "", 0)]
