"""Which column of a table plays which role: by its name, and for signs by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..text import same_label
from .reading import Draft
from .signs import SignReading, is_mark, read_number, read_sign, sign_in_name
from .tables import MAX_COLUMNS, Row, column_key

_SIGN_NAMES: Final = (
    *("polarity", "sign", "fortegn", "forteikn", "polaritet", "link sign", "link polarity", "edge sign"),
    *("sign of effect", "+/-", "±"),
)
# These names may mean other things too: what stands in the column decides.
_PERHAPS_SIGNS: Final = (
    *("influence type", "link type", "connection type", "edge type", "relationship type", "relation type"),
    *(
        "interaction",
        "type of link",
        "type of influence",
        "predicate",
        "effect type",
        "relationship impact",
        "direction of effect",
        "type of relationship",
        "påvirkningstype",
    ),
    *("relationship", "relation", "relasjon", "influence", "påvirkning", "påverknad", "mark", "type", "label"),
)
_AMOUNTS: Final = (
    *("weight", "vekt", "value", "verdi", "edge weight", "correlation", "coefficient"),
    *("strength", "styrke", "w"),
)
ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "source": (
        *("source", "from", "fra", "frå", "cause", "årsak", "kilde", "kjelde", "source id", "from id", "src"),
        *(
            "fromnodeid",
            "from node id",
            "source node id",
            "source node",
            "from node",
            "start node",
            "node from",
        ),
        *("source factor", "from factor", "from variable", "cause variable", "from element", "from concept"),
        *("source label", "from label", "source name", "from name", "fra faktor", "frå faktor"),
        *(
            "influencer",
            "influencing factor",
            "influencing variable",
            "driver",
            "påvirker",
            "påvirkende faktor",
        ),
        *(
            "subject",
            "antecedent",
            "independent variable",
            "predictor",
            "origin",
            "upstream",
            "avsender",
            "start",
        ),
        *(
            "factor a",
            "factor 1",
            "variable a",
            "variable 1",
            "node a",
            "node 1",
            "node1",
            "vertex 1",
            "faktor a",
            "faktor 1",
        ),
    ),
    "target": (
        *("target", "to", "til", "effect", "virkning", "verknad", "mål", "target id", "to id", "dst", "tgt"),
        *("tonodeid", "to node id", "target node id", "target node", "to node", "end node", "node to"),
        *("target factor", "to factor", "to variable", "effect variable", "to element", "to concept"),
        *("target label", "to label", "target name", "to name", "til faktor"),
        *("influenced", "influenced factor", "influenced variable", "affected", "påvirkes", "påvirket faktor"),
        *("object", "consequent", "consequence", "dependent variable", "outcome", "destination", "downstream"),
        *("mottaker", "slutt"),
        *(
            "factor b",
            "factor 2",
            "variable b",
            "variable 2",
            "node b",
            "node 2",
            "node2",
            "vertex 2",
            "faktor b",
            "faktor 2",
        ),
    ),
    "source label": ("source label", "from label", "source name", "from name", "fra navn", "frå namn"),
    "target label": ("target label", "to label", "target name", "to name", "til navn", "til namn"),
    "sign": _SIGN_NAMES,
    "strength": ("strength", "styrke", "magnitude", "weight", "vekt", "edge weight", "w"),
    "delay": ("delay", "delayed", "forsinkelse", "forseinking", "time lag", "lag"),
    "direction": ("direction", "retning", "directed"),
    "agency": (
        *("agency", "etat", "organisation", "organization", "organisasjon", "stakeholder", "aktør", "actor"),
        *("group", "gruppe", "virksomhet", "verksemd", "instans"),
    ),
    "participant": (
        "participant",
        "person",
        "deltaker",
        "deltakar",
        "respondent",
        "informant",
        "user",
        "who",
        "expert",
        "ekspert",
    ),
    "note": (
        *("rationale", "note", "notes", "merknad", "comment", "kommentar", "begrunnelse", "grunngjeving"),
        *("reason", "description", "beskrivelse", "forklaring"),
    ),
    "id": ("id", "link id", "edge id", "lenke id"),
}
FACTOR_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    "label": (
        *("label", "factor", "faktor", "name", "navn", "namn", "node", "variable", "variabel", "element"),
        *("concept", "title"),
    ),
    "id": ("id", "factor id", "node id", "key", "vertex"),
    "domain": ("domain", "domene", "category", "kategori", "type", "theme", "tema", "group", "gruppe"),
    "agencies": ("agencies", "agency", "etat", "etater", "owner", "eier"),
    "definition": ("definition", "definisjon", "description", "beskrivelse"),
    "note": ("note", "notes", "merknad", "comment", "kommentar"),
    "x": ("x", "pos x"),
    "y": ("y", "pos y"),
}
# As in Kumu's JSON: tags are the agencies, and the type is the domain whatever else is there.
KUMU_ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    **FACTOR_ROLES,
    "domain": ("element type", "type", "domain"),
    "agencies": ("agencies", "tags"),
    "definition": ("definition", "description"),
}
UNDIRECTED: Final = frozenset(
    {"mutual", "undirected", "gjensidig", "both", "bidirectional", "toveis", "udirigert", "false"}
)
_DIRECTED: Final = frozenset({"directed", "true", "dirigert", "enveis", "one-way"})
_TWINS: Final = (
    *(("source", "target"), ("from", "to"), ("cause", "effect"), ("fra", "til"), ("frå", "til")),
    *(
        ("årsak", "virkning"),
        ("influencing", "influenced"),
        ("independent", "dependent"),
        ("1", "2"),
        ("a", "b"),
    ),
)
_NOUNS: Final = frozenset(
    {
        *("id", "name", "node", "factor", "variable", "concept", "element", "vertex", "entity", "item", "term"),
        *("navn", "namn", "faktor", "variabel", "begrep", "omgrep"),
    }
)
_OF_TIME: Final = frozenset({"date", "time", "year", "day", "month", "dato", "tid", "år", "dag", "type"})
_PARENTHESIS: Final = re.compile(r"[(\[][^()\[\]]*[)\]]$")
_LOOKED_AT: Final = 500


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column plays which role, by position; the rest are kept as attributes."""

    roles: Mapping[str, int]
    names: tuple[str, ...]
    has_header: bool


