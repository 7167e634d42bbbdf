"""Distances between maps as a picture: points in the plane, and how far the picture can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DistancePicture", "distance_picture", "ordered_distances"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DistancePicture:
    """A place in the plane for every map.

    Attributes
    ----------
    positions : dict of str to (float, float)
        In the unit of the distances. Only distances between points mean anything:
        direction, rotation and mirror image do not.
    stress : float or None
        Kruskal's stress-1: the share of the distances the plane cannot show. 0 is a
        perfect picture; above 0.2 it misleads. None without a picture.
    left_out : tuple of str
        Maps with an undefined distance to another.
    reason : str
        Why there is no picture, where there is none.
    why : {"", "few_maps", "alike"}
        The same as a code.
    """

    positions: dict[str, tuple[float, float]]
    stress: float | None
    left_out: tuple[str, ...]
    reason: str = ""
    why: str = ""


def distance_picture(
    distances: pd.DataFrame,
    previous: Mapping[str, tuple[float, float]] | None = None,
    minimum: int = 6,
) -> DistancePicture:
    """Place maps in the plane so that near is like and far is unlike.

    Parameters
    ----------
    distances : DataFrame
        Symmetric, from `pairwise` with a distance. Missing cells are undefined: the map
        with most of them is left out, until none is left.
    previous : mapping of name to (x, y), optional
        An earlier picture: the new one is moved, turned and mirrored, never stretched,
        to lie as close to it as it can, so that people find themselves again.
    minimum : int
        With fewer maps there is no picture; show `ordered_distances` instead.

    Returns
    -------
    DistancePicture

    Raises
    ------
    ValueError
        When the table is not symmetric with one name per row and column, or has a
        negative distance.

    Notes
    -----
    Classical scaling (Torgerson 1952), improved by majorization (de Leeuw 1977, SMACOF)
    and turned by Procrustes rotation. O(n^3), the same result every time.
    """
    names, table = _table(distances)
    left_out: list[str] = []
    while np.isnan(table).any():
        worst = int(np.argmax(np.isnan(table).sum(axis=1)))
        left_out.append(names.pop(worst))
        table = np.delete(np.delete(table, worst, 0), worst, 1)
    if len(names) < minimum:
        reason = f"{len(names)} maps have distances to each other; a picture needs {minimum}"
        return DistancePicture({}, None, tuple(left_out), reason, "few_maps")
    if not table.any():
        return DistancePicture({}, None, tuple(left_out), "all maps are alike", "alike")
    places = _improved(_classical(table), table)
    if previous:
        places = _turned(places, names, previous)
    return DistancePicture(
        {name: (float(x), float(y)) for name, (x, y) in zip(names, places, strict=True)},
        _stress(places, table),
        tuple(left_out),
    )


def ordered_distances(distances: pd.DataFrame) -> pd.DataFrame:
    """Return one row per pair of maps, nearest first: ``one, other, distance``; undefined last."""
    import pandas as pd

    names, table = _table(distances)
    rows = [
        (names[i], names[j], None if np.isnan(table[i, j]) else float(table[i, j]))
        for i in range(len(names))
        for j in range(i + 1, len(names))
    ]
    rows.sort(key=lambda row: (row[2] is None, row[2] or 0.0))
    return pd.DataFrame(rows, columns=["one", "other", "distance"]).astype({"distance": "Float64"})


def _table(distances: pd.DataFrame) -> tuple[list[str], Floats]:
    names = [str(name) for name in distances.index]
    if names != [str(name) for name in distances.columns] or len(set(names)) != len(names):
        raise ValueError("distances: rows and columns must have the same names, each once, in the same order")
    table = distances.to_numpy(dtype=float, na_value=np.nan).copy()
    # How far a map is from itself says nothing here, also where it is undefined.
    np.fill_diagonal(table, 0.0)
    if not np.array_equal(np.isnan(table), np.isnan(table.T)) or not np.allclose(
        table, table.T, equal_nan=True
    ):
        raise ValueError("distances: the table is not symmetric")
    if (table < 0).any():
        raise ValueError("distances: a distance is below 0")
    return names, table


def _classical(table: Floats) -> Floats:
    size = len(table)
    centring = np.eye(size) - 1 / size
    values, vectors = np.linalg.eigh(-0.5 * centring @ table**2 @ centring)
    vectors = vectors[:, ::-1][:, :2]
    # The sign of an eigenvector is arbitrary; its largest entry is made positive.
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), [0, 1]])
    return np.asarray(vectors * np.sqrt(np.maximum(values[::-1][:2], 0)), dtype=np.float64)


def _apart(places: Floats) -> Floats:
    return np.asarray(np.linalg.norm(places[:, None] - places, axis=2), dtype=np.float64)


def _improved(places: Floats, table: Floats) -> Floats:
    stress = _stress(places, table)
    for _ in range(500):
        apart = _apart(places)
        ratio = np.divide(table, apart, out=np.zeros_like(table), where=apart > 1e-12)
        guttman = np.diag(ratio.sum(axis=1)) - ratio
        places = guttman @ places / len(table)
        improved = _stress(places, table)
        if stress - improved < 1e-10:
            break
        stress = improved
    return places


def _stress(places: Floats, table: Floats) -> float:
    return float(np.sqrt(((_apart(places) - table) ** 2).sum() / (table**2).sum()))


def _turned(places: Floats, names: list[str], previous: Mapping[str, tuple[float, float]]) -> Floats:
    kept = [position for position, name in enumerate(names) if name in previous]
    if len(kept) < 2:
        return places
    before = np.array([previous[names[position]] for position in kept], dtype=float)
    now = places[kept]
    left, _, right = np.linalg.svd((now - now.mean(axis=0)).T @ (before - before.mean(axis=0)))
    return np.asarray((places - now.mean(axis=0)) @ left @ right + before.mean(axis=0), dtype=np.float64)
