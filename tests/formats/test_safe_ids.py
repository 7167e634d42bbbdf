"""Maps with ids of any kind can begin a workshop in which everything can be changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.maps import maps
from wickedmap import default_map
from wickedmap.access import Actor
from wickedmap.causal_map import CausalMap
from wickedmap.changes import Refused
from wickedmap.formats.lessened import is_safe_id
from wickedmap.formats.safe_ids import with_safe_ids
from wickedmap.import_plan import plan_import
from wickedmap.model import Agency, Factor, Link, Stance
from wickedmap.store import open_store
from wickedmap.text import Texts
from wickedmap.workshop import Workshops

words = st.text(min_size=1, max_size=8)
ids = st.sampled_from(["a", "f1", "L1", "å b", "__proto__", "x" * 80, "a/b", "æ"])


@settings(max_examples=60, deadline=None)
@given(maps(words, words, ids))
def test_every_id_can_be_named_and_nothing_else_is_changed(m: CausalMap) -> None:
    safe = with_safe_ids(m)
    rows = [*safe.factors, *safe.suggested, *safe.links, *safe.agencies, *safe.annotations]
    assert [row.id for row in rows if not is_safe_id(row.id)] == []
    assert [one.labels for one in safe.factors] == [one.labels for one in m.factors]
    named = {old.id: new.id for old, new in zip(m.factors, safe.factors, strict=True)}
    assert [(named[one.source], named[one.target]) for one in m.links] == [
        (one.source, one.target) for one in safe.links
    ]
    kept = [one.attributes.get("foreign_id", one.id) for one in safe.factors if "foreign_id" in one.attributes]
    assert {one.id for one in m.factors if not is_safe_id(one.id)} <= set(kept)
    assert with_safe_ids(safe) == safe


def test_a_map_with_plain_ids_is_left_as_it_is() -> None:
    m = default_map()
    assert with_safe_ids(m) is m


def test_a_workshop_from_odd_ids_takes_changes_and_knows_its_file_again(tmp_path: Path) -> None:
    m = CausalMap(
        factors=(
            Factor("å være", Texts(nb="Gjeld"), agencies=("NAV kommune",)),
            Factor("f1", Texts(nb="Uro")),
        ),
        links=(Link("Å → f1", "å være", "f1", 1),),
        agencies=(Agency("NAV kommune", Texts(nb="NAV")),),
        stances=(Stance("Å → f1", "p", "NAV kommune", "asserts"),),
    )
    store = open_store(tmp_path / "data")
    workshops = Workshops(store)
    workshop = workshops.open_workshop(m)
    state = workshops.state(workshop)
    (debt,) = (one for one in state.rows("factors") if one.label == "Gjeld")
    (link,) = state.rows("links")
    (agency,) = state.rows("agencies")
    assert (debt.attributes["foreign_id"], link.attributes["foreign_id"]) == ("å være", "Å → f1")
    assert debt.agencies == (agency.id,)
    assert [one.agency for one in state.rows("stances")] == [agency.id]
    lead = Actor(workshop, "facilitator", "facilitator")
    workshops.submit(
        lead,
        {"kind": "edit_factor", "op_id": "operation-1", "factor": debt.id, "label": "Gjelden", "base_seq": 2},
    )
    workshops.submit(lead, {"kind": "set_doors", "op_id": "operation-2", "open": True})
    assert workshops.join(workshop, op_id="operation-3", agency=agency.id).agency == agency.id
    workshops.submit(lead, {"kind": "undo", "op_id": "operation-4", "of": 3})
    assert plan_import(workshops.state(workshop), m).adds_nothing
    store.close()


@pytest.mark.parametrize(
    ("given_", "code", "field"),
    [
        ({"title": "x" * 81}, "too_long", "title"),
        ({"title": "a\x00b"}, "bad_character", "title"),
        ({"title": "Kari 01019012345"}, "national_number", "title"),
        ({"language": "sv"}, "bad_value", "language"),
        ({"language": ""}, "bad_value", "language"),
    ],
)
def test_a_title_or_language_that_cannot_be_used_is_refused_in_plain_words(
    tmp_path: Path, given_: dict[str, str], code: str, field: str
) -> None:
    store = open_store(tmp_path / "data")
    workshops = Workshops(store)
    with pytest.raises(Refused) as caught:
        workshops.open_workshop(default_map(), **given_)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert workshops.all() == []
    store.close()
