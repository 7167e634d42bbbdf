"""What the phone shows: as far as the room has come, and nobody else's secrets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.conftest import Meeting
from wickedmap.access import Actor
from wickedmap.text import LANGUAGES
from wickedmap.web.context import Looking
from wickedmap.web.pages import me
from wickedmap.web.pages.me_phone import Phone

NAV = "nav_kommune"


@pytest.fixture
def kari(meeting: Meeting) -> Actor:
    return meeting.join(NAV, "Kari")


def looking(meeting: Meeting, actor: Actor, language: str = "nb") -> Looking:
    return Looking(meeting.workshops, actor, "me", meeting.workshops.view(actor), language)


def place(meeting: Meeting, actor: Actor, view: str, target: str = "", language: str = "nb") -> Any:
    parts = me.drawn(Phone(looking(meeting, actor, language)), view, target)
    (name,) = parts.keys() - {"me-where"}
    return parts[name]


def tree(component: Any) -> Any:
    """A page as nested ``[tag, attributes, *children]``, however it is drawn."""
    if isinstance(component, (str, int)):
        return str(component)
    if getattr(component, "tree", None) is not None:
        return component.tree
    children = getattr(component, "children", None)
    inside = children if isinstance(children, (list, tuple)) else [children]
    below = [tree(child) for child in inside if child is not None]
    return [getattr(component, "tag", ""), getattr(component, "attributes", {}), *below]


def nodes(component: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Tag and attributes of every element of a page."""
    node = component if isinstance(component, list) else tree(component)
    if isinstance(node, list):
        yield node[0], node[1]
        for child in node[2:]:
            yield from nodes(child) if isinstance(child, list) else ()


def words(component: Any) -> str:
    """All that is to be read on a page, in one line."""
    node = component if isinstance(component, (list, str)) else tree(component)
    return node if isinstance(node, str) else " ".join(words(child) for child in node[2:])


def sent(component: Any, kind: str) -> list[dict[str, Any]]:
    """The fields of every form and button that sends a change of this kind."""
    found = [attributes for _, attributes in nodes(component) if attributes.get("data-change") == kind]
    return [json.loads(attributes.get("data-fields") or "{}") for attributes in found]


def links_to(component: Any, start: str = "#") -> list[str]:
    found = [attributes.get("href", "") for tag, attributes in nodes(component) if tag == "a"]
    return [address for address in found if address.startswith(start)]


# --- the reveal is not spoiled ---


def test_the_first_stage_lists_the_eight_causes_in_the_words_of_the_source(
    meeting: Meeting, kari: Actor
) -> None:
    listed = place(meeting, kari, "map")
    assert len(links_to(listed, "#factor/")) == 8
    assert "Rus" in words(listed)
    assert "Gjeld" not in words(listed)
    assert "virkning" not in words(listed)


@pytest.mark.parametrize(("stage", "factors"), [(1, 8), (2, 9), (3, 9), (4, 21)])
def test_each_stage_lists_what_the_wall_has_come_to(
    meeting: Meeting, kari: Actor, stage: int, factors: int
) -> None:
    meeting.leads("set_stage", stage=stage)
    assert len(links_to(place(meeting, kari, "map"), "#factor/")) == factors


def test_nothing_on_the_page_names_a_factor_that_is_not_revealed(meeting: Meeting, kari: Actor) -> None:
    page = me.layout(looking(meeting, kari), {})
    opened = place(meeting, kari, "factor", "bolig")
    for part in (page, opened):
        text = words(part) + json.dumps([attributes for _, attributes in nodes(part)], ensure_ascii=False)
        for hidden in ("Gjeld", "gjeld", "Utkastelse", "utkastelse"):
            assert hidden not in text


def test_a_factor_that_is_not_revealed_opens_as_one_that_is_not_there(meeting: Meeting, kari: Actor) -> None:
    hidden = place(meeting, kari, "factor", "gjeld")
    unknown = place(meeting, kari, "factor", "no-such-factor")
    assert words(hidden) == words(unknown)
    assert "ikke på kartet nå" in words(hidden)


