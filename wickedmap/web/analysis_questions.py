"""What can be asked of a map on the page of analyses, and answers small enough to send between processes.

Nothing here knows of people or screens. A question and a `Skeleton` are plain values,
so together they are the key under which an answer is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from .. import graphs
from ..causal_map import CausalMap
from ..graphs.loop_limits import StopReason
from ..graphs.loop_results import Polarity
from ..graphs.quadrants import Method
from ..model import Factor, Link
from ..text import Texts

LISTED: Final = 500
"""Most loops an answer writes out; people read about twenty."""

Push: TypeAlias = tuple[str, int]
"""A factor and the direction (1 or -1) it is pushed in."""
Progress: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What analyses depend on in a map: maps with equal ones have equal answers.

    Attributes
    ----------
    factors : tuple of (id, valence)
    links : tuple of (id, source, target, sign, both signs, strength, delay)
    """

    factors: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str, str, int | None, bool, float, str], ...]

    @classmethod
    def of(cls, m: CausalMap) -> Skeleton:
        """Return the skeleton of a map."""
        return cls(
            tuple((factor.id, factor.valence) for factor in m.factors),
            tuple(
                (one.id, one.source, one.target, one.sign, one.both_signs, one.strength, one.delay)
                for one in m.links
            ),
        )

    def to_map(self) -> CausalMap:
        """Return a map with this skeleton, its factors called by their ids.

        Examples
        --------
        >>> m = CausalMap.from_links([("debt", "eviction", 1)])
        >>> Skeleton.of(Skeleton.of(m).to_map()) == Skeleton.of(m)
        True
        """
        return CausalMap(
            factors=tuple(
                Factor(one, Texts(nb=one), valence=valence)  # type: ignore[arg-type]
                for one, valence in self.factors
            ),
            links=tuple(
                Link(one, source, target, sign, both, strength, delay)  # type: ignore[arg-type]
                for one, source, target, sign, both, strength, delay in self.links
            ),
        )


# --- questions --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LoopsQuestion:
    """Which loops there are, of up to `max_length` links, perhaps of one kind or through one factor."""

    max_length: int | None = 6
    polarity: Polarity | Literal[""] = ""
    factor: str = ""


@dataclass(frozen=True, slots=True)
class LeverageQuestion:
    """Where the loops can be cut."""


@dataclass(frozen=True, slots=True)
class ReachQuestion:
    """What a factor moves, what moves it, and how central every factor is.

    With `start` and `end`: by which chains, too.
    """

    factor: str
    method: Method = "direct"
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class HeldQuestion:
    """What holds the problem back."""


@dataclass(frozen=True, slots=True)
class WhatIfQuestion:
    """What changes when these factors are pushed.

    One push is a press, answered by its long-run response. Several are a scenario,
    compared with the map as it is on the same random numbers.
    """

    pushes: tuple[Push, ...]


@dataclass(frozen=True, slots=True)
class BehindQuestion:
    """Which links one factor's response to the pushes rests on."""

    pushes: tuple[Push, ...]
    target: str


Question: TypeAlias = (
    LoopsQuestion | LeverageQuestion | ReachQuestion | HeldQuestion | WhatIfQuestion | BehindQuestion
)


# --- answers ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NamedLoop:
    """A loop with the name the room calls it by: R1, B2, ?1; only its letter where it has no number."""

    name: str
    loop: graphs.Loop


@dataclass(frozen=True)
class LoopsAnswer:
    """Loops that fit the question, and how complete that is.

    Attributes
    ----------
    loops : tuple of NamedLoop
        The first `LISTED` that fit, shortest first and the strongest of equally long ones first.
        Numbers count all loops of a polarity in that order, so that a filter changes no name.
    matching : int
        How many of those found fit.
    total : int
        Loops found before the filter by polarity and factor.
    complete_to, completeness, stopped_by
        As in `wickedmap.graphs.FoundLoops`, about the loops that were searched for.
    searched_through : str
        The factor that all of the search went through; empty when the whole map was searched.
    """

    loops: tuple[NamedLoop, ...]
    matching: int
    total: int
    polarities: dict[Polarity, int]
    complete_to: int
    completeness: str
    stopped_by: StopReason | None
    searched_through: str
    has_loops: bool


@dataclass(frozen=True)
class LeverageAnswer:
    """Factors that cut all loops, a basis of the loops, and the shortest loop through each link."""

    feedback: graphs.FeedbackFactors
    basis: graphs.LoopBasis
    shortest: dict[Any, graphs.Loop | None]
    stopped_by: StopReason | None


@dataclass(frozen=True)
class ReachAnswer:
    """One factor's reach, and measures of all factors; what is too large to compute says so."""

    reach: graphs.Reach
    centralities: graphs.Centralities
    quadrants: graphs.Quadrants | None
    components: graphs.Components
    paths: graphs.Paths | None
    stopped_by: StopReason | None


@dataclass(frozen=True)
class HeldAnswer:
    """The check of signs against valences, and the first balancing loops there are."""

    check: graphs.ValenceCheck
    balancing: tuple[NamedLoop, ...]
    stopped_by: StopReason | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """In how many of the draws one factor goes up or down.

    Attributes
    ----------
    up, down, unchanged : float or None
        Shares of the draws; None when `reason` says why.
    size : float
        Median change, for ordering only: its scale means nothing outside the model.
    verdict : str
        As in `wickedmap.graphs.Response`.
    robust : bool or None
        For a press: whether the verdict is the same however fast influence wears off.
    """

    factor: str
    up: float | None
    down: float | None
    unchanged: float | None
    size: float
    verdict: str
    robust: bool | None


@dataclass(frozen=True)
class WhatIfAnswer:
    """What changes, largest first; `reason` when there is nothing to compare."""

    changes: tuple[Change, ...]
    draws: int
    unsettled: int
    reason: str
    stopped_by: StopReason | None


@dataclass(frozen=True, slots=True)
class Bearing:
    """What one link does to a response: how much it moves it, and whether the direction rests on it."""

    link: str
    change: float
    decides: bool


@dataclass(frozen=True)
class BehindAnswer:
    """The links that bear most on a response, and how many more there are."""

    links: tuple[Bearing, ...]
    more: int
    response: float
    stopped_by: StopReason | None = None


Answer: TypeAlias = LoopsAnswer | LeverageAnswer | ReachAnswer | HeldAnswer | WhatIfAnswer | BehindAnswer
