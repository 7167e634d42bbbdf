"""A map as rows and DataFrames: out with one row per factor and link, in from tables of links."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from datetime import date
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

from .flat_fields import (
    FACTOR_NAMES,
    LINK_NAMES,
    further_of_factor,
    further_of_link,
    joined,
    split,
    take_of_factor,
    take_of_link,
)
from .model import MAX_STRENGTH, Delay, Factor, Link, MapError, Sign, Valence
from .text import Texts

if TYPE_CHECKING:
    import pandas as pd

    from .causal_map import CausalMap

_FACTOR_COLUMNS: Final = {
    **dict.fromkeys(("id", "label", "definition", "domain", "valence", "kind", "agencies", "status"), "str"),
    "reveal_stage": "int64",
    "x": "float64",
    "y": "float64",
}
_OF_THE_MAP: Final = "wickedmap"
"""What a frame calls, in its ``attrs``, what belongs to the map as a whole."""
_LINK_COLUMNS: Final = {
    **dict.fromkeys(("id", "source", "target", "source_label", "target_label"), "str"),
    "sign": "Int64",
    "mark": "str",
    "strength": "float64",
    **dict.fromkeys(("delay", "status"), "str"),
    "contested": "bool",
    "reveal_stage": "int64",
    "rationale": "str",
}


# --- out -------------------------------------------------------------------


def to_pandas(m: CausalMap) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the factors and the links of a map; see `CausalMap.to_pandas`."""
    import pandas as pd

    factors = [
        (
            factor.id,
            factor.labels.in_language(m.language),
            factor.definitions.in_language(m.language),
            factor.domain,
            factor.valence,
            factor.kind,
            joined(factor.agencies),
            factor.status,
            factor.reveal_stage,
            *(factor.position or (math.nan, math.nan)),
        )
        for factor in m.factors
    ]
    links = [
        (
            link.id,
            link.source,
            link.target,
            m.factor(link.source).labels.in_language(m.language),
            m.factor(link.target).labels.in_language(m.language),
            link.sign,
            link.mark,
            link.strength,
            link.delay,
            link.status,
            link.contested,
            link.reveal_stage,
            link.rationale.in_language(m.language),
        )
        for link in m.links
    ]
    further = [further_of_factor(factor, m.language) for factor in m.factors]
    of_links = [further_of_link(link, m.language) for link in m.links]
    frames = (
        _with(
            pd.DataFrame(factors, columns=list(_FACTOR_COLUMNS)).astype(_FACTOR_COLUMNS), further, FACTOR_NAMES
        ),
        _with(pd.DataFrame(links, columns=list(_LINK_COLUMNS)).astype(_LINK_COLUMNS), of_links, LINK_NAMES),
    )
    for frame in frames:
        frame.attrs[_OF_THE_MAP] = {"language": m.language, "focal": m.focal, "titles": dict(m.titles)}
    return frames


def _with(frame: pd.DataFrame, further: Sequence[Mapping[str, str]], known: Sequence[str]) -> pd.DataFrame:
    """Return a frame with further columns: known ones empty where there is nothing, others missing."""
    import pandas as pd

    found = dict.fromkeys(name for row in further for name in row)
    order = sorted(found, key=lambda name: known.index(name) if name in known else len(known))
    if not order:
        return frame
    columns = {
        name: pd.Series([row.get(name, "" if name in known else None) for row in further], dtype="object")
        for name in order
    }
    return pd.concat([frame, pd.DataFrame(columns)], axis=1)


# --- in --------------------------------------------------------------------


