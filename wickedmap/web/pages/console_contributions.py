"""What the room has contributed: what is shown to all, the proposals, and the park-it list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...access import FLAG_OF
from ...model import Framing
from ...rows import Parked, Proposal
from ...sentences import link_sentence
from ..context import Looking
from ..elements import (
    Native,
    button,
    change_form,
    disclosure,
    element,
    empty_state,
    shown,
    text_area,
    text_input,
)
from .console_pieces import factor_name, link_name, switch, who, written

TABLES = {
    "notes": "annotations",
    "stances": "stances",
    "ratings": "ratings",
    "framings": "framings",
    "proposals": "proposals",
    "terms": "terms",
}


def reveals(looking: Looking) -> list[Native | None]:
    """Return a switch for each kind of contribution, saying how much there is and from how many."""
    state, t = looking.state, looking.t
    switches = []
    for name, table in TABLES.items():
        on = bool(state.setting(FLAG_OF[table]))
        switches.append(
            switch(
                t(f"console.reveal.{name}.switch"),
                "reveal",
                {name: not on},
                on=on,
                hint=[
                    _how_much(looking, name, table),
                    " ",
                    t("console.reveal.is_shown" if on else "console.reveal.is_private"),
                ],
            )
        )
    named = bool(state.setting("names_shown"))
    released = bool(state.setting("private_released"))
    return [
        element("h2", t("console.reveal.title")),
        element("p", t("console.reveal.lead"), class_="wm-hint"),
        *switches,
        element("hr"),
        switch(
            t("console.reveal.names"),
            "show_names",
            {"shown": not named},
            on=named,
            hint=t("console.reveal.names_on" if named else "console.reveal.names_off"),
        ),
        switch(
            t("console.reveal.release"),
            "release_private",
            {"released": not released},
            on=released,
            hint=t("console.reveal.release_hint"),
        ),
        _framings(looking),
    ]


def _how_much(looking: Looking, name: str, table: str) -> str:
    state, t = looking.state, looking.t
    entries = list(state.items(table))
    rows = [row for _, row in entries if not getattr(row, "example", False)]
    agencies = len({row.agency for row in rows})
    parts = [
        t(
            "console.reveal.from",
            what=t(f"console.reveal.{name}.count", count=len(rows)),
            agencies=_of(t, agencies),
        )
        if rows
        else t("console.reveal.none_yet")
    ]
    examples = len(entries) - len(rows)
    if examples:
        parts.append(t("console.reveal.examples", count=examples))
    hidden = sum(state.row("hidden", f"{table}/{key}") is not None for key, _ in entries)
    if hidden:
        parts.append(t("console.reveal.hidden", count=hidden))
    return " ".join(parts)


def _of(t: Any, agencies: int) -> str:
    return str(t("common.agencies", count=agencies))


def _framings(looking: Looking) -> Native | None:
    """Return the problem definitions, to read and to keep off the room's screens one by one."""
    state, t, language = looking.state, looking.t, looking.language
    rows: list[tuple[str, Framing]] = list(state.items("framings"))
    if not rows:
        return None
    items = []
    for key, row in rows:
        hidden = state.row("hidden", f"framings/{key}") is not None
        by = who(looking, row.person, row.agency)
        items.append(
            element(
                "li",
                element(
                    "p",
                    element("strong", shown(by)),
                    f" · {t('common.example')}" if row.example else None,
                    [" · ", element("em", t("console.chosen.is_hidden"))] if hidden else None,
                ),
                written(row.problem.in_language(language), row.problem.language_for(language)),
                button(
                    t("console.chosen.unhide" if hidden else "console.chosen.hide"),
                    kind="link",
                    change="hide_contribution",
                    fields={"table": "framings", "contribution": key, "hidden": not hidden},
                    data_quiet=True,
                ),
                class_="wm-entry",
                data_hidden_from_room=hidden,
                data_key=key,
            )
        )
    return disclosure(
        t("console.reveal.read_framings", count=len(rows)), element("ul", items, class_="wm-plain")
    )


