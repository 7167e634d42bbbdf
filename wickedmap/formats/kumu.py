"""Kumu: its blueprint and its project backup as JSON.

Written as a backup, which keeps positions and delays and which PRSM reads too. Our
further fields stand as Kumu fields of their own, lower-case as Kumu has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..causal_map import CausalMap
from ..text import Texts, same_label
from . import strict_json
from .aspects import WHOLE_MAP
from .columns import DEFAULTS, factor_fields, factor_row, joined, link_fields, link_row
from .errors import FormatError
from .graph_attributes import common_factor
from .reading import Draft, Reading
from .signs import SignReading, read_number, read_sign, sign_in_name

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    "focal": "",
    "delay_lengths": "kept as delayed",
    "odd_ids": "replaced; the old id is kept as a field",
}
_PLACING: Final = frozenset({"_id", "id", "position", "direction", "from", "to", "delayed", "reversed"})
_KNOWN_OF_ELEMENTS: Final = _PLACING | {"label", "element type", "type", "tags", "description", "image"}
_KNOWN_OF_CONNECTIONS: Final = _PLACING | {"connection type", "type", "description", "image"}
_SIGN_FIELDS: Final = (
    *("connection type", "type", "influence type", "polarity", "sign", "relationship impact", "influence"),
    *("impact", "effect", "relationship type", "relationship", "causality", "direction of effect", "fortegn"),
)
_SHOWN: Final = {"positive": "+", "negative": "-", "unknown": "?", "both": "±"}


def write(m: CausalMap) -> bytes:
    """Return the map as a Kumu project backup."""
    elements, connections, nodes, edges = [], [], [], []
    for number, factor in enumerate(m.factors, 1):
        row = factor_row(factor, m.language)
        attributes: dict[str, Any] = {"label": row.pop("label"), "element type": row.get("domain", "")}
        attributes["tags"] = [_tag(one) for one in factor.agencies]
        if "definition" in row:
            attributes["description"] = row["definition"]
        attributes |= {
            f"wickedmap {name}": value for name, value in row.items() if name not in ("id", "x", "y")
        }
        elements.append({"_id": factor.id, "attributes": attributes})
        node: dict[str, Any] = {
            "_id": f"node-{number}",
            "element": factor.id,
            "pinned": factor.position is not None,
        }
        if factor.position is not None:
            node["position"] = {"x": factor.position[0], "y": factor.position[1]}
        nodes.append(node)
    for number, link in enumerate(m.links, 1):
        row = link_row(link, m.language)
        attributes = {"connection type": _SHOWN[row["sign"]]}
        if "rationale" in row:
            attributes["description"] = row["rationale"]
        attributes |= _own_fields(row, ("id", "source", "target", "sign", "delay", "rationale"))
        connections.append(
            {
                "_id": link.id,
                "direction": "directed",
                "delayed": bool(link.delay),
                "reversed": False,
                "from": link.source,
                "to": link.target,
                "attributes": attributes,
            }
        )
        edges.append({"_id": f"edge-{number}", "connection": link.id})
    title = m.titles.in_language(m.language)
    about = {f"wickedmap title_{language}": text for language, text in m.titles.items()}
    project = {
        "name": title or "wickedmap",
        "description": "",
        "wickedmap": {"language": m.language, **about},
        "defaultMap": "map-1",
        "attributes": [],
        "elements": elements,
        "connections": connections,
        "loops": [],
        "maps": [
            {
                "_id": "map-1",
                "name": title or "wickedmap",
                "defaultPerspective": "pers-1",
                "elements": nodes,
                "connections": edges,
                "loops": [],
            }
        ],
        "perspectives": [{"_id": "pers-1", "name": title or "wickedmap", "style": ""}],
    }
    return json.dumps(project, ensure_ascii=False).encode("utf-8", "replace")


def _own_fields(row: Mapping[str, str], left_out: tuple[str, ...]) -> dict[str, str]:
    """Return our columns as fields of Kumu's; what a missing column means anyway is left out."""
    return {
        f"wickedmap {name}": value
        for name, value in row.items()
        if name not in left_out and value != DEFAULTS.get(name)
    }


def _tag(agency: str) -> str:
    return agency.replace("|", " ").strip()


