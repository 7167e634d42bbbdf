"""The forms that add and edit factors and links; by keyboard as well as by hand."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ...model import DELAYS, Factor, Link
from ..context import Looking
from ..elements import (
    Native,
    button,
    change_form,
    checks,
    choice,
    disclosure,
    element,
    empty_state,
    select,
    shown,
    text_area,
    text_input,
)

SIGNS = (("+", "plus"), ("-", "minus"), ("?", "unknown"), ("±", "both"))
STRENGTHS = (("1", "weak"), ("2", "medium"), ("3", "strong"))


def factor_options(looking: Looking) -> list[tuple[str, str]]:
    """Return every factor on the map as id and name, in the order of the alphabet."""
    rows: list[Factor] = looking.state.rows("factors")
    named = [(row.id, row.labels.in_language(looking.language)) for row in rows]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _digest(*parts: object) -> str:
    return hashlib.blake2s(repr(parts).encode(), digest_size=6).hexdigest()


def add_factor_form(looking: Looking) -> Native:
    """Return the form that puts a new factor on the map."""
    t = looking.t
    return change_form(
        "add_factor",
        {"language": looking.language},
        text_input(t("console.factor.label"), "label", hint=t("console.factor.label_hint"), required=True),
        disclosure(t("console.more_fields"), _factor_details(looking, None)),
        button(t("console.add.factor"), type="submit"),
        draft="console-add-factor",
        data_key=f"{_digest(_domains(looking), _agencies(looking))}",
        class_="wm-console-form",
        data_form="add-factor",
    )


def edit_factor_form(looking: Looking, factor: Factor) -> Native:
    """Return the form that rewords a factor; it is new whenever the factor has changed."""
    t, language = looking.t, looking.language
    mark = looking.state.mark("factors", factor.id)
    return change_form(
        "edit_factor",
        {"factor": factor.id, "language": language},
        text_input(
            t("console.factor.label"),
            "label",
            value=factor.labels.in_language(language),
            hint=_language_hint(looking),
            required=True,
        ),
        _factor_details(looking, factor),
        button(t("common.save"), type="submit"),
        draft=f"console-edit-factor-{factor.id}",
        keep=True,
        data_key=f"{factor.id}-{mark.seq if mark else 0}-{language}",
        class_="wm-console-form",
        data_base_seq=looking.state.seq,
    )


def _factor_details(looking: Looking, factor: Factor | None) -> list[Native]:
    t, language = looking.t, looking.language
    return [
        text_area(
            t("console.factor.definition"),
            "definition",
            value=factor.definitions.in_language(language) if factor else "",
            hint=t("console.factor.definition_hint"),
            rows=2,
            data_empty="text",
        ),
        select(
            t("console.factor.domain"),
            "domain",
            _domains(looking),
            value=factor.domain if factor else "",
            empty=t("console.factor.no_domain"),
            data_empty="text",
        ),
        select(
            t("console.factor.valence"),
            "valence",
            [(one, t(f"console.factor.valence_{one}")) for one in ("good", "bad")],
            value=factor.valence if factor else "",
            empty=t("console.factor.valence_none"),
            data_empty="text",
        ),
        disclosure(
            t("console.factor.owners"),
            checks(
                t("console.factor.owners_legend"),
                "agencies",
                _agencies(looking),
                values=factor.agencies if factor else (),
            ),
        ),
    ]


def _domains(looking: Looking) -> list[tuple[str, str]]:
    return [(one.id, one.labels.in_language(looking.language)) for one in looking.state.base.domains]


def _agencies(looking: Looking) -> list[tuple[str, str]]:
    named = [(one.id, one.labels.in_language(looking.language)) for one in looking.state.rows("agencies")]
    return sorted(named, key=lambda pair: pair[1].casefold())


def _language_hint(looking: Looking) -> str | None:
    """Return a word of warning when the wall speaks another language than the facilitator."""
    wall = looking.state.setting("wall_language")
    if wall == looking.language:
        return None
    here, there = looking.t(f"common.languages.{looking.language}"), looking.t(f"common.languages.{wall}")
    return looking.t("console.language_hint", here=here, there=there)


def merge_form(looking: Looking, factor: Factor) -> Native:
    """Return the form that makes another factor, which means the same, part of this one."""
    t, focal = looking.t, looking.state.base.focal
    # The change takes a list; one at a time is what a person can answer for.
    others = [
        (json.dumps([one]), name) for one, name in factor_options(looking) if one not in (factor.id, focal)
    ]
    return change_form(
        "merge_factors",
        {"keep": factor.id},
        select(
            t("console.merge.other"),
            "others",
            others,
            empty=t("common.choose"),
            hint=t("console.merge.hint", name=factor.labels.in_language(looking.language)),
            required=True,
            data_type="json",
        ),
        button(t("console.merge.merge"), type="submit"),
        draft=f"console-merge-{factor.id}",
        data_key=_digest(others),
        class_="wm-console-form",
    )


def add_link_form(looking: Looking) -> Native:
    """Return the form that links two factors; drawing on the map fills in its ends."""
    t = looking.t
    options = factor_options(looking)
    if len(options) < 2:
        return empty_state(t("console.add.too_few"))
    return change_form(
        "add_link",
        {"language": looking.language},
        select(t("console.link.source"), "source", options, empty=t("common.choose"), required=True),
        select(t("console.link.target"), "target", options, empty=t("common.choose"), required=True),
        choice(
            t("console.link.sign"),
            "sign",
            [(sign, t(f"common.sign.{key}")) for sign, key in SIGNS],
            required=True,
        ),
        disclosure(t("console.more_fields"), _link_details(looking, None)),
        button(t("console.add.link"), type="submit"),
        draft="console-add-link",
        # A list that has grown is a new list: what was chosen in it is found again by name, not by place.
        data_key=f"{_digest(options, looking.language)}",
        class_="wm-console-form",
        data_form="add-link",
    )


def edit_link_form(looking: Looking, link: Link) -> Native:
    """Return the form that changes a link; it is new whenever the link has changed."""
    t, language = looking.t, looking.language
    mark = looking.state.mark("links", link.id)
    sign = "±" if link.both_signs else {1: "+", -1: "-", None: "?"}[link.sign]
    return change_form(
        "edit_link",
        {"link": link.id, "language": language},
        choice(
            t("console.link.sign"), "sign", [(one, t(f"common.sign.{key}")) for one, key in SIGNS], value=sign
        ),
        _link_details(looking, link),
        button(t("common.save"), type="submit"),
        draft=f"console-edit-link-{link.id}",
        keep=True,
        data_key=f"{link.id}-{mark.seq if mark else 0}-{language}",
        class_="wm-console-form",
        data_base_seq=looking.state.seq,
    )


def _link_details(looking: Looking, link: Link | None) -> list[Native]:
    t = looking.t
    strength = str(max(1, min(3, round(link.strength)))) if link else "2"
    return [
        choice(
            t("common.strength.label"),
            "strength",
            [(value, t(f"common.strength.{key}")) for value, key in STRENGTHS],
            value=strength,
            row=True,
            data_type="int",
        ),
        select(
            t("console.link.delay"),
            "delay",
            [(one, t(f"common.delay.{one}")) for one in DELAYS if one],
            value=link.delay if link else "",
            empty=t("common.delay.none"),
            data_empty="text",
        ),
        text_area(
            t("console.link.rationale"),
            "rationale",
            value=link.rationale.in_language(looking.language) if link else "",
            rows=2,
            data_empty="text",
        ),
    ]


def suggestions(looking: Looking) -> Native | None:
    """Return the factors that the map suggests and that are not on it."""
    state, t, language = looking.state, looking.t, looking.language
    left: list[Factor] = [one for one in state.base.suggested if state.row("factors", one.id) is None]
    if not left:
        return None
    items: list[Any] = [
        element(
            "li",
            element(
                "div",
                element("strong", shown(one.labels.in_language(language))),
                element("p", shown(one.definitions.in_language(language)), class_="wm-hint"),
            ),
            button(t("console.add.adopt"), change="adopt_suggestion", fields={"factor": one.id}),
            data_key=one.id,
        )
        for one in left
    ]
    return disclosure(
        t("console.add.suggested", count=len(left)),
        element("p", t("console.add.suggested_hint"), class_="wm-hint"),
        element("ul", items, class_="wm-plain wm-console-rows"),
    )
