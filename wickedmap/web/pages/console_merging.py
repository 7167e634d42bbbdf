"""Two names for one thing: suggested, looked at before it is done, merged, and taken apart again."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from rpds import HashTrieMap

from ...causal_map import CausalMap
from ...graphs import Loop, MergePreview, MergeSuggestion, preview_merge, suggest_merges
from ...model import Factor, Link
from ...rows import Merged
from ...sentences import link_sentence
from ..context import Looking
from ..elements import Child, Native, button, disclosure, element, empty_state, notice, select, shown
from .console_forms import factor_options
from .console_pieces import factor_name

_SUGGESTED = 8
_LOOPS_NAMED = 5
_LONGEST = 8
_SECONDS = 1.0


def merging(looking: Looking) -> list[Native | None]:
    """Return the factors that may be one, a form to choose two, and those that are merged."""
    t = looking.t
    return [
        element("h2", t("merging.title")),
        element("p", t("merging.lead"), class_="wm-hint"),
        _suggestions(looking),
        _choose(looking),
        element(
            "p",
            t("merging.working"),
            id="console-merge-wait",
            class_="wm-loading",
            role="status",
            hidden=True,
        ),
    ]


def merged(looking: Looking) -> Native | None:
    """Return what has been merged, each with the way back."""
    t = looking.t
    rows: list[Merged] = looking.state.rows("merged")
    if not rows:
        return None
    return element(
        "section",
        element("h3", t("merging.done")),
        element("ul", [_merged(looking, row) for row in rows], class_="wm-plain wm-console-rows"),
    )


def preview(looking: Looking, choice: object) -> list[Native | None]:
    """Return what merging two factors would do; `choice` is ``"<keep>/<other>"``.

    The choice comes from the browser, so anything else is no choice.
    """
    keep, _, other = choice.partition("/") if type(choice) is str else ("", "", "")
    state = looking.state
    if keep == other or not all(state.row("factors", one) for one in (keep, other)):
        return []
    if state.base.focal == other:
        keep, other = other, keep
    m = CausalMap(
        factors=tuple(state.rows("factors")), links=tuple(state.rows("links")), language=looking.language
    )
    found = _preview(state.tables["factors"], state.tables["links"], keep, other)
    return [_shown(looking, m, found, keep, other)]


@lru_cache(maxsize=16)
def _likely(factors: HashTrieMap[str, Factor], language: str) -> tuple[MergeSuggestion, ...]:
    m = CausalMap(factors=tuple(factors[one] for one in sorted(factors)), language=language)
    return suggest_merges(m, max_pairs=_SUGGESTED).pairs


@lru_cache(maxsize=16)
def _preview(
    factors: HashTrieMap[str, Factor], links: HashTrieMap[str, Link], keep: str, other: str
) -> MergePreview:
    m = CausalMap(
        factors=tuple(factors[one] for one in sorted(factors)),
        links=tuple(links[one] for one in sorted(links)),
    )
    return preview_merge(m, keep, [other], _LONGEST, _SECONDS)


def _suggestions(looking: Looking) -> Native:
    t = looking.t
    pairs = _likely(looking.state.tables["factors"], looking.language)
    if not pairs:
        return empty_state(t("merging.none"))
    ends = Counter(end for link in looking.state.rows("links") for end in (link.source, link.target))
    entries = []
    for pair in pairs:
        # The one that more has been said of on the map is offered to stay.
        first, second = sorted((str(pair.first), str(pair.second)), key=lambda one: -ends[one])
        names = (factor_name(looking, first), factor_name(looking, second))
        entries.append(
            element(
                "li",
                element(
                    "div",
                    element("strong", t("merging.pair", first=shown(names[0]), second=shown(names[1]))),
                    element("p", t(f"merging.likeness.{pair.likeness}"), class_="wm-hint"),
                ),
                button(
                    t("merging.look"),
                    data_merge=f"{first}/{second}",
                    aria_label=t("merging.look_named", first=names[0], second=names[1]),
                ),
                data_key=f"{first}/{second}",
            )
        )
    return element("ul", entries, class_="wm-plain wm-console-rows")


def _choose(looking: Looking) -> Native | None:
    t = looking.t
    options = factor_options(looking)
    if len(options) < 2:
        return None
    return disclosure(
        t("merging.choose"),
        element(
            "form",
            select(t("merging.keep"), "keep", options, empty=t("common.choose")),
            select(t("merging.other"), "other", options, empty=t("common.choose")),
            button(t("merging.look"), type="submit"),
            element("p", class_="wm-error", role="status", data_same=t("merging.same")),
            data_merge_form=True,
            novalidate=True,
            own_ids=True,
            class_="wm-console-form",
        ),
    )


def _merged(looking: Looking, row: Merged) -> Native:
    t = looking.t
    name = shown(row.factor.labels.in_language(looking.language))
    keep = factor_name(looking, row.keep)
    there = looking.state.row("factors", row.keep) is not None
    return element(
        "li",
        element("p", t("merging.is_part", other=name, keep=keep)),
        button(
            t("merging.unmerge"),
            change="unmerge_factor",
            fields={"factor": row.factor.id},
            aria_label=t("merging.unmerge_named", other=name),
        )
        if there
        else element("p", t("merging.unmerge_first", keep=keep), class_="wm-hint"),
        data_key=row.factor.id,
    )


# --- what would happen -----------------------------------------------------------


def _shown(looking: Looking, m: CausalMap, found: MergePreview, keep: str, other: str) -> Native:
    t = looking.t
    names = {"keep": shown(factor_name(looking, keep)), "other": shown(factor_name(looking, other))}
    can_swap = looking.state.base.focal != keep
    return element(
        "section",
        element("h3", t("merging.preview", **names), tabindex=-1, data_merge_title=True),
        element("p", t("merging.names", **names)),
        _moved(looking, found),
        _inside(looking, m, found),
        _parallel(looking, found),
        _loops(looking, found),
        element("p", t("merging.kept"), class_="wm-hint"),
        element(
            "div",
            button(t("merging.merge"), change="merge_factors", fields={"keep": keep, "others": [other]}),
            button(t("merging.swap", **names), kind="link", data_merge=f"{other}/{keep}") if can_swap else None,
            button(t("common.cancel"), kind="link", data_merge=""),
            class_="wm-actions",
        ),
        class_="wm-section wm-merge-preview",
    )


def _sentences(looking: Looking, m: CausalMap, links: list[str]) -> Native:
    lines = [element("li", shown(link_sentence(m, m.link(link), looking.language))) for link in links]
    return element("ul", lines, class_="wm-plain")


def _moved(looking: Looking, found: MergePreview) -> Native:
    moved = [row.link for row in found.redirected]
    if not moved:
        return element("p", looking.t("merging.none_moved"))
    return disclosure(looking.t("merging.moved", count=len(moved)), _sentences(looking, found.merged, moved))


def _inside(looking: Looking, m: CausalMap, found: MergePreview) -> Native | None:
    if not found.inside:
        return None
    return notice(
        element("p", looking.t("merging.inside", count=len(found.inside))),
        _sentences(looking, m, list(found.inside)),
        kind="attention",
    )


def _parallel(looking: Looking, found: MergePreview) -> Native | None:
    if not found.parallel:
        return None
    groups = [
        element(
            "li",
            _sentences(looking, found.merged, list(group.links)),
            element("p", looking.t("merging.opposite"), class_="wm-hint") if group.opposite else None,
        )
        for group in found.parallel
    ]
    return element(
        "div",
        element("p", looking.t("merging.parallel", count=len(found.parallel))),
        element("ul", groups, class_="wm-plain"),
    )


def _loops(looking: Looking, found: MergePreview) -> Native:
    t = looking.t
    parts: list[Child] = [
        element("p", t("merging.loops", gained=len(found.gained), lost=len(found.lost))),
    ]
    for name, loops in (("gained", found.gained), ("lost", found.lost)):
        if loops:
            lines = [element("li", _chain(looking, loop)) for loop in loops[:_LOOPS_NAMED]]
            parts.append(
                disclosure(
                    t(f"merging.loops_{name}", count=len(loops), shown=len(lines)),
                    element("ul", lines, class_="wm-plain"),
                )
            )
    if found.complete_to is not None:
        parts.append(element("p", t("merging.complete_to", count=found.complete_to), class_="wm-hint"))
    return element("div", *parts)


def _chain(looking: Looking, loop: Loop) -> str:
    names = [factor_name(looking, str(factor)) for factor in (*loop.factors, loop.factors[0])]
    return shown(" → ".join(names))