def read(data: bytes) -> Reading:
    """Return the map in a Kumu blueprint or backup.

    Elements and connections that are in no map of a backup (Kumu's Trash) are left
    out and reported. A blueprint may name an element only as the end of a connection.
    """
    project = strict_json.loads(data)
    if not isinstance(project, dict) or not isinstance(project.get("elements", []), list):
        raise FormatError("the list 'elements' is missing", place="elements", code="missing")
    draft = Draft("kumu")
    own = project.get("wickedmap") if isinstance(project.get("wickedmap"), dict) else None
    titles: dict[str, str] = {}
    if own is not None:
        language = str(own.get("language", "nb"))
        draft.language = language if language.isalpha() and len(language) <= 3 else "nb"
        titles = {
            name.removeprefix("wickedmap title_"): text
            for name, text in own.items()
            if name.startswith("wickedmap title_") and isinstance(text, str)
        }
    elif isinstance(project.get("name"), str):
        draft.title = project["name"]
    shown = _what_is_shown(draft, project)
    ends = _Ends(is_blueprint=not isinstance(project.get("maps"), list))
    for number, element in enumerate(project.get("elements", [])):
        _element(draft, element, f"elements[{number}]", shown, ends)
    connections = project.get("connections") or []
    if not isinstance(connections, list):
        raise FormatError("expected a list", place="connections")
    amounts = [read_number(_text(_attributes(one, "connections").get("strength"))) for one in connections]
    signed_amounts = any(amount is not None and amount < 0 for amount in amounts)
    for number, connection in enumerate(connections):
        _connection(draft, connection, f"connections[{number}]", shown, ends, signed_amounts)
    _report_loops(draft, project)
    return draft.finish(**({"titles": Texts(titles)} if titles else {}))


