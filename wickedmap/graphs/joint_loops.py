"""Loops no one sees alone: what feeds back only when the agencies' maps are put together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, cast

from ..causal_map import CausalMap
from ..model import Link, Sign
from ..perspective import Agencies, PerspectiveRule, chosen_agencies, perspectives_of
from .loop_limits import Cancelled
from .loop_results import Loop, Polarity, SearchOutcome
from .loops import find_loops

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Closing", "JointLoop", "JointLoops", "joint_loops"]


@dataclass(frozen=True, slots=True)
class Closing:
    """What one agency lacks to see a loop, and who holds it.

    Attributes
    ----------
    agency : str
        One of those that hold most of the loop.
    missing : tuple of (link, agencies)
        The links it does not assert, each with the agencies that do.
    """

    agency: str
    missing: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class JointLoop:
    """A loop of the joint map, with who holds which part of it.

    Attributes
    ----------
    loop : Loop
        Its polarity is ``"?"`` where the agencies claim both signs of a link.
    asserted_by : tuple of tuple of str
        Per link of ``loop.links``, the agencies that assert it.
    seen_by : tuple of str
        Agencies that assert every link: it is a loop in their own map.
    closings : tuple of Closing
        For a loop no one sees alone: the agencies that come closest, and the links by
        others that close it.
    pairs : tuple of (agency, agency)
        Two agencies that see it together, none of them alone.
    hinges : tuple of (link, agency)
        Links only this one agency asserts: if it changed its mind, the loop were gone.
    disputed : tuple of (link, agencies)
        Links somebody in these agencies rejects.
    polarities : tuple of {"R", "B", "?"}
        Every polarity that some combination of the signs claimed gives.
    polarity_by_agency : dict
        For the agencies that see it, the polarity by their own signs.
    """

    loop: Loop
    asserted_by: tuple[tuple[str, ...], ...]
    seen_by: tuple[str, ...]
    closings: tuple[Closing, ...]
    pairs: tuple[tuple[str, str], ...]
    hinges: tuple[tuple[str, str], ...]
    disputed: tuple[tuple[str, tuple[str, ...]], ...]
    polarities: tuple[Polarity, ...]
    polarity_by_agency: dict[str, Polarity]

    @property
    def only_together(self) -> bool:
        """Whether no single agency sees the loop."""
        return not self.seen_by

    @property
    def contested(self) -> bool:
        """Whether it is reinforcing by some claims and balancing by others."""
        return "R" in self.polarities and "B" in self.polarities


@dataclass(frozen=True)
class JointLoops(SearchOutcome):
    """The loops of the joint map, those no one sees alone first.

    Attributes
    ----------
    loops : tuple of JointLoop
        Within each part the shortest first, then those that lack the fewest links in
        some agency's map.
    map : CausalMap
        The joint map: every link some agency's map has.
    agencies : tuple of str
        Whose maps were put together.
    rule : PerspectiveRule
        When a link belongs to one agency's map.
    complete_to, exhaustive, stopped_by
        How complete the list is, see `SearchOutcome`.
    """

    loops: tuple[JointLoop, ...]
    map: CausalMap
    agencies: tuple[str, ...]
    rule: PerspectiveRule

    @property
    def only_together(self) -> tuple[JointLoop, ...]:
        """The loops that are in no single agency's map."""
        return tuple(found for found in self.loops if found.only_together)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per loop.

        Columns ``only_together, length, polarity, polarities, seen_by, pairs, hinges,
        disputed, factors, links``; lists are joined by "|".
        """
        import pandas as pd

        rows = [
            (
                found.only_together,
                found.loop.length,
                found.loop.polarity,
                "|".join(found.polarities),
                "|".join(found.seen_by),
                "|".join(f"{one}+{other}" for one, other in found.pairs),
                "|".join(f"{link}:{agency}" for link, agency in found.hinges),
                "|".join(f"{link}:{','.join(agencies)}" for link, agencies in found.disputed),
                "|".join(found.loop.factors),
                "|".join(found.loop.links),
            )
            for found in self.loops
        ]
        columns = ["only_together", "length", "polarity", "polarities", "seen_by"]
        columns += ["pairs", "hinges", "disputed", "factors", "links"]
        return pd.DataFrame(rows, columns=columns)


def joint_loops(
    m: CausalMap,
    max_length: int | None = 8,
    time_limit: float | None = 2.0,
    max_loops: int | None = 5_000,
    *,
    agencies: Agencies = None,
    rule: PerspectiveRule | None = None,
    cancelled: Cancelled | None = None,
) -> JointLoops:
    """Find the loops of all agencies' maps put together, and who holds which part.

    Parameters
    ----------
    m : CausalMap
        The joint map with everyone's stances and framings. Links nobody asserts are not
        in any loop found here.
    max_length, time_limit, max_loops, cancelled
        As in `find_loops`. `max_loops` is per component, the shortest kept.
    agencies : iterable of str, optional
        Only these; by default all.
    rule : PerspectiveRule, optional
        When a link belongs to an agency's map: by how many of its people.

    Raises
    ------
    ValueError
        For an unknown agency, a rule that counts agencies, or a limit of 0 or less.

    Notes
    -----
    The search of `find_loops`, then O(loop length + agencies^2) per loop.

    Examples
    --------
    >>> from wickedmap import CausalMap, Stance
    >>> m = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "debt", 1)])
    >>> said = (Stance("L1", "p1", "nav", "asserts"), Stance("L2", "p2", "prison", "asserts"))
    >>> found = joint_loops(m.replace(stances=said)).only_together[0]
    >>> found.asserted_by, found.pairs
    ((('nav',), ('prison',)), (('nav', 'prison'),))
    """
    rule = rule or PerspectiveRule()
    if rule.count != "people":
        raise ValueError("rule: each agency's map is made by itself, so count people, not agencies")
    chosen = chosen_agencies(m, agencies)
    held: dict[str, dict[str, Link]] = {}
    rejected: dict[str, list[str]] = {}
    for agency, own in perspectives_of(m, chosen, rule=rule).items():
        for link in own.map.links:
            held.setdefault(link.id, {})[agency] = link
        for link_id, support in own.support.items():
            if support.rejects:
                rejected.setdefault(link_id, []).append(agency)
    joint = m.replace(links=tuple(_joined(link, held[link.id]) for link in m.links if link.id in held))
    search = find_loops(joint, max_length, time_limit, max_loops, cancelled=cancelled)
    found = [_described(loop, held, rejected, chosen) for loop in search.loops]
    found.sort(key=_order)
    return JointLoops(
        complete_to=search.complete_to,
        exhaustive=search.exhaustive,
        stopped_by=search.stopped_by,
        loops=tuple(found),
        map=joint,
        agencies=chosen,
        rule=rule,
    )


def _order(found: JointLoop) -> tuple[bool, int, int, tuple[str, ...]]:
    lacking = min((len(closing.missing) for closing in found.closings), default=0)
    return (bool(found.seen_by), found.loop.length, lacking, found.loop.links)


def _claimed(links: Iterable[Link]) -> frozenset[Sign | None]:
    """Return the signs claimed of one link; None where somebody does not know it."""
    signs: set[Sign | None] = set()
    for link in links:
        signs |= {1, -1} if link.both_signs else {link.sign}
    return frozenset(signs)


def _joined(link: Link, by_agency: Mapping[str, Link]) -> Link:
    known = _claimed(by_agency.values()) - {None}
    return dataclasses.replace(
        link, sign=next(iter(known)) if len(known) == 1 else None, both_signs=len(known) > 1
    )


def _described(
    loop: Loop,
    held: Mapping[str, Mapping[str, Link]],
    rejected: Mapping[str, list[str]],
    agencies: tuple[str, ...],
) -> JointLoop:
    links = cast("tuple[str, ...]", loop.links)
    asserted_by = tuple(tuple(held[link]) for link in links)
    parts = {
        agency: sum(1 << at for at, link in enumerate(links) if agency in held[link]) for agency in agencies
    }
    whole = (1 << len(links)) - 1
    seen_by = tuple(agency for agency in agencies if parts[agency] == whole)
    closings: tuple[Closing, ...] = ()
    if not seen_by:
        most = max(part.bit_count() for part in parts.values())
        closings = tuple(
            Closing(
                agency,
                tuple((link, tuple(held[link])) for link in links if agency not in held[link]),
            )
            for agency in agencies
            if parts[agency].bit_count() == most
        )
    return JointLoop(
        loop=loop,
        asserted_by=asserted_by,
        seen_by=seen_by,
        closings=closings,
        pairs=tuple(
            (one, other)
            for one, other in combinations([agency for agency in agencies if 0 < parts[agency] < whole], 2)
            if parts[one] | parts[other] == whole
        ),
        hinges=tuple(
            (link, holders[0]) for link, holders in zip(links, asserted_by, strict=True) if len(holders) == 1
        ),
        disputed=tuple((link, tuple(rejected[link])) for link in links if link in rejected),
        polarities=_polarities(_claimed(held[link].values()) for link in links),
        polarity_by_agency={
            agency: _polarity([_claimed([held[link][agency]]) for link in links]) for agency in seen_by
        },
    )


def _polarities(claims: Iterable[frozenset[Sign | None]]) -> tuple[Polarity, ...]:
    products: set[int] = {1}
    for signs in claims:
        products = {product * (sign or 0) for product in products for sign in signs}
    by_product: dict[int, Polarity] = {1: "R", -1: "B", 0: "?"}
    return tuple(polarity for product, polarity in by_product.items() if product in products)


def _polarity(claims: list[frozenset[Sign | None]]) -> Polarity:
    found = _polarities(claims)
    return found[0] if len(found) == 1 else "?"
