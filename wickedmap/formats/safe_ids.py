"""Ids that a change can name: what a map needs before a workshop begins from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from ..causal_map import CausalMap
from ..model import Factor, Link
from .lessened import is_safe_id, renamed

Noun = TypeVar("Noun", Factor, Link)

_BY_AGENCY: Final = ("stances", "ratings", "annotations", "framings", "meanings")


def with_safe_ids(m: CausalMap) -> CausalMap:
    """Return the map with short, plain ids; factors and links keep a foreign one as ``foreign_id``.

    Where all ids are plain already, the map itself is returned.

    Examples
    --------
    >>> m = with_safe_ids(CausalMap.from_links([("å være", "b", 1)]))
    >>> m.factors[0].id, m.factors[0].attributes["foreign_id"], m.links[0].source
    ('f1', 'å være', 'f1')
    """
    factors = _new_ids([factor.id for factor in (*m.factors, *m.suggested)], "f")
    links = _new_ids([link.id for link in m.links], "L")
    agencies = _new_ids([agency.id for agency in m.agencies], "g")
    notes = _new_ids([note.id for note in m.annotations], "n")
    if not (factors or links or agencies or notes):
        return m
    made = _with_agencies(renamed(m, factors, links), agencies)
    old_factors = {new: old for old, new in factors.items()}
    old_links = {new: old for old, new in links.items()}
    return made.replace(
        factors=tuple(_with_foreign(one, old_factors) for one in made.factors),
        suggested=tuple(
            _with_foreign(replace(one, id=factors.get(one.id, one.id)), old_factors) for one in made.suggested
        ),
        links=tuple(_with_foreign(one, old_links) for one in made.links),
        annotations=tuple(replace(one, id=notes.get(one.id, one.id)) for one in made.annotations),
    )


def _new_ids(ids: Iterable[str], letter: str) -> dict[str, str]:
    known = list(dict.fromkeys(ids))
    taken = set(known)
    found: dict[str, str] = {}
    number = 0
    for one in known:
        if is_safe_id(one):
            continue
        number += 1
        while f"{letter}{number}" in taken:
            number += 1
        found[one] = f"{letter}{number}"
    return found


def _with_foreign(one: Noun, old: Mapping[str, str]) -> Noun:
    if one.id not in old:
        return one
    return replace(one, attributes={**one.attributes, "foreign_id": old[one.id]})


def _with_agencies(m: CausalMap, names: Mapping[str, str]) -> CausalMap:
    if not names:
        return m

    def many(rows: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(replace(row, agency=names.get(row.agency, row.agency)) for row in rows)

    return m.replace(
        agencies=tuple(replace(one, id=names.get(one.id, one.id)) for one in m.agencies),
        factors=tuple(
            replace(one, agencies=tuple(names.get(agency, agency) for agency in one.agencies))
            for one in m.factors
        ),
        **{name: many(getattr(m, name)) for name in _BY_AGENCY},
    )