@dataclass(slots=True)
class _Ends:
    """The elements that connections can name: by id, or by label."""

    is_blueprint: bool
    by_label: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, label: str) -> None:
        self.by_label.setdefault(same_label(label), key)

    def find(self, draft: Draft, value: Any, place: str) -> str:
        """Return the key of a connection's end, or ``""`` when there is no such element."""
        end = _text(value) if isinstance(value, str | int | float) else ""
        if draft.has_factor(end):
            return end
        found = self.by_label.get(same_label(end), "")
        if not found and end.strip() and self.is_blueprint:
            draft.factor(end, end, place=place)
            draft.note("missing-node", place, f"{end!r} stands only in the connections; it is added")
            self.add(end, end)
            return end
        return found


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the maps of a backup show; None where everything counts."""

    places: Mapping[str, tuple[float, float]]
    elements: frozenset[str] | None
    connections: frozenset[str] | None


def _text(value: Any) -> str:
    if isinstance(value, list):
        return joined([_text(one) for one in value if not isinstance(one, dict | list)])
    return value if isinstance(value, str) else "" if value is None else str(value)


def _attributes(thing: Any, place: str) -> dict[str, Any]:
    if not isinstance(thing, dict):
        raise FormatError("expected an object", place=place)
    inner = thing.get("attributes")
    values = dict(inner) if isinstance(inner, dict) else dict(thing)
    return {name.casefold(): value for name, value in values.items() if value is not None}


def _xy(value: Any) -> tuple[float, float] | None:
    if isinstance(value, dict) and all(isinstance(value.get(axis), int | float) for axis in "xy"):
        return float(value["x"]), float(value["y"])
    return None


def _what_is_shown(draft: Draft, project: Mapping[str, Any]) -> _Shown:
    """Return positions by element, and which elements and connections some map shows."""
    maps = project.get("maps")
    ordered = sorted(
        (one for one in maps if isinstance(one, dict)) if isinstance(maps, list) else (),
        key=lambda one: one.get("_id") != project.get("defaultMap"),
    )
    places: dict[str, tuple[float, float]] = {}
    elements: set[str] = set()
    connections: set[str] = set()
    names = []
    for one in ordered:
        nodes = [node for node in _objects(one.get("elements")) if isinstance(node.get("element"), str)]
        for node in nodes:
            elements.add(node["element"])
            position = _xy(node.get("position"))
            if position is not None:
                places.setdefault(node["element"], position)
        edges = _objects(one.get("connections"))
        connections |= {edge["connection"] for edge in edges if isinstance(edge.get("connection"), str)}
        if nodes:
            names.append(f"{_text(one.get('name'))!r} ({len(nodes)} elements)")
    if len(names) > 1:
        draft.note(
            "several-maps",
            "maps",
            f"the project has {len(names)} maps, read as one: {', '.join(names)}; "
            "what is in several keeps its place in the first",
        )
    return _Shown(places, frozenset(elements) or None, frozenset(connections) or None)


def _objects(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _element(draft: Draft, element: Any, place: str, shown: _Shown, ends: _Ends) -> None:
    values = _attributes(element, place)
    wanted = _text(element.get("_id") or element.get("id"))
    key = wanted or _text(values.get("label")).strip()
    if not key:
        draft.note("no-label", place, "an element has neither id nor label; left out")
        return
    if shown.elements is not None and key not in shown.elements:
        draft.note("trash", place, f"{values.get('label', key)!r} is in no map of the project; left out")
        return
    if draft.has_factor(key) or (not wanted and same_label(key) in ends.by_label):
        draft.note("listed-twice", place, f"{key!r} is listed more than once; the first one is kept")
        return
    row = _factor_row(values)
    label = row.get("label", "")
    fields = factor_fields(draft, row, place)
    fields["position"] = shown.places.get(key) or _xy(element.get("position")) or fields["position"]
    draft.factor(key, label, place=place, wanted_id=wanted or None, **fields)
    ends.add(key, label)


def _own(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix("wickedmap "): value
        for name, value in values.items()
        if name.startswith("wickedmap ") and isinstance(value, str)
    }


def _kept(values: Mapping[str, Any], left_out: frozenset[str]) -> dict[str, str]:
    """Return the fields that people have made for themselves, lists joined by "|"."""
    return {
        # An id in the fields would be taken for ours.
        f"{name} in the file" if name in ("id", "source", "target") else name: text
        for name, value in values.items()
        if name not in left_out and not isinstance(value, dict) and (text := _text(value))
    }


def _factor_row(values: Mapping[str, Any]) -> dict[str, str]:
    label = _text(values.get("label", ""))
    tags = values.get("tags") or []
    tags = (
        [_text(tag) for tag in tags]
        if isinstance(tags, list)
        else [part.strip() for part in _text(tags).split("|") if part.strip()]
    )
    own = _own(values)
    if own:
        # What was changed in Kumu shows in Kumu's own fields; they win.
        row = own | {"label": label}
        if "description" in values:
            row["definition"] = _text(values["description"])
        return row
    row = _kept(values, _KNOWN_OF_ELEMENTS)
    image = _text(values.get("image"))
    row |= {
        "label": label,
        "domain": _text(values.get("element type") or values.get("type")),
        "definition": _text(values.get("description")),
        "agencies": joined(tags),
        # A picture inside the file would be most of it.
        "image": image if len(image) < 1000 else "",
    }
    return {name: text for name, text in common_factor(row).items() if text}


def _connection(
    draft: Draft, connection: Any, place: str, shown: _Shown, ends: _Ends, signed_amounts: bool
) -> None:
    values = _attributes(connection, place)
    wanted = _text(connection.get("_id") or connection.get("id"))
    if shown.connections is not None and wanted not in shown.connections:
        draft.note("trash", place, "the connection is in no map of the project; left out")
        return
    pair = [ends.find(draft, connection.get(name), place) for name in ("from", "to")]
    for name, key in zip(("from", "to"), pair, strict=True):
        if not key:
            end = _text(connection.get(name))
            draft.note("dangling", place, f"the link's {name!r} {end!r} is no element of the map; left out")
            return
    own = _own(values)
    word, column = sign_of(draft, values, place, signed_amounts=signed_amounts)
    delayed = any(
        _text(one).casefold() in ("true", "yes", "ja", "1")
        for one in (connection.get("delayed"), values.get("delayed"), values.get("delay"))
    )
    row = dict(own)
    if "description" in values:
        row["rationale"] = _text(values["description"])
    if not own:
        left_out = _KNOWN_OF_CONNECTIONS | {column} | ({"delay"} if delayed else frozenset())
        row |= _kept(values, left_out)
        kind = _text(values.get("connection type") or values.get("type"))
        if kind and (word.doubt or read_sign(kind, two_ended=True, suggest=False).doubt):
            row["type"] = kind
    row["delay"] = "long" if delayed else row.get("delay", "")
    fields = link_fields(draft, row, place)
    fields["sign"] = word
    direction = _text(connection.get("direction") or values.get("direction") or "directed").casefold()
    if connection.get("reversed") is True:
        pair.reverse()
    register = draft.link if direction == "directed" else draft.mutual
    register(pair[0], pair[1], place=place, wanted_id=wanted, **fields)


def sign_of(
    draft: Draft, values: Mapping[str, Any], place: str, *, signed_amounts: bool
) -> tuple[SignReading, str]:
    """Return a connection's sign, and the field it stood in.

    `values` are the fields by their names in lower case; those that may hold a sign are
    tried in turn. A strength is a sign where `signed_amounts` says that some are below 0.
    """
    for name in _SIGN_FIELDS:
        text = _text(values.get(name)).strip()
        if text:
            word = read_sign(text, two_ended=True, suggest=False)
            word = sign_in_name(text) if word.doubt else word
            if not word.doubt:
                return word, name
    for name in ("strength", "weight", "label"):
        text = _text(values.get(name)).strip()
        is_mark = name == "label" and bool(text) and read_mark(text) is not None
        if is_mark or (name != "label" and signed_amounts and read_number(text) is not None):
            return read_sign(text, two_ended=True), name
    for name in _SIGN_FIELDS[:2]:
        text = _text(values.get(name)).strip()
        if text:
            return draft.sign(text, place, two_ended=True), name
    return SignReading(), ""


def read_mark(text: str) -> str | None:
    """Return the text when it is only a sign, else None."""
    return text if text.strip() in ("+", "-", "−", "–", "?", "±", "+/-", "") else None


def _report_loops(draft: Draft, project: Mapping[str, Any]) -> None:
    loops = _objects(project.get("loops"))
    if loops:
        names = [_text(_attributes(one, "loops").get("label")) or _text(one.get("_id")) for one in loops]
        more = ", ..." if len(names) > 10 else ""
        draft.note(
            "loops",
            "loops",
            f"{len(loops)} named loops are left out ({', '.join(names[:10])}{more}); "
            "loops are found from the links",
        )
