"""The factor or link that the facilitator has chosen: what it says, who said what of it, what can be done."""

from __future__ import annotations

from typing import Any

from ...model import Annotation, Factor, Link, Rating, Stance
from ...sentences import link_sentence
from ..canvas import link_mark
from ..context import Looking
from ..elements import Native, button, disclosure, element, empty_state, shown
from .console_forms import edit_factor_form, edit_link_form, merge_form
from .console_pieces import factor_name, lead, who, written

_SIGN = {1: "+", -1: "-", None: "?"}


def chosen(looking: Looking, choice: object) -> list[Native | None]:
    """Return the panel of what is chosen: ``"factor:<id>"`` or ``"link:<id>"``.

    The choice comes from the browser, so anything else is no choice.
    """
    kind, _, ref = choice.partition(":") if type(choice) is str else ("", "", "")
    factor = looking.state.row("factors", ref) if kind == "factor" else None
    link = looking.state.row("links", ref) if kind == "link" else None
    if factor is not None:
        return _factor(looking, factor)
    if link is not None:
        return _link(looking, link)
    return [empty_state(looking.t("console.chosen.gone" if ref else "console.chosen.none"))]


def _head(looking: Looking, kicker: str, title: str, *, language: str) -> Native:
    return element(
        "div",
        element(
            "div",
            element("p", kicker, class_="wm-kicker"),
            element("h2", shown(title), lang=language, tabindex=-1, id="console-chosen-title"),
        ),
        button("×", class_="wm-close", data_choose="", aria_label=looking.t("console.chosen.close")),
        class_="wm-dialog-head",
    )


def _factor(looking: Looking, factor: Factor) -> list[Native | None]:
    state, t, language = looking.state, looking.t, looking.language
    m = state.to_map()
    causes, effects = m.causes_of(factor.id), m.effects_of(factor.id)
    domains = {one.id: one.labels.in_language(language) for one in state.base.domains}
    owners = [state.agency_label(one, language) for one in factor.agencies]
    lit = state.setting("spotlight")
    is_lit = bool(lit) and lit["kind"] == "factor" and lit["target"] == factor.id
    in_centre = state.setting("centre") == factor.id
    facts = [
        element("span", domains[factor.domain], class_="wm-tag") if factor.domain in domains else None,
        element("span", t("common.causes", count=len(causes)), ", ", t("common.effects", count=len(effects))),
        element("span", shown(", ".join(owners))) if owners else None,
    ]
    return [
        _head(
            looking,
            t("common.factor"),
            factor.labels.in_language(language),
            language=factor.labels.language_for(language),
        ),
        _text(factor.definitions.in_language(language), factor.definitions.language_for(language)),
        element("p", [[one, " "] for one in facts if one is not None], class_="wm-console-facts"),
        element(
            "div",
            lead(
                t("console.chosen.unlight" if is_lit else "console.chosen.light"),
                "set_spotlight",
                {} if is_lit else {"target_kind": "factor", "target": factor.id},
                pressed=is_lit,
            ),
            lead(
                t("console.chosen.uncentre" if in_centre else "console.chosen.centre"),
                "set_centre",
                {} if in_centre else {"factor": factor.id},
                pressed=in_centre,
            ),
            button(t("console.chosen.link_from"), data_link_from=factor.id),
            class_="wm-actions",
        ),
        _notes(looking, "factor", factor.id),
        _ratings(looking, factor.id),
        disclosure(
            t("console.chosen.causes_and_effects", count=len(causes) + len(effects)),
            element(
                "ul",
                [
                    element(
                        "li",
                        element(
                            "button",
                            element("span", link_mark(one), class_="wm-sign", data_sign=_SIGN[one.sign]),
                            element("span", link_sentence(m, one, language)),
                            type="button",
                            class_="wm-console-sentence",
                            data_choose=f"link:{one.id}",
                        ),
                    )
                    for one in (*causes, *effects)
                ],
                class_="wm-plain",
            ),
        ),
        _editing(
            looking,
            edit_factor_form(looking, factor),
            "remove_factor",
            {"factor": factor.id},
            t(
                "console.chosen.remove_factor_question",
                name=factor.labels.in_language(language),
                count=len(causes) + len(effects),
            ),
        ),
        *_merging(looking, factor),
    ]


def _merging(looking: Looking, factor: Factor) -> list[Native | None]:
    """Return the way to make two factors one, and those that are part of this one already."""
    state, t = looking.state, looking.t
    if state.setting("finished"):
        return []
    parts = [
        element(
            "li",
            element("span", shown(row.factor.labels.in_language(looking.language))),
            button(t("console.merge.unmerge"), change="unmerge_factor", fields={"factor": key}),
            data_key=key,
        )
        for key, row in state.items("merged")
        if row.keep == factor.id
    ]
    return [
        element(
            "section",
            element("h3", t("console.merge.parts")),
            element("ul", parts, class_="wm-plain wm-console-rows"),
        )
        if parts
        else None,
        disclosure(t("console.merge.title"), merge_form(looking, factor)),
    ]


def _text(text: str, language: str) -> Native | None:
    return written(text, language) if text else None


