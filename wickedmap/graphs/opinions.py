"""What agencies say of one link and of one factor, counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..model import Sign, Stance

__all__ = ["AgencyOpinion", "FactorCell", "FactorOpinions", "LinkOpinions", "Side"]

OVERLAP = 3
"""So many owners are an overlap of responsibility."""


@dataclass(frozen=True, slots=True)
class AgencyOpinion:
    """How many of an agency's people say what of one link.

    Attributes
    ----------
    positive, negative, unknown : int
        People who assert it, by the sign they hold.
    rejects, unsure : int
    """

    agency: str
    positive: int = 0
    negative: int = 0
    unknown: int = 0
    rejects: int = 0
    unsure: int = 0

    @property
    def asserts(self) -> int:
        """People who assert the link, with any sign."""
        return self.positive + self.negative + self.unknown

    @property
    def considered(self) -> int:
        """People who have taken any stance on the link."""
        return self.asserts + self.rejects + self.unsure

    def holding(self, sign: Sign | None) -> int:
        """Return how many assert it with this sign; None is a sign not known."""
        return {1: self.positive, -1: self.negative, None: self.unknown}[sign]


@dataclass(frozen=True, slots=True)
class Side:
    """Those who hold the same of one link.

    Attributes
    ----------
    kind : {"asserts", "other_way", "rejects", "unsure", "silent"}
        ``"asserts"``: it is right as the map has it. ``"other_way"``: it is there with
        another sign. ``"silent"``: not considered, which is no disagreement.
    sign : {1, -1, None}
        The sign they hold, where they hold that it is there.
    agencies : tuple of str
        Those of which someone holds this.
    """

    kind: Literal["asserts", "other_way", "rejects", "unsure", "silent"]
    sign: Sign | None
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkOpinions:
    """What every agency says of one link.

    Attributes
    ----------
    sign : {1, -1, None}
        The sign it has in the map; None is not known, or both.
    by_agency : tuple of AgencyOpinion
        Agencies of which someone took a stance, in the map's order. An agency whose
        people differ is both among `asserting` and among `rejecting`.
    silent : tuple of str
        Agencies that have not considered it: that is no disagreement.
    stances : tuple of Stance
        Everything counted here, with the reasons people gave.
    """

    link: str
    source: str
    target: str
    sign: Sign | None
    by_agency: tuple[AgencyOpinion, ...]
    silent: tuple[str, ...]
    stances: tuple[Stance, ...]

    @property
    def sides(self) -> tuple[Side, ...]:
        """Who holds what, by agency: every side that somebody is on, agreement with the map first.

        An agency whose people differ is on several. The same sides as
        `wickedmap.perspective.by_side` gives for people.
        """
        signs: tuple[Sign | None, ...] = (1, -1, None)
        sides = [Side("asserts", self.sign, self.holding(self.sign))]
        sides += [Side("other_way", sign, self.holding(sign)) for sign in signs if sign != self.sign]
        sides.append(Side("rejects", None, self.rejecting))
        sides.append(Side("unsure", None, self.unsure))
        sides.append(Side("silent", None, self.silent))
        return tuple(side for side in sides if side.agencies)

    def holding(self, sign: Sign | None) -> tuple[str, ...]:
        """Return the agencies of which someone asserts the link with this sign; None is not known."""
        return tuple(row.agency for row in self.by_agency if row.holding(sign))

    @property
    def asserting(self) -> tuple[str, ...]:
        """Agencies of which someone asserts the link, with whatever sign; see `sides`."""
        return tuple(row.agency for row in self.by_agency if row.asserts)

    @property
    def other_way(self) -> tuple[str, ...]:
        """Agencies of which someone asserts the link with another sign than the map's."""
        return tuple(row.agency for row in self.by_agency if row.asserts > row.holding(self.sign))

    @property
    def rejecting(self) -> tuple[str, ...]:
        """Agencies of which someone rejects the link."""
        return tuple(row.agency for row in self.by_agency if row.rejects)

    @property
    def unsure(self) -> tuple[str, ...]:
        """Agencies of which someone is unsure about the link."""
        return tuple(row.agency for row in self.by_agency if row.unsure)

    @property
    def signs(self) -> tuple[Sign, ...]:
        """The known signs held by those who assert it, + before −."""
        positive = any(row.positive for row in self.by_agency)
        negative = any(row.negative for row in self.by_agency)
        signs: tuple[Sign, ...] = (1, -1)
        return tuple(sign for sign, held in zip(signs, (positive, negative), strict=True) if held)

    @property
    def people(self) -> AgencyOpinion:
        """The same counts over all agencies; its `agency` is empty."""
        rows = self.by_agency
        return AgencyOpinion(
            "",
            sum(row.positive for row in rows),
            sum(row.negative for row in rows),
            sum(row.unknown for row in rows),
            sum(row.rejects for row in rows),
            sum(row.unsure for row in rows),
        )

    @property
    def contested(self) -> bool:
        """Whether some assert and some reject it, or both signs are held."""
        return bool(self.asserting and self.rejecting) or len(self.signs) > 1

    @property
    def minority(self) -> int:
        """People who are not on the largest side: +, − or "no such link"; 0 when all agree.

        Those who assert the link without a sign are on the side of the more common sign.
        """
        people = self.people
        largest = max(max(people.positive, people.negative) + people.unknown, people.rejects)
        return people.asserts + people.rejects - largest

    def votes(self, sign: Sign | None = None) -> dict[str, tuple[int, int]]:
        """Return (agree, seen) per agency, for `group_informed_consensus`.

        To agree is to assert the link, with this `sign` where one is given.
        """

        def agree(row: AgencyOpinion) -> int:
            if sign is None:
                return row.asserts
            return row.positive if sign == 1 else row.negative

        return {row.agency: (agree(row), row.considered) for row in self.by_agency}


