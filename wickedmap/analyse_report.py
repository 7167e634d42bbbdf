"""What ``wickedmap analyse FILE`` finds: a map's loops, leverage, measures and checks, also as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from . import graphs
from .analysis_words import KINDS
from .causal_map import CausalMap

__all__ = ["Analysis", "analyse", "as_json"]

HELD: Final = 200_000
"""Loops kept in a component before the search says that there are more."""
LOOPS_IN_JSON: Final = 5000
_ALTERNATIVES: Final = 10
MEASURES: Final = (
    "in_degree",
    "out_degree",
    "strength",
    "betweenness",
    "closeness_out",
    "closeness_in",
    "katz",
)
_VERDICTS: Final = ("follows", "differs", "unknown_sign", "no_valence")


@dataclass(frozen=True)
class Analysis:
    """Everything that is worked out about one map.

    `m` is the map without its focal problem, whose id is `focal` (``""`` when there is none).
    `named` gives the first loops the names the room calls them by; `quadrants` is None when
    no time was left for it, `settling` when the map has no factors.
    """

    m: CausalMap
    focal: str
    loops: graphs.FoundLoops
    named: tuple[tuple[str, graphs.Loop], ...]
    feedback: graphs.FeedbackFactors
    basis: graphs.LoopBasis
    components: graphs.Components
    centralities: graphs.Centralities
    quadrants: graphs.Quadrants | None
    valences: graphs.ValenceCheck
    settling: graphs.Certificate | None
    merges: graphs.MergeSuggestions


def analyse(
    m: CausalMap,
    max_length: int | None = 8,
    time_limit: float = 10.0,
    *,
    progress: Callable[[str, float], None] | None = None,
) -> Analysis:
    """Work out all of it within about `time_limit` seconds.

    Parameters
    ----------
    m : CausalMap
        Without its focal problem, as the last stage shows it: what is left is the web of causes.
    max_length : int or None
        Most links in a loop that is looked for; None for no limit.
    time_limit : float
        Seconds: half for the loops, a quarter each for the factors that cut them and the rest.
    progress : callable, optional
        Called with what begins (``"loops"``, ``"leverage"``, ``"basis"``, ``"measures"``,
        ``"held"``, ``"settling"``, ``"alike"``), and how much of the whole is done; among the
        loops for each length that is done.

    Raises
    ------
    ValueError
        Naming `max_length` or `time_limit` when it is below 1 or not above 0.

    Examples
    --------
    >>> found = analyse(CausalMap.from_links([("debt", "eviction", 1), ("eviction", "debt", 1)]))
    >>> [name for name, _ in found.named], found.feedback.factors
    (['R1'], ('debt',))
    """
    tell = progress or (lambda _part, _share: None)
    whole, m = m, m.without_focal()
    quarter = time_limit / 4
    longest = max_length or max(1, len(m.factors))

    def searched(_found: int, complete_to: int) -> None:
        tell("loops", 0.4 * min(1.0, complete_to / longest))

    tell("loops", 0.0)
    seconds = 2 * quarter if quarter > 0 else time_limit
    loops = graphs.find_loops(m, max_length, seconds, HELD, progress=searched)
    counts = dict.fromkeys(KINDS, 0)
    named = []
    for loop in loops.loops[:LOOPS_IN_JSON]:
        counts[loop.polarity] += 1
        named.append((f"{loop.polarity}{counts[loop.polarity]}", loop))
    tell("leverage", 0.4)
    feedback = graphs.feedback_factors(m, quarter, alternatives=_ALTERNATIVES)
    tell("basis", 0.6)
    basis = graphs.loop_basis(m, quarter / 2)
    tell("measures", 0.7)
    central = graphs.centralities(m, time_limit=quarter / 4)
    try:
        sorted_ = graphs.quadrants(m, time_limit=quarter / 4)
    except TimeoutError:
        sorted_ = None
    components = graphs.components(m)
    tell("held", 0.8)
    valences = graphs.valence_check(m)
    tell("settling", 0.85)
    settling = graphs.simulate(m, time_limit=quarter / 4).certificate if m.factors else None
    tell("alike", 0.9)
    merges = graphs.suggest_merges(m)
    return Analysis(
        m,
        whole.focal,
        loops,
        tuple(named),
        feedback,
        basis,
        components,
        central,
        sorted_,
        valences,
        settling,
        merges,
    )


# --- JSON -------------------------------------------------------------------


def as_json(found: Analysis) -> dict[str, Any]:
    """Return the analysis as plain values with stable names; what is left out is counted."""
    m = found.m
    loops = found.loops
    return {
        "map": {
            "title": m.title,
            "factors": len(m.factors),
            "links": len(m.links),
            "without_focal": found.focal,
        },
        "loops": {
            "completeness": loops.completeness,
            "complete_to": loops.complete_to,
            "exhaustive": loops.exhaustive,
            "stopped_by": loops.stopped_by,
            "found": len(loops),
            "listed": len(found.named),
            "polarities": dict(loops.polarities),
            "lengths": {str(length): count for length, count in loops.lengths.items()},
            "loops": [
                {
                    "name": name,
                    "polarity": loop.polarity,
                    "length": len(loop),
                    "delays": loop.delays,
                    "strength": loop.strength,
                    "factors": list(loop.factors),
                    "links": list(loop.links),
                }
                for name, loop in found.named
            ],
        },
        "feedback_factors": {
            "factors": list(found.feedback.factors),
            "optimal": found.feedback.optimal,
            "lower_bound": found.feedback.lower_bound,
            "indispensable": list(found.feedback.indispensable),
            "alternatives": [list(one) for one in found.feedback.alternatives],
            "all_alternatives": found.feedback.all_alternatives,
            "stopped_by": found.feedback.stopped_by,
        },
        "loop_basis": {
            "rank": found.basis.rank,
            "complete": found.basis.complete,
            "loops": [list(loop.links) for loop in found.basis],
        },
        "components": {
            "strong": [list(part) for part in found.components.strong],
            "weak": [list(part) for part in found.components.weak],
            "isolated": list(found.components.isolated),
        },
        "centralities": {
            "density": found.centralities.density,
            "reasons": dict(found.centralities.reasons),
            "factors": [
                {
                    "factor": one.factor,
                    **{name: getattr(one, name) for name in (*MEASURES, "eigenvector", "role")},
                }
                for one in found.centralities.factors
            ],
        },
        "quadrants": _quadrants_json(found.quadrants),
        "valence_check": {
            **{name: list(getattr(found.valences, name)) for name in _VERDICTS},
            "share": found.valences.share,
            "reason": found.valences.reason,
            "all_reinforcing": found.valences.all_reinforcing,
            "by_valence": found.valences.by_valence,
            "question": found.valences.question,
        },
        "settling": _settling_json(found.settling),
        "merge_suggestions": {
            "found": found.merges.found,
            "pairs": [
                {"first": one.first, "second": one.second, "likeness": one.likeness, "score": one.score}
                for one in found.merges.pairs
            ],
        },
    }


def _settling_json(settling: graphs.Certificate | None) -> dict[str, Any] | None:
    if settling is None:
        return None
    names = ("kind", "period", "residual", "unique", "proof", "steps", "stopped_by")
    return {name: getattr(settling, name) for name in names}


def _quadrants_json(sorted_: graphs.Quadrants | None) -> dict[str, Any]:
    if sorted_ is None:
        return {"reason": "not_finished", "factors": []}
    return {
        "method": sorted_.method,
        "driving_cut": sorted_.driving_cut,
        "dependence_cut": sorted_.dependence_cut,
        "reason": sorted_.reason,
        "factors": [
            {
                "factor": one.factor,
                "driving": one.driving,
                "dependence": one.dependence,
                "quadrant": one.quadrant,
            }
            for one in sorted_.factors
        ],
    }
