"""PRSM (Participatory System Mapper): its JSON, plain or compressed with lz-string.

PRSM has no field for a sign: people name a style of link "Positive influence". The
name of the style is read, then a "+" or "-" as the link's label, else the sign is
unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from ..causal_map import CausalMap
from ..text import Texts
from . import strict_json
from .aspects import WHOLE_MAP
from .columns import joined, split
from .errors import FormatError
from .lz_text import decompress
from .reading import Draft, Reading
from .signs import SignReading, read_sign

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    **dict.fromkeys(
        (
            *("languages", "language", "seed_labels", "definitions", "valences", "kinds", "members", "aliases"),
            *(
                "factor_provenance",
                "phrases",
                "factor_columns",
                "factor_stages",
                "strengths",
                "delays",
                "evidence",
            ),
            *(
                "counter_evidence",
                "contested",
                "link_provenance",
                "link_columns",
                "link_stages",
                "statuses",
                "focal",
            ),
        ),
        "",
    ),
    "odd_ids": "replaced",
}
_STYLES: Final = {
    "+": "Positive influence",
    "−": "Negative influence",
    "?": "Unknown influence",
    "±": "Both signs",
}
_LINES: Final = {
    "+": ("edge0", "#175694"),
    "−": ("edge1", "#A04A00"),
    "?": ("edge2", "#565F6A"),
    "±": ("edge3", "#565F6A"),
}
_BEING_EDITED: Final = "[Being edited by "


def write(m: CausalMap) -> bytes:
    """Return the map as PRSM reads it, uncompressed."""
    nodes = []
    for factor in m.factors:
        node: dict[str, Any] = {
            "id": factor.id,
            "label": factor.labels.in_language(m.language),
            "grp": "group0",
            "shape": "box",
            "note": _ops(factor.note),
            "thumbUp": [],
            "thumbDown": [],
            "att1": factor.domain,
            "att2": joined(factor.agencies),
        }
        if factor.position is not None:
            node["x"], node["y"] = factor.position
        nodes.append(node)
    edges = [
        {
            "id": link.id,
            "from": link.source,
            "to": link.target,
            "grp": _LINES[link.mark][0],
            "label": {"−": "-"}.get(link.mark, link.mark),
            "note": _ops(link.rationale.in_language(m.language)),
        }
        for link in m.links
    ]
    styles = {
        _LINES[mark][0]: {"groupLabel": name, "color": {"color": _LINES[mark][1]}, "dashes": mark != "+"}
        for mark, name in _STYLES.items()
    }
    whole = {
        "saved": "",
        "version": "2.0.0",
        "room": "",
        "mapTitle": m.titles.in_language(m.language),
        "lastNodeSample": "group0",
        "lastLinkSample": "edge0",
        "attributeTitles": {"att1": "domain", "att2": "agencies"},
        "styles": {"nodes": {"group0": {"groupLabel": "Faktor"}}, "edges": styles},
        "nodes": nodes,
        "edges": edges,
        "history": [],
        "background": {},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _ops(text: str) -> dict[str, Any]:
    return {"ops": [{"insert": text + "\n"}]} if text else {"ops": []}


def read(data: bytes) -> Reading:
    """Return the map in a PRSM file."""
    text = strict_json.decode_utf8(data)
    if not text.lstrip().startswith("{"):
        text = decompress(text.rstrip("\r\n"))
    whole = strict_json.loads(text)
    if not isinstance(whole, dict) or not isinstance(whole.get("nodes"), list):
        raise FormatError("the list 'nodes' is missing", place="nodes", code="missing")
    draft = Draft("prsm")
    draft.title = _text(whole.get("mapTitle"))
    names = whole.get("attributeTitles")
    titles = {key: _text(title) for key, title in names.items()} if isinstance(names, dict) else {}
    for number, node in enumerate(whole["nodes"]):
        _node(draft, node, titles, f"nodes[{number}]")
    styles = _style_signs(whole)
    edges = whole.get("edges", [])
    for number, edge in enumerate(edges if isinstance(edges, list) else []):
        _edge(draft, edge, styles, f"edges[{number}]")
    return draft.finish()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _note(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("ops"), list):
        parts = (one.get("insert") for one in value["ops"] if isinstance(one, dict))
        return "".join(part for part in parts if isinstance(part, str)).strip()
    return _text(value).strip()


def _node(draft: Draft, node: Any, titles: Mapping[str, str], place: str) -> None:
    if not isinstance(node, dict) or not isinstance(node.get("id"), str | int):
        raise FormatError("a node has no id", place=place, code="missing")
    label = _text(node.get("label"))
    if _BEING_EDITED in label and label.rstrip().endswith("]"):
        label = _text(node.get("oldLabel")) or label[: label.index(_BEING_EDITED)]
        draft.note(
            "being-edited", place, "the label was being edited when the map was saved; the old one is used"
        )
    fields: dict[str, Any] = {"note": draft.clean(_note(node.get("note") or node.get("title")), place)}
    attributes = {}
    for key, value in node.items():
        if re.fullmatch(r"att\d+", key) and isinstance(value, str) and value.strip():
            title = titles.get(key) or key
            if title == "domain":
                fields["domain"] = value
            elif title == "agencies":
                fields["agencies"] = split(value)
            else:
                attributes[title] = draft.clean(value, place)
    x, y = node.get("x"), node.get("y")
    position = (float(x), float(y)) if isinstance(x, int | float) and isinstance(y, int | float) else None
    key = str(node["id"])
    draft.factor(key, label, place=place, wanted_id=key, position=position, attributes=attributes, **fields)


def _style_signs(whole: Mapping[str, Any]) -> dict[str, SignReading]:
    styles = whole.get("styles") or whole.get("samples")
    edges = styles.get("edges") if isinstance(styles, dict) else None
    found = {}
    for group, style in edges.items() if isinstance(edges, dict) else ():
        name = _text(style.get("groupLabel")) if isinstance(style, dict) else ""
        reading = read_sign(name)
        if name.strip() and reading.doubt == "unknown-word":
            # "Strong positive influence", "Negative (weak)": one sign word among others.
            words = {read_sign(word).sign for word in re.findall(r"[\w+\-−]+", name)} - {None}
            reading = SignReading(sign=words.pop()) if len(words) == 1 else reading
        if name == _STYLES["±"]:
            reading = SignReading(both=True)
        if reading.sign is not None or reading.both:
            found[group] = reading
    return found


def _edge(draft: Draft, edge: Any, styles: Mapping[str, SignReading], place: str) -> None:
    if not isinstance(edge, dict):
        raise FormatError("expected an object", place=place)
    ends = [str(edge.get(name, "")) for name in ("from", "to")]
    if not all(draft.has_factor(end) for end in ends):
        draft.note("dangling", place, "the link leads to a factor that is not in the file; left out")
        return
    label = _text(edge.get("label")).strip()
    marked = read_sign(label)
    is_mark = bool(label) and not marked.doubt
    sign = styles.get(_text(edge.get("grp"))) or (marked if is_mark else SignReading())
    if sign.sign is None and not sign.both:
        draft.note("no-sign", place, "neither the style nor the label of the link says a sign; unknown (?)")
    draft.link(
        *ends,
        place=place,
        wanted_id=str(edge.get("id") or ""),
        sign=SignReading(sign=sign.sign, both=sign.both),
        rationale=Texts({draft.language: draft.clean(_note(edge.get("note")), place)}),
        attributes={"label": draft.clean(label, place)} if label and not is_mark else {},
    )