@dataclass(frozen=True, slots=True)
class FactorCell:
    """What one agency has said of one factor.

    Attributes
    ----------
    importance : float or None
        Median of the ratings 1-5; None when nobody gave one.
    rated, undecided : int
        People who gave a rating, and who chose "undecided".
    notes : int
        Texts written on the factor.
    asserted_links, considered_links : int
        Links touching it that someone of the agency asserts, or took any stance on.
    framings : int
        Framings that name it.
    """

    agency: str
    importance: float | None = None
    rated: int = 0
    undecided: int = 0
    notes: int = 0
    asserted_links: int = 0
    considered_links: int = 0
    framings: int = 0

    @property
    def silent(self) -> bool:
        """Whether the agency has said nothing of the factor at all."""
        return not (self.rated or self.undecided or self.notes or self.considered_links or self.framings)


@dataclass(frozen=True, slots=True)
class FactorOpinions:
    """What every agency says of one factor, and who has the responsibility for it.

    Attributes
    ----------
    cells : tuple of FactorCell
        One per agency, in the order of `Overlay.agencies`.
    owners : tuple of str
        Agencies that hold it as their responsibility and are in the map.
    can_be_owned : bool
        False for the focal problem, which nobody owns alone.
    """

    factor: str
    cells: tuple[FactorCell, ...]
    owners: tuple[str, ...]
    can_be_owned: bool = True

    @property
    def silent(self) -> tuple[str, ...]:
        """Agencies that have said nothing of it."""
        return tuple(cell.agency for cell in self.cells if cell.silent)

    @property
    def blind_spot(self) -> bool:
        """Whether no agency has said anything of it."""
        return all(cell.silent for cell in self.cells)

    @property
    def gap(self) -> bool:
        """Whether nobody owns it."""
        return self.can_be_owned and not self.owners

    @property
    def overlap(self) -> bool:
        """Whether three or more own it."""
        return len(self.owners) >= OVERLAP
