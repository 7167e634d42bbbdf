"""What changes when something is done: scenarios against a baseline, draw by draw."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..model import Intervention
from .fuzzy import SPREAD
from .fuzzy_rules import Motion, Rule, Squash, States, chunk_size, read_initial, read_motion, settle
from .loop_limits import Cancelled, Clock, StopReason
from .signed import MapOrGraph, SignedGraph
from .weighted import Floats, Positions, finite, read_weighted, room_for, weight_source, whole_number

if TYPE_CHECKING:
    import pandas as pd

SETTLED = 1e-9
"""A run has settled when no factor moves more than this in a step."""
UNCHANGED = 1e-6
"""A difference below this counts as no change."""


@dataclass(frozen=True)
class Scenario:
    """Something that is done to the map.

    Parameters
    ----------
    name : str
    pushes : mapping of factor to float
        Constant input added to what the factor's causes give it.
    clamped : mapping of factor to float
        Factors held at a value.
    links : mapping of link id to float
        What is left of a link, as a multiple of its strength: 0.5 weakened by half,
        0 removed, -1 turned round, 1 unchanged.
    added : sequence of (source, target, weight)
        Further links, of fixed weight in [-1, 1].
    """

    name: str
    pushes: Mapping[Any, float] = field(default_factory=dict)
    clamped: Mapping[Any, float] = field(default_factory=dict)
    links: Mapping[Any, float] = field(default_factory=dict)
    added: Sequence[tuple[Any, Any, float]] = ()


@dataclass(frozen=True, slots=True)
class FactorChange:
    """How one factor differs from the baseline, over the draws that settled in both.

    Attributes
    ----------
    factor : hashable
    median, low, high : float or None
        Of the paired differences: 50 %, 5 % and 95 %; None when no draw settled.
    up, down, unchanged : float or None
        Shares of the draws (|difference| < 1e-6 is unchanged).
    standard_error : float or None
        Of the mean difference; None below two draws.
    """

    factor: Hashable
    median: float | None
    low: float | None
    high: float | None
    up: float | None
    down: float | None
    unchanged: float | None
    standard_error: float | None


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """One scenario against the baseline.

    Attributes
    ----------
    name : str
    changes : tuple of FactorChange
        Largest median difference first.
    differences : array of shape (draws, factors)
        The paired differences, in the order of `ScenarioComparison.factors`, of the
        draws that settled in both.
    draws : int
        Number of those draws.
    unsettled : int
        Draws left out because the baseline or the scenario did not settle.
    reason : str
        ``"no_draw_settled"`` or ``"no_draw_finished"`` when there is nothing to compare.
    """

    name: str
    changes: tuple[FactorChange, ...]
    differences: Floats
    draws: int
    unsettled: int
    reason: str

    def of(self, factor: Hashable) -> FactorChange:
        """Return the change of one factor; `ValueError` when there is none."""
        for change in self.changes:
            if change.factor == factor:
                return change
        raise ValueError(f"factor: there is no factor {factor!r} in the map")


@dataclass(frozen=True, eq=False)
class ScenarioComparison:
    """Scenarios compared with the same baseline on the same random numbers.

    Attributes
    ----------
    factors : tuple
        Factor ids, in the order of the columns of `ScenarioResult.differences`.
    baseline : mapping of factor to float or None
        Median end value without any scenario; None when no draw settled.
    results : tuple of ScenarioResult
    stopped_by : {None, "time", "cancelled"}
        Why fewer draws than asked for were run.
    """

    factors: tuple[Hashable, ...]
    baseline: Mapping[Hashable, float | None]
    results: tuple[ScenarioResult, ...]
    seed: int
    stopped_by: StopReason | None

    def of(self, name: str) -> ScenarioResult:
        """Return one scenario's result; `ValueError` when there is none of that name."""
        for result in self.results:
            if result.name == name:
                return result
        raise ValueError(f"name: there is no scenario {name!r}")

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per scenario and factor, largest change first."""
        import pandas as pd

        names = ["factor", "median", "low", "high", "up", "down", "unchanged", "standard_error"]
        rows = [
            {"scenario": result.name, **{name: getattr(change, name) for name in names}, "draws": result.draws}
            for result in self.results
            for change in result.changes
        ]
        return pd.DataFrame(rows, columns=["scenario", *names, "draws"])


def scenarios(
    m: MapOrGraph,
    interventions: Sequence[Scenario | Intervention] | Scenario | Intervention,
    *,
    draws: int = 1000,
    steps: int = 500,
    rule: Rule = "kosko",
    squash: Squash = "sigmoid",
    steepness: float = 1.0,
    initial: States = None,
    push: float = 0.5,
    spread: float = SPREAD,
    seed: int = 0,
    positive_share: Mapping[Any, float] | None = None,
    full_strength: float | None = None,
    time_limit: float | None = None,
    cancelled: Cancelled | None = None,
) -> ScenarioComparison:
    """Compare what interventions do with what happens without them.

    Every draw of strengths is run once without and once with each scenario, so the
    differences are those of the scenario and not of the dice (common random
    numbers). A link's draws depend on the seed, its id and the number of the draw
    only: taking a link away or adding one leaves the others as they were.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        Strengths are read as in `simulate`, and drawn as in `simulate_batch`.
    interventions : Scenario or wickedmap.model.Intervention, or several
        An `Intervention` pushes each factor of its effects by `push` times the sign.
        An effect on a factor that the map does not have is an error.
    draws, steps : int
        Number of weightings, and most steps for each to settle.
    rule, squash, steepness, initial
        As in `simulate`.
    push : float
        Size of the push of an `Intervention`.

    Returns
    -------
    ScenarioComparison
        A scenario that changes nothing gives differences of exactly 0.

    Raises
    ------
    ValueError
        For an unknown factor or link, two scenarios of one name, or a bad number.

    Notes
    -----
    O((1 + scenarios) x draws x steps x links).

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("housing", "crime", -1, 3), ("crime", "housing", -1)])
    >>> c = scenarios(m, Scenario("homes", pushes={"housing": 1}), draws=100)
    >>> [(f.factor, f.up, f.down) for f in c.of("homes").changes]
    [('housing', 1.0, 0.0), ('crime', 0.0, 1.0)]
    """
    whole_number("draws", draws, at_least=1)
    whole_number("steps", steps, at_least=1)
    clock = Clock(time_limit, cancelled)
    links = read_weighted(m, full_strength)
    graph = links.graph

    def run(pushes: Mapping[Any, float], clamped: Mapping[Any, float]) -> tuple[Motion, Floats]:
        motion = read_motion(
            graph, rule=rule, squash=squash, steepness=steepness, clamped=clamped, pushes=pushes
        )
        return motion, read_initial(graph, initial, motion)

    plans = [_as_scenario(one, finite("push", push)) for one in _as_sequence(interventions)]
    names = [plan.name for plan in plans]
    if len(set(names)) != len(names):
        raise ValueError("interventions: two scenarios have the same name")
    for plan in plans:
        for factor in plan.pushes:
            graph.index_of(factor, f"pushes of {plan.name!r}")
        for factor in plan.clamped:
            graph.index_of(factor, f"clamped of {plan.name!r}")
    room_for("draws", draws, links.size * (len(plans) + 1))
    base = run({}, {})
    motions = [run(plan.pushes, plan.clamped) for plan in plans]
    changes = [_link_changes(graph, links.sources, links.targets, plan) for plan in plans]
    take = weight_source(links, seed=seed, spread=spread, positive_share=positive_share)
    chunk = chunk_size(links)
    done, stopped_by = 0, None
    ends: list[list[Floats]] = [[] for _ in range(len(plans) + 1)]
    still: list[list[Floats]] = [[] for _ in range(len(plans) + 1)]
    while done < draws:
        weights = take(min(chunk, draws - done))
        setups = [(base, (links.sources, links.targets), weights)]
        for setup, change in zip(motions, changes, strict=True):
            setups.append((setup, change.ends, change.apply(weights)))
        parts = []
        for (motion, start), pair, scaled in setups:
            parts.append(
                settle(motion, pair, scaled, start, steps=steps, tolerance=SETTLED, must_stop=clock.stop)
            )
        stopped_by = clock.stop()
        if stopped_by:
            break
        for number, (final, residual) in enumerate(parts):
            ends[number].append(final.T)
            still[number].append(residual)
        done += weights.shape[1]
    empty = np.empty((0, links.size))
    finals = [np.concatenate(parts) if parts else empty for parts in ends]
    settled = [np.concatenate(parts) <= SETTLED if parts else np.zeros(0, dtype=bool) for parts in still]
    kept = finals[0][settled[0]]
    medians = np.median(kept, axis=0).tolist() if len(kept) else [None] * links.size
    return ScenarioComparison(
        factors=graph.factors,
        baseline=dict(zip(graph.factors, medians, strict=True)),
        results=tuple(
            _result(name, graph, finals[0], final, settled[0] & calm)
            for name, final, calm in zip(names, finals[1:], settled[1:], strict=True)
        ),
        seed=seed,
        stopped_by=stopped_by,
    )


@dataclass(frozen=True, eq=False)
class _LinkChanges:
    ends: tuple[Positions, Positions]
    multiples: Floats | None
    added: Floats

    def apply(self, weights: Floats) -> Floats:
        if self.multiples is not None:
            weights = weights * self.multiples[:, None]
        if len(self.added):
            extra = np.repeat(self.added[:, None], weights.shape[1], axis=1)
            weights = np.concatenate([weights, extra])
        return weights


def _link_changes(graph: SignedGraph, sources: Positions, targets: Positions, plan: Scenario) -> _LinkChanges:
    multiples = None
    rows = {link.id: row for row, link in enumerate(graph.links)}
    if plan.links:
        multiples = np.ones(len(rows))
        for link_id, multiple in plan.links.items():
            if link_id not in rows:
                raise ValueError(f"links of {plan.name!r}: there is no link {link_id!r} in the map")
            multiples[rows[link_id]] = finite(f"links of {plan.name!r}, {link_id!r}", multiple)
    weights = []
    new_sources, new_targets = [], []
    for source, target, weight in plan.added:
        where = f"added of {plan.name!r}"
        new_sources.append(graph.index_of(source, where))
        new_targets.append(graph.index_of(target, where))
        value = finite(where, weight)
        if not -1 <= value <= 1:
            raise ValueError(f"{where}: {weight!r} is not between -1 and 1")
        weights.append(value)
    pair = (
        np.concatenate([sources, np.array(new_sources, dtype=np.intp)]),
        np.concatenate([targets, np.array(new_targets, dtype=np.intp)]),
    )
    return _LinkChanges(ends=pair, multiples=multiples, added=np.array(weights, dtype=float))


def _as_sequence(interventions: Any) -> Sequence[Scenario | Intervention]:
    return [interventions] if isinstance(interventions, Scenario | Intervention) else list(interventions)


def _as_scenario(one: Any, push: float) -> Scenario:
    if isinstance(one, Scenario):
        return one
    if not isinstance(one, Intervention):
        raise ValueError(f"interventions: {one!r} is neither a Scenario nor an Intervention")
    return Scenario(name=one.id, pushes={effect.factor: effect.sign * push for effect in one.effects})


def _result(name: str, graph: SignedGraph, base: Floats, final: Floats, kept: Any) -> ScenarioResult:
    differences = final[kept] - base[kept]
    count = len(differences)
    reason = "" if count else ("no_draw_settled" if len(base) else "no_draw_finished")
    changes = _changes(graph.factors, differences)
    # Rounded, so that equal effects stay in the order of the factors.
    changes.sort(key=lambda change: -round(abs(change.median or 0.0), 12))
    differences.setflags(write=False)
    return ScenarioResult(
        name=name,
        changes=tuple(changes),
        differences=differences,
        draws=count,
        unsettled=int(np.count_nonzero(~kept)),
        reason=reason,
    )


def _changes(factors: tuple[Hashable, ...], differences: Floats) -> list[FactorChange]:
    count = len(differences)
    if not count:
        return [FactorChange(factor, *(None,) * 7) for factor in factors]
    low, median, high = np.quantile(differences, [0.05, 0.5, 0.95], axis=0).tolist()
    up, down = differences >= UNCHANGED, differences <= -UNCHANGED
    shares = [part.mean(axis=0).tolist() for part in (up, down, ~(up | down))]
    errors: list[float | None] = [None] * len(factors)
    if count > 1:
        errors = (np.std(differences, axis=0, ddof=1) / math.sqrt(count)).tolist()
    columns = zip(factors, median, low, high, *shares, errors, strict=True)
    return [FactorChange(*column) for column in columns]
