"""What a sustained push on one factor does to all others, in the long run."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .fuzzy import SPREAD
from .loop_limits import Cancelled, Clock, StopReason
from .signed import MapOrGraph
from .weighted import (
    DENSE_LIMIT,
    Floats,
    WeightedLinks,
    chain_sum,
    finite,
    read_weighted,
    room_for,
    spectral_radius,
    upper_sizes,
    weight_source,
    whole_number,
)

if TYPE_CHECKING:
    import pandas as pd

DAMPINGS = (0.5, 0.85, 0.95)
"""At which dampings `press` tests its verdicts."""

Verdict = Literal["up", "down", "leaning_up", "leaning_down", "cannot_say", "no_response", "unreached"]

_NOTHING = 1e-9
_TOO_LARGE = (
    "m: the loops are so weak beside the chains that the responses are too large for a number; "
    "use strengths that differ less"
)


@dataclass(frozen=True, slots=True)
class Response:
    """The long-run response of one factor to a press.

    Attributes
    ----------
    factor : hashable
    response : float or None
        At the stated strengths; None when `reason` says why.
    reason : str
        ``"unknown_sign"``: a chain to this factor has a link of unknown sign;
        ``"not_finished"``: no time was left. ``""`` when `response` is there.
    positive, negative, none : float or None
        Shares of the draws in which the factor goes up, down, or nowhere
        (|response| < 1e-9); None when no draw was finished.
    median, low, high : float or None
        Of the draws: 50 %, 5 % and 95 %.
    verdict : str
        ``"up"``/``"down"``: at least 80 % of the draws agree; ``"leaning_..."``: at
        least 60 %; ``"no_response"``: at least 80 % show none; ``"unreached"``: no
        chain leads here; else ``"cannot_say"``.
    verdicts : tuple of str
        The verdict at each of `DAMPINGS`.
    """

    factor: Hashable
    response: float | None
    reason: str
    positive: float | None
    negative: float | None
    none: float | None
    median: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    verdicts: tuple[Verdict, ...]

    @property
    def robust(self) -> bool:
        """Whether the verdict is the same at every damping tested."""
        return len(set(self.verdicts)) <= 1


@dataclass(frozen=True)
class Press:
    """Responses of all factors to a sustained push on one of them.

    Attributes
    ----------
    factor : hashable
        The factor that is pushed.
    sign : {1, -1}
        Up or down.
    responses : tuple of Response
        One per factor, in sorted order; the pushed factor is among them.
    a : float
        The factor in ``(I - a W)^-1``.
    radius : float
        Spectral radius of the matrix of largest strengths; 0 for an acyclic map.
    draws : int
        Draws finished.
    stopped_by : {None, "time", "cancelled"}
        Why fewer were finished than asked for.
    unknown_sign : tuple
        Links whose sign was drawn.
    """

    factor: Hashable
    sign: int
    responses: tuple[Response, ...]
    a: float
    damping: float
    radius: float
    draws: int
    seed: int
    stopped_by: StopReason | None
    unknown_sign: tuple[Hashable, ...]

    def of(self, factor: Hashable) -> Response:
        """Return the response of one factor; `ValueError` when there is none."""
        for response in self.responses:
            if response.factor == factor:
                return response
        raise ValueError(f"factor: there is no factor {factor!r} in the map")

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per factor, with the fields of `Response` and ``robust``."""
        import pandas as pd

        names = ["factor", "response", "reason", "positive", "negative", "none"]
        names += ["median", "low", "high", "verdict", "robust"]
        rows = [{name: getattr(response, name) for name in names} for response in self.responses]
        return pd.DataFrame(rows, columns=names)