# --- proposals ---------------------------------------------------------------


def open_proposals(looking: Looking) -> list[Proposal]:
    """Return the proposals that wait for an answer, oldest first."""
    return [row for row in looking.state.rows("proposals") if row.status == "open"]


def proposals(looking: Looking) -> list[Native | None]:
    """Return the proposals that wait for an answer, and those that have one."""
    t = looking.t
    waiting = open_proposals(looking)
    answered = [row for row in looking.state.rows("proposals") if row.status != "open"]
    return [
        element("h2", t("console.proposals.title")),
        element("ul", [_waiting(looking, row) for row in waiting], class_="wm-plain")
        if waiting
        else empty_state(t("console.proposals.none")),
        disclosure(
            t("console.proposals.answered", count=len(answered)),
            element("ul", [_answered(looking, row) for row in reversed(answered)], class_="wm-plain"),
        )
        if answered
        else None,
    ]


def _sentence(looking: Looking, row: Proposal) -> str:
    if row.factor is not None:
        return row.factor.labels.in_language(looking.language)
    assert row.link is not None
    m = looking.state.to_map(proposals=True)
    both_there = m.has_factor(row.link.source) and m.has_factor(row.link.target)
    return link_sentence(m, row.link, looking.language) if both_there else link_name(looking, row.id)


def _waiting(looking: Looking, row: Proposal) -> Native:
    state, t = looking.state, looking.t
    missing = (
        [end for end in (row.link.source, row.link.target) if state.row("factors", end) is None]
        if row.link is not None
        else []
    )
    kind = t("common.factor") if row.factor is not None else t("common.link")
    definition = row.factor.definitions.in_language(looking.language) if row.factor is not None else ""
    return element(
        "li",
        element("p", kind, " · ", shown(who(looking, row.person, row.agency)), class_="wm-kicker"),
        element("h3", shown(_sentence(looking, row))),
        written(definition, looking.language) if definition else None,
        written(row.reason, "") if row.reason else None,
        element(
            "p",
            t("console.proposals.first", name=factor_name(looking, missing[0])),
            class_="wm-hint",
        )
        if missing
        else button(t("console.proposals.accept"), change="accept_proposal", fields={"proposal": row.id}),
        disclosure(
            t("console.proposals.decline"),
            change_form(
                "decline_proposal",
                {"proposal": row.id},
                text_input(
                    t("console.proposals.why"), "reason", hint=t("console.proposals.why_hint"), limit=2000
                ),
                button(t("console.proposals.decline_send"), type="submit"),
                draft=f"console-decline-{row.id}",
            ),
        ),
        # One element for each proposal, whatever comes before it: an answer half written stays with its own.
        data_key=row.id,
        class_="wm-entry",
    )


def _answered(looking: Looking, row: Proposal) -> Native:
    t = looking.t
    return element(
        "li",
        element(
            "p",
            element("strong", t(f"console.proposals.is_{row.status}")),
            ": ",
            shown(_sentence(looking, row)),
            " · ",
            shown(who(looking, row.person, row.agency)),
        ),
        written(row.answer, "") if row.answer else None,
        class_="wm-entry",
    )


# --- the park-it list --------------------------------------------------------


def park_form(looking: Looking) -> Native:
    """Return the form that parks something for later."""
    t = looking.t
    return change_form(
        "park",
        {"language": looking.language},
        text_area(t("console.parked.text"), "text", rows=2, required=True),
        button(t("console.parked.park"), type="submit"),
        draft="console-park",
        class_="wm-console-form",
    )


def parked(looking: Looking) -> Native:
    """Return what was parked, oldest first."""
    t = looking.t
    rows: Iterable[Parked] = looking.state.rows("parked")
    items = [
        element(
            "li",
            written(row.text, row.language),
            button(t("console.parked.unpark"), kind="link", change="unpark", fields={"item": row.id}),
            class_="wm-entry",
            data_key=row.id,
        )
        for row in rows
    ]
    return element("ul", items, class_="wm-plain") if items else empty_state(t("console.parked.none"))
