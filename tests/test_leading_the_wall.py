"""What the wall can be asked to show, and what it refuses."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from tests.conftest import Meeting
from wickedmap.changes import Refused
from wickedmap.changes.room import Compared
from wickedmap.state import snapshot_from, snapshot_of

PAIR = ["nav_kommune", "politi"]


def test_a_view_is_kept_with_what_it_is_of(meeting: Meeting) -> None:
    for fields, kept in (
        ({"view": "pair", "agencies": PAIR}, {"agencies": PAIR}),
        ({"view": "matrix"}, None),
        ({"view": "overlay", "agencies": [*PAIR, "politi"]}, {"agencies": PAIR}),
        ({"view": "terms", "term": "G05"}, {"term": "G05"}),
        ({"view": "movement", "since": 1, "until": 0}, {"since": 1, "until": 0}),
        ({"view": "quote"}, None),
    ):
        meeting.leads("set_wall", **fields)
        assert (meeting.state.setting("wall"), meeting.state.setting("wall_of")) == (fields["view"], kept)
        assert snapshot_from(snapshot_of(meeting.state)) == meeting.state


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"view": "pair"}, "agencies"),
        ({"view": "pair", "agencies": ["politi"]}, "agencies"),
        ({"view": "pair", "agencies": ["politi", "politi"]}, "agencies"),
        ({"view": "pair", "agencies": [*PAIR, "husbanken"]}, "agencies"),
        ({"view": "matrix", "agencies": ["nobody"]}, "agencies"),
        ({"view": "map", "agencies": PAIR}, "agencies"),
        ({"view": "terms"}, "term"),
        ({"view": "terms", "term": "gjeld"}, "term"),
        ({"view": "matrix", "term": "G05"}, "term"),
        ({"view": "loops", "since": 1}, "since"),
        ({"view": "movement", "until": 10_000}, "until"),
    ],
)
def test_what_a_view_cannot_be_of_is_refused_with_its_field(
    meeting: Meeting, fields: dict[str, Any], field: str
) -> None:
    meeting.leads("set_wall", view="quote")
    with pytest.raises(Refused) as refused:
        meeting.leads("set_wall", **fields)
    assert refused.value.field == field
    assert meeting.state.setting("wall") == "quote"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("set_stage", {"stage": 4}),
        ("set_centre", {"factor": "gjeld"}),
        ("set_spotlight", {"target_kind": "link", "target": "L52"}),
        ("set_wall", {"view": "map"}),
    ],
)
def test_back_on_the_map_nothing_is_left_of_what_was_compared(
    meeting: Meeting, kind: str, fields: dict[str, Any]
) -> None:
    meeting.leads("set_wall", view="pair", agencies=PAIR)
    meeting.leads(kind, **fields)
    assert (meeting.state.setting("wall"), meeting.state.setting("wall_of")) == ("map", None)


@pytest.mark.parametrize("role", ["representative", "viewer", "researcher"])
def test_only_the_facilitator_sends_a_view_to_the_wall(meeting: Meeting, role: str) -> None:
    actor = meeting.join("politi") if role == "representative" else meeting.as_role(role)
    for view in get_args(Compared):
        with pytest.raises(Refused) as refused:
            meeting.does(actor, "set_wall", view=view)
        assert refused.value.code == "not_allowed"