def read_links(rows: Iterable[Sequence[Any]], factors: Iterable[str], language: str) -> dict[str, Any]:
    """Return the fields of a map made of rows; see `CausalMap.from_links`."""
    if hasattr(rows, "itertuples"):
        raise TypeError("links: this is a DataFrame; CausalMap.from_pandas reads it")
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise TypeError(
            f"links: expected rows of (source, target, sign[, strength]), got {type(rows).__name__}"
        )
    if isinstance(factors, bytes | Mapping) or not isinstance(factors, Iterable):
        raise TypeError(f"factors: expected several ids, got {factors!r}")
    names = [name_of(name, f"factors[{number}]") for number, name in enumerate(factors)]
    links = []
    for number, row in enumerate(rows, start=1):
        where = f"links row {number}"
        parts = () if isinstance(row, str | bytes | Mapping) or not isinstance(row, Iterable) else tuple(row)
        if not 2 <= len(parts) <= 4:
            raise MapError(where, f"expected (source, target, sign[, strength]), got {row!r}")
        source, target = name_of(parts[0], f"{where} source"), name_of(parts[1], f"{where} target")
        sign, both = sign_in(parts[2] if len(parts) > 2 else None, f"{where} sign")
        strength = strength_in(parts[3] if len(parts) > 3 else None, f"{where} strength")
        links.append(Link(f"L{number}", source, target, sign, both, strength))
        names += (source, target)
    return {"factors": _named(names, language), "links": tuple(links)}


def read_frames(
    links: pd.DataFrame, factors: pd.DataFrame | None, language: str | None, columns: Mapping[str, str]
) -> dict[str, Any]:
    """Return the fields of a map made of DataFrames; see `CausalMap.from_pandas`."""
    frame = _frame(links, "links")
    if factors is not None:
        ends = {columns["source"], columns["target"]}
        if not ends & set(frame.columns) and ends <= set(_frame(factors, "factors").columns):
            # As `to_pandas` hands them over: factors first.
            frame, factors = factors, frame
    names = {role: column for role, column in columns.items() if column in frame.columns}
    for role in ("source", "target"):
        if role not in names:
            found = ", ".join(map(repr, frame.columns)) or "none"
            raise MapError(
                f"links column {columns[role]!r}",
                f"there is no such column; there are {found}. Name the one that holds it: {role}=...",
            )
    told = frame.attrs.get(_OF_THE_MAP, {} if factors is None else factors.attrs.get(_OF_THE_MAP, {}))
    language = language or told.get("language") or "nb"
    described = () if factors is None else _factors_of(_frame(factors, "factors"), language)
    made = []
    mentioned: list[str] = []
    for number, row in enumerate(frame.to_dict("records"), start=1):
        link = _link_of({str(key): value for key, value in row.items()}, names, number, language)
        mentioned += (link.source, link.target)
        made.append(link)
    known = {factor.id for factor in described}
    new = _named((name for name in mentioned if name not in known), language)
    focal = told.get("focal", "")
    return {
        "factors": (*described, *new),
        "links": tuple(made),
        "language": language,
        "titles": Texts(told.get("titles")),
        "focal": focal if focal in known.union(mentioned) else "",
    }


def _frame(frame: Any, argument: str) -> pd.DataFrame:
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        hint = "; CausalMap.from_links reads rows" if argument == "links" else ""
        if hasattr(frame, "to_pandas"):
            hint = "; its to_pandas() makes one"
        raise TypeError(f"{argument}: expected a pandas DataFrame, got {type(frame).__name__}{hint}")
    if frame.columns.has_duplicates:
        twice = frame.columns[frame.columns.duplicated()][0]
        raise MapError(f"{argument} column {twice!r}", "there are two columns of this name")
    return frame


def _link_of(row: dict[str, Any], names: Mapping[str, str], number: int, language: str) -> Link:
    where = f"links row {number}"
    taken = {role: row.pop(column) for role, column in names.items()}
    for told in ("source_label", "target_label"):
        row.pop(told, None)
    return Link(
        id=text_in(row.pop("id", None)) or f"L{number}",
        source=name_of(taken["source"], f"{where} source"),
        target=name_of(taken["target"], f"{where} target"),
        **link_fields(row, taken, language, where),
    )


