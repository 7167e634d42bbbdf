"""The console's page: what it shows of real workshops, in every state and language."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest
from dash.development.base_component import Component

from tests.conftest import Meeting
from wickedmap import changes
from wickedmap.text import LANGUAGES
from wickedmap.texts import catalogue
from wickedmap.web import wall
from wickedmap.web.context import Looking
from wickedmap.web.native import Native
from wickedmap.web.pages import console, console_contributions
from wickedmap.web.pages.console_chosen import chosen
from wickedmap.web.pages.console_history import history, sentence_of
from wickedmap.web.pages.console_wall import map_picture


class Nobody:
    """A live service that knows who is here: nobody, or whom the test says."""

    def __init__(self, **agencies: int) -> None:
        self.agencies = agencies

    def people(self, _workshop: str) -> dict[str, Any]:
        return {"people": sum(self.agencies.values()), "agencies": self.agencies}


Drawn = Callable[..., str]


def services(**here: int) -> dict[str, Any]:
    return {"live": Nobody(**here), "places": wall.Places(), "public_url": "http://kart.example"}


def looking(meeting: Meeting, language: str = "nb") -> Looking:
    actor = replace(meeting.facilitator, language=language)
    return Looking(meeting.workshops, actor, "console", meeting.workshops.view(actor), language)


def tree(node: Any) -> Any:
    """A component as plain data: tag, attributes, children."""
    if isinstance(node, Native) and getattr(node, "tree", None) is not None:
        return node.tree
    if isinstance(node, Native):
        inside = getattr(node, "children", None)
        inside = inside if isinstance(inside, list) else [] if inside is None else [inside]
        own = {"id": node.id} if getattr(node, "id", None) is not None else {}
        return [node.tag, {**node.attributes, **own}, *(tree(child) for child in inside)]
    return ["other", {}] if isinstance(node, Component) else node


def said(node: Any) -> str:
    """All the words of a tree."""
    if isinstance(node, str):
        return node
    return " ".join(said(child) for child in node[2:]) if isinstance(node, list) and node else ""


def every(node: Any, tag: str = "", **wanted: str) -> list[Any]:
    """Every element of a tree with a tag and attributes (``data_x="y"``)."""
    if not isinstance(node, list) or not node:
        return []
    names = {name.replace("_", "-"): value for name, value in wanted.items()}
    here = (not tag or node[0] == tag) and all(node[1].get(name) == value for name, value in names.items())
    return [*([node] if here else []), *(one for child in node[2:] for one in every(child, tag, **wanted))]


def page(meeting: Meeting, language: str = "nb", **here: int) -> Any:
    return tree(console.layout(looking(meeting, language), services(**here)))


def part(meeting: Meeting, name: str, language: str = "nb", **here: int) -> Any:
    return console.PARTS[name].tree(name, looking(meeting, language), services(**here))


def sent(button: Any) -> tuple[str, dict[str, Any]]:
    """What a button or form would send."""
    return button[1]["data-change"], json.loads(button[1].get("data-fields", "{}"))


@pytest.fixture
def busy(meeting: Meeting) -> Meeting:
    """A workshop in which three agencies have said things."""
    nav, police, bolig = (meeting.join(one, alias) for one, alias in ROOM)
    for person in (nav, police, bolig):
        meeting.does(person, "annotate", target_kind="factor", target="gjeld", text=f"Sett fra {person.agency}")
    meeting.does(nav, "take_stance", link="L52", stance="asserts", sign="+")
    meeting.does(police, "take_stance", link="L52", stance="rejects", reason="Ikke hos oss")
    meeting.does(nav, "rate_factor", factor="gjeld", importance=4)
    meeting.does(nav, "propose_factor", label="Ventetid på bolig", reason="Mangler")
    meeting.does(police, "propose_link", source="rus", target="fattigdom", sign="+")
    meeting.leads("park", text="Hvem eier boligkøen?")
    return meeting


ROOM = (("nav_kommune", "Kari"), ("politi", ""), ("kommune_bolig", "Per"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", [1, 2, 3, 4])
def test_the_console_is_drawn_at_every_stage_in_every_language(
    busy: Meeting, language: str, stage: int
) -> None:
    busy.leads("set_stage", stage=stage)
    words = said(page(busy, language))
    assert catalogue(language)["console.now.wall_is"] in words
    assert not re.search(r"\{[a-z_]+\}", words)


def test_at_most_one_button_is_primary(busy: Meeting) -> None:
    for step in range(3):
        busy.leads("set_step", step=step)
        assert len([one for one in every(page(busy), "button") if "wm-primary" in one[1]["className"]]) == 1


@pytest.mark.parametrize(
    ("change", "fields", "pressed"),
    [
        ("set_wall", {"view": "join"}, "Bli med"),
        ("set_stage", {"stage": 2}, "2 Stjerne"),
        ("set_wall", {"view": "overlay"}, "Hvem mener hva"),
        ("set_wall", {"view": "quote"}, "Sitat"),
        ("set_wall", {"view": "distance", "agencies": ["politi", "nav_kommune"]}, "Avstand"),
        ("set_wall", {"view": "loops"}, "Sløyfer sammen"),
        ("set_wall", {"view": "movement", "since": 1}, "Før og etter"),
        ("set_wall", {"view": "pair", "agencies": ["politi", "nav_kommune"]}, "Vis to etater"),
        ("set_wall", {"view": "terms", "term": "G05"}, "Vis begrepet"),
    ],
)
def test_exactly_the_button_of_what_the_wall_shows_is_pressed(
    meeting: Meeting, change: str, fields: dict[str, Any], pressed: str
) -> None:
    for agency in ("politi", "nav_kommune"):
        person = meeting.join(agency)
        meeting.does(person, "rate_factor", factor="gjeld", importance=3)
        meeting.does(person, "define_term", term="G05", text="Ro i oppgangen")
    meeting.leads(change, **fields)
    row = part(meeting, "console-wall-row")
    assert [said(one) for one in every(row, "button", aria_pressed="true")] == [pressed]


def test_every_view_has_its_button_or_its_form(busy: Meeting) -> None:
    busy.does(busy.join("politi"), "define_term", term="G05", text="Ro i oppgangen")
    row = part(busy, "console-wall-row")
    buttons = [sent(one) for one in every(row, "button") if "data-change" in one[1]]
    forms = [json.loads(one[1]["data-fields"]) for one in every(row, "form")]
    views = {fields["view"] for kind, fields in buttons if kind == "set_wall"} | {one["view"] for one in forms}
    assert views | {"map"} == set(get_args(changes.room.WallView))
    (pair, terms) = every(row, "form")
    assert [one[1]["name"] for one in every(pair, "select")] == ["agencies", "agencies"]
    first, second = (one[1]["defaultValue"] for one in every(pair, "select"))
    assert first != second
    assert [one[1]["defaultValue"] for one in every(terms, "select")] == ["G05"]


def test_two_agencies_and_a_word_are_offered_once_there_are_any_to_choose(meeting: Meeting) -> None:
    assert every(part(meeting, "console-wall-row"), "form") == []
    for agency in ("politi", "nav_kommune"):
        meeting.does(meeting.join(agency), "rate_factor", factor="gjeld", importance=3)
    assert len(every(part(meeting, "console-wall-row"), "form")) == 1


def test_what_suits_the_step_is_suggested_until_it_is_shown(meeting: Meeting) -> None:
    meeting.leads("set_step", step=0)
    meeting.leads("set_wall", view="matrix")
    suggested = every(part(meeting, "console-wall-row"), "button", data_fits="true")
    assert [said(one) for one in suggested] == ["Bli med", "Sitat"]
    meeting.leads("set_wall", view="quote")
    assert every(part(meeting, "console-wall-row"), "button", data_fits="true") == []


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("set_wall", {"view": "quote"}, "viste på veggen: Sitat"),
        ("set_wall", {"view": "pair", "agencies": ["politi", "husbanken"]}, "To etater: Politiet, Husbanken"),
        ("set_wall", {"view": "terms", "term": "G05"}, "viste på veggen: Begrep: «boligsosialt arbeid»"),
        ("set_room", {"theme": "dark"}, "stilte inn veggen: farger «Mørke»"),
        ("set_room", {"distance": 8}, "stilte inn veggen: avstand «Langt (8 ×)»"),
        ("set_room", {"language": "nn"}, "stilte inn veggen: språk Norsk nynorsk"),
        ("set_room", {"show_join": False}, "stilte inn veggen: koden vises ikke"),
    ],
)
def test_the_history_tells_what_was_put_on_the_wall(
    meeting: Meeting, kind: str, fields: dict[str, Any], words: str
) -> None:
    meeting.leads(kind, **fields)
    rows = history(looking(meeting), 0)
    assert words.lower() in " ".join(said(tree(one)) for one in rows).lower()


def test_going_back_to_the_map_keeps_what_is_lit_on_it(meeting: Meeting) -> None:
    meeting.leads("set_stage", stage=4)
    meeting.leads("set_spotlight", target_kind="factor", target="gjeld")
    meeting.leads("set_wall", view="framings")
    (button,) = every(part(meeting, "console-wall-row"), "button", data_stage=4)
    kind, fields = sent(button)
    meeting.leads(kind, **fields)
    assert meeting.state.setting("wall") == "map"
    assert meeting.state.setting("spotlight")["target"] == "gjeld"


def test_each_kind_of_contribution_says_how_much_there_is_and_from_how_many(busy: Meeting) -> None:
    words = said(part(busy, "console-reveals"))
    assert "3 merknader fra 3 etater." in words
    assert "2 svar fra 2 etater." in words
    assert "1 vurdering fra 1 etat." in words
    assert "2 forslag fra 2 etater." in words


def test_a_switch_shows_what_is_private_and_hides_it_again(busy: Meeting) -> None:
    for wanted in (True, False):
        switches = every(part(busy, "console-reveals"), "button", role="switch")
        (notes,) = [one for one in switches if said(one).strip() == "Merknader"]
        assert notes[1]["aria-checked"] == str(not wanted).lower()
        kind, fields = sent(notes)
        busy.leads(kind, **fields)
        assert busy.state.setting("notes_revealed") is wanted


def test_every_kind_that_can_be_private_has_its_switch() -> None:
    flags = set(changes.Reveal.model_fields) - {"kind", "op_id"}
    assert flags == set(console_contributions.TABLES)


def test_a_hidden_note_is_counted_and_can_be_shown_again(busy: Meeting) -> None:
    first = busy.state.rows("annotations")[0]
    busy.leads("hide_contribution", table="annotations", contribution=first.id)
    assert "1 er skjult for rommet." in said(part(busy, "console-reveals"))
    panel = ["div", {}, *map(tree, [one for one in chosen(looking(busy), "factor:gjeld") if one])]
    (again,) = [one for one in every(panel, "button") if said(one) == "Vis igjen"]
    kind, fields = sent(again)
    busy.leads(kind, **fields)
    assert busy.state.row("hidden", f"annotations/{first.id}") is None


def panel_of(meeting: Meeting, choice: object, language: str = "nb") -> Any:
    return ["div", {}, *map(tree, [one for one in chosen(looking(meeting, language), choice) if one])]


def test_a_chosen_factor_says_who_said_what_with_agency_and_alias(busy: Meeting) -> None:
    words = said(panel_of(busy, "factor:gjeld"))
    assert "(Kari)" in words
    assert "Sett fra politi" in words
    assert "Viktighet 4 av 5" in words


def test_a_chosen_link_is_a_sentence_with_the_stances_on_it(busy: Meeting) -> None:
    words = said(panel_of(busy, "link:L52"))
    assert "Mer gjeld gir flere utkastelser." in words
    assert "Stemmer (+)" in words
    assert "Stemmer ikke" in words
    assert "Ikke hos oss" in words


@pytest.mark.parametrize(
    "choice", [None, "", 7, {"type": "x"}, "factor:nothing", "link:", "people:facilitator"]
)
def test_a_choice_from_a_forged_browser_is_no_choice(meeting: Meeting, choice: object) -> None:
    assert len(every(panel_of(meeting, choice), "form")) == 0


def test_an_edit_form_is_a_new_one_when_the_factor_has_changed(meeting: Meeting) -> None:
    def key() -> str:
        (form,) = every(panel_of(meeting, "factor:gjeld"), "form", data_change="edit_factor")
        return str(form[1]["data-key"])

    before = key()
    meeting.leads("set_stage", stage=3)
    assert key() == before
    meeting.leads("edit_factor", factor="gjeld", base_seq=meeting.state.seq, label="All gjeld")
    assert key() != before


def test_an_edit_form_carries_the_place_in_the_log_it_was_drawn_at(meeting: Meeting) -> None:
    (form,) = every(panel_of(meeting, "link:L52"), "form", data_change="edit_link")
    assert form[1]["data-base-seq"] == meeting.state.seq
    assert "base_seq" not in sent(form)[1]


def test_two_factors_can_be_made_one_and_taken_apart(meeting: Meeting) -> None:
    (form,) = every(panel_of(meeting, "factor:gjeld"), "form", data_change="merge_factors")
    offered = [json.loads(one[1]["value"]) for one in every(form, "option") if one[1]["value"]]
    assert ["fattigdom"] in offered
    assert ["gjeld"] not in offered
    assert [meeting.state.base.focal] not in offered
    meeting.leads("merge_factors", **sent(form)[1], others=["fattigdom"])
    panel = panel_of(meeting, "factor:gjeld")
    assert "Slått sammen med denne" in said(panel)
    (apart,) = every(panel, "button", data_change="unmerge_factor")
    meeting.leads("unmerge_factor", **sent(apart)[1])
    assert meeting.state.row("factors", "fattigdom") is not None
    assert "Slått sammen med denne" not in said(panel_of(meeting, "factor:gjeld"))


def test_undo_names_what_it_would_take_back_and_redo_what_it_would_bring_back(meeting: Meeting) -> None:
    meeting.leads("add_factor", label="Ventetid")
    row = part(meeting, "console-undo")
    assert "Angre:  la til faktoren «Ventetid»" in said(row)
    (undo,) = every(row, "button", data_change="undo")
    meeting.leads("undo", **sent(undo)[1])
    row = part(meeting, "console-undo")
    (redo,) = [one for one in every(row, "button", data_change="undo") if "Gjør om igjen" in said(one)]
    assert "la til faktoren «Ventetid»" in said(redo)
    meeting.leads("undo", **sent(redo)[1])
    assert any(one.label == "Ventetid" for one in meeting.state.rows("factors"))


def test_a_proposal_of_a_link_waits_for_its_factor(busy: Meeting) -> None:
    nav = busy.join("nav_kommune")
    proposal = next(row for row in busy.state.rows("proposals") if row.factor)
    busy.does(nav, "propose_link", source=proposal.id, target="gjeld", sign="+")
    inbox = part(busy, "console-proposals")
    assert "Godta først faktoren «Ventetid på bolig»." in said(inbox)
    assert len(every(inbox, "button", data_change="accept_proposal")) == 2


def test_an_accepted_proposal_leaves_the_inbox_and_its_answer_is_kept(busy: Meeting) -> None:
    proposal = next(row for row in busy.state.rows("proposals") if row.factor)
    busy.leads("accept_proposal", proposal=proposal.id)
    words = said(part(busy, "console-proposals"))
    assert "1 forslag har fått svar" in words
    assert "Godtatt" in words


def test_the_suggested_factors_are_offered_until_they_are_on_the_map(meeting: Meeting) -> None:
    before = every(part(meeting, "console-suggestions"), "button", data_change="adopt_suggestion")
    kind, fields = sent(before[0])
    meeting.leads(kind, **fields)
    after = every(part(meeting, "console-suggestions"), "button", data_change="adopt_suggestion")
    assert len(after) == len(before) - 1


def test_the_people_stand_by_agency_with_how_many_are_connected(busy: Meeting) -> None:
    words = said(part(busy, "console-people", nav_kommune=1))
    assert "1 av 1 er tilkoblet nå" in words
    assert "0 av 1 er tilkoblet nå" in words
    assert "Kari" in words


def test_the_list_holds_every_factor_whatever_the_stage(meeting: Meeting) -> None:
    meeting.leads("set_stage", stage=1)
    names = {one[1].get("data-choose") for one in every(part(meeting, "console-outline"), "button")}
    assert {f"factor:{row.id}" for row in meeting.state.rows("factors")} <= names
    assert {f"link:{row.id}" for row in meeting.state.rows("links")} <= names


def test_the_list_is_current_after_every_change_to_the_map(meeting: Meeting) -> None:
    part(meeting, "console-outline")
    meeting.leads("add_factor", label="Ventetid")
    assert "Ventetid" in said(part(meeting, "console-outline"))
    meeting.leads("undo", of=meeting.state.seq)
    assert "Ventetid" not in said(part(meeting, "console-outline"))


def test_the_small_wall_shows_no_more_than_the_wall(busy: Meeting) -> None:
    busy.leads("set_stage", stage=4)
    busy.leads("set_spotlight", target_kind="link", target="L52")
    assert "Ikke hos oss" not in said(part(busy, "console-mini"))
    busy.leads("reveal", stances=True)
    small = said(part(busy, "console-mini"))
    assert "Ikke hos oss" in small
    assert "Politi" not in small, "names are not shown yet"


def test_the_small_map_has_a_box_for_every_factor_and_a_line_for_every_link(meeting: Meeting) -> None:
    meeting.leads("set_stage", stage=4)
    look = looking(meeting)
    shown = wall.picture(wall.Places(), look, "map", "light")["elements"]
    drawn = tree(map_picture(shown))
    assert len(every(drawn, "rect")) == sum(one["group"] == "nodes" for one in shown)
    lines = [one for one in every(drawn, "path") if "wm-mini-link" in str(one[1].get("className"))]
    assert len(lines) == sum(one["group"] == "edges" for one in shown)


def test_an_empty_map_is_drawn_too(begin: Callable[..., Meeting]) -> None:
    empty = begin(factors=(), links=(), focal="", framings=())
    empty.leads("set_stage", stage=4)
    words = said(page(empty))
    assert "Kartet er tomt" in words
    assert "minst to faktorer" in words


def test_a_finished_workshop_says_so_and_offers_to_go_on(meeting: Meeting) -> None:
    meeting.leads("finish")
    whole = page(meeting)
    assert every(whole, "button", data_change="reopen")
    assert not every(panel_of(meeting, "factor:gjeld"), "form")


# --- history -----------------------------------------------------------------


def kinds() -> list[str]:
    models = [
        one for one in vars(changes).values() if isinstance(one, type) and issubclass(one, changes.Change)
    ]
    return sorted(one.model_fields["kind"].default for one in models if one is not changes.Change)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", kinds())
def test_every_kind_of_change_has_its_sentence(kind: str, language: str) -> None:
    key = f"console.did.{kind}"
    assert any(one == key or one.startswith(f"{key}.") for one in catalogue(language))


def test_the_history_says_who_did_what_and_offers_to_undo_it(busy: Meeting) -> None:
    rows = ["div", {}, *map(tree, history(looking(busy), 0))]
    words = said(rows)
    assert "(Kari)" in words
    assert "skrev en merknad om Gjeld" in words
    assert "parkerte «Hvem eier boligkøen?»" in words
    assert every(rows, "button", data_change="undo")


def test_what_was_undone_says_so_and_can_be_done_again(meeting: Meeting) -> None:
    made = meeting.leads("add_factor", label="Ventetid").seq
    undone = meeting.leads("undo", of=made).seq
    meeting.leads("undo", of=undone)
    words = said(["div", {}, *map(tree, history(looking(meeting), 0))])
    assert "angret: la til faktoren «Ventetid»" in words
    assert "gjorde om igjen: la til faktoren «Ventetid»" in words


def test_a_long_history_is_shown_in_pages_without_gap_or_double(meeting: Meeting) -> None:
    for number in range(100):
        meeting.leads("set_step", step=number % 7)
    seen: list[str] = []
    before = 0
    while True:
        rows = ["div", {}, *map(tree, history(looking(meeting), before))]
        seen += [one[1]["data-key"] for one in every(rows, "li")]
        older = [one for one in every(rows, "button") if said(one) == "Eldre"]
        if not older:
            break
        before = int(older[0][1]["data-value"])
    assert [int(one) for one in seen] == list(range(meeting.state.seq, 0, -1))


def test_the_history_still_names_a_factor_that_is_gone(meeting: Meeting) -> None:
    meeting.leads("remove_factor", factor="gjeld")
    found = meeting.workshops.changes_since(meeting.facilitator, meeting.state.seq - 1)
    assert sentence_of(looking(meeting), found[0]) == "tok bort faktoren «Gjeld»"
