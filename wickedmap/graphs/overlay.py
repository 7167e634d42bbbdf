"""All agencies on one map: who holds which link, who disputes it, who is silent, who owns what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import TYPE_CHECKING, Literal

from ..causal_map import CausalMap
from ..model import Stance
from ..perspective import Agencies, chosen_agencies, sign_held, voices
from .opinions import AgencyOpinion, FactorCell, FactorOpinions, LinkOpinions

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AgencyOpinion", "FactorCell", "FactorOpinions", "LinkOpinions", "Overlay", "overlay"]


@dataclass(frozen=True)
class Overlay:
    """Every agency's view of every link and factor of one map.

    Attributes
    ----------
    agencies : tuple of str
    links : tuple of LinkOpinions
        In the map's order, also those nobody has considered.
    factors : tuple of FactorOpinions
        In the map's order.
    people : dict of str to int
        Per agency, how many people have said anything.
    """

    agencies: tuple[str, ...]
    links: tuple[LinkOpinions, ...]
    factors: tuple[FactorOpinions, ...]
    people: dict[str, int]

    def link(self, link: str) -> LinkOpinions:
        """Return what is said of one link; `KeyError` for one that is not in the map."""
        return self._link_by_id[link]

    def factor(self, factor: str) -> FactorOpinions:
        """Return what is said of one factor; `KeyError` for one that is not in the map."""
        return self._factor_by_id[factor]

    @cached_property
    def _link_by_id(self) -> dict[str, LinkOpinions]:
        return {row.link: row for row in self.links}

    @cached_property
    def _factor_by_id(self) -> dict[str, FactorOpinions]:
        return {row.factor: row for row in self.factors}

    @property
    def silent_agencies(self) -> tuple[str, ...]:
        """Agencies that have said nothing at all."""
        return tuple(agency for agency in self.agencies if not self.people[agency])

    @property
    def blind_spots(self) -> tuple[FactorOpinions, ...]:
        """Factors that no agency has said anything of."""
        return tuple(row for row in self.factors if row.blind_spot)

    @property
    def gaps(self) -> tuple[FactorOpinions, ...]:
        """Factors that nobody owns."""
        return tuple(row for row in self.factors if row.gap)

    @property
    def overlaps(self) -> tuple[FactorOpinions, ...]:
        """Factors that three or more agencies own."""
        return tuple(row for row in self.factors if row.overlap)

    @property
    def contested(self) -> tuple[LinkOpinions, ...]:
        """Contested links, those with the largest minority first, then the most discussed."""
        found = [row for row in self.links if row.contested]
        return tuple(sorted(found, key=lambda row: (-row.minority, -row.people.considered, row.link)))

    def links_to_pandas(self) -> pd.DataFrame:
        """Return one row per link.

        Columns ``link, source, target, agencies`` (number asserting), ``asserting,
        as_drawn, other_way, rejecting, unsure, silent`` (agency ids joined by "|";
        those asserting it hold it as drawn, with another sign than the map's, or both),
        ``positive, negative, unknown, rejects, unsure_people`` (people), ``contested,
        minority``.
        """
        import pandas as pd

        rows = []
        for row in self.links:
            people = row.people
            lists = (row.asserting, row.holding(row.sign), row.other_way, row.rejecting, row.unsure, row.silent)
            rows.append(
                (
                    *(row.link, row.source, row.target, len(row.asserting), *map("|".join, lists)),
                    *(people.positive, people.negative, people.unknown, people.rejects, people.unsure),
                    *(row.contested, row.minority),
                )
            )
        columns = ["link", "source", "target", "agencies", "asserting", "as_drawn", "other_way", "rejecting"]
        columns += [
            "unsure",
            "silent",
            "positive",
            "negative",
            "unknown",
            "rejects",
            "unsure_people",
            "contested",
            "minority",
        ]
        return pd.DataFrame(rows, columns=columns)

    def factors_to_pandas(
        self,
        value: Literal[
            "importance", "rated", "undecided", "notes", "asserted_links", "considered_links", "framings"
        ] = "importance",
    ) -> pd.DataFrame:
        """Return the factor x agency table of one kind of number; importance may be missing."""
        import pandas as pd

        frame = pd.DataFrame(
            [[getattr(cell, value) for cell in row.cells] for row in self.factors],
            index=pd.Index([row.factor for row in self.factors], name="factor"),
            columns=list(self.agencies),
        )
        return frame.astype("Float64" if value == "importance" else "int64")


def overlay(m: CausalMap, agencies: Agencies = None, *, examples: bool = False) -> Overlay:
    """Gather what every agency says of every link and factor.

    Parameters
    ----------
    m : CausalMap
        The joint map with everyone's stances, ratings, annotations and framings.
    agencies : iterable of str, optional
        Only these; by default all in the map and all that have said anything.
    examples : bool
        Whether framings made up for demonstration count.

    Raises
    ------
    ValueError
        For an agency that is neither in the map nor has said anything.

    Notes
    -----
    O(everything said + (factors + links) x agencies).

    Examples
    --------
    >>> from wickedmap import CausalMap, Stance
    >>> m = CausalMap.from_links([("debt", "eviction", 1)])
    >>> said = (Stance("L1", "p1", "nav", "asserts"), Stance("L1", "p2", "prison", "rejects"))
    >>> result = overlay(m.replace(stances=said))
    >>> [(row.link, row.asserting, row.rejecting) for row in result.contested]
    [('L1', ('nav',), ('prison',))]
    """
    chosen = chosen_agencies(m, agencies)
    position = {agency: place for place, agency in enumerate(chosen)}
    said = [stance for stance in voices(m, examples=examples) if stance.agency in position]
    people: dict[str, set[str]] = {agency: set() for agency in chosen}
    for table in (said, m.ratings, m.annotations):
        for row in table:
            if row.agency in position:
                people[row.agency].add(row.person)
    for framing in m.framings:
        if framing.agency in position and (examples or not framing.example):
            people[framing.agency].add(framing.person or f"framing:{framing.id}")
    by_link: dict[str, list[Stance]] = {}
    for stance in said:
        by_link.setdefault(stance.link, []).append(stance)
    links = tuple(_link_opinions(m, link.id, by_link.get(link.id, ()), chosen, position) for link in m.links)
    return Overlay(
        agencies=chosen,
        links=links,
        factors=_factor_opinions(m, links, chosen, position, examples),
        people={agency: len(names) for agency, names in people.items()},
    )


def _link_opinions(
    m: CausalMap, link_id: str, stances: Iterable[Stance], agencies: tuple[str, ...], position: dict[str, int]
) -> LinkOpinions:
    link = m.link(link_id)
    counts: dict[str, list[int]] = {}
    ordered = sorted(stances, key=lambda stance: position[stance.agency])
    for stance in ordered:
        row = counts.setdefault(stance.agency, [0, 0, 0, 0, 0])
        if stance.stance == "asserts":
            row[{1: 0, -1: 1, None: 2}[sign_held(stance, link)]] += 1
        else:
            row[3 if stance.stance == "rejects" else 4] += 1
    return LinkOpinions(
        link=link.id,
        source=link.source,
        target=link.target,
        sign=link.sign,
        by_agency=tuple(AgencyOpinion(agency, *row) for agency, row in counts.items()),
        silent=tuple(agency for agency in agencies if agency not in counts),
        stances=tuple(ordered),
    )


def _factor_opinions(
    m: CausalMap,
    links: tuple[LinkOpinions, ...],
    agencies: tuple[str, ...],
    position: dict[str, int],
    examples: bool,
) -> tuple[FactorOpinions, ...]:
    place = {factor.id: row for row, factor in enumerate(m.factors)}
    width = len(agencies)

    def table() -> list[list[int]]:
        return [[0] * width for _ in m.factors]

    undecided, notes, asserted, considered, framed = (table() for _ in range(5))
    given: dict[tuple[int, int], dict[str, int]] = {}
    for rating in m.ratings:
        if rating.factor in place and rating.agency in position:
            row, column = place[rating.factor], position[rating.agency]
            if rating.importance is None:
                undecided[row][column] += 1
            else:
                given.setdefault((row, column), {})[rating.person] = rating.importance
    for note in m.annotations:
        if note.target_kind == "factor" and note.target in place and note.agency in position:
            notes[place[note.target]][position[note.agency]] += 1
    for opinion in links:
        ends = {place[opinion.source], place[opinion.target]}
        for held in opinion.by_agency:
            for row in ends:
                considered[row][position[held.agency]] += 1
                asserted[row][position[held.agency]] += bool(held.asserts)
    for framing in m.framings:
        if framing.agency in position and (examples or not framing.example):
            for named in set(framing.factors) & place.keys():
                framed[place[named]][position[framing.agency]] += 1
    listed = {agency.id for agency in m.agencies}

    def cell(row: int, column: int) -> FactorCell:
        ratings = given.get((row, column), {})
        return FactorCell(
            agency=agencies[column],
            importance=float(median(ratings.values())) if ratings else None,
            rated=len(ratings),
            undecided=undecided[row][column],
            notes=notes[row][column],
            asserted_links=asserted[row][column],
            considered_links=considered[row][column],
            framings=framed[row][column],
        )

    return tuple(
        FactorOpinions(
            factor=factor.id,
            cells=tuple(cell(row, column) for column in range(width)),
            # Without a list of agencies there is nothing to hold an owner against.
            owners=tuple(owner for owner in factor.agencies if owner in listed or not listed),
            can_be_owned=factor.id != m.focal and factor.kind != "focal",
        )
        for row, factor in enumerate(m.factors)
    )