def _factors_of(frame: pd.DataFrame, language: str) -> tuple[Factor, ...]:
    if "id" not in frame.columns:
        found = ", ".join(map(repr, frame.columns)) or "none"
        raise MapError("factors column 'id'", f"there is no such column; there are {found}")
    made = []
    for number, record in enumerate(frame.to_dict("records"), start=1):
        row = {str(key): value for key, value in record.items()}
        where = f"factors row {number}"
        name = name_of(row.pop("id"), f"{where} id")
        made.append(Factor(name, **factor_fields(row, name, language, where)))
    return tuple(made)


def factor_fields(row: MutableMapping[str, Any], name: str, language: str, where: str) -> dict[str, Any]:
    """Return the fields of a `Factor` but its id, from cells or from the attributes of a node."""
    agencies = row.get("agencies")
    rest = _texts_in(row)
    if not isinstance(agencies, list | tuple):
        agencies = split(rest.get("agencies", ""))
    shown = {
        "label": rest.get("label", ""),
        "definition": rest.get("definition", ""),
        "language": language,
    }
    plain = {
        "domain": rest.get("domain", ""),
        "valence": valence_in(row.get("valence"), f"{where} valence"),
        "kind": rest.get("kind") or "state",
        "agencies": tuple(map(str, agencies)),
        "status": rest.get("status") or "own",
        "reveal_stage": stage_in(row.get("reveal_stage"), f"{where} reveal_stage"),
        "position": place_in(row.get("x"), row.get("y"), where),
    }
    for told in _FACTOR_COLUMNS:
        rest.pop(told, None)
    further = take_of_factor(rest, shown, where)
    return {**plain, **further, "labels": further["labels"] or Texts({language: name})}


def link_fields(row: Mapping[str, Any], signed: Mapping[str, Any], language: str, where: str) -> dict[str, Any]:
    """Return the fields of a `Link` but its id and ends, from cells or from the attributes of an edge.

    ``sign``, ``strength`` and ``weight`` are those of `signed`; a cell of `row` that has one of
    these names is something else, and kept as it is.
    """
    sign, both, strength = signed_in(signed, where)
    rest = _texts_in(row)
    plain = {
        "sign": sign,
        "both_signs": both or (rest.get("mark") == "±" and sign is None),
        "strength": strength,
        "delay": delay_in(row.get("delay"), f"{where} delay"),
        "status": rest.get("status") or "own",
        "contested": yes_or_no(row.get("contested"), f"{where} contested"),
        "reveal_stage": stage_in(row.get("reveal_stage"), f"{where} reveal_stage"),
    }
    rationale = rest.get("rationale", "")
    for told in ("id", "mark", "delay", "status", "contested", "reveal_stage", "rationale"):
        rest.pop(told, None)
    return {**plain, **take_of_link(rest, rationale, language, where)}


def _texts_in(row: Mapping[str, Any]) -> dict[str, str]:
    """Return what can be kept as a text: texts, numbers, yes and no, dates."""
    return {
        str(key): text_in(value)
        for key, value in row.items()
        if not missing(value)
        and (isinstance(value, str | Real | date) or type(value).__name__.startswith("bool"))
    }


def _named(names: Iterable[str], language: str) -> tuple[Factor, ...]:
    return tuple(Factor(name, Texts({language: name})) for name in dict.fromkeys(names))


# --- cells -----------------------------------------------------------------


def missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, pandas' NA or NaT."""
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):
        # pandas' NA refuses to be compared; an array answers with many.
        return type(value).__name__ == "NAType"


def name_of(value: Any, field: str) -> str:
    """Return a factor's id, from a text, a number or a tuple."""
    if missing(value) or (isinstance(value, str) and not value):
        raise MapError(field, "no factor is named here")
    return text_in(value)


def text_in(value: Any) -> str:
    """Return a cell as text; a missing one is empty, and 2.0 is "2".

    A column of whole numbers in which one is missing holds floats in pandas.
    """
    if missing(value):
        return ""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else str(value)


