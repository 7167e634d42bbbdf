"""A map as a notebook shows it when nobody has asked for more: what is in it, in plain tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .causal_map import CausalMap

SHOWN: Final = 12
_LONGEST: Final = 120
_CELL: Final = 'style="text-align:left;vertical-align:top"'


def summary_html(m: CausalMap, shown: int = SHOWN) -> str:
    """Return the map's title, what it holds, and its best connected factors and links, as HTML.

    Every text is escaped: a label is shown and never runs.

    Parameters
    ----------
    m : CausalMap
    shown : int
        How many factors and links to list; the rest is counted.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("<debt>", "eviction", 1)])
    >>> "&lt;debt&gt;" in summary_html(m), "<debt>" in summary_html(m)
    (True, False)
    """
    degree: Counter[str] = Counter()
    for link in m.links:
        degree[link.source] += 1
        degree[link.target] += 1
    order = {factor.id: place for place, factor in enumerate(m.factors)}
    first = sorted(m.factors, key=lambda factor: (-degree[factor.id], order[factor.id]))[:shown]
    domains = {domain.id: domain.labels.in_language(m.language) for domain in m.domains}
    factors = [
        (
            factor.labels.in_language(m.language),
            domains.get(factor.domain) or factor.domain,
            str(len(m.causes_of(factor.id))),
            str(len(m.effects_of(factor.id))),
        )
        for factor in first
    ]
    known = {factor.id for factor in first}
    ranked = sorted(m.links, key=lambda link: (link.source not in known) + (link.target not in known))
    links = [
        (
            m.factor(link.source).labels.in_language(m.language),
            link.mark,
            m.factor(link.target).labels.in_language(m.language),
            link.delay,
        )
        for link in ranked[:shown]
    ]
    parts = [
        f"<div><strong>{_text(m.titles.in_language(m.language) or 'Causal map')}</strong>",
        f"<p>{_text(_counts(m))}</p>",
        _table(("factor", "domain", "causes", "effects"), factors, len(m.factors), "factors"),
        _table(("from", "sign", "to", "delay"), links, len(m.links), "links"),
        "</div>",
    ]
    return "".join(parts)


def _counts(m: CausalMap) -> str:
    signs = Counter(link.mark for link in m.links)
    marks = ", ".join(f"{signs[mark]} {mark}" for mark in ("+", "−", "±", "?") if signs[mark])
    said = [
        f"{len(getattr(m, name))} {name}"
        for name in ("stances", "ratings", "annotations", "framings")
        if getattr(m, name)
    ]
    links = f"{len(m.links)} links ({marks})" if marks else f"{len(m.links)} links"
    return ", ".join([f"{len(m.factors)} factors", links, *said])


def _table(names: Iterable[str], rows: Sequence[tuple[str, ...]], whole: int, what: str) -> str:
    if not rows:
        return ""
    head = "".join(f'<th scope="col" {_CELL}>{name}</th>' for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td {_CELL}>{_text(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    more = f"<p>… and {whole - len(rows)} more {what}</p>" if whole > len(rows) else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _text(text: str) -> str:
    return escape(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")
