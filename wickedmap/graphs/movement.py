"""How what people hold has moved between two moments: link by link, and towards each other or apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from ..causal_map import CausalMap
from ..model import Link, Stance
from ..perspective import sign_held, voices
from .perspectives import Convergence, convergence_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["POSITIONS", "LinkMovement", "Move", "Movement", "movement"]

Position = Literal["more", "less", "unknown", "rejects", "unsure", ""]

POSITIONS: Final = ("more", "less", "unknown", "rejects", "unsure")
"""What can be held of a link: more gives more, more gives less, it holds with a sign not
known, it does not hold, undecided. An empty text is having said nothing."""
_ASSERTS: Final = frozenset({"more", "less", "unknown"})
_SIGNED: Final[Mapping[int | None, Position]] = {1: "more", -1: "less", None: "unknown"}

Speaker = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Move:
    """What one person held of a link before and after; they differ."""

    agency: str
    person: str
    before: Position
    after: Position


@dataclass(frozen=True, slots=True)
class LinkMovement:
    """What was held of one link at both moments.

    Attributes
    ----------
    before, after : dict of str to int
        People by position, of those who had said something at that moment.
    moves : tuple of Move
        Those whose position differs; also those who had said nothing before.
    people : dict of str to int
        People of each agency who had said something at either moment.
    """

    link: str
    before: Mapping[Position, int]
    after: Mapping[Position, int]
    moves: tuple[Move, ...]
    people: Mapping[str, int]

    @property
    def asserting(self) -> tuple[int, int]:
        """People who hold that the link is there, before and after."""
        return _asserting(self.before), _asserting(self.after)

    @property
    def changed(self) -> tuple[Move, ...]:
        """Those who had a position before and have another now."""
        return tuple(move for move in self.moves if move.before and move.after)


@dataclass(frozen=True, slots=True)
class Movement:
    """What has moved between two moments.

    Attributes
    ----------
    links : tuple of LinkMovement
        Links on which anybody moved; those with most changes of position first.
    still : int
        Links that somebody has spoken of and on which nobody moved.
    both : dict of str to int
        People of each agency who had spoken at both moments.
    changed : dict of str to int
        Those of them who changed a position on at least one link.
    convergence : Convergence
        Mean distance from each person to the others, on those who spoke both times.
    """

    links: tuple[LinkMovement, ...]
    still: int
    both: Mapping[str, int]
    changed: Mapping[str, int]
    convergence: Convergence

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per move: ``link, agency, person, before, after``."""
        import pandas as pd

        rows = [
            (row.link, move.agency, move.person, move.before, move.after)
            for row in self.links
            for move in row.moves
        ]
        return pd.DataFrame(rows, columns=["link", "agency", "person", "before", "after"])


def movement(before: CausalMap, after: CausalMap) -> Movement:
    """Compare what people held at two moments of the same workshop.

    Links are those of `after`; what was said of a link that is gone since is left out.
    Nobody who had said nothing is counted as having changed their mind.

    Notes
    -----
    O(people x links).

    Examples
    --------
    >>> m = CausalMap.from_links([("debt", "eviction", 1)])
    >>> first = m.replace(stances=(Stance("L1", "p1", "nav", "unsure"),))
    >>> then = m.replace(
    ...     stances=(Stance("L1", "p1", "nav", "asserts"), Stance("L1", "p2", "police", "rejects"))
    ... )
    >>> moved = movement(first, then)
    >>> moved.links[0].asserting, moved.links[0].changed
    ((0, 1), (Move(agency='nav', person='p1', before='unsure', after='more'),))
    >>> [(move.person, move.before, move.after) for move in moved.links[0].moves]
    [('p1', 'unsure', 'more'), ('p2', '', 'rejects')]
    """
    links = {link.id: link for link in after.links}
    first_words = [stance for stance in voices(before) if stance.link in links]
    last_words = [stance for stance in voices(after) if stance.link in links]
    earlier, later = _by_link(first_words, links), _by_link(last_words, links)
    rows = []
    still = 0
    for link in links:
        first, then = earlier.get(link, {}), later.get(link, {})
        if not first and not then:
            continue
        speakers = sorted({*first, *then})
        moves = tuple(
            Move(agency, person, first.get((agency, person), ""), then.get((agency, person), ""))
            for agency, person in speakers
            if first.get((agency, person)) != then.get((agency, person))
        )
        if moves:
            rows.append(LinkMovement(link, _counted(first), _counted(then), moves, _by_agency(speakers)))
        else:
            still += 1
    both = _speakers(earlier) & _speakers(later)
    changed = {(move.agency, move.person) for row in rows for move in row.changed}
    rows.sort(key=lambda row: (-len(row.changed), -len(row.moves)))
    return Movement(
        tuple(rows),
        still,
        _by_agency(sorted(both)),
        _by_agency(sorted(changed)),
        convergence_of((before, _of(first_words, both)), (after, _of(last_words, both))),
    )


def _asserting(counts: Mapping[Position, int]) -> int:
    return sum(count for position, count in counts.items() if position in _ASSERTS)


def _position(stance: Stance, link: Link) -> Position:
    if stance.stance == "rejects":
        return "rejects"
    return "unsure" if stance.stance == "unsure" else _SIGNED[sign_held(stance, link)]


def _by_link(words: Iterable[Stance], links: Mapping[str, Link]) -> dict[str, dict[Speaker, Position]]:
    said: dict[str, dict[Speaker, Position]] = {}
    for stance in words:
        by_person = said.setdefault(stance.link, {})
        by_person[stance.agency, stance.person] = _position(stance, links[stance.link])
    return said


def _counted(said: Mapping[Speaker, Position]) -> dict[Position, int]:
    counts: dict[Position, int] = {}
    for position in said.values():
        counts[position] = counts.get(position, 0) + 1
    return counts


def _by_agency(speakers: Iterable[Speaker]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for agency, _ in speakers:
        counts[agency] = counts.get(agency, 0) + 1
    return counts


def _speakers(said: Mapping[str, Mapping[Speaker, Position]]) -> set[Speaker]:
    return {speaker for by_person in said.values() for speaker in by_person}


def _of(words: Iterable[Stance], people: set[Speaker]) -> list[Stance]:
    return [stance for stance in words if (stance.agency, stance.person) in people]