def number_in(value: Any, field: str) -> float:
    """Return a cell as a finite number."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise MapError(field, f"{value!r} is not a number") from None
    if isinstance(value, bool) or not math.isfinite(number):
        raise MapError(field, f"{value!r} is not a finite number")
    return number


def sign_in(value: Any, field: str) -> tuple[Sign | None, bool]:
    """Return a sign, and whether both are claimed."""
    if missing(value):
        return None, False
    text = str(value).strip().casefold()
    if not isinstance(value, bool):
        if text in ("1", "+1", "1.0", "+", "positive"):
            return 1, False
        if text in ("-1", "-1.0", "-", "−", "−1", "negative"):
            return -1, False
        if text in ("0", "0.0", "-0.0", "", "?", "unknown"):
            return None, False
        if text in ("±", "+/-", "both"):
            return None, True
    raise MapError(field, f"{value!r} is not 1, -1 or None (nor +, -, ± or ?; positive, negative or unknown)")


def strength_in(value: Any, field: str) -> float:
    """Return a strength; a missing one is 1."""
    if missing(value):
        return 1.0
    number = number_in(value, field)
    if not 0 < number <= MAX_STRENGTH:
        raise MapError(field, f"{value!r} is not above 0 and at most {MAX_STRENGTH:g}")
    return number


def signed_in(data: Mapping[str, Any], where: str) -> tuple[Sign | None, bool, float]:
    """Return sign, whether both are claimed, and strength.

    A signed ``weight`` counts before ``sign`` and ``strength``, as it does in
    `wickedmap.graphs`; a weight of 0 has no known sign. The two must not contradict
    each other.
    """
    sign, both = sign_in(data.get("sign"), f"{where} sign")
    weight = data.get("weight")
    if missing(weight):
        return sign, both, strength_in(data.get("strength"), f"{where} strength")
    number = number_in(weight, f"{where} weight")
    if abs(number) > MAX_STRENGTH:
        raise MapError(
            f"{where} weight",
            f"{weight!r} is not between -3 and 3; divide all weights so that the largest is 3 or 1",
        )
    if number == 0:
        return sign, both, strength_in(data.get("strength"), f"{where} strength")
    if both or (sign is not None and sign * number < 0):
        raise MapError(
            f"{where} weight",
            f"{weight!r} contradicts the sign {data['sign']!r}; "
            "keep one of them, or call a weight without a sign strength",
        )
    return (1 if number > 0 else -1), False, abs(number)


def delay_in(value: Any, field: str) -> Delay:
    """Return a delay; True is a long one."""
    if missing(value) or value is False or value == "":
        return ""
    if value is True or value == "long":
        return "long"
    if value == "short":
        return "short"
    raise MapError(field, f"{value!r} is not short, long or empty")


def yes_or_no(value: Any, field: str) -> bool:
    """Return a cell as true or false, also when a file made a text of it."""
    text = text_in(value).strip().casefold()
    if text not in ("", "true", "false", "1", "0", "1.0", "0.0"):
        raise MapError(field, f"{value!r} is neither true nor false")
    return text in ("true", "1", "1.0")


def place_in(x: Any, y: Any, where: str) -> tuple[float, float] | None:
    """Return a factor's position, or None when either number is missing."""
    if missing(x) or missing(y):
        return None
    return number_in(x, f"{where} x"), number_in(y, f"{where} y")


def stage_in(value: Any, field: str) -> int:
    """Return the stage that first shows something; a missing one is 1."""
    if missing(value):
        return 1
    number = number_in(value, field)
    if number not in (1, 2, 3, 4):
        raise MapError(field, f"{value!r} is not 1, 2, 3 or 4")
    return int(number)


def valence_in(value: Any, field: str) -> Valence:
    """Return whether more of a factor is good or bad."""
    match text_in(value):
        case "good" | "bad" | "" as known:
            return known
    raise MapError(field, f"{value!r} is not good, bad or empty")
