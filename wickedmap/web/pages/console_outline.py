"""The map as a list: every factor with its causes and effects, and the same actions as on the canvas."""

from __future__ import annotations

from typing import Final

from ...model import Factor
from ...sentences import link_sentence
from ..canvas import link_mark
from ..context import Looking
from ..elements import Native, disclosure, element, empty_state, shown
from .console_pieces import lead

_SIGN = {1: "+", -1: "-", None: "?"}


_drawn: dict[tuple[str, str], tuple[tuple[object, ...], Native]] = {}
"""The list as it was last drawn, by workshop and language: most changes leave the map as it is."""

_KEPT: Final = 16


def outline(looking: Looking) -> Native:
    """Return every factor on the map, in the order of the alphabet, also what is not revealed yet."""
    state = looking.state
    # Tables are values: the very same one holds the very same rows.
    shown_of = (state.tables["factors"], state.tables["links"], state.tables["annotations"])
    key = (state.workshop, looking.language)
    found = _drawn.get(key)
    if found is not None and all(ours is theirs for ours, theirs in zip(found[0], shown_of, strict=True)):
        return found[1]
    made = _outline(looking)
    if len(_drawn) >= _KEPT:
        _drawn.clear()
    _drawn[key] = (shown_of, made)
    return made


def _outline(looking: Looking) -> Native:
    state, t, language = looking.state, looking.t, looking.language
    m = state.to_map()
    factors: list[Factor] = sorted(m.factors, key=lambda one: one.labels.in_language(language).casefold())
    if not factors:
        return empty_state(t("console.outline.empty"))
    domains = {one.id: one.labels.in_language(language) for one in m.domains}
    items = []
    for factor in factors:
        causes, effects = m.causes_of(factor.id), m.effects_of(factor.id)
        notes = state.totals.get(f"notes/factor/{factor.id}", 0)
        name = factor.labels.in_language(language)
        sentences = [
            element(
                "li",
                element(
                    "button",
                    element("span", link_mark(link), class_="wm-sign", data_sign=_SIGN[link.sign]),
                    element("span", link_sentence(m, link, language)),
                    type="button",
                    class_="wm-console-sentence",
                    data_choose=f"link:{link.id}",
                ),
            )
            for link in (*causes, *effects)
        ]
        items.append(
            element(
                "li",
                element(
                    "div",
                    element(
                        "button",
                        shown(name),
                        type="button",
                        class_="wm-console-name",
                        lang=factor.labels.language_for(language),
                        data_choose=f"factor:{factor.id}",
                    ),
                    element("span", domains[factor.domain], class_="wm-tag")
                    if factor.domain in domains
                    else None,
                    element("span", t("common.notes", count=notes), class_="wm-badge") if notes else None,
                    lead(
                        t("console.chosen.light"),
                        "set_spotlight",
                        {"target_kind": "factor", "target": factor.id},
                        kind="link",
                        aria_label=f"{t('console.chosen.light')}: {name}",
                    ),
                    class_="wm-row",
                ),
                disclosure(
                    f"{t('common.causes', count=len(causes))}, {t('common.effects', count=len(effects))}",
                    element("ul", sentences, class_="wm-plain"),
                    class_="wm-console-links",
                )
                if sentences
                else None,
                data_search_text=name,
                data_key=factor.id,
            )
        )
    return element("ul", items, id="console-outline-list", class_="wm-list")
