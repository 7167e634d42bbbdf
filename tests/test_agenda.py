"""The agenda: three meetings whose minutes add up, with words for every step."""

from __future__ import annotations

import pytest

from wickedmap.agenda import AGENDAS, step_at
from wickedmap.changes import Refused, read_change
from wickedmap.text import LANGUAGES
from wickedmap.texts import text


@pytest.mark.parametrize("template", AGENDAS)
def test_the_minutes_of_an_agenda_add_up_to_its_length(template: str) -> None:
    assert sum(step.minutes for step in AGENDAS[template]) == int(template)


@pytest.mark.parametrize("template", AGENDAS)
def test_every_agenda_begins_with_a_welcome_and_ends_with_the_next_step(template: str) -> None:
    names = [step.name for step in AGENDAS[template]]
    assert (names[0], names[-1]) == ("welcome", "next")


def test_a_shorter_agenda_leaves_out_steps_but_keeps_their_order() -> None:
    long = [step.name for step in AGENDAS["180"]]
    for steps in AGENDAS.values():
        names = [step.name for step in steps]
        assert names == [name for name in long if name in names]
    assert len(AGENDAS["45"]) < len(AGENDAS["90"]) < len(AGENDAS["180"])


def test_everybody_writes_their_own_problem_definition_before_the_causes_are_linked() -> None:
    names = [step.name for step in AGENDAS["90"]]
    assert names.index("framing") < names.index("star") < names.index("web") < names.index("compare")


@pytest.mark.parametrize("template", AGENDAS)
def test_everything_a_step_shows_is_a_change_the_log_knows(template: str) -> None:
    for step in AGENDAS[template]:
        assert step.shows
        for shown in step.shows:
            change = (
                {"kind": "set_stage", "stage": shown.stage}
                if shown.stage
                else {"kind": "set_wall", "view": shown.wall}
            )
            assert read_change({**change, "op_id": "operation-1"}).kind == change["kind"]


@pytest.mark.parametrize("template", AGENDAS)
def test_an_agenda_can_be_picked_and_each_of_its_steps_gone_to(template: str) -> None:
    assert read_change({"kind": "set_agenda", "op_id": "operation-1", "template": template})
    for number in range(len(AGENDAS[template])):
        assert read_change({"kind": "set_step", "op_id": "operation-1", "step": number})
    with pytest.raises(Refused):
        read_change({"kind": "set_agenda", "op_id": "operation-1", "template": "60"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_says_why_and_what_to_say_in_every_language(language: str) -> None:
    for step in AGENDAS["180"]:
        for part in ("title", "purpose", "script"):
            assert text(language, f"agenda.step.{step.name}.{part}")


def test_a_step_number_outside_the_agenda_is_the_nearest_step() -> None:
    assert step_at("90", -3).name == "welcome"
    assert step_at("90", 40).name == "next"
