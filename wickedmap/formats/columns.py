"""Factors and links as flat rows of text: the columns shared by CSV, GraphML, GEXF, GML and DOT.

Every field has a column, so that a table holds all of a factor or a link. A text
in several languages has its base column in the map's language ("label") and one
column per language when there are others ("label_nb", "label_en"). Lists are
joined by "|". Columns that are not known here become attributes when read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final

from ..flat_fields import joined as joined
from ..flat_fields import split as split
from ..model import DELAYS, STATUSES, Evidence, Factor, Link
from ..text import Texts
from .errors import FormatError
from .reading import Draft
from .signs import SignReading, read_number

SIGN_WORDS: Final = {"+": "positive", "−": "negative", "?": "unknown", "±": "both"}
FACTOR_LISTS: Final = ("agencies", "members", "aliases")
FACTOR_COLUMNS: Final = (
    *("id", "label", "seed_label", "definition", "domain", "valence", "kind", "agencies", "reveal_stage"),
    *("status", "members", "x", "y", "aliases", "provenance", "note", "phrases", "attributes"),
)
LINK_COLUMNS: Final = (
    *("id", "source", "target", "sign", "strength", "delay", "rationale", "status", "reveal_stage"),
    *("evidence", "counter_evidence", "contested", "provenance", "attributes"),
)
_LANGUAGE_COLUMN: Final = re.compile(r"(label|definition|rationale)_([A-Za-z]{2,3})")


def number_text(value: float) -> str:
    """Return a number as the shortest text that gives it back, without a needless ".0"."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)


def _put_texts(row: MutableMapping[str, str], name: str, texts: Texts, language: str) -> None:
    row[name] = texts.in_language(language)
    if texts and set(texts) != {language}:
        for one, text in texts.items():
            row[f"{name}_{one}"] = text


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def factor_row(factor: Factor, language: str) -> dict[str, str]:
    """Return a factor as columns; empty ones are left out, save id and label."""
    row = {
        "id": factor.id,
        "seed_label": factor.seed_label,
        "domain": factor.domain,
        "valence": factor.valence,
        "kind": factor.kind,
        "agencies": joined(factor.agencies),
        "reveal_stage": str(factor.reveal_stage),
        "status": factor.status,
        "members": joined(factor.members),
        "aliases": joined(factor.aliases),
        "provenance": factor.provenance,
        "note": factor.note,
        "phrases": _dumps({key: dict(texts) for key, texts in factor.phrases.items()}),
        "attributes": _dumps(dict(factor.attributes)),
    }
    if factor.position is not None:
        row["x"], row["y"] = (number_text(value) for value in factor.position)
    _put_texts(row, "label", factor.labels, language)
    _put_texts(row, "definition", factor.definitions, language)
    return {name: value for name, value in row.items() if value or name in ("id", "label")}


def link_row(link: Link, language: str) -> dict[str, str]:
    """Return a link as columns; empty ones are left out, save id, source, target and sign."""
    row = {
        "id": link.id,
        "source": link.source,
        "target": link.target,
        "sign": SIGN_WORDS[link.mark],
        "strength": number_text(link.strength),
        "delay": link.delay,
        "status": link.status,
        "reveal_stage": str(link.reveal_stage),
        "evidence": _dumps([[one.reference, one.finding] for one in link.evidence]),
        "counter_evidence": _dumps([[one.reference, one.finding] for one in link.counter_evidence]),
        "contested": "true" if link.contested else "",
        "provenance": link.provenance,
        "attributes": _dumps(dict(link.attributes)),
    }
    _put_texts(row, "rationale", link.rationale, language)
    return {name: value for name, value in row.items() if value}


DEFAULTS: Final[Mapping[str, str]] = {
    "kind": "state",
    "reveal_stage": "1",
    "strength": "1",
    "status": "imported",
}
"""What a missing column means, so that formats which pay for every value can leave it out."""


