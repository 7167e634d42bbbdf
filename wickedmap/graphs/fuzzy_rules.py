"""How a fuzzy cognitive map moves one step: rules, squashing functions, clamps and pushes."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from scipy import sparse

from .signed import SignedGraph
from .weighted import Floats, Positions, WeightedLinks, finite, positive

Rule: TypeAlias = Literal["kosko", "modified", "rescaled"]
Squash: TypeAlias = Literal["sigmoid", "tanh", "bivalent", "trivalent"]
States: TypeAlias = "Mapping[Any, float] | Sequence[float] | None"

_RANGE = {"sigmoid": (0.0, 1.0), "bivalent": (0.0, 1.0), "tanh": (-1.0, 1.0), "trivalent": (-1.0, 1.0)}
# Sums such as 0.1 + 0.2 - 0.3 must not switch a factor on by their rounding error.
_ZERO = 1e-12


@dataclass(frozen=True, eq=False)
class Motion:
    """Everything that turns one state into the next, apart from the weights.

    Attributes
    ----------
    clamped : array of int
        Positions of the factors that are held.
    held : array of float
        What they are held at.
    push : array of float, shape (factors,)
        Constant input to each factor, added before squashing.
    """

    rule: Rule
    squash: Squash
    steepness: float
    clamped: Positions
    held: Floats
    push: Floats

    @property
    def discrete(self) -> bool:
        """Whether factors only take the values -1, 0 and 1."""
        return self.squash in ("bivalent", "trivalent")

    @property
    def free(self) -> Positions:
        """Positions of the factors that are not clamped."""
        return np.setdiff1d(np.arange(len(self.push)), self.clamped)

    def next_state(self, state: Floats, influence: Callable[[Floats], Floats]) -> Floats:
        """Return the state one step on; `state` has shape (factors,) or (factors, draws).

        `influence` maps states to summed influences, ``W.T @ state``.
        """
        column = (slice(None), None) if state.ndim == 2 else (slice(None),)
        if self.rule == "rescaled":
            centred = 2.0 * state - 1.0
            total = influence(centred) + centred
        elif self.rule == "modified":
            total = influence(state) + state
        else:
            total = influence(state)
        total += self.push[column]
        moved = squashed(total, self.squash, self.steepness)
        moved[self.clamped] = self.held[column]
        return moved

    def slopes(self, moved: Floats) -> Floats:
        """Return the derivative of the squashing function where it gave `moved`."""
        if self.squash == "sigmoid":
            return self.steepness * moved * (1.0 - moved)
        return self.steepness * (1.0 - moved**2)

    @property
    def steepest(self) -> float:
        """The largest derivative of the squashing function."""
        return self.steepness / 4.0 if self.squash == "sigmoid" else self.steepness


def squashed(total: Floats, squash: Squash, steepness: float) -> Floats:
    """Return f(total): the sum of influences brought back into range; overwrites `total`.

    The sigmoid is computed as ``(1 + tanh(L x / 2)) / 2``, which is the same
    function, cannot overflow and runs at twice the speed.
    """
    if squash == "sigmoid":
        total *= 0.5 * steepness
        np.tanh(total, out=total)
        total += 1.0
        total *= 0.5
        return total
    if squash == "tanh":
        total *= steepness
        return np.tanh(total, out=total)
    total[np.abs(total) <= _ZERO] = 0.0
    if squash == "bivalent":
        return (total > 0).astype(float)
    return np.sign(total)


def read_motion(
    graph: SignedGraph,
    *,
    rule: Rule,
    squash: Squash,
    steepness: float,
    clamped: Mapping[Any, float] | None,
    pushes: Mapping[Any, float] | None,
) -> Motion:
    """Check the settings of a simulation and return them ready for use.

    Raises
    ------
    ValueError
        Naming the argument that cannot be used and what to do.
    """
    if rule not in get_args(Rule):
        raise ValueError(f"rule: {rule!r} is not one of {', '.join(get_args(Rule))}")
    if squash not in get_args(Squash):
        raise ValueError(f"squash: {squash!r} is not one of {', '.join(get_args(Squash))}")
    if rule == "rescaled" and squash in ("tanh", "trivalent"):
        raise ValueError(
            f"squash: the rescaled rule needs states between 0 and 1, which {squash!r} does not give; "
            "use sigmoid or bivalent"
        )
    held = _by_position(graph, clamped, "clamped", _RANGE[squash])
    push = np.zeros(len(graph.factors))
    for position, value in _by_position(graph, pushes, "pushes", None).items():
        push[position] = value
    return Motion(
        rule=rule,
        squash=squash,
        steepness=positive("steepness", steepness),
        clamped=np.array(sorted(held), dtype=np.intp),
        held=np.array([held[position] for position in sorted(held)], dtype=float),
        push=push,
    )


def read_initial(graph: SignedGraph, initial: States, motion: Motion) -> Floats:
    """Return the state at step 0, with the clamps already on."""
    size = len(graph.factors)
    low, high = _RANGE[motion.squash]
    if initial is None:
        state = np.ones(size)
    elif isinstance(initial, Mapping):
        state = np.zeros(size)
        for position, value in _by_position(graph, initial, "initial", (low, high)).items():
            state[position] = value
    else:
        values = list(initial)
        if len(values) != size:
            raise ValueError(f"initial: {len(values)} values for {size} factors")
        state = np.array([finite("initial", value) for value in values], dtype=float)
        if size and (state.min() < low or state.max() > high):
            raise ValueError(f"initial: values must lie between {low:g} and {high:g} for {motion.squash}")
    state[motion.clamped] = motion.held
    return state


def _by_position(
    graph: SignedGraph, values: Mapping[Any, float] | None, argument: str, within: tuple[float, float] | None
) -> dict[int, float]:
    read: dict[int, float] = {}
    factor: Hashable
    for factor, value in (values or {}).items():
        position = graph.index_of(factor, argument)
        number = finite(f"{argument} of {factor!r}", value)
        if within and not within[0] <= number <= within[1]:
            low, high = within
            raise ValueError(f"{argument} of {factor!r}: {value!r} is not between {low:g} and {high:g}")
        read[position] = number
    return read


def settle(
    motion: Motion,
    links: tuple[Positions, Positions],
    weights: Floats,
    start: Floats,
    *,
    steps: int,
    tolerance: float,
    must_stop: Callable[[], Any] = lambda: None,
) -> tuple[Floats, Floats]:
    """Run many weightings side by side until each stands still or `steps` are done.

    Parameters
    ----------
    links : (sources, targets)
        Positions of the links' ends, each of shape (links,).
    weights : array of shape (links, draws)
    start : array of shape (factors,)
    tolerance : float
        A run has settled when no factor moves more than this in a step.

    Returns
    -------
    final : array of shape (factors, draws)
    residual : array of shape (draws,)
        Largest movement of a factor in the last step.

    Notes
    -----
    O(links x draws) per step. Influence is summed by one sparse product from links
    to targets, with the draws side by side in memory.
    """
    sources, targets = links
    count, draws = weights.shape
    gather = sparse.csr_array((np.ones(count), (targets, np.arange(count))), shape=(len(start), count))
    carried = np.empty((count, draws))

    def influence(state: Floats) -> Floats:
        np.take(state, sources, axis=0, out=carried, mode="clip")
        np.multiply(carried, weights, out=carried)
        return np.asarray(gather @ carried)

    state = np.repeat(start[:, None], draws, axis=1)
    residual = np.full(draws, np.inf)
    for _ in range(steps):
        if must_stop():
            break
        moved = motion.next_state(state, influence)
        np.subtract(moved, state, out=state)
        np.abs(state, out=state)
        residual = state.max(axis=0, initial=0.0)
        state = moved
        if residual.max(initial=0.0) <= tolerance:
            break
    return state, residual


def chunk_size(links: WeightedLinks) -> int:
    """Return how many draws to run side by side: enough to be fast, few enough to stay in cache."""
    width = max(len(links.sizes), links.size, 1)
    return max(1, min(1000, 200_000 // width))
