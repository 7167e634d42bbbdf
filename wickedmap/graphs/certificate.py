"""What a simulation came to, and what is proven about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy import sparse

from .fuzzy_rules import Motion
from .loop_limits import StopReason
from .weighted import DENSE_LIMIT, Floats, WeightedLinks, as_dense, spectral_radius

FIXED = 1e-10
"""Largest residual of something called a fixed point."""
REPEATED = 1e-9
"""Largest difference between two states a period apart, in something called a limit cycle."""
MOVING = 1e-6
"""A limit cycle must move more than this per step."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Whether a fuzzy cognitive map settled, with the numbers that show it.

    Attributes
    ----------
    kind : {"fixed_point", "limit_cycle", "not_settled"}
        *Fixed point*: one more step moves no free factor by more than 1e-10.
        *Limit cycle*: the states repeat, exactly for bivalent and trivalent maps,
        else within 1e-9 over two further periods while still moving. *Not settled*:
        neither was seen.
    residual : float
        Largest movement of a free factor in one more step; for a limit cycle the
        largest difference between two states a period apart.
    period : int or None
        Length of the limit cycle in steps.
    unique : bool
        Whether it is proven that every start ends in the same fixed point. False
        means "not proven", not "several".
    proof : {None, "row_sums", "spectral_radius", "acyclic"}
        What proves it: a contraction in the maximum norm, a contraction in a
        weighted maximum norm, or no loop through free factors (Kosko rule).
    contraction : float or None
        Bound q on how far two states stay apart in one step, in the maximum norm;
        None for bivalent and trivalent maps, which have no such bound.
    error : float or None
        Largest distance to the true fixed point, residual / (1 - q), when q < 1.
    stable : bool or None
        Whether small disturbances of the fixed point die out (spectral radius of
        the Jacobian below 1); None where that is undefined or was not computed.
    steps : int
        Steps run.
    stopped_by : {None, "time", "cancelled"}
        Why the run ended early.
    ranges : tuple of (float, float)
        When not settled: lowest and highest value of each factor over the last half.
    """

    kind: Literal["fixed_point", "limit_cycle", "not_settled"]
    residual: float
    period: int | None
    unique: bool
    proof: Literal["row_sums", "spectral_radius", "acyclic"] | None
    contraction: float | None
    error: float | None
    stable: bool | None
    steps: int
    stopped_by: StopReason | None
    ranges: tuple[tuple[float, float], ...] = ()


def certify(
    motion: Motion, links: WeightedLinks, matrix: Any, trajectory: Floats, stopped_by: StopReason | None
) -> tuple[Certificate, Floats | None]:
    """Judge a trajectory; also return its last state polished by Newton's method.

    `matrix` is ``W`` transposed. References: Kosko (1986); for the contraction
    bounds compare Harmati, Hatwagner & Koczy (2021).
    """
    proof, contraction = _uniqueness(motion, links)
    last: Floats = trajectory[-1]
    residual = _residual(motion, matrix, last)
    steps = len(trajectory) - 1
    kind: Literal["fixed_point", "limit_cycle", "not_settled"] = "not_settled"
    period: int | None = None
    polished: Floats | None = None
    if motion.discrete:
        period = _repeated(trajectory)
        if residual == 0.0:
            kind, period = "fixed_point", None
        elif period:
            kind, residual = "limit_cycle", 0.0
    else:
        if residual <= MOVING and links.size <= DENSE_LIMIT:
            polished = _polished(motion, matrix, last, residual)
            if polished is not None:
                residual = _residual(motion, matrix, polished)
        if residual <= FIXED:
            kind = "fixed_point"
        elif residual > MOVING:
            period, gap = _period(trajectory)
            if period:
                kind, residual = "limit_cycle", gap
    fixed = kind == "fixed_point"
    error = None
    if fixed and contraction is not None and contraction < 1.0:
        error = residual / (1.0 - contraction)
    ranges: tuple[tuple[float, float], ...] = ()
    if kind == "not_settled":
        late = trajectory[len(trajectory) // 2 :]
        ranges = tuple(zip(late.min(axis=0).tolist(), late.max(axis=0).tolist(), strict=True))
    certificate = Certificate(
        kind=kind,
        residual=residual,
        period=period,
        unique=proof is not None,
        proof=proof,
        contraction=contraction,
        error=error,
        stable=_stable(motion, matrix, last if polished is None else polished) if fixed else None,
        steps=steps,
        stopped_by=stopped_by,
        ranges=ranges,
    )
    return certificate, polished


def _residual(motion: Motion, matrix: Any, state: Floats) -> float:
    moved = motion.next_state(state, lambda x: np.asarray(matrix @ x))
    return float(np.max(np.abs(moved - state), initial=0.0))


def _uniqueness(
    motion: Motion, links: WeightedLinks
) -> tuple[Literal["row_sums", "spectral_radius", "acyclic"] | None, float | None]:
    is_free = np.zeros(links.size, dtype=bool)
    is_free[motion.free] = True
    # A clamped factor never differs between two states, so its links drop out.
    kept = is_free[links.sources] & is_free[links.targets] & (links.signs != 0)
    sources, targets = links.sources[kept], links.targets[kept]
    net = links.matrix(links.weights * kept)
    sizes = np.asarray(abs(net)[sources, targets]).ravel()
    radius = spectral_radius(links.size, *_once(sources, targets, sizes))
    if motion.discrete:
        return ("acyclic" if motion.rule == "kosko" and radius == 0.0 else None), None
    own = {"kosko": 0.0, "modified": 1.0, "rescaled": 1.0}[motion.rule] if is_free.any() else 0.0
    factor = motion.steepest * (2.0 if motion.rule == "rescaled" else 1.0)
    heaviest = float(np.max(np.asarray(abs(net).sum(axis=0)), initial=0.0))
    contraction = factor * (heaviest + own)
    if contraction < 1.0:
        return "row_sums", contraction
    if motion.rule == "kosko" and radius == 0.0:
        return "acyclic", contraction
    if factor * (radius + own) < 1.0 - 1e-9:
        return "spectral_radius", contraction
    return None, contraction


def _once(sources: Any, targets: Any, sizes: Floats) -> tuple[Any, Any, Floats]:
    # Parallel links share one entry of the matrix; each pair counts once.
    pairs, rows = np.unique(np.stack([sources, targets]), axis=1, return_index=True)
    return pairs[0], pairs[1], sizes[rows]


def _jacobian(motion: Motion, matrix: Any, state: Floats) -> Any:
    """Return the derivative of one step at `state`, free factors only."""
    free = motion.free
    moved = motion.next_state(state, lambda x: np.asarray(matrix @ x))
    slopes = motion.slopes(moved)[free]
    own = 0.0 if motion.rule == "kosko" else 1.0
    inner: Any
    if matrix.shape[0] > DENSE_LIMIT:
        inner = sparse.csr_array(matrix)[free][:, free] + own * sparse.eye_array(len(free))
        inner = sparse.diags_array(slopes) @ inner
    else:
        inner = slopes[:, None] * (matrix[np.ix_(free, free)] + own * np.eye(len(free)))
    return 2.0 * inner if motion.rule == "rescaled" else inner


def _polished(motion: Motion, matrix: Any, state: Floats, residual: float) -> Floats | None:
    """Return a state with a smaller residual close by, or None."""
    free = motion.free
    best, smallest = None, residual
    current = state
    for _ in range(5):
        jacobian = _jacobian(motion, matrix, current)
        gap = motion.next_state(current, lambda x: np.asarray(matrix @ x)) - current
        try:
            step = np.linalg.solve(jacobian - np.eye(len(free)), -gap[free])
        except np.linalg.LinAlgError:
            # The Jacobian is singular here, so Newton's method has no next step.
            break
        current = current.copy()
        current[free] += step
        # Further away lies another fixed point, which this run did not approach.
        if not np.all(np.isfinite(current)) or np.max(np.abs(current - state), initial=0.0) > 1e-4:
            break
        reached = _residual(motion, matrix, current)
        if reached >= smallest:
            break
        best, smallest = current, reached
    return best


def _stable(motion: Motion, matrix: Any, state: Floats) -> bool | None:
    if motion.discrete:
        return None
    if not len(motion.free):
        return True
    jacobian = _jacobian(motion, matrix, state)
    if float(np.max(np.asarray(abs(jacobian).sum(axis=1)))) < 1.0:
        return True
    if jacobian.shape[0] > 2 * DENSE_LIMIT:
        return None
    return bool(np.max(np.abs(np.linalg.eigvals(as_dense(jacobian)))) < 1.0 - 1e-9)


def _repeated(trajectory: Floats) -> int | None:
    """Return how many steps back the last state was seen before, exactly."""
    same = np.flatnonzero(np.all(trajectory[:-1] == trajectory[-1], axis=1))
    return int(len(trajectory) - 1 - same[-1]) if len(same) else None


def _period(trajectory: Floats) -> tuple[int | None, float]:
    """Return the smallest period of 2 or more at the end of a run, and how exactly it repeats."""
    last = len(trajectory) - 1
    for period in range(2, last // 3 + 1):
        if np.max(np.abs(trajectory[last] - trajectory[last - period])) > REPEATED:
            continue
        stretch = trajectory[last - 2 * period :]
        gap = float(np.max(np.abs(stretch - trajectory[last - 3 * period : last - period + 1])))
        if gap <= REPEATED:
            return period, gap
    return None, 0.0