def test_what_i_have_touched_stays_open_when_the_stage_goes_back(meeting: Meeting, kari: Actor) -> None:
    meeting.leads("set_stage", stage=4)
    meeting.does(kari, "take_stance", link="L52", stance="asserts")
    meeting.leads("set_stage", stage=1)
    assert "Mer gjeld gir flere utkastelser." in words(place(meeting, kari, "link", "L52"))
    assert {"#factor/gjeld", "#factor/utkastelse"} < set(links_to(place(meeting, kari, "map")))
    other = meeting.join("politi")
    assert "gjeld" not in words(place(meeting, other, "link", "L52"))


def test_my_agencys_factors_come_first(meeting: Meeting, kari: Actor) -> None:
    first = links_to(place(meeting, kari, "map"))[:5]
    assert first == [
        "#factor/bolig",
        "#factor/fattigdom",
        "#factor/ressurser_mestring",
        "#factor/motivasjon",
        "#factor/utlosende_faktorer",
    ]


# --- one factor, one link ---


def test_a_factor_tells_its_causes_and_effects_as_sentences_that_open(meeting: Meeting, kari: Actor) -> None:
    meeting.leads("set_stage", stage=4)
    opened = place(meeting, kari, "factor", "gjeld")
    assert "Mer gjeld gir flere utkastelser." in words(opened)
    assert "#link/L52" in links_to(opened)
    assert "Namsmannen" in words(opened)


def test_my_answer_is_pressed_and_can_be_withdrawn(meeting: Meeting, kari: Actor) -> None:
    before = place(meeting, kari, "factor", "bolig")
    assert sent(before, "withdraw_rating") == []
    meeting.does(kari, "rate_factor", factor="bolig", importance=4)
    after = place(meeting, kari, "factor", "bolig")
    pressed = [a for _, a in nodes(after) if a.get("aria-pressed") == "true"]
    assert [json.loads(a["data-fields"])["importance"] for a in pressed] == [4]
    assert sent(after, "withdraw_rating") == [{"factor": "bolig"}]


def test_changing_my_mind_keeps_the_reason_i_gave(meeting: Meeting, kari: Actor) -> None:
    meeting.leads("set_stage", stage=4)
    meeting.does(
        kari, "take_stance", link="L52", stance="asserts", sign="-", strength=3, reason="Sett det selv"
    )
    by_stance = {
        fields["stance"]: fields for fields in sent(place(meeting, kari, "link", "L52"), "take_stance")
    }
    assert by_stance["rejects"]["reason"] == "Sett det selv"
    assert "sign" not in by_stance["rejects"]


def test_every_button_of_the_phone_sends_a_change_that_is_accepted(meeting: Meeting, kari: Actor) -> None:
    meeting.leads("set_stage", stage=4)
    meeting.does(kari, "take_stance", link="L52", stance="asserts", sign="+", strength=2, reason="Ja")
    meeting.does(kari, "rate_factor", factor="gjeld")
    meeting.does(kari, "annotate", target_kind="factor", target="gjeld", text="Purringer")
    meeting.does(kari, "propose_factor", label="Ventetid på bolig")
    meeting.does(kari, "write_framing", problem="Ingen plan")
    pages = [place(meeting, kari, "factor", "gjeld"), place(meeting, kari, "link", "L52")]
    pages.append(place(meeting, kari, "mine"))
    buttons = [a for page in pages for tag, a in nodes(page) if tag == "button" and a.get("data-change")]
    assert len(buttons) > 12
    for attributes in buttons:
        if attributes["data-change"] == "undo":
            continue
        meeting.does(kari, attributes["data-change"], **json.loads(attributes["data-fields"]))
        seq = meeting.state.seq
        meeting.does(kari, "undo", of=seq)


# --- what others said ---