def press(
    m: MapOrGraph,
    factor: Hashable,
    sign: int = 1,
    *,
    draws: int = 1000,
    damping: float = 0.85,
    spread: float = SPREAD,
    seed: int = 0,
    positive_share: Mapping[Any, float] | None = None,
    full_strength: float | None = None,
    time_limit: float | None = None,
    cancelled: Cancelled | None = None,
) -> Press:
    """Say in which direction every factor moves under a sustained push on one.

    The response is a row of ``R = (I - a W)^-1 = I + aW + (aW)^2 + ...``: the sum
    over all chains of influence, each weakened by a at every link. With ``a =
    damping / rho`` and rho the spectral radius of the largest strengths, every
    draw is stable by construction, so none is rejected.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        Strengths are read as in `simulate`.
    factor : factor id
        The factor that is pushed.
    sign : {1, -1}
        Push it up or down.
    draws : int
        Number of random weightings.
    damping : float
        Above 0 and below 1: how much of a chain's influence survives; the verdicts
        at 0.5, 0.85 and 0.95 are given too. An acyclic map needs none: a = 1.
    spread, seed, positive_share
        As in `simulate_batch`; a link of unknown sign gets a coin toss per draw.
    time_limit, cancelled
        Seconds, and a function that says whether to give up; the draws finished
        until then are used.

    Returns
    -------
    Press

    Raises
    ------
    ValueError
        For an unknown factor, a sign other than 1 and -1, a bad number, or strengths
        so unequal that responses are too large for a number.

    Notes
    -----
    One linear system per draw, over the factors downstream of `factor` only: O(d^3)
    for d of them up to 300; beyond, sums over chains, O(links) per length of chain.

    References
    ----------
    Bender, E. A., Case, T. J. & Gilpin, M. E. (1984). Perturbation experiments in
    community ecology: theory and practice. Ecology 65, 1-13.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("work", "crime", -1), ("crime", "debt", 1)])
    >>> p = press(m, "work", draws=200)
    >>> [(r.factor, r.verdict) for r in p.responses]
    [('crime', 'down'), ('debt', 'down'), ('work', 'up')]
    """
    if sign not in (1, -1) or isinstance(sign, bool):
        raise ValueError(f"sign: {sign!r} is not 1 (push up) or -1 (push down)")
    whole_number("draws", draws, at_least=1)
    clock = Clock(time_limit, cancelled)
    links = read_weighted(m, full_strength)
    start = links.graph.index_of(factor)
    damping = checked_damping(damping)
    largest = upper_sizes(links, spread)
    radius = spectral_radius(links.size, links.sources, links.targets, largest)
    reached = _reachable(links, start)
    take = weight_source(links, seed=seed, spread=spread, positive_share=positive_share)
    levels = (damping, *DAMPINGS) if radius else (1.0,)
    solver = _Solver(links, start, reached, largest, clock)
    room_for("draws", draws, len(levels) * len(solver.members))
    stated = solver.responses(links.weights[:, None], damping_to_a(damping, radius))
    drawn = np.empty((len(levels), draws, len(solver.members)))
    done = 0
    while done < draws:
        weights = take(min(solver.chunk, draws - done))
        parts: list[Floats] = []
        for level in levels:
            part = solver.responses(weights, damping_to_a(level, radius))
            if part is None:
                break
            parts.append(sign * part)
        if len(parts) < len(levels):
            break
        drawn[:, done : done + weights.shape[1]] = parts
        done += weights.shape[1]
    stopped_by = clock.stop() if done < draws else None
    doubtful = _past_unknown_sign(links, reached)
    summary = _summary(drawn[:, :done]) if done else None
    responses = []
    for position, name in enumerate(links.graph.factors):
        row = int(solver.row_of[position])
        response: float | None = None if stated is None else sign * float(stated[0, row])
        reason = "" if stated is not None else "not_finished"
        if doubtful[position]:
            response, reason = None, "unknown_sign"
        responses.append(_response(name, response, reason, row, summary))
    return Press(
        factor=factor,
        sign=int(sign),
        responses=tuple(responses),
        a=damping_to_a(damping, radius),
        damping=damping,
        radius=radius,
        draws=done,
        seed=seed,
        stopped_by=stopped_by,
        unknown_sign=links.unknown_sign,
    )


def damping_to_a(damping: float, radius: float) -> float:
    """Return a = damping / radius, or 1 for an acyclic map (radius 0)."""
    return damping / radius if radius else 1.0


def checked_damping(damping: float) -> float:
    """Return `damping`, or raise `ValueError` when it is not above 0 and below 1."""
    value = finite("damping", damping)
    if not 0 < value < 1:
        raise ValueError(f"damping: {damping!r} is not above 0 and below 1")
    return value


