"""Reading of a table of ratings from a DataFrame, an array or lists."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sized
from typing import Any

import numpy as np

__all__ = ["as_number", "is_missing", "rating_rows"]


def rating_rows(ratings: Any, argument: str = "ratings") -> list[list[Any]]:
    """Return a table as lists of plain values.

    Raises
    ------
    TypeError
        When it is no table.
    ValueError
        When rows differ in length.
    """
    if hasattr(ratings, "to_numpy"):
        ratings = ratings.to_numpy(dtype=object)
    try:
        rows = [] if isinstance(ratings, str | Mapping) else [list(row) for row in ratings]
    except TypeError:
        rows = []
    if not rows and not (isinstance(ratings, Sized) and len(ratings) == 0):
        raise TypeError(
            f"{argument}: expected a DataFrame, a 2-d array or a list of rows, got {type(ratings).__name__}"
        )
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise ValueError(
                f"{argument}: row {number} has {len(row)} values, row 1 has {len(rows[0])}; "
                f"give one row per rater and one column per unit"
            )
    return [[value.item() if isinstance(value, np.generic) else value for value in row] for row in rows]


def is_missing(value: Any) -> bool:
    """Whether a value is None, NaN or one of pandas' missing values."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and math.isnan(value)


def as_number(value: Any) -> float:
    """Return a finite number, or raise `ValueError` naming the value."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"ratings: {value!r} is not a finite number; numbers are needed here")
    return float(value)
