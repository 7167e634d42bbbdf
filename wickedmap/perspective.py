"""One standpoint taken out of the joint map: what a person, an agency or a group holds, by a stated rule."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from numbers import Real
from statistics import median
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .model import Agency, Framing, Link, Sign, Stance

if TYPE_CHECKING:
    from .causal_map import CausalMap

Agencies: TypeAlias = str | Agency | Iterable[str | Agency] | None
"""Whose view is meant: an agency or its id, several, or None for all."""

__all__ = [
    "Agencies",
    "Perspective",
    "PerspectiveRule",
    "Support",
    "agencies_in",
    "chosen_agencies",
    "perspectives_of",
    "sign_held",
    "take_perspective",
    "voices",
]


@dataclass(frozen=True, slots=True)
class PerspectiveRule:
    """When a link belongs to the map of a group.

    Parameters
    ----------
    at_least : int
        So many must assert it.
    share : float
        So large a part, 0-1, of those who considered it (asserted, rejected or were
        unsure) must assert it.
    count : {"people", "agencies"}
        Who is counted. An agency asserts what at least one of its people asserts.
    examples : bool
        Whether framings made up for demonstration count. They are nobody's view.

    Raises
    ------
    ValueError
        For a number out of range.
    """

    at_least: int = 1
    share: float = 0.0
    count: Literal["people", "agencies"] = "people"
    examples: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.at_least, bool) or not isinstance(self.at_least, int) or self.at_least < 1:
            raise ValueError(f"at_least: {self.at_least!r} is not a whole number of at least 1")
        if isinstance(self.share, bool) or not isinstance(self.share, Real) or not 0 <= self.share <= 1:
            raise ValueError(f"share: {self.share!r} is not between 0 and 1")
        if self.count not in ("people", "agencies"):
            raise ValueError(f"count: {self.count!r} is not people or agencies")

    def __str__(self) -> str:
        """Return the rule as an English sentence."""
        who = {"people": ("person", "people"), "agencies": ("agency", "agencies")}[self.count]
        sentence = f"asserted by at least {self.at_least} {who[self.at_least > 1]}"
        if self.share:
            sentence += f" and by {self.share:.0%} of the {who[1]} who considered it"
        return sentence


@dataclass(frozen=True, slots=True)
class Support:
    """Who in the group said what of one link.

    Attributes
    ----------
    asserts, rejects, unsure : tuple of Stance
        One per person; a framing that rests on the link counts as an assertion.
    signs : frozenset of {1, -1, None}
        Signs held by those who assert it.
    """

    link: str
    asserts: tuple[Stance, ...] = ()
    rejects: tuple[Stance, ...] = ()
    unsure: tuple[Stance, ...] = ()
    signs: frozenset[Sign | None] = frozenset()

    @property
    def contested(self) -> bool:
        """Whether some assert and some reject it, or both signs are held."""
        return bool(self.asserts and self.rejects) or {1, -1} <= self.signs

    def meets(self, rule: PerspectiveRule) -> bool:
        """Whether the link belongs to the group's map by `rule`."""
        everyone = (*self.asserts, *self.rejects, *self.unsure)
        if rule.count == "people":
            asserting, considered = len(self.asserts), len(everyone)
        else:
            asserting = len({stance.agency for stance in self.asserts})
            considered = len({stance.agency for stance in everyone})
        # The tolerance keeps 1 of 3 a third whatever the rounding.
        return asserting >= rule.at_least and asserting >= rule.share * considered - 1e-9


@dataclass(frozen=True)
class Perspective:
    """A standpoint's own map, with the rule it was made by and the stances behind it.

    Attributes
    ----------
    map : CausalMap
        Factors the standpoint considered and links it asserts.
    rule : PerspectiveRule
    agencies : tuple of str or None
        Whose view it is; None is everyone.
    person : str or None
    people : int
        How many people said anything, counting a framing without a person as one.
    support : dict of str to Support
        For every link anyone in the group considered, also those left out.
    below_rule : tuple of str
        Links that someone asserts but the rule leaves out.
    """

    map: CausalMap
    rule: PerspectiveRule
    agencies: tuple[str, ...] | None
    person: str | None
    people: int
    support: dict[str, Support] = field(default_factory=dict)
    below_rule: tuple[str, ...] = ()


def sign_held(stance: Stance, link: Link) -> Sign | None:
    """Return the sign a person asserts: their own, else the one the link was shown with."""
    return link.sign if stance.sign is None else stance.sign


