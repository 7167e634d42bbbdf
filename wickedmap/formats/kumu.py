"""Kumu: its blueprint and its project backup as JSON.

Written as a backup, which keeps positions and delays and which PRSM reads too. Our
further fields stand as Kumu fields of their own, lower-case as Kumu has them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from ..causal_map import CausalMap
from ..text import Texts
from . import strict_json
from .aspects import WHOLE_MAP
from .columns import DEFAULTS, factor_fields, factor_row, joined, link_fields, link_row
from .errors import FormatError
from .reading import Draft, Reading, text_attributes

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    "focal": "",
    "delay_lengths": "kept as delayed",
    "odd_ids": "replaced; the old id is kept as a field",
}
_KNOWN: Final = {"label", "element type", "connection type", "tags", "description", "image"}
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

    Elements that are in no map (Kumu's Trash) and links that lead nowhere are left
    out and reported.
    """
    project = strict_json.loads(data)
    if not isinstance(project, dict) or not isinstance(project.get("elements"), list):
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
    places, shown = _map_places(project)
    by_label: dict[str, str] = {}
    for number, element in enumerate(project["elements"]):
        place = f"elements[{number}]"
        values = _attributes(element, place)
        key = _text(element.get("_id") or element.get("id") or values.get("label"))
        if not key:
            raise FormatError("an element has neither id nor label", place=place, code="missing")
        if shown is not None and key not in shown:
            draft.note("trash", place, f"{values.get('label', key)!r} is in no map of the project; left out")
            continue
        row = _factor_row(values)
        label = row.get("label", "")
        position = places.get(key) or _xy(element.get("position"))
        fields = factor_fields(draft, row, place)
        fields["position"] = position
        wanted = element.get("_id") or element.get("id")
        if draft.has_factor(key):
            raise FormatError(f"the element {key!r} is given twice", place=place)
        draft.factor(key, label, place=place, wanted_id=_text(wanted) if wanted else None, **fields)
        by_label.setdefault(" ".join(label.split()), key)
    connections = project.get("connections", [])
    if not isinstance(connections, list):
        raise FormatError("expected a list", place="connections")
    for number, connection in enumerate(connections):
        _connection(draft, connection, f"connections[{number}]", by_label)
    _report_loops(draft, project)
    return draft.finish(**({"titles": Texts(titles)} if titles else {}))


def _text(value: Any) -> str:
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


def _map_places(project: Mapping[str, Any]) -> tuple[dict[str, tuple[float, float]], set[str] | None]:
    """Return positions by element, and which elements some map shows (None in a blueprint)."""
    maps = project.get("maps")
    if not isinstance(maps, list) or not maps:
        return {}, None
    places: dict[str, tuple[float, float]] = {}
    shown: set[str] = set()
    ordered = sorted(
        (one for one in maps if isinstance(one, dict)),
        key=lambda one: one.get("_id") != project.get("defaultMap"),
    )
    for one in ordered:
        nodes = one.get("elements")
        for node in nodes if isinstance(nodes, list) else []:
            if isinstance(node, dict) and isinstance(node.get("element"), str):
                shown.add(node["element"])
                position = _xy(node.get("position"))
                if position is not None:
                    places.setdefault(node["element"], position)
    return places, shown


def _own(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.removeprefix("wickedmap "): value
        for name, value in values.items()
        if name.startswith("wickedmap ") and isinstance(value, str)
    }


def _factor_row(values: Mapping[str, Any]) -> dict[str, str]:
    label = _text(values.get("label", ""))
    tags = values.get("tags") or []
    tags = (
        [_text(tag) for tag in tags]
        if isinstance(tags, list)
        else [part for part in _text(tags).split("|") if part]
    )
    own = _own(values)
    if own:
        # What was changed in Kumu shows in Kumu's own fields; they win.
        row = own | {"label": label}
        if "description" in values:
            row["definition"] = _text(values["description"])
        return row
    row = {
        name: text
        for name, text in text_attributes(values).items()
        if name not in _KNOWN and name not in ("_id", "id", "position", "direction")
    }
    row |= {
        "label": label,
        "domain": _text(values.get("element type") or values.get("type")),
        "definition": _text(values.get("description")),
        "agencies": joined(tags),
    }
    row.pop("type", None)
    return {name: text for name, text in row.items() if text}


def _connection(draft: Draft, connection: Any, place: str, by_label: Mapping[str, str]) -> None:
    values = _attributes(connection, place)
    ends = []
    for name in ("from", "to"):
        end = _text(connection.get(name))
        key = end if draft.has_factor(end) else by_label.get(" ".join(end.split()), "")
        if not key:
            draft.note("dangling", place, f"the link's {name!r} {end!r} is no element of the map; left out")
            return
        ends.append(key)
    own = _own(values)
    mark = _text(values.get("connection type") or values.get("type"))
    word = draft.sign(mark, place, two_ended=True)
    if word.doubt == "unknown-word":
        for other in ("influence type", "polarity", "sign", "relationship impact"):
            if other in values:
                word = draft.sign(_text(values[other]), place, two_ended=True)
                break
    delayed = connection.get("delayed") is True
    row = own | {"delay": "long" if delayed else ""}
    if "description" in values:
        row["rationale"] = _text(values["description"])
    if not own:
        left_out = _KNOWN | {"type", "from", "to", "direction", "_id", "id", "delayed", "reversed", "label"}
        row |= {name: text for name, text in text_attributes(values).items() if name not in left_out}
        if values.get("label") and read_mark(_text(values["label"])) is None:
            row["label"] = _text(values["label"])
    fields = link_fields(draft, row, place)
    fields["sign"] = word
    direction = _text(connection.get("direction") or "directed").casefold()
    if connection.get("reversed") is True:
        ends.reverse()
    register = draft.link if direction == "directed" else draft.mutual
    wanted = _text(connection.get("_id") or connection.get("id"))
    register(ends[0], ends[1], place=place, wanted_id=wanted, **fields)


def read_mark(text: str) -> str | None:
    """Return the text when it is only a sign, else None."""
    return text if text.strip() in ("+", "-", "−", "?", "±", "") else None


def _report_loops(draft: Draft, project: Mapping[str, Any]) -> None:
    loops = project.get("loops")
    if isinstance(loops, list) and loops:
        draft.note("loops", "loops", f"{len(loops)} named loops are left out; loops are found from the links")