class _Solver:
    """Solves ``(I - a W.T) r = e_start`` on the factors downstream of the start."""

    def __init__(
        self, links: WeightedLinks, start: int, reached: NDArray[np.bool_], largest: Floats, clock: Clock
    ) -> None:
        self.members = np.flatnonzero(reached)
        self.row_of = np.full(links.size, -1, dtype=np.intp)
        self.row_of[self.members] = np.arange(len(self.members))
        self._kept = np.flatnonzero(reached[links.sources] & reached[links.targets])
        self._sources = self.row_of[links.sources[self._kept]]
        self._targets = self.row_of[links.targets[self._kept]]
        self._largest, self._clock = largest[self._kept], clock
        self._unit = np.zeros(len(self.members))
        self._unit[self.row_of[start]] = 1.0
        self.dense = len(self.members) <= DENSE_LIMIT
        cells = len(self.members) ** 2 if self.dense else len(self._kept)
        self.chunk = max(1, min(500, (1_000_000 if self.dense else 200_000) // max(1, cells)))

    def responses(self, weights: Floats, a: float) -> Floats | None:
        """Return responses of shape (draws, members) for `weights` of shape (links, draws).

        None when the time is up.
        """
        if self._clock.stop():
            return None
        return self._solved(weights, a) if self.dense else self._summed(weights, a)

    def _solved(self, weights: Floats, a: float) -> Floats:
        size, draws = len(self.members), weights.shape[1]
        cells = self._targets * size + self._sources
        systems = np.ascontiguousarray((_adder(cells, size**2) @ (-a * weights[self._kept])).T)
        systems = systems.reshape(draws, size, size)
        systems[:, np.arange(size), np.arange(size)] += 1.0
        units = np.broadcast_to(self._unit[:, None], (draws, size, 1))
        try:
            return _finite(np.asarray(np.linalg.solve(systems, units)[:, :, 0], dtype=float))
        except np.linalg.LinAlgError:
            # Never singular by itself (a < 1/rho): the numbers have lost all their digits.
            raise ValueError(_TOO_LARGE) from None

    def _summed(self, weights: Floats, a: float) -> Floats | None:
        # The largest strengths need most terms; whatever the signs, no draw needs more.
        size = len(self.members)
        ends = (self._targets, self._sources)
        largest, terms = chain_sum(sparse.csr_array((a * self._largest, ends), shape=(size, size)), self._unit)
        _finite(largest)
        gather = _adder(self._targets, size)
        scaled = a * weights[self._kept]
        total = np.repeat(self._unit[:, None], weights.shape[1], axis=1)
        term = total
        for _ in range(terms):
            if self._clock.stop():
                return None
            term = gather @ (term[self._sources] * scaled)
            total = total + term
        return np.asarray(total.T, dtype=float)


def _finite(values: Floats) -> Floats:
    if not np.all(np.isfinite(values)):
        raise ValueError(_TOO_LARGE)
    return values


def _adder(places: Any, size: int) -> Any:
    """Return the matrix that adds up rows by where they belong."""
    return sparse.csr_array((np.ones(len(places)), (places, np.arange(len(places)))), shape=(size, len(places)))


def _reachable(links: WeightedLinks, start: int) -> NDArray[np.bool_]:
    follow: list[list[int]] = [[] for _ in range(links.size)]
    for source, target in zip(links.sources.tolist(), links.targets.tolist(), strict=True):
        follow[source].append(target)
    return _closure(follow, [start], links.size)


def _past_unknown_sign(links: WeightedLinks, reached: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which factors some chain from the start reaches over a link of unknown sign."""
    follow: list[list[int]] = [[] for _ in range(links.size)]
    for source, target in zip(links.sources.tolist(), links.targets.tolist(), strict=True):
        follow[source].append(target)
    entries = links.targets[(links.signs == 0) & reached[links.sources]].tolist() if links.size else []
    return _closure(follow, entries, links.size)


def _closure(follow: list[list[int]], entries: list[int], size: int) -> NDArray[np.bool_]:
    seen = np.zeros(size, dtype=bool)
    waiting = list(entries)
    seen[waiting] = True
    while waiting:
        for following in follow[waiting.pop()]:
            if not seen[following]:
                seen[following] = True
                waiting.append(following)
    return seen


def _summary(drawn: Floats) -> tuple[Floats, Floats]:
    """Return shares (level, 3, member) of up, down, neither; and quantiles (3, member) at the first level."""
    up, down = drawn >= _NOTHING, drawn <= -_NOTHING
    shares = np.stack([part.mean(axis=1) for part in (up, down, ~(up | down))], axis=1)
    return shares, np.quantile(drawn[0], [0.05, 0.5, 0.95], axis=0)


def _response(
    name: Hashable, response: float | None, reason: str, row: int, summary: tuple[Floats, Floats] | None
) -> Response:
    if row < 0:
        return Response(name, 0.0, "", 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, "unreached", _same("unreached"))
    if summary is None:
        return Response(name, response, reason, *(None,) * 6, "cannot_say", _same("cannot_say"))
    shares, quantiles = summary
    up, down, none = shares[0, :, row].tolist()
    low, median, high = quantiles[:, row].tolist()
    verdicts = tuple(_verdict(*level[:, row].tolist()) for level in shares)
    # An acyclic map has one level, the same at every damping.
    tested = _same(verdicts[0]) if len(verdicts) == 1 else verdicts[1:]
    return Response(name, response, reason, up, down, none, median, low, high, verdicts[0], tested)


def _same(verdict: Verdict) -> tuple[Verdict, ...]:
    return tuple(verdict for _ in DAMPINGS)


def _verdict(positive: float, negative: float, none: float) -> Verdict:
    if none >= 0.8:
        return "no_response"
    share = max(positive, negative)
    up = positive >= negative
    if share >= 0.8:
        return "up" if up else "down"
    if share >= 0.6:
        return "leaning_up" if up else "leaning_down"
    return "cannot_say"