def by_side(
    stances: Iterable[Stance], link: Link
) -> Iterator[tuple[Literal["asserts", "other_way", "rejects", "unsure"], Sign | None, list[Stance]]]:
    """Yield who agrees with a link, who holds another sign, who rejects it, who is undecided.

    Whoever holds that it goes the other way does not hold that the link is right as drawn.

    Examples
    --------
    >>> link = Link("L1", "debt", "eviction", sign=1)
    >>> other = Stance("L1", "kari", "nav", "asserts", sign=-1)
    >>> [(side, sign, len(group)) for side, sign, group in by_side([other], link) if group]
    [('other_way', -1, 1)]
    """
    rows = list(stances)
    asserting = [row for row in rows if row.stance == "asserts"]
    signs: tuple[Sign | None, ...] = (1, -1, None)
    yield "asserts", link.sign, [row for row in asserting if sign_held(row, link) == link.sign]
    for sign in signs:
        if sign != link.sign:
            yield "other_way", sign, [row for row in asserting if sign_held(row, link) == sign]
    yield "rejects", link.sign, [row for row in rows if row.stance == "rejects"]
    yield "unsure", link.sign, [row for row in rows if row.stance == "unsure"]


def voices(m: CausalMap, *, examples: bool = False) -> tuple[Stance, ...]:
    """Return what everyone says of the links: stances, and framings that rest on a link.

    Somebody's own stance goes before what their framing implies. A framing without a
    person speaks for its agency as one voice. Later stances replace earlier ones of
    the same person. Whatever points to a link that is gone is left out.
    """
    said: dict[tuple[str, str, str], Stance] = {}
    for framing in m.framings:
        if framing.example and not examples:
            continue
        person = _speaker(framing)
        for link in framing.links:
            if m.has_link(link):
                said[framing.agency, person, link] = Stance(
                    link, person, framing.agency, "asserts", at=framing.at
                )
    for stance in m.stances:
        if m.has_link(stance.link):
            said[stance.agency, stance.person, stance.link] = stance
    return tuple(said.values())


def agencies_in(m: CausalMap) -> tuple[str, ...]:
    """Return the agencies of a map in its own order, then others that have said something, by id.

    Raises
    ------
    TypeError
        For a bare graph: it does not hold what people said.
    """
    if not hasattr(m, "stances"):
        raise TypeError(f"m: expected a CausalMap with what people said of it, got {type(m).__name__}")
    listed = [agency.id for agency in m.agencies]
    speaking = {row.agency for table in (m.stances, m.ratings, m.annotations) for row in table}
    speaking |= {framing.agency for framing in m.framings}
    return (*listed, *sorted(speaking - set(listed) - {""}))


def chosen_agencies(m: CausalMap, agencies: Agencies) -> tuple[str, ...]:
    """Return the ids of the agencies that are meant, in the order given; None is all.

    Raises
    ------
    ValueError
        For an agency that is neither in the map nor has said anything.
    TypeError
        For anything but ids and agencies.
    """
    known = agencies_in(m)
    if agencies is None:
        return known
    if isinstance(agencies, str | Agency):
        agencies = (agencies,)
    if not isinstance(agencies, Iterable):
        raise TypeError(f"agencies: expected the id of an agency, or several, got {agencies!r}")
    chosen = tuple(dict.fromkeys(one.id if isinstance(one, Agency) else one for one in agencies))
    for agency in chosen:
        if agency not in known:
            there = f"there are {', '.join(known)}" if known else "nobody has said anything"
            raise ValueError(f"agencies: there is no agency {agency!r} in the map; {there}")
    return chosen


