"""What graph tools call things, translated to our columns; shared by GraphML, GEXF, GML and DOT."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..causal_map import CausalMap
from ..text import Texts
from .columns import SIGN_WORDS
from .errors import FormatError
from .lessened import renamed
from .native import map_from_json, map_to_json
from .reading import Draft, Reading
from .signs import read_number, read_sign

_SIGN_NAMES: Final = (
    *("sign", "polarity", "fortegn", "mark", "interaction", "connection type", "type", "influence", "relation"),
    *("edgelabel", "edge label", "label", "drawn label", "name"),
)
_NOT_SIGNS: Final = frozenset({"label", "drawn label", "edgelabel", "edge label", "name"})
_LABEL_NAMES: Final = ("label", "name", "shared name", "title", "nodelabel", "node label")
_NOTE_NAMES: Final = ("description", "desc", "note", "notes", "comment")
_STRENGTH_WORDS: Final = {"weak": "1", "svak": "1", "medium": "2", "middels": "2", "strong": "3", "sterk": "3"}


@dataclass(frozen=True, slots=True)
class SignRule:
    """Where the signs of a file stand, decided from all its links at once."""

    column: str = ""
    weight_is_signed: bool = False


def common_factor(values: Mapping[str, str]) -> dict[str, str]:
    """Return a node's values under our column names; what is not known keeps its name."""
    row = dict(values)
    if not row.get("label"):
        by_lower = {name.casefold(): name for name in row}
        for name in _LABEL_NAMES:
            if name in by_lower and row[by_lower[name]].strip():
                row["label"] = row.pop(by_lower[name])
                break
    if "note" not in row:
        for name in _NOTE_NAMES:
            if name in row:
                row["note"] = row.pop(name)
                break
    return row


def edge_sign_rule(draft: Draft, rows: Iterable[Mapping[str, str]]) -> SignRule:
    """Decide which column holds the signs, and whether weights are signed.

    A column counts when at least one of its values is a sign and no more than a
    tenth are something else. A weight has a sign only when one of them is below 0:
    most tools write weight 1 on every link.
    """
    rows = list(rows)
    names = {name.casefold(): name for row in rows for name in row}
    for wanted in _SIGN_NAMES:
        column = names.get(wanted)
        if column is None:
            continue
        words = [row[column] for row in rows if row.get(column)]
        readings = [read_sign(word, suggest=False) for word in words]
        if wanted in _NOT_SIGNS:
            readings = [one for one, word in zip(readings, words, strict=True) if read_number(word) is None]
        signed = sum(reading.sign is not None or reading.both for reading in readings)
        odd = sum(bool(reading.doubt) for reading in readings)
        if signed and odd * 10 <= len(words):
            if wanted not in ("sign", "polarity"):
                draft.note("sign-column", "", f"signs are read from the column {column!r}")
            return SignRule(column=column)
    weights = [number for row in rows if (number := read_number(row.get("weight", ""))) is not None]
    if any(number < 0 for number in weights):
        draft.note("sign-column", "", "signs are read from the column 'weight', which has values below 0")
        return SignRule(weight_is_signed=True)
    if rows and not ({"sign", "polarity"} & names.keys()):
        draft.note("no-signs", "", "the file has no signs; every link is unknown (?)")
    return SignRule()


def common_link(values: Mapping[str, str], rule: SignRule) -> dict[str, str]:
    """Return an edge's values under our column names, the sign where `rule` says it is."""
    row = dict(values)
    if rule.column and rule.column != "sign":
        sign = row.get(rule.column, "")
        if not row.get("sign"):
            row["sign"] = sign
        if rule.column not in ("polarity",):
            row.pop(rule.column, None)
    row.pop("polarity", None) if "sign" in row else None
    # What our own writers add for the eye only.
    for name in ("drawn label", "label", "edgelabel", "Edge Label"):
        if row.get(name) in SIGN_WORDS or row.get(name, "") == row.get("sign", " "):
            row.pop(name, None)
    drawn = row.pop("drawn label", "")
    if drawn and "label" not in row:
        row["label"] = drawn
    weight = read_number(row.get("weight", ""))
    if weight is not None:
        if rule.weight_is_signed:
            row["sign"] = "0" if weight == 0 else ("1" if weight > 0 else "-1")
        if "strength" not in row and weight != 0:
            row["strength"] = str(abs(weight))
        del row["weight"]
    if row.get("strength", "").casefold() in _STRENGTH_WORDS:
        row["strength"] = _STRENGTH_WORDS[row["strength"].casefold()]
    if row.get("delay", "").casefold() in ("true", "1", "yes", "ja"):
        row["delay"] = "long"
    elif row.get("delay", "").casefold() in ("false", "0", "no", "nei", "none"):
        row["delay"] = ""
    for name in _NOTE_NAMES:
        if row.get(name) and "rationale" not in row:
            row["rationale"] = row.pop(name)
    return row


def rest_of_map(m: CausalMap) -> dict[str, Any]:
    """Return everything but the factors and links as native values, for a graph's own attribute."""
    values = map_to_json(m)
    values.pop("factors", None)
    values.pop("links", None)
    return values


def with_rest_of_map(draft: Draft, text: str) -> Reading:
    """Finish a draft with what `rest_of_map` put beside the graph.

    What points to factors or links that another tool has removed is left out, and
    the report says so.
    """
    if not text:
        return draft.finish()
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise FormatError("the value is not valid JSON", place="attribute 'wickedmap'", code="syntax") from None
    focal = values.pop("focal", "") if isinstance(values, dict) else ""
    rest = map_from_json(values, where="attribute 'wickedmap'")
    reading = draft.finish()
    m = reading.map
    factor_ids, link_ids = draft.new_ids()
    rest = renamed(rest, factor_ids, link_ids)
    titles = rest.titles
    if m.title and rest.titles.in_language(m.language) != m.titles.in_language(m.language):
        titles = rest.titles.with_text(m.language, m.titles.in_language(m.language))
    fields = {
        field.name: getattr(rest, field.name)
        for field in dataclasses.fields(rest)
        if field.name not in ("factors", "links", "titles", "focal", "language")
    }
    kept = _pointing_at_something(m, fields, draft)
    focal = factor_ids.get(focal, focal) if isinstance(focal, str) else ""
    if focal and not m.has_factor(focal):
        draft.note("dangling", "attribute 'wickedmap'", "the factor in the middle is no longer in the graph")
        focal = ""
    whole = m.replace(**kept, titles=titles or Texts(), focal=focal)
    extra = tuple(notice for notice in draft.notices() if notice not in reading.report)
    return Reading(whole, reading.format, reading.report + extra)


def _pointing_at_something(m: CausalMap, fields: dict[str, Any], draft: Draft) -> dict[str, Any]:
    def there(one: Any) -> bool:
        if hasattr(one, "target_kind"):
            return m.has_factor(one.target) if one.target_kind == "factor" else m.has_link(one.target)
        return m.has_link(one.link) if hasattr(one, "link") else m.has_factor(one.factor)

    for name in ("stances", "ratings", "annotations"):
        kept = tuple(one for one in fields[name] if there(one))
        if len(kept) != len(fields[name]):
            lost = len(fields[name]) - len(kept)
            draft.note(
                "dangling", f"attribute 'wickedmap', {name}", f"{lost} point to what is not in the graph"
            )
        fields[name] = kept
    return fields
