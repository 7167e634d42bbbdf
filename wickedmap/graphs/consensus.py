"""Informal cultural consensus: whether a group of people shares one way of answering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .measure import Measure, undefined
from .rating_table import as_number, is_missing, rating_rows

__all__ = ["CulturalConsensus", "cultural_consensus"]

Verdict = Literal["consensus", "weak", "none", "not met", "undefined"]


@dataclass(frozen=True, slots=True)
class CulturalConsensus:
    """Outcome of an informal cultural consensus analysis.

    Attributes
    ----------
    verdict : {"consensus", "weak", "none", "not met", "undefined"}
        By the ratio of the first two eigenvalues: 3 or more, 2-3, below 2. ``"not
        met"``: someone's competence is negative or the mean is below 0.3, so the model
        does not describe these people, whatever the ratio.
    ratio : Measure
        First eigenvalue over the second; n is the number of people counted. Undefined
        when there is no second dimension: then the verdict rests on the first alone.
    competence : dict of int to float
        Per row of the ratings: how close the person is to what the group shares.
    mean_competence : Measure
    key : tuple of float or None
        Competence-weighted mean answer per item; only for ``"consensus"`` and ``"weak"``.
    set_aside : tuple of int
        Rows of people who gave the same answer throughout: nothing to correlate.
    reason : str
        Why nothing was computed, where that is so.
    """

    verdict: Verdict
    ratio: Measure
    competence: dict[int, float]
    mean_competence: Measure
    key: tuple[float, ...] | None
    set_aside: tuple[int, ...]
    reason: str = ""


def cultural_consensus(ratings: Any) -> CulturalConsensus:
    """Ask whether people answer a closed list as if from one shared understanding.

    Parameters
    ----------
    ratings : DataFrame, 2-d array or list of rows
        One row per person, one column per item of a closed list that everybody
        answered. Not for free maps: what people did not draw is not an answer.

    Returns
    -------
    CulturalConsensus
        With verdict ``"undefined"`` and a reason when anything is missing, with fewer
        than six people whose answers vary, or with fewer than three items.

    Raises
    ------
    ValueError
        When rows differ in length or a value is not a number.

    Notes
    -----
    People are correlated over items; one factor is taken out by iterated principal
    axis factoring with communalities on the diagonal. O(people^3) per iteration.
    A. K. Romney, S. Weller and W. Batchelder (1986), Culture as consensus; A. K. Romney,
    W. Batchelder and S. Weller (1987), Recent applications of cultural consensus theory.
    """
    rows = rating_rows(ratings)
    if any(is_missing(value) for row in rows for value in row):
        return _nothing("missing_answers", len(rows))
    table = np.array([[as_number(value) for value in row] for row in rows], dtype=float)
    if table.ndim != 2 or table.shape[1] < 3:
        return _nothing("few_items" if rows else "few_people", len(rows))
    varies = np.ptp(table, axis=1) > 0
    people, set_aside = np.flatnonzero(varies), tuple(np.flatnonzero(~varies).tolist())
    if len(people) < 6:
        return _nothing("few_people", len(people), set_aside)
    loadings, values = _one_factor(np.corrcoef(table[people]))
    n = len(people)
    if values[0] <= 0:
        return _nothing("no_first_dimension", n, set_aside)
    # An eigenvalue of rounding noise is no second dimension.
    alone = values[1] <= 1e-9 * values[0]
    ratio = undefined("one_dimension", n) if alone else Measure(float(values[0] / values[1]), n)
    mean = float(loadings.mean())
    verdict: Verdict
    if mean < 0.3 or (loadings < 0).any():
        verdict = "not met"
    elif alone or values[0] >= 3 * values[1]:
        verdict = "consensus"
    else:
        verdict = "weak" if values[0] >= 2 * values[1] else "none"
    key = None
    if verdict in ("consensus", "weak"):
        key = tuple((loadings @ table[people] / loadings.sum()).tolist())
    competence = dict(zip(people.tolist(), loadings.tolist(), strict=True))
    return CulturalConsensus(verdict, ratio, competence, Measure(mean, n), key, set_aside)


def _one_factor(correlations: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return loadings on the first principal axis and the eigenvalues, largest first."""
    reduced = correlations.copy()
    off_diagonal = correlations - np.diag(np.diag(correlations))
    communalities = np.abs(off_diagonal).max(axis=1)
    for _ in range(500):
        np.fill_diagonal(reduced, communalities)
        values, vectors = np.linalg.eigh(reduced)
        loadings = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        # A communality above 1 has no meaning and would make the iteration run away.
        updated = np.minimum(loadings**2, 1.0)
        settled = np.abs(updated - communalities).max() < 1e-10
        communalities = updated
        if settled:
            break
    if loadings.sum() < 0:
        loadings = -loadings
    return np.clip(loadings, -1, 1), values[::-1]


def _nothing(why: str, n: int, set_aside: tuple[int, ...] = ()) -> CulturalConsensus:
    measure = undefined(why, n)
    return CulturalConsensus("undefined", measure, {}, measure, None, set_aside, measure.reason)
