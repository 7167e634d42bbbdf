from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import changes
from wickedmap.changes import Change, Refused, read_change
from wickedmap.texts import text

OP = "operation-1"
NOTE = {"kind": "annotate", "op_id": OP, "target_kind": "factor", "target": "gjeld", "text": "Bøter"}


def refusal(data: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        read_change(data)
    return caught.value


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({**NOTE, "text": "   "}, "empty", "text"),
        ({**NOTE, "text": "a" * 2001}, "too_long", "text"),
        ({**NOTE, "text": {"type": "Iframe", "namespace": "dash_html_components"}}, "not_text", "text"),
        ({**NOTE, "text": ["Bøter"]}, "not_text", "text"),
        ({**NOTE, "text": "null\x00tegn"}, "bad_character", "text"),
        ({**NOTE, "text": "snudd \u202e tekst"}, "bad_character", "text"),
        ({**NOTE, "text": "lone \ud800 surrogate"}, "bad_character", "text"),
        ({**NOTE, "text": "Han er 010190 12345"}, "national_number", "text"),
        ({**NOTE, "text": "født 01019012345."}, "national_number", "text"),
        ({**NOTE, "target_kind": "person"}, "bad_value", "target_kind"),
        ({**NOTE, "role": "facilitator"}, "unknown_field", "role"),
        ({**NOTE, "person": "someone"}, "unknown_field", "person"),
        ({key: value for key, value in NOTE.items() if key != "target"}, "missing_field", "target"),
        ({**NOTE, "op_id": "short"}, "bad_value", "op_id"),
        ({**NOTE, "target": "../../etc"}, "bad_value", "target"),
        ({"kind": "set_stage", "op_id": OP, "stage": 5}, "bad_value", "stage"),
        ({"kind": "set_stage", "op_id": OP, "stage": "3"}, "bad_value", "stage"),
        ({"kind": "set_wall", "op_id": OP, "view": "scores"}, "bad_value", "view"),
        ({"kind": "set_wall", "op_id": OP, "view": "matrix", "agencies": "politi"}, "bad_value", "agencies"),
        ({"kind": "set_wall", "op_id": OP, "view": "movement", "since": -1}, "bad_value", "since"),
        (
            {"kind": "rate_factor", "op_id": OP, "factor": "gjeld", "importance": True},
            "bad_value",
            "importance",
        ),
        ({"kind": "add_link", "op_id": OP, "source": "a", "target": "b", "sign": "*"}, "bad_value", "sign"),
        ({"kind": "add_factor", "op_id": OP, "label": "x" * 121}, "too_long", "label"),
        ({"kind": "become_facilitator", "op_id": OP}, "unknown_change", "kind"),
        ({"op_id": OP}, "unknown_change", "kind"),
        ("annotate", "bad_request", None),
        (None, "bad_request", None),
    ],
)
def test_a_change_that_does_not_fit_is_refused_with_its_field(
    change: Any, code: str, field: str | None
) -> None:
    refused = refusal(change)
    assert (refused.code, refused.field) == (code, field)
    for language in ("nb", "nn", "en"):
        assert text(language, f"errors.{refused.code}", **refused.values)


def test_eleven_digits_inside_a_longer_number_are_no_national_number() -> None:
    change = read_change({**NOTE, "text": "Konto 123456789012345"})
    assert change.kind == "annotate"


@given(
    st.dictionaries(
        st.sampled_from(["kind", "op_id", "text", "target", "target_kind", "stage", "links", "positions"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
            max_leaves=8,
        ),
    )
)
def test_whatever_is_sent_the_answer_is_a_change_or_a_refusal(data: dict[str, Any]) -> None:
    if data.get("kind") is True:
        data["kind"] = "annotate"
    sentence = ""
    try:
        change = read_change(data)
    except Refused as refused:
        sentence = text("nb", f"errors.{refused.code}", **refused.values)
    assert sentence or isinstance(change, Change)


def test_a_change_survives_the_log() -> None:
    for data in (
        NOTE,
        {"kind": "set_centre", "op_id": OP},
        {"kind": "rate_factor", "op_id": OP, "factor": "gjeld"},
        {"kind": "move_factors", "op_id": OP, "positions": {"gjeld": [1, 2.5]}},
        {"kind": "reveal", "op_id": OP, "stances": True},
    ):
        change = read_change(data)
        again = read_change({"kind": change.kind, "op_id": change.op_id, **change.fields()})
        assert again == change


def test_every_kind_of_change_has_a_rule_and_its_own_name() -> None:
    from wickedmap.consequences import RULES

    models = [
        value
        for value in vars(changes).values()
        if isinstance(value, type) and issubclass(value, Change) and value is not Change
    ]
    kinds = [model.model_fields["kind"].default for model in models]
    assert len(kinds) == len(set(kinds))
    without = {model.__name__ for model in models} - {model.__name__ for model in RULES}
    assert without == {"Undo"}