def take_perspective(
    m: CausalMap,
    agencies: Agencies = None,
    *,
    person: str | None = None,
    rule: PerspectiveRule | None = None,
) -> Perspective:
    """Derive the map of a person, an agency, a group of agencies or everyone.

    A factor belongs to it when the standpoint considered it: rated it, wrote a note on
    it, named it in a framing, or took any stance on a link that touches it, also to
    reject the link. A link belongs to it when it is asserted by as many as `rule` asks
    for. Its sign is the one its asserters hold, and ± when they hold both: signs are
    never averaged. Its strength is the median of theirs. What others said is not in the
    derived map.

    Parameters
    ----------
    m : CausalMap
        The joint map with everyone's stances, ratings, annotations and framings.
    agencies : str, Agency, several of them or None
        Whose view; None is everyone.
    person : str or None
        One person's view.
    rule : PerspectiveRule, optional
        By default a link needs one person.

    Raises
    ------
    ValueError
        For an agency that is neither in the map nor has said anything, and a person who
        has not.

    Notes
    -----
    O(factors + links + everything said).

    Examples
    --------
    >>> from wickedmap import CausalMap, Stance
    >>> m = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "crime", 1)])
    >>> m = m.replace(stances=(Stance("L1", "p1", "nav", "asserts"), Stance("L2", "p1", "nav", "rejects")))
    >>> mine = take_perspective(m, "nav")
    >>> [link.id for link in mine.map.links], [factor.id for factor in mine.map.factors]
    (['L1'], ['debt', 'eviction', 'crime'])
    >>> str(mine.rule)
    'asserted by at least 1 person'
    """
    if not isinstance(rule, PerspectiveRule | None):
        raise TypeError(f"rule: expected a PerspectiveRule, got {rule!r}")
    rule = rule or PerspectiveRule()
    everyone = chosen_agencies(m, agencies)
    wanted = None if agencies is None else everyone
    within = None if wanted is None else frozenset(wanted)

    if person is not None and not _has_spoken(m, person):
        raise ValueError(f"person: nobody called {person!r} has said anything of the map")

    def ours(agency: str, who: str) -> bool:
        return (within is None or agency in within) and (person is None or who == person)

    stances = tuple(row for row in m.stances if ours(row.agency, row.person))
    ratings = tuple(row for row in m.ratings if ours(row.agency, row.person))
    annotations = tuple(row for row in m.annotations if ours(row.agency, row.person))
    framings = tuple(
        row for row in m.framings if ours(row.agency, row.person) and (rule.examples or not row.example)
    )
    own = m.replace(
        stances=stances,
        ratings=ratings,
        annotations=annotations,
        framings=framings,
        meanings=tuple(row for row in m.meanings if ours(row.agency, row.person)),
        conclusions=m.conclusions if wanted is None and person is None else (),
    )
    said = voices(own, examples=rule.examples)
    support = _support(m, said)
    considered = set(_considered(own, support))
    links = tuple(
        _held_link(link, support[link.id])
        for link in m.links
        if link.id in support and support[link.id].meets(rule)
    )
    held = {link.id for link in links}
    speakers = {(row.agency, row.person) for table in (said, ratings, annotations) for row in table}
    speakers |= {(framing.agency, _speaker(framing)) for framing in framings}
    return Perspective(
        map=own.replace(
            factors=tuple(factor for factor in m.factors if factor.id in considered),
            links=links,
            focal=m.focal if m.focal in considered else "",
        ),
        rule=rule,
        agencies=wanted,
        person=person,
        people=len(speakers),
        support=support,
        below_rule=tuple(link for link, row in support.items() if row.asserts and link not in held),
    )


def perspectives_of(
    m: CausalMap, agencies: Agencies = None, *, rule: PerspectiveRule | None = None
) -> dict[str, Perspective]:
    """Return `take_perspective` of each agency by itself, by default of all.

    Raises
    ------
    ValueError
        For an agency that is neither in the map nor has said anything.

    Notes
    -----
    O((factors + links) x agencies + everything said): what was said is read once.
    """
    chosen = chosen_agencies(m, agencies)
    said: dict[str, dict[str, list[Any]]] = {}
    for table in ("stances", "ratings", "annotations", "framings", "meanings"):
        for row in getattr(m, table):
            said.setdefault(row.agency, {}).setdefault(table, []).append(row)
    nothing: dict[str, tuple[Any, ...]] = dict.fromkeys(
        ("stances", "ratings", "annotations", "framings", "meanings"), ()
    )
    found = {}
    for agency in chosen:
        own = {table: tuple(rows) for table, rows in said.get(agency, {}).items()}
        found[agency] = take_perspective(m.replace(**{**nothing, **own}), agency, rule=rule)
    return found


def _has_spoken(m: CausalMap, person: str) -> bool:
    tables = (m.stances, m.ratings, m.annotations, m.framings, m.meanings)
    return any(row.person == person for table in tables for row in table)


def _speaker(framing: Framing) -> str:
    return framing.person or f"framing:{framing.id}"


def _support(m: CausalMap, said: Iterable[Stance]) -> dict[str, Support]:
    by_link: dict[str, dict[str, list[Stance]]] = {}
    for stance in said:
        by_kind = by_link.setdefault(stance.link, {"asserts": [], "rejects": [], "unsure": []})
        by_kind[stance.stance].append(stance)
    return {
        link.id: Support(
            link.id,
            **{kind: tuple(rows) for kind, rows in by_link[link.id].items()},
            signs=frozenset(sign_held(stance, link) for stance in by_link[link.id]["asserts"]),
        )
        for link in m.links
        if link.id in by_link
    }


def _considered(own: CausalMap, support: Iterable[str]) -> Iterator[str]:
    links = set(support) | {note.target for note in own.annotations if note.target_kind == "link"}
    for link_id in links:
        if own.has_link(link_id):
            link = own.link(link_id)
            yield from (link.source, link.target)
    yield from (rating.factor for rating in own.ratings)
    yield from (note.target for note in own.annotations if note.target_kind == "factor")
    for framing in own.framings:
        yield from framing.factors


def _held_link(link: Link, support: Support) -> Link:
    known = support.signs - {None}
    both = len(known) > 1
    return dataclasses.replace(
        link,
        sign=None if both or not known else next(iter(known)),
        both_signs=both,
        strength=median(
            link.strength if stance.strength is None else stance.strength for stance in support.asserts
        ),
        contested=support.contested,
    )
