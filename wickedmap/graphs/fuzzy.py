"""Fuzzy cognitive maps: where a map ends up, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .certificate import Certificate, certify
from .fuzzy_rules import Rule, Squash, States, chunk_size, read_initial, read_motion, settle
from .loop_limits import Cancelled, Clock, StopReason
from .signed import MapOrGraph
from .weighted import Floats, read_only, read_weighted, room_for, weight_source, whole_number

if TYPE_CHECKING:
    import pandas as pd

SPREAD = 1 / 6
"""Half a step of the scale weak (1/3), medium (2/3), strong (1): neighbouring bands meet."""


@dataclass(frozen=True, eq=False)
class Simulation:
    """The course of a fuzzy cognitive map and what it came to.

    Attributes
    ----------
    factors : tuple
        Factor ids, in the order of the columns of `trajectory`.
    trajectory : array of shape (steps run + 1, factors)
        Every state, the start included; row t is the state after t steps.
    certificate : Certificate
        Whether the map settled, and what is proven about it.
    unknown_sign : tuple
        Links left out because their sign is not known.
    without_causes : tuple
        Factors that no link of known sign points at and that are neither clamped
        nor pushed: their value comes from the rule alone and means nothing.
    """

    factors: tuple[Hashable, ...]
    trajectory: Floats
    certificate: Certificate
    rule: Rule
    squash: Squash
    steepness: float
    unknown_sign: tuple[Hashable, ...]
    without_causes: tuple[Hashable, ...]

    @property
    def equilibrium(self) -> dict[Hashable, float] | None:
        """Value of each factor at the fixed point; None when the map did not come to one."""
        if self.certificate.kind != "fixed_point":
            return None
        return dict(zip(self.factors, self.trajectory[-1].tolist(), strict=True))

    @property
    def cycle(self) -> Floats | None:
        """The states of the limit cycle, shape (period, factors); None when there is no cycle."""
        if self.certificate.kind != "limit_cycle":
            return None
        return self.trajectory[-(self.certificate.period or 1) :]

    def to_pandas(self) -> pd.DataFrame:
        """Return the course as a DataFrame: one row per step, one column per factor."""
        import pandas as pd

        frame = pd.DataFrame(self.trajectory.copy(), columns=pd.Index(self.factors, tupleize_cols=False))
        frame.index.name = "step"
        return frame


def simulate(
    m: MapOrGraph,
    steps: int = 1000,
    rule: Rule = "kosko",
    squash: Squash = "sigmoid",
    steepness: float = 1.0,
    initial: States = None,
    clamped: Mapping[Any, float] | None = None,
    *,
    pushes: Mapping[Any, float] | None = None,
    full_strength: float | None = None,
    time_limit: float | None = None,
    cancelled: Cancelled | None = None,
) -> Simulation:
    """Run a map as a fuzzy cognitive map until it settles, cycles, or `steps` are done.

    All factors move at the same time. With ``s_i`` the sum of ``W[j, i] * x_j``
    over the causes j of i, and f the squashing function:

    - ``"kosko"``: ``x_i' = f(s_i)`` (Kosko 1986);
    - ``"modified"``: ``x_i' = f(x_i + s_i)`` (Stylios & Groumpos 2004);
    - ``"rescaled"``: ``x_i' = f(2 x_i - 1 + sum of W[j, i] (2 x_j - 1))``
      (Papageorgiou 2011).

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        ``W[j, i]`` is sign times strength / 3 for a map and for edges with ``sign``
        and ``strength``; an edge's own ``weight`` is used as it is. Parallel links
        add up. Links of unknown sign are left out and listed in the result.
    steps : int
        Most steps to run.
    squash : {"sigmoid", "tanh", "bivalent", "trivalent"}
        ``1 / (1 + exp(-L x))``, ``tanh(L x)``, ``1 if x > 0 else 0``, the sign of x.
        The rescaled rule works with states in [0, 1] only.
    steepness : float
        L above.
    initial : mapping, sequence or None
        State at step 0. A mapping from factor to value (others 0), or one value per
        factor in sorted order; None starts every factor at 1.
    clamped : mapping of factor to value, optional
        Factors held at a value: at step 0 and again after every step.
    pushes : mapping of factor to float, optional
        Constant input to a factor, added to the sum before squashing. It is what a
        clamped intervention factor with a link of that weight would give.
    full_strength : float, optional
        The strength that counts as 1, in place of the rule above.
    time_limit, cancelled
        Seconds, and a function that says whether to give up.

    Returns
    -------
    Simulation

    Raises
    ------
    ValueError
        Naming the argument: an unknown factor, rule or squashing function, a value
        out of range, `steps` below 1.

    Notes
    -----
    O(steps x links). A small step is not taken for rest: see `Certificate`. The
    numbers compare outcomes of one map; they are not measurements of anything.

    References
    ----------
    Kosko, B. (1986). Fuzzy cognitive maps. Int. J. Man-Machine Studies 24, 65-75.
    Papageorgiou, E. I. (2011). A new methodology for decisions in medical
    informatics using fuzzy cognitive maps. Applied Soft Computing 11, 500-513.
    Stylios, C. D. & Groumpos, P. P. (2004). Modeling complex systems using fuzzy
    cognitive maps. IEEE Trans. SMC A 34, 155-162.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1, 3), ("b", "a", -1, 3)])
    >>> s = simulate(m, squash="trivalent", initial={"a": 1})
    >>> s.certificate.kind, s.certificate.period, s.equilibrium
    ('limit_cycle', 4, None)
    """
    whole_number("steps", steps, at_least=1)
    clock = Clock(time_limit, cancelled)
    links = read_weighted(m, full_strength)
    graph = links.graph
    motion = read_motion(graph, rule=rule, squash=squash, steepness=steepness, clamped=clamped, pushes=pushes)
    state = read_initial(graph, initial, motion)
    room_for("steps", steps + 1, links.size)
    matrix = links.matrix(links.weights).T
    states = [state]
    # Adding 0.0 makes -0.0 and 0.0, the same state, the same bytes.
    seen = {(state + 0.0).tobytes(): 0}
    stopped_by: StopReason | None = None
    for step in range(1, steps + 1):
        stopped_by = clock.stop()
        if stopped_by:
            break
        moved = motion.next_state(state, lambda x: np.asarray(matrix @ x))
        states.append(moved)
        if motion.discrete:
            first = seen.setdefault((moved + 0.0).tobytes(), step)
            if first != step:
                break
        elif np.max(np.abs(moved - state), initial=0.0) <= 1e-13:
            break
        state = moved
    trajectory = np.array(states)
    certificate, polished = certify(motion, links, matrix, trajectory, stopped_by)
    if polished is not None:
        trajectory[-1] = polished
    has_cause = np.zeros(len(graph.factors), dtype=bool)
    has_cause[links.targets[links.signs != 0]] = True
    has_cause[motion.clamped] = True
    has_cause[motion.push != 0] = True
    return Simulation(
        factors=graph.factors,
        trajectory=read_only(trajectory),
        certificate=certificate,
        rule=rule,
        squash=squash,
        steepness=float(steepness),
        unknown_sign=links.unknown_sign,
        without_causes=tuple(graph.factors[position] for position in np.flatnonzero(~has_cause)),
    )


@dataclass(frozen=True, eq=False)
class Batch:
    """Many runs of one map, each with its own weights.

    Attributes
    ----------
    factors : tuple
        Factor ids, in the order of the columns of `final`.
    final : array of shape (draws, factors)
        State after the last step; an equilibrium only where `settled`.
    residual : array of shape (draws,)
        Largest movement in the last step.
    settled : array of bool, shape (draws,)
        Whether the run stood still, within `tolerance`.
    stopped_by : {None, "time", "cancelled"}
        Why fewer draws than asked for were run.
    """

    factors: tuple[Hashable, ...]
    final: Floats
    residual: Floats
    settled: Any
    tolerance: float
    seed: int
    spread: float
    stopped_by: StopReason | None

    @property
    def unsettled(self) -> int:
        """Number of runs that did not settle; they are left out of the summary."""
        return int(np.count_nonzero(~self.settled))

    def to_pandas(self) -> pd.DataFrame:
        """Return ``factor, median, low, high, draws`` (5 % and 95 % of the settled runs)."""
        import pandas as pd

        kept = self.final[self.settled]
        quantiles = np.quantile(kept, [0.05, 0.5, 0.95], axis=0) if len(kept) else None
        return pd.DataFrame(
            {
                "factor": list(self.factors),
                "median": None if quantiles is None else quantiles[1],
                "low": None if quantiles is None else quantiles[0],
                "high": None if quantiles is None else quantiles[2],
                "draws": len(kept),
            }
        )


def simulate_batch(
    m: MapOrGraph,
    draws: int = 10_000,
    steps: int = 200,
    rule: Rule = "kosko",
    squash: Squash = "sigmoid",
    steepness: float = 1.0,
    initial: States = None,
    clamped: Mapping[Any, float] | None = None,
    *,
    pushes: Mapping[Any, float] | None = None,
    spread: float = SPREAD,
    seed: int = 0,
    positive_share: Mapping[Any, float] | None = None,
    tolerance: float = 1e-9,
    full_strength: float | None = None,
    time_limit: float | None = None,
    cancelled: Cancelled | None = None,
) -> Batch:
    """Run a map many times with weights drawn around the stated ones.

    Parameters
    ----------
    m, steps, rule, squash, steepness, initial, clamped, pushes, full_strength
        As in `simulate`.
    draws : int
        Number of runs.
    spread : float
        Each strength is uniform within this of the stated one, in shares of full
        strength, and stays within [0, 1].
    seed : int
        The same seed gives the same bytes. A link's draws depend on the seed, its
        id and the number of the draw only.
    positive_share : mapping of link id to float, optional
        Probability that a link of unknown sign is positive; 1/2 where not given.
    tolerance : float
        A run has settled when no factor moves more than this in a step; 0 always
        runs all `steps`.

    Returns
    -------
    Batch

    Notes
    -----
    O(draws x steps x links); all draws of a chunk are one sparse product per step.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("a", "b", 1), ("b", "a", None)])
    >>> b = simulate_batch(m, draws=100)
    >>> b.final.shape, b.unsettled
    ((100, 2), 0)
    """
    whole_number("draws", draws, at_least=1)
    whole_number("steps", steps, at_least=1)
    if not (math.isfinite(tolerance) and tolerance >= 0):
        raise ValueError(f"tolerance: {tolerance!r} is not a number of at least 0")
    clock = Clock(time_limit, cancelled)
    links = read_weighted(m, full_strength)
    motion = read_motion(
        links.graph, rule=rule, squash=squash, steepness=steepness, clamped=clamped, pushes=pushes
    )
    start = read_initial(links.graph, initial, motion)
    take = weight_source(links, seed=seed, spread=spread, positive_share=positive_share)
    room_for("draws", draws, links.size)
    final = np.empty((draws, links.size))
    residual = np.empty(draws)
    done, stopped_by = 0, None
    chunk = chunk_size(links)
    while done < draws:
        weights = take(min(chunk, draws - done))
        part, moved = settle(
            motion,
            (links.sources, links.targets),
            weights,
            start,
            steps=steps,
            tolerance=tolerance,
            must_stop=clock.stop,
        )
        stopped_by = clock.stop()
        if stopped_by:
            break
        final[done : done + len(moved)] = part.T
        residual[done : done + len(moved)] = moved
        done += len(moved)
    return Batch(
        factors=links.graph.factors,
        final=read_only(final[:done]),
        residual=read_only(residual[:done]),
        settled=read_only(residual[:done] <= max(tolerance, 1e-9)),
        tolerance=tolerance,
        seed=seed,
        spread=spread,
        stopped_by=stopped_by,
    )
