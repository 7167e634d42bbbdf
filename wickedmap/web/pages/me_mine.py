"""All that a person has contributed, with what became of it and how to change or take it back."""

from __future__ import annotations

from ...model import Annotation, Meaning, Rating, Stance
from ...rows import Proposal
from ...state import last_redoable, last_undoable
from ..elements import Child, Native, button, element, empty_state, shown
from .me_map import importance
from .me_notes import delete_note, place_of
from .me_phone import Phone, address
from .me_terms import own_meanings, withdraw_term, word_of


def contributions(phone: Phone) -> Native:
    """Return everything this person has said, by kind."""
    parts = [
        _part(phone, "framing", [_framing(phone)] if phone.framing else []),
        _part(phone, "notes", [_note(phone, row) for row in phone.notes]),
        _part(phone, "stances", [_stance(phone, row) for row in phone.stances]),
        _part(phone, "ratings", [_rating(phone, row) for row in phone.ratings]),
        _part(phone, "terms", [_meaning(phone, row) for row in own_meanings(phone)]),
        _part(phone, "proposals", [_proposal(phone, row) for row in phone.proposals]),
    ]
    said = [part for part in parts if part is not None]
    return element(
        "div",
        element("div", *_undo(phone), class_="wm-actions"),
        element("div", *said, class_="wm-stack") if said else empty_state(phone.t("phone.mine.empty")),
        class_="wm-stack",
        data_seq=phone.seq,
    )


def _undo(phone: Phone) -> list[Native]:
    if phone.closed:
        return []
    state, found = phone.looking.state, []
    for name, of in (
        ("undo", last_undoable(state, phone.person)),
        ("redo", last_redoable(state, phone.person)),
    ):
        if of is None:
            continue
        done = state.done[of]
        original = state.done.get(done.of) if done.of is not None else done
        what = phone.t(f"phone.done.{original.kind}") if original else ""
        found.append(button(phone.t(f"phone.mine.{name}", what=what), change="undo", fields={"of": of}))
    return found


def _part(phone: Phone, name: str, entries: list[Native]) -> Native | None:
    if not entries:
        return None
    return element(
        "section",
        element("h2", phone.t("terms.mine" if name == "terms" else f"phone.mine.{name}")),
        element("ul", entries, class_="wm-plain"),
    )


def _entry(key: str, where: Child, *said: Child, actions: list[Native | None]) -> Native:
    return element(
        "li",
        element("p", where, class_="me-where"),
        *said,
        element("div", actions, class_="wm-actions") if any(actions) else None,
        class_="wm-entry",
        data_key=key,
    )


def _edit(phone: Phone, to: str, about: str) -> Native | None:
    if phone.closed:
        return None
    words = phone.t("common.edit")
    return element(
        "a", words, href=to, class_="wm-button wm-link", aria_label=phone.t("phone.edit_named", text=about[:60])
    )


def _place(phone: Phone, kind: str, target: str, words: str) -> list[Child]:
    there = phone.shown.has_factor(target) if kind == "factor" else phone.shown.has_link(target)
    if there:
        return [element("a", shown(words), href=address(kind, target))]
    return [shown(words), " ", element("span", phone.t("phone.mine.off_map"), class_="wm-badge")]


def _framing(phone: Phone) -> Native:
    framing = phone.framing
    assert framing is not None
    texts = [getattr(framing, name).in_language(phone.language) for name in ("problem", "causes")]
    withdraw = button(phone.t("phone.mine.withdraw"), kind="link", change="withdraw_framing", fields={})
    return _entry(
        "framing",
        element("a", phone.t("phone.framing.title"), href=address("framing")),
        [element("p", shown(one), class_="wm-text") for one in texts if one],
        element("p", phone.who_sees("framings"), class_="wm-hint"),
        actions=[
            _edit(phone, address("framing"), phone.t("phone.framing.title")),
            None if phone.closed else withdraw,
        ],
    )


def _note(phone: Phone, row: Annotation) -> Native:
    return _entry(
        row.id,
        _place(phone, row.target_kind, row.target, place_of(phone, row)),
        element("p", element("strong", phone.t(f"phone.note_kind.{row.kind}.name"))),
        element("p", shown(row.text), class_="wm-text", lang=row.language or None),
        actions=[
            _edit(phone, address("note", row.id), row.text),
            None if phone.closed else delete_note(phone, row),
        ],
    )


def _stance(phone: Phone, row: Stance) -> Native:
    link = phone.link_row(row.link)
    words = phone.sentence(link) if link else phone.t("phone.gone_link")
    there = phone.shown.has_link(row.link)
    withdraw = button(
        phone.t("phone.mine.withdraw"),
        kind="link",
        change="withdraw_stance",
        fields={"link": row.link},
        aria_label=phone.t("phone.withdraw_named", text=words[:60]),
    )
    return _entry(
        row.link,
        _place(phone, "link", row.link, words),
        element("p", element("strong", phone.t(f"common.stance.{row.stance}"))),
        element("p", shown(row.reason), class_="wm-text", lang=row.language or None) if row.reason else None,
        actions=[
            _edit(phone, address("link", row.link), words) if there else None,
            None if phone.closed else withdraw,
        ],
    )


def _rating(phone: Phone, row: Rating) -> Native:
    label = phone.label(row.factor)
    there = phone.shown.has_factor(row.factor)
    withdraw = button(
        phone.t("phone.mine.withdraw"),
        kind="link",
        change="withdraw_rating",
        fields={"factor": row.factor},
        aria_label=phone.t("phone.withdraw_named", text=label),
    )
    return _entry(
        row.factor,
        _place(phone, "factor", row.factor, label),
        element("p", phone.t("phone.map.rated", importance=importance(phone, row.importance))),
        actions=[
            _edit(phone, address("factor", row.factor), label) if there else None,
            None if phone.closed else withdraw,
        ],
    )


def _meaning(phone: Phone, row: Meaning) -> Native:
    word = word_of(phone, row.term)
    return _entry(
        row.term,
        element("a", "«", shown(word), "»", href=address("term", row.term)),
        element("p", shown(row.text), class_="wm-text", lang=row.language or None),
        actions=[
            _edit(phone, address("term", row.term), word),
            None if phone.closed else withdraw_term(phone, row),
        ],
    )


def _proposal(phone: Phone, row: Proposal) -> Native:
    if row.link is not None:
        words, kind = phone.sentence(row.link), "link"
    else:
        assert row.factor is not None
        words, kind = row.factor.labels.in_language(phone.language), "factor"
    there = phone.shown.has_factor(row.id) or phone.shown.has_link(row.id)
    withdraw = button(
        phone.t("phone.mine.withdraw"),
        kind="link",
        change="withdraw_proposal",
        fields={"proposal": row.id},
        aria_label=phone.t("phone.withdraw_named", text=words[:60]),
    )
    return _entry(
        row.id,
        element("a", shown(words), href=address(kind, row.id)) if there else shown(words),
        element("p", element("strong", phone.t(f"phone.proposal.{row.status}"))),
        element("p", shown(row.reason), class_="wm-text") if row.reason else None,
        element("p", phone.t("phone.proposal.answer", answer=row.answer), class_="wm-text")
        if row.answer
        else None,
        actions=[withdraw if row.status == "open" and not phone.closed else None],
    )