def match_roles(header: Sequence[str], roles: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Return the position of the best-named column for each role; each column has one role.

    Examples
    --------
    >>> match_roles(["Cause (variable)", "Effect", "Sign"], ROLES)
    {'source': 0, 'target': 1, 'sign': 2}
    >>> match_roles(["Source concept name", "Target concept name", "date from", "date to"], ROLES)
    {'source': 0, 'target': 1}
    """
    # More than a table may have are words of something else.
    header = header[:MAX_COLUMNS]
    keys = [column_key(name) for name in header]
    plain = [column_key(_PARENTHESIS.sub("", name[:200].strip())) for name in header]
    first: dict[str, int] = {}
    for place, key in (*enumerate(keys), *enumerate(plain)):
        first.setdefault(key, place)
    found: dict[str, int] = {}
    for role, names in roles.items():
        for name in names:
            at = first.get(name)
            if at is not None and at not in found.values():
                found[role] = at
                break
    if roles is ROLES and not found.keys() >= {"source", "target"}:
        pair = _twin_columns(plain)
        if pair is not None:
            kept = {
                role: at for role, at in found.items() if at not in pair and role not in ("source", "target")
            }
            return {"source": pair[0], "target": pair[1], **kept}
    return found


def _twin_columns(keys: Sequence[str]) -> tuple[int, int] | None:
    """Return two columns whose names differ only in a word for either end, or in 1 and 2 behind a noun."""
    known = {key: at for at, key in reversed(list(enumerate(keys)))}
    for first, second in _TWINS:
        for at, key in enumerate(keys):
            words = key.split()
            if first not in words or len(words) < 2 or _OF_TIME & set(words):
                continue
            rest = {word for word in words if word != first}
            other = known.get(" ".join(second if word == first else word for word in words))
            if other is not None and (first not in ("1", "a") or rest & _NOUNS):
                return at, other
    return None


def find_columns(rows: Sequence[Row], draft: Draft) -> Columns | None:
    """Return which columns hold what, or None when this is not a table of links."""
    header = rows[0].cells
    roles = match_roles(header, ROLES)
    if "source" in roles and "target" in roles:
        return Columns(_by_content(roles, rows, draft), tuple(header), True)
    width = len(header)
    if width < 2 or match_roles(header, FACTOR_ROLES).keys() & {"label", "x"}:
        return None
    body = rows[1:]
    signed = [column for column in range(2, min(width, 64)) if _is_sign_column(body, column)]
    first_is_data = not signed or _looks_like_sign(header[signed[0]]) or not body
    guessed: dict[str, int] = {"source": 0, "target": 1}
    if signed:
        unsigned = _unsigned_amounts(rows if first_is_data else body, signed[0])
        guessed["strength" if unsigned else "sign"] = signed[0]
    if width > 2 and (_is_amounts_for_names(rows) or not (signed or _repeats(rows))):
        return None
    draft.note(
        "columns-guessed",
        rows[0].place,
        f"no header names source and target; column 1 is read as cause, column 2 as effect"
        f"{f', column {signed[0] + 1} as sign' if 'sign' in guessed else ''}",
    )
    if first_is_data:
        names = tuple(f"column {number}" for number in range(1, width + 1))
        return Columns(guessed, names, False)
    rest = {
        role: at
        for role, at in roles.items()
        if at not in guessed.values() and role not in ("source", "target", "sign")
    }
    return Columns({**rest, **guessed}, tuple(header), True)


def _cells(rows: Sequence[Row], column: int) -> list[str]:
    cells = (row.cells[column].strip() for row in rows[:_LOOKED_AT] if len(row.cells) > column)
    return [cell for cell in cells if cell]


def _by_content(roles: dict[str, int], rows: Sequence[Row], draft: Draft) -> dict[str, int]:
    """Return the roles with the column of signs, and of directions, found by what stands in them."""
    header, body = rows[0].cells, rows[1:]
    if "direction" not in roles:
        kind = match_roles(header, {"direction": ("type", "edge type")}).get("direction")
        kinds = {word.casefold() for word in _cells(body, kind)} if kind is not None else set()
        if kind is not None and kinds and kinds <= UNDIRECTED | _DIRECTED:
            roles["direction"] = kind
    # A label of either end counts only where there is an id of it, too.
    for role, end in (("source label", "source"), ("target label", "target")):
        if roles.get(role) == roles[end]:
            del roles[role]
    if "sign" in roles:
        return roles
    taken = [at for role, at in roles.items() if role != "strength"]
    for name in (*_PERHAPS_SIGNS, *_AMOUNTS):
        at = match_roles(header, {"sign": (name,)}).get("sign")
        if at is None or at in taken or not _holds_signs(_cells(body, at), amounts=name in _AMOUNTS):
            continue
        if roles.get("strength") == at:
            del roles["strength"]
        return {**roles, "sign": at}
    for at in range(len(header)):
        words = _cells(body, at)
        if at not in taken and words and not any(read_number(word) is not None for word in words):
            readings = [read_sign(word, suggest=False) for word in words]
            if not any(one.doubt for one in readings) and any(one.sign is not None for one in readings):
                return {**roles, "sign": at}
    if body:
        draft.note("no-signs", "", "the table has no column of signs; every link is unknown (?)")
    return roles


def _holds_signs(words: Sequence[str], *, amounts: bool) -> bool:
    """Whether words are signs; numbers are, when one of them is below 0 or has a plus."""
    numbers = [read_number(word) for word in words]
    if any(number is not None and number < 0 for number in numbers) or (
        amounts and any(word.startswith("+") for word in words)
    ):
        return sum(number is None for number in numbers) * 10 <= len(words)
    if amounts:
        return False
    rest = [word for word, number in zip(words, numbers, strict=True) if number is None]
    readings = [sign_of_words(word) for word in rest]
    signed = sum(one.sign is not None or one.both or one.doubt == "near-miss" for one in readings)
    odd = sum(one.doubt == "unknown-word" for one in readings)
    # What is written on the lines may be a mark on some and a word on others.
    marks = all(
        is_mark(word) for word, one in zip(rest, readings, strict=True) if one.sign is not None or one.both
    )
    return bool(signed) and (odd * 10 <= len(rest) or marks)


def sign_of_words(word: str) -> SignReading:
    """Return the sign of a word, or the one sign of which several words speak ("Strong negative")."""
    reading = read_sign(word)
    named = sign_in_name(word) if reading.doubt == "unknown-word" else reading
    return reading if named.doubt else named


def _unsigned_amounts(rows: Sequence[Row], column: int) -> bool:
    """Whether all cells are numbers above 0 without a plus: weights as most tools write them."""
    cells = _cells(rows, column)
    numbers = [read_number(cell) for cell in cells]
    return all(number is not None and number > 0 for number in numbers) and not any(
        "+" in cell for cell in cells
    )


def _looks_like_sign(cell: str) -> bool:
    reading = read_sign(cell, suggest=False)
    return bool(cell.strip()) and not reading.doubt


def _is_sign_column(rows: Sequence[Row], column: int) -> bool:
    cells = _cells(rows[:200], column)
    return bool(cells) and sum(map(_looks_like_sign, cells)) * 10 >= len(cells) * 8


def _is_amounts_for_names(rows: Sequence[Row]) -> bool:
    """Whether the second column holds only numbers beside the names in the first: no effects of causes."""
    names, amounts = _cells(rows[1:], 0), _cells(rows[1:], 1)
    return any(read_number(name) is None for name in names) and all(
        read_number(amount) is not None for amount in amounts
    )


def _repeats(rows: Sequence[Row]) -> bool:
    """Whether the first two columns share labels, as causes and effects do."""
    first = {same_label(row.cells[0]) for row in rows if row.cells}
    second = {same_label(row.cells[1]) for row in rows if len(row.cells) > 1}
    return bool(first & second)