def _link(looking: Looking, link: Link) -> list[Native | None]:
    state, t, language = looking.state, looking.t, looking.language
    sentence = link_sentence(state.to_map(), link, language)
    lit = state.setting("spotlight")
    is_lit = bool(lit) and lit["kind"] == "link" and lit["target"] == link.id
    delay = t(f"common.delay.{link.delay or 'none'}")
    strength = {1: "weak", 2: "medium", 3: "strong"}[max(1, min(3, round(link.strength)))]
    return [
        _head(looking, t("common.link"), sentence, language=language),
        element(
            "p",
            element("span", link_mark(link), class_="wm-sign", data_sign=_SIGN[link.sign]),
            " ",
            t("console.chosen.strength", strength=t(f"common.strength.{strength}").lower()),
            " · ",
            delay,
            " · ",
            t(f"common.status.{link.status}"),
            class_="wm-console-facts",
        ),
        _text(link.rationale.in_language(language), link.rationale.language_for(language)),
        element(
            "div",
            lead(
                t("console.chosen.unlight" if is_lit else "console.chosen.light"),
                "set_spotlight",
                {} if is_lit else {"target_kind": "link", "target": link.id},
                pressed=is_lit,
            ),
            [
                button(
                    factor_name(looking, end),
                    kind="link",
                    data_choose=f"factor:{end}",
                )
                for end in (link.source, link.target)
            ],
            class_="wm-actions",
        ),
        _stances(looking, link),
        _notes(looking, "link", link.id),
        _editing(
            looking,
            edit_link_form(looking, link),
            "remove_link",
            {"link": link.id},
            t("console.chosen.remove_link_question", sentence=sentence),
        ),
    ]


def _editing(looking: Looking, form: Native, kind: str, fields: dict[str, Any], question: str) -> Native:
    t = looking.t
    if looking.state.setting("finished"):
        return element("p", t("console.finished_short"), class_="wm-hint")
    remove = button(t(f"console.chosen.{kind}"), kind="danger", change=kind, fields=fields, confirm=question)
    return disclosure(t("console.chosen.edit"), form, element("hr"), remove, data_disclosed="edit")


# --- what people said of it ------------------------------------------------


def _entry(looking: Looking, table: str, key: str, by: str, what: Any, text: str, language: str) -> Native:
    """Return one contribution with the way to keep it off the room's screens."""
    hidden = looking.state.row("hidden", f"{table}/{key}") is not None
    return element(
        "li",
        element(
            "p",
            element("strong", shown(by)),
            " · ",
            what,
            [" · ", element("em", looking.t("console.chosen.is_hidden"))] if hidden else None,
        ),
        written(text, language) if text else None,
        button(
            looking.t("console.chosen.unhide" if hidden else "console.chosen.hide"),
            kind="link",
            change="hide_contribution",
            fields={"table": table, "contribution": key, "hidden": not hidden},
            data_quiet=True,
        ),
        class_="wm-entry",
        data_hidden_from_room=hidden,
        data_key=key,
    )


def _notes(looking: Looking, kind: str, ref: str) -> Native:
    rows: list[Annotation] = [
        one for one in looking.state.rows("annotations") if (one.target_kind, one.target) == (kind, ref)
    ]
    return _said(
        looking,
        "notes",
        "notes_revealed",
        [
            _entry(
                looking,
                "annotations",
                one.id,
                who(looking, one.person, one.agency),
                looking.t(f"common.annotation.{one.kind}"),
                one.text,
                one.language,
            )
            for one in rows
        ],
    )


def _stances(looking: Looking, link: Link) -> Native:
    rows: list[tuple[str, Stance]] = [
        (key, one) for key, one in looking.state.items("stances") if one.link == link.id
    ]
    return _said(
        looking,
        "stances",
        "stances_revealed",
        [
            _entry(
                looking,
                "stances",
                key,
                who(looking, one.person, one.agency),
                _held(looking, one),
                one.reason,
                one.language,
            )
            for key, one in rows
        ],
    )


def _held(looking: Looking, stance: Stance) -> str:
    said = looking.t(f"common.stance.{stance.stance}")
    return f"{said} ({'+' if stance.sign == 1 else '−'})" if stance.sign is not None else said


def _ratings(looking: Looking, factor: str) -> Native | None:
    rows: list[tuple[str, Rating]] = [
        (key, one) for key, one in looking.state.items("ratings") if one.factor == factor
    ]
    if not rows:
        return None
    return _said(
        looking,
        "ratings",
        "ratings_revealed",
        [
            _entry(
                looking,
                "ratings",
                key,
                who(looking, one.person, one.agency),
                looking.t("console.chosen.importance", value=one.importance)
                if one.importance
                else looking.t("common.undecided"),
                "",
                "",
            )
            for key, one in rows
        ],
    )


def _said(looking: Looking, title: str, flag: str, entries: list[Native]) -> Native:
    t = looking.t
    if not entries:
        return element("p", t(f"console.chosen.{title}.none"), class_="wm-hint")
    seen = t("console.reveal.is_shown" if looking.state.setting(flag) else "console.reveal.is_private")
    return element(
        "section",
        element("h3", t(f"console.chosen.{title}.title", count=len(entries)), " ", element("small", seen)),
        element("ul", entries, class_="wm-plain"),
        class_="wm-console-said",
    )