def test_a_note_of_another_agency_is_counted_and_not_shown_until_it_is_revealed(
    meeting: Meeting, kari: Actor
) -> None:
    other = meeting.join("politi")
    meeting.does(other, "annotate", target_kind="factor", target="bolig", text="Naboene klager")
    before = words(place(meeting, kari, "factor", "bolig"))
    assert "Naboene klager" not in before
    assert "Én merknad til er ikke vist for alle ennå." in before
    meeting.leads("reveal", notes=True)
    after = words(place(meeting, kari, "factor", "bolig"))
    assert "Naboene klager" in after
    assert "Politiet" not in after
    meeting.leads("show_names", shown=True)
    assert "Politiet" in words(place(meeting, kari, "factor", "bolig"))


def test_the_others_answers_show_as_numbers_when_they_are_revealed(meeting: Meeting, kari: Actor) -> None:
    meeting.leads("set_stage", stage=4)
    for agency in ("politi", "namsmannen"):
        meeting.does(meeting.join(agency), "take_stance", link="L52", stance="rejects", reason=f"Fra {agency}")
    assert "Stemmer ikke: 2" not in words(place(meeting, kari, "link", "L52"))
    meeting.leads("reveal", stances=True)
    shown = words(place(meeting, kari, "link", "L52"))
    assert "Stemmer ikke: 2" in shown
    assert "Fra politi" in shown


def test_others_who_hold_that_it_goes_the_other_way_do_not_count_as_agreeing(
    meeting: Meeting, kari: Actor
) -> None:
    meeting.leads("set_stage", stage=4)
    meeting.does(meeting.join("politi"), "take_stance", link="L52", stance="asserts", sign="-", reason="")
    meeting.does(meeting.join("husbanken"), "take_stance", link="L52", stance="asserts", reason="")
    meeting.leads("reveal", stances=True)
    text = words(place(meeting, kari, "link", "L52"))
    assert "Stemmer: 1" in text
    assert "Mer gjeld gir færre utkastelser: 1" in text


def test_it_says_who_can_see_what_i_write(meeting: Meeting, kari: Actor) -> None:
    assert "Bare NAV kommune og møtelederen ser dette nå." in words(place(meeting, kari, "framing"))
    meeting.leads("reveal", framings=True)
    assert "uten navn på etaten" in words(place(meeting, kari, "framing"))
    meeting.leads("show_names", shown=True)
    assert "kommer fra NAV kommune" in words(place(meeting, kari, "framing"))


def test_a_lettered_agency_has_no_colour_to_be_known_by(meeting: Meeting, kari: Actor) -> None:
    meeting.does(
        meeting.join("politi"), "annotate", target_kind="factor", target="bolig", text="Naboene klager"
    )
    meeting.leads("reveal", notes=True)
    phone = Phone(looking(meeting, kari))
    masked = next(row.agency for row in phone.looking.state.rows("annotations"))
    assert all(not attributes.get("style") for _, attributes in nodes(phone.chip(masked)))


# --- my contributions ---


def test_all_that_i_said_is_listed_with_its_status_and_the_answer_it_got(meeting: Meeting, kari: Actor) -> None:
    assert "Her samles alt" in words(place(meeting, kari, "mine"))
    meeting.does(kari, "annotate", target_kind="factor", target="bolig", text="Ventelisten er lang")
    meeting.does(kari, "rate_factor", factor="bolig", importance=5)
    meeting.does(kari, "write_framing", problem="Ingen plan ved løslatelse")
    meeting.does(kari, "propose_factor", label="Ventetid på bolig", reason="Det varer")
    proposal = next(iter(meeting.state.tables["proposals"]))
    meeting.leads("decline_proposal", proposal=proposal, reason="Den er i «Bolig»")
    mine = words(place(meeting, kari, "mine"))
    for expected in ("Ventelisten er lang", "Viktighet for meg: 5", "Ingen plan ved løslatelse"):
        assert expected in mine
    assert "Ikke tatt inn på kartet" in mine
    assert "Svar fra møtelederen: Den er i «Bolig»" in mine


