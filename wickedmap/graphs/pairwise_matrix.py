"""One measure between all pairs of maps, as a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .comparison import edit_distance, jaccard, ruzicka, sign_disagreement, sorensen
from .map_distance import langfield_smith_wirth, markoczy_goldberg
from .measure import Measure
from .path_agreement import PathAgreement, RankAgreement, path_measures, rank_agreement
from .reduced import Comparable, ReducedMap, reduce_map

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["pairwise"]


_MEASURES: dict[str, Callable[[ReducedMap, ReducedMap], Any]] = {
    "factor_jaccard": lambda a, b: jaccard(a, b, of="factors"),
    "link_jaccard": lambda a, b: jaccard(a, b, of="links"),
    "shared_link_jaccard": lambda a, b: jaccard(a, b, of="shared_links"),
    "signed_link_jaccard": lambda a, b: jaccard(a, b, of="signed_links"),
    "ruzicka": ruzicka,
    "factor_sorensen": lambda a, b: sorensen(a, b, of="factors"),
    "link_sorensen": lambda a, b: sorensen(a, b, of="links"),
    "sign_disagreement": sign_disagreement,
    "edit_distance": edit_distance,
    "langfield_smith_wirth": langfield_smith_wirth,
    "langfield_smith_wirth_4": lambda a, b: langfield_smith_wirth(a, b, 4),
    "langfield_smith_wirth_6": lambda a, b: langfield_smith_wirth(a, b, 6),
    "langfield_smith_wirth_12": lambda a, b: langfield_smith_wirth(a, b, 12),
    "markoczy_goldberg": markoczy_goldberg,
    "connected_agreement": lambda a, b: path_measures(a, b)[0],
    "path_agreement": lambda a, b: path_measures(a, b)[1],
    "rank_agreement": rank_agreement,
}


def pairwise(
    maps: Mapping[str, Comparable],
    measure: str | Callable[[Any, Any], Any] = "langfield_smith_wirth",
) -> pd.DataFrame:
    """Return a symmetric matrix of one measure between all maps.

    Parameters
    ----------
    maps : mapping of name to map
        For example ``perspective_maps(m)``.
    measure : str or callable
        A name that `compare` has (``"factor_jaccard"``, ``"markoczy_goldberg"``, ...;
        ``"langfield_smith_wirth"`` is formula 12), or a symmetric function of two maps that returns a
        `Measure` (or a result with one) or a number.

    Returns
    -------
    DataFrame
        Nullable Float64, names in the order given. Undefined cells are missing
        (``<NA>``); ``frame.attrs["n"]`` and ``frame.attrs["undefined"]`` hold n and
        the reason per ``(name, name)``.

    Raises
    ------
    ValueError
        For an unknown name, or a map that cannot be read (named).

    Notes
    -----
    Each map is read once; then one call per pair.
    """
    import pandas as pd

    if not isinstance(maps, Mapping):
        raise TypeError(
            f"maps: expected a mapping of names to maps, such as perspective_maps(m), got {type(maps).__name__}"
        )
    if isinstance(measure, str):
        if measure not in _MEASURES:
            raise ValueError(f"measure: {measure!r} is not one of {', '.join(_MEASURES)}")
        function: Callable[[Any, Any], Any] = _MEASURES[measure]
        read: dict[str, Any] = {}
        for name, m in maps.items():
            try:
                read[name] = reduce_map(m)
            except (TypeError, ValueError) as error:
                raise ValueError(f"maps[{name!r}]: {error}") from error
    else:
        function, read = measure, dict(maps)
    names = list(read)
    values: dict[str, dict[str, float | None]] = {name: dict.fromkeys(names) for name in names}
    numbers: dict[tuple[str, str], int] = {}
    undefined_pairs: dict[tuple[str, str], str] = {}
    for position, one in enumerate(names):
        for other in names[position:]:
            result = function(read[one], read[other])
            if isinstance(result, PathAgreement):
                result = result.agreement
            elif isinstance(result, RankAgreement):
                result = result.measure
            if not isinstance(result, Measure):
                result = Measure(float(result), 0)
            for pair in ((one, other), (other, one)):
                values[pair[0]][pair[1]] = result.value
                numbers[pair] = result.n
                if result.value is None:
                    undefined_pairs[pair] = result.reason
    frame = pd.DataFrame([list(row.values()) for row in values.values()], index=names, columns=names)
    frame = frame.astype("Float64")
    frame.attrs["n"] = numbers
    frame.attrs["undefined"] = undefined_pairs
    return frame