def column_order(known: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the columns of these rows: the known ones first, language columns after their base."""
    found = {name for row in rows for name in row}
    order = []
    for name in known:
        order.append(name)
        order.extend(
            sorted(one for one in found if (m := _LANGUAGE_COLUMN.fullmatch(one)) and m.group(1) == name)
        )
    return order


def _take_texts(row: MutableMapping[str, str], name: str, language: str) -> Texts:
    shown = row.pop(name, "")
    texts = {
        match.group(2): row.pop(column)
        for column in list(row)
        if (match := _LANGUAGE_COLUMN.fullmatch(column)) and match.group(1) == name
    }
    made = Texts(texts)
    # A label changed in another tool shows in the base column only: it wins.
    if shown and made.in_language(language) != shown:
        made = made.with_text(language, shown)
    return made


def _take_choice(
    draft: Draft, row: MutableMapping[str, str], name: str, allowed: tuple[str, ...], default: str, place: str
) -> str:
    value = row.pop(name, "") or default
    if value in allowed:
        return value
    row[name] = value
    draft.note(
        "kept-as-column", place, f"{name} {value[:60]!r} is not one of ours; kept as a column of its own"
    )
    return default


def _take_stage(draft: Draft, row: MutableMapping[str, str], place: str) -> int:
    return int(_take_choice(draft, row, "reveal_stage", ("1", "2", "3", "4"), "1", place))


def take_json(row: MutableMapping[str, str], name: str, kind: type, place: str) -> Any:
    """Remove a column that holds JSON and return its value."""
    text = row.pop(name, "")
    if not text:
        return kind()
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise FormatError("the cell is not valid JSON", place=f"{place}, {name}".strip(", ")) from None
    if type(value) is not kind:
        raise FormatError(
            "the cell holds another kind of JSON than expected", place=f"{place}, {name}".strip(", ")
        )
    return value


def _take_attributes(draft: Draft, row: MutableMapping[str, str], place: str) -> dict[str, str]:
    text = row.get("attributes", "")
    own: dict[str, str] = {}
    if text.startswith("{"):
        read = take_json(row, "attributes", dict, place)
        own = {
            draft.clean(name, place): draft.clean(value, place)
            for name, value in read.items()
            if isinstance(value, str)
        }
    rest = {name: value for name, value in row.items() if value}
    row.clear()
    return {**rest, **own}


def _take_phrases(row: MutableMapping[str, str], place: str) -> dict[str, Texts]:
    if row.get("phrases", "")[:1] != "{":
        return {}
    made = {}
    for key, texts in take_json(row, "phrases", dict, place).items():
        if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
            raise FormatError("expected a text per language", place=f"{place}, phrases".strip(", "))
        made[key] = Texts(texts)
    return made


def _take_evidence(draft: Draft, row: MutableMapping[str, str], name: str, place: str) -> tuple[Evidence, ...]:
    if row.get(name, "")[:1] != "[":
        return ()
    pairs = take_json(row, name, list, place)
    for pair in pairs:
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise FormatError("expected pairs of reference and finding", place=f"{place}, {name}".strip(", "))
    return tuple(
        Evidence(draft.clean(reference, place), draft.clean(finding, place)) for reference, finding in pairs
    )


def position_of(draft: Draft, x: str | None, y: str | None, place: str) -> tuple[float, float] | None:
    """Return a position from two texts; one that is no number is left out and reported."""
    if not x or not y:
        return None
    left, top = read_number(x), read_number(y)
    if left is None or top is None:
        draft.note("position-dropped", place, f"the position ({x[:20]}, {y[:20]}) is not two numbers; left out")
        return None
    return left, top


def factor_fields(draft: Draft, columns: Mapping[str, str], place: str) -> dict[str, Any]:
    """Return fields of `Factor` from columns; `id` is left to the caller, unknown columns are kept."""
    row = {name: draft.clean(value, place) for name, value in columns.items() if name != "id"}
    position = position_of(draft, row.pop("x", None), row.pop("y", None), place)
    labels = _take_texts(row, "label", draft.language)
    fields: dict[str, Any] = {
        "definitions": _take_texts(row, "definition", draft.language),
        "seed_label": row.pop("seed_label", ""),
        "domain": row.pop("domain", ""),
        "valence": _take_choice(draft, row, "valence", ("good", "bad", ""), "", place),
        "kind": row.pop("kind", "") or "state",
        "reveal_stage": _take_stage(draft, row, place),
        "status": _take_choice(draft, row, "status", STATUSES, "imported", place),
        "position": position,
        "provenance": row.pop("provenance", ""),
        "note": row.pop("note", ""),
        "phrases": _take_phrases(row, place),
        **{name: split(row.pop(name, "")) for name in FACTOR_LISTS},
    }
    if labels:
        fields["labels"] = labels
    fields["attributes"] = _take_attributes(draft, row, place)
    return fields


def link_fields(draft: Draft, columns: Mapping[str, str], place: str) -> dict[str, Any]:
    """Return fields for `Draft.link` from columns, without id and ends."""
    ends = ("id", "source", "target")
    row = {name: draft.clean(value, place) for name, value in columns.items() if name not in ends}
    sign: SignReading | None = draft.sign(row.pop("sign"), place) if "sign" in row else None
    polarity = row.pop("polarity", None)
    if sign is None:
        sign = draft.sign(polarity, place) if polarity is not None else SignReading()
    fields: dict[str, Any] = {
        "sign": SignReading(sign=sign.sign, both=sign.both),
        "delay": _take_choice(draft, row, "delay", DELAYS, "", place),
        "rationale": _take_texts(row, "rationale", draft.language),
        "status": _take_choice(draft, row, "status", STATUSES, "imported", place),
        "reveal_stage": _take_stage(draft, row, place),
        "evidence": _take_evidence(draft, row, "evidence", place),
        "counter_evidence": _take_evidence(draft, row, "counter_evidence", place),
        "contested": row.pop("contested", "").casefold() in ("true", "1"),
        "provenance": row.pop("provenance", ""),
    }
    strength = row.pop("strength", "")
    if strength:
        size = read_number(strength)
        if size is None:
            draft.note("kept-as-column", place, f"strength {strength[:20]!r} is not a number; kept as a column")
            row["strength"] = strength
        fields["weight"] = size
    elif sign.size is not None:
        fields["weight"] = sign.size
    fields["attributes"] = _take_attributes(draft, row, place)
    return fields
