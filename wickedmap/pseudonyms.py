"""People in files: a pseudonym each, times cut down, and no group so small that somebody stands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from .access import FEWEST
from .causal_map import CausalMap
from .model import Agency, Annotation, Framing, Meaning, Rating, Stance
from .text import LANGUAGES, Texts
from .texts import text

SMALL: Final = "small-groups"
"""Id of the agency that groups of fewer than three people are put together under."""
_SAID: Final = ("stances", "ratings", "annotations", "framings", "meanings")


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What was done so that nobody can be picked out of a small group.

    Attributes
    ----------
    promised : bool
        Whether the workshop promised that agencies stay unnamed; if not, nothing was done.
    merged_agencies, merged_people : int
        Agencies with too few people that stand together as `SMALL`, and the people in it.
    withheld : mapping of str to int
        Rows of each table that are left out, when even all together are too few.
    """

    promised: bool = False
    merged_agencies: int = 0
    merged_people: int = 0
    withheld: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.promised:
            return "Agencies' names were shown in the workshop; nothing is merged or withheld."
        said = "Agencies' names were not shown in the workshop; agencies are letters. "
        if self.withheld:
            rows = ", ".join(f"{count} {name}" for name, count in self.withheld.items() if count)
            return said + f"Fewer than {FEWEST} people contributed, so all they said is withheld: {rows}."
        if self.merged_agencies:
            return said + (
                f"{self.merged_agencies} agencies with {self.merged_people} people together stand as "
                f"“{SMALL}”, because groups of fewer than {FEWEST} people could be recognised. "
                "No contribution is left out."
            )
        return said + f"Every group has at least {FEWEST} people; nothing is merged or withheld."


def without_small_groups(m: CausalMap, least: int = FEWEST) -> tuple[CausalMap, Suppressed]:
    """Return the map with every group of people at least `least` large, and what that took.

    Agencies with fewer people are put together under `SMALL`, with the next smallest
    when they are still too few: so no voice is lost. Only when all people together are
    fewer than `least` is what they said left out. Examples that are nobody's, and the
    facilitator's notes, are not people of a group.

    Examples
    --------
    >>> said = [Rating("a", f"p{n}", "nav", 5) for n in range(4)] + [Rating("a", "q", "police", 1)]
    >>> m = CausalMap.from_links([], factors=["a"]).replace(ratings=tuple(said))
    >>> merged, taken = without_small_groups(m)
    >>> {row.agency for row in merged.ratings}, taken.merged_agencies, taken.merged_people
    ({'small-groups'}, 2, 5)
    """
    people: dict[str, set[str]] = {}
    for name in _SAID:
        for row in getattr(m, name):
            if row.agency and row.person:
                people.setdefault(row.agency, set()).add(row.person)
    by_size = sorted(people, key=lambda agency: (len(people[agency]), agency))
    small = {agency for agency in by_size if len(people[agency]) < least}
    if not small:
        return m, Suppressed(promised=True)
    for agency in by_size:
        if len(set().union(*(people[one] for one in small))) >= least:
            break
        small.add(agency)
    together = set().union(*(people[one] for one in small))
    if len(together) < least:
        kept = {name: tuple(row for row in getattr(m, name) if not _in(row, small)) for name in _SAID}
        gone = {name: len(getattr(m, name)) - len(kept[name]) for name in _SAID}
        return m.replace(**kept), Suppressed(True, withheld=gone)
    label = Texts({language: text(language, "package.small_groups") for language in LANGUAGES})
    changed = {
        name: tuple(replace(row, agency=SMALL) if _in(row, small) else row for row in getattr(m, name))
        for name in _SAID
    }
    return m.replace(**changed, agencies=(*m.agencies, Agency(SMALL, label))), Suppressed(
        True, len(small), len(together)
    )


def _in(row: Any, agencies: set[str]) -> bool:
    return bool(row.person) and row.agency in agencies


def under_letters(m: CausalMap, masks: Mapping[str, Agency]) -> CausalMap:
    """Return the map with each agency that people speak for replaced by its letter."""
    changed = {
        name: tuple(
            replace(row, agency=masks[row.agency].id) if row.person and row.agency in masks else row
            for row in getattr(m, name)
        )
        for name in _SAID
    }
    known = {agency.id for agency in m.agencies}
    letters = tuple(mask for mask in masks.values() if mask.id not in known)
    return m.replace(**changed, agencies=(*m.agencies, *letters))


def pseudonyms(m: CausalMap) -> dict[str, str]:
    """Return a pseudonym for each person who said something: the agency and a number."""
    said: list[Annotation | Stance | Rating | Framing | Meaning] = [*m.stances, *m.ratings]
    said += [*m.annotations, *m.framings, *m.meanings]
    names: dict[str, str] = {}
    counted: dict[str, int] = {}
    # Numbers follow the random ids, so that they say nothing of who came or spoke first.
    for person, agency in sorted({(row.person, row.agency) for row in said if row.person}):
        if person in names:
            continue
        counted[agency] = counted.get(agency, 0) + 1
        names[person] = f"{agency or 'facilitator'}-{counted[agency]}"
    return names


def pseudonymised(m: CausalMap, names: Mapping[str, str]) -> CausalMap:
    """Return the map with these names instead of the people's ids."""
    named = {
        name: tuple(replace(row, person=names[row.person]) if row.person else row for row in getattr(m, name))
        for name in _SAID
    }
    named["framings"] = tuple(
        replace(row, id=f"framing-{row.person}") if row.person else row for row in named["framings"]
    )
    return m.replace(**named)


def with_coarse_times(m: CausalMap) -> CausalMap:
    """Return the map with all times cut to whole minutes."""
    return m.replace(
        **{
            name: tuple(replace(row, at=coarse(row.at)) for row in getattr(m, name))
            for name in (*_SAID, "conclusions")
        }
    )


def coarse(at: str) -> str:
    """Return a time cut to whole minutes; empty when it is none.

    Examples
    --------
    >>> coarse("2026-11-22T10:32:59.123Z"), coarse("i fjor")
    ('2026-11-22T10:32:00Z', '')
    """
    whole = seconds(at)
    return whole[:17] + "00Z" if whole else ""


def seconds(at: str) -> str:
    """Return a time cut to whole seconds, UTC; empty when it is none."""
    try:
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
    except ValueError:
        return ""
    if moment.utcoffset() is None or moment.utcoffset():
        return ""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