def test_what_i_wrote_on_a_factor_that_was_removed_is_still_mine(meeting: Meeting, kari: Actor) -> None:
    meeting.does(kari, "annotate", target_kind="factor", target="bolig", text="Ventelisten er lang")
    meeting.leads("remove_factor", factor="bolig")
    mine = place(meeting, kari, "mine")
    assert "Ventelisten er lang" in words(mine)
    assert "Ikke på kartet nå" in words(mine)
    assert "#factor/bolig" not in links_to(mine)
    assert "tatt av kartet" in words(place(meeting, kari, "factor", "bolig"))


def test_the_latest_change_can_be_undone_and_redone_from_my_contributions(
    meeting: Meeting, kari: Actor
) -> None:
    meeting.does(kari, "rate_factor", factor="bolig", importance=2)
    (undo,) = sent(place(meeting, kari, "mine"), "undo")
    meeting.does(kari, "undo", **undo)
    assert meeting.state.rows("ratings") == []
    (redo,) = sent(place(meeting, kari, "mine"), "undo")
    meeting.does(kari, "undo", **redo)
    assert [row.importance for row in meeting.state.rows("ratings")] == [2]


def test_nobody_can_open_anothers_note_for_editing(meeting: Meeting, kari: Actor) -> None:
    colleague = meeting.join(NAV)
    meeting.does(colleague, "annotate", target_kind="factor", target="bolig", text="Kollegas ord")
    note = next(iter(meeting.state.tables["annotations"]))
    assert "Kollegas ord" in words(place(meeting, kari, "factor", "bolig"))
    assert sent(place(meeting, kari, "note", note), "edit_annotation") == []
    assert sent(place(meeting, colleague, "note", note), "edit_annotation")[0]["annotation"] == note


# --- the end ---


def test_a_finished_workshop_is_read_only_and_says_so(meeting: Meeting, kari: Actor) -> None:
    meeting.does(kari, "annotate", target_kind="factor", target="bolig", text="Ventelisten er lang")
    meeting.leads("finish")
    assert "Arbeidsmøtet er avsluttet" in words(me.layout(looking(meeting, kari), {}))
    mine = place(meeting, kari, "mine")
    assert "Ventelisten er lang" in words(mine)
    for page in (mine, place(meeting, kari, "factor", "bolig"), place(meeting, kari, "framing")):
        for tag, attributes in nodes(page):
            if tag == "button":
                assert attributes.get("disabled") is True


# --- whatever is in the workshop ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_factor_and_link_can_be_opened_in_every_language(
    meeting: Meeting, kari: Actor, language: str
) -> None:
    meeting.leads("set_stage", stage=4)
    phone = Phone(looking(meeting, kari, language))
    for factor in phone.shown.factors:
        assert len(words(me.drawn(phone, "factor", factor.id)["me-detail"])) > 200
    for link in phone.shown.links:
        assert phone.sentence(link) in words(me.drawn(phone, "link", link.id)["me-detail"])


def test_an_empty_map_says_what_to_do(begin: Callable[..., Meeting]) -> None:
    empty = begin(factors=(), links=(), focal="", suggested=(), framings=())
    kari = empty.join(NAV)
    assert "Foreslå den første" in words(place(empty, kari, "map"))
    assert words(me.layout(looking(empty, kari), {}))


def test_what_people_wrote_is_shown_as_text_and_never_as_a_component(meeting: Meeting, kari: Actor) -> None:
    nasty = '<img src=x onerror="alert(1)">'
    meeting.does(kari, "annotate", target_kind="factor", target="bolig", text=nasty)
    assert nasty in words(place(meeting, kari, "factor", "bolig"))
    assert not [tag for tag, _ in nodes(place(meeting, kari, "factor", "bolig")) if tag == "img"]
