"""PRSM (Participatory System Mapper): its JSON, plain or compressed with lz-string.

PRSM has no field for a sign: people name a style of link "Positive influence". The
name of the style is read, then a "+" or "-" as the link's label, else the sign is
unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..causal_map import CausalMap
from ..text import Texts
from . import strict_json
from .aspects import WHOLE_MAP
from .columns import joined, split
from .errors import FormatError
from .lz_text import decompress
from .reading import Draft, Reading
from .signs import SignReading, read_number, read_sign, sign_in_name

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
    styles = whole.get("styles") or whole.get("samples")
    styles = styles if isinstance(styles, dict) else {}
    # Before version 1 the styles had no names; they stood in groups, sampleEdges or groupEdges.
    old = whole.get("sampleEdges") or whole.get("groupEdges")
    node_styles, edge_styles = (_styles(one) for one in (styles.get("nodes"), styles.get("edges") or old))
    clusters = 0
    for number, node in enumerate(whole["nodes"]):
        if isinstance(node, dict) and node.get("isCluster") is True:
            clusters += 1
            continue
        _node(draft, node, titles, node_styles, f"nodes[{number}]")
    edges = whole.get("edges")
    listed = list(enumerate(edges)) if isinstance(edges, list) else []
    drawn = [one for one in listed if not (isinstance(one[1], dict) and one[1].get("isClusterEdge") is True)]
    if clusters or len(drawn) != len(listed):
        draft.note(
            "clusters", "", f"{clusters} clusters are folded views of factors; the factors themselves are read"
        )
    if drawn and not any(isinstance(edge, dict) and ("from" in edge or "to" in edge) for _, edge in drawn):
        raise FormatError("no edge has 'from' and 'to'; this is not a file of PRSM", place="edges")
    for number, edge in drawn:
        _edge(draft, edge, edge_styles, f"edges[{number}]")
    return draft.finish()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _note(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("ops"), list):
        parts = (one.get("insert") for one in value["ops"] if isinstance(one, dict))
        return "".join(part for part in parts if isinstance(part, str)).strip()
    return _text(value).strip()


@dataclass(frozen=True, slots=True)
class _Style:
    """What a style of factors or links is called, the sign its name speaks of, and its arrowheads."""

    name: str
    sign: SignReading
    heads: tuple[bool, bool] | None


def _styles(values: Any) -> dict[str, _Style]:
    found = {}
    for group, style in values.items() if isinstance(values, dict) else ():
        if not isinstance(style, dict):
            continue
        name = _text(style.get("groupLabel")).strip()
        reading = SignReading(both=True) if name == _STYLES["±"] else sign_in_name(name)
        # Styles that nobody has named are called "Sample".
        name = "" if name.casefold() in ("sample", "base", "default", "none", "faktor") else name
        found[group] = _Style(name, reading, heads_of(style.get("arrows")))
    return found


def heads_of(arrows: Any) -> tuple[bool, bool] | None:
    """Return whether a line has a head at its source and at its target, as vis-network says it; else None."""
    if isinstance(arrows, str):
        words = set(arrows.replace(",", " ").split())
        return ("from" in words, "to" in words) if words & {"from", "to"} else None
    if not isinstance(arrows, dict):
        return None
    ends = [arrows.get(name) for name in ("from", "to")]
    if not any(isinstance(end, dict | bool) for end in ends):
        return None
    there = [end.get("enabled") is True if isinstance(end, dict) else end is True for end in ends]
    return there[0], there[1]


def _node(draft: Draft, node: Any, titles: Mapping[str, str], styles: Mapping[str, _Style], place: str) -> None:
    if not isinstance(node, dict) or not isinstance(node.get("id"), str | int):
        raise FormatError("a node has no id", place=place, code="missing")
    key = str(node["id"])
    if draft.has_factor(key):
        draft.note("listed-twice", place, f"the id {key!r} is given more than once; the first one is kept")
        return
    label = _text(node.get("label"))
    if _BEING_EDITED in label and label.rstrip().endswith("]"):
        label = _text(node.get("oldLabel")) or label[: label.index(_BEING_EDITED)]
        draft.note(
            "being-edited", place, "the label was being edited when the map was saved; the old one is used"
        )
    fields: dict[str, Any] = {"note": draft.clean(_note(node.get("note") or node.get("title")), place)}
    attributes = {}
    style = styles.get(_text(node.get("grp")))
    if style is not None and style.name:
        attributes["style"] = draft.clean(style.name, place)
    for name, value in node.items():
        if re.fullmatch(r"att\d+", name) and isinstance(value, str | int | float) and str(value).strip():
            title, text = titles.get(name) or name, draft.clean(value, place)
            if title == "domain":
                fields["domain"] = text
            elif title == "agencies":
                fields["agencies"] = split(text)
            else:
                attributes[title] = text
    x, y = node.get("x"), node.get("y")
    position = (float(x), float(y)) if isinstance(x, int | float) and isinstance(y, int | float) else None
    draft.factor(key, label, place=place, wanted_id=key, position=position, attributes=attributes, **fields)


def _edge(draft: Draft, edge: Any, styles: Mapping[str, _Style], place: str) -> None:
    if not isinstance(edge, dict):
        raise FormatError("expected an object", place=place)
    ends = [str(edge.get(name, "")) for name in ("from", "to")]
    if not all(draft.has_factor(end) for end in ends):
        draft.note("dangling", place, "the link leads to a factor that is not in the file; left out")
        return
    label = _text(edge.get("label")).strip()
    marked = read_sign(label)
    # A number without its sign may count anything.
    is_mark = bool(label) and not marked.doubt and (read_number(label) is None or label[0] in "+-−–")
    style = styles.get(_text(edge.get("grp")), _Style("", SignReading(), None))
    sign = (
        style.sign if style.sign.sign is not None or style.sign.both else marked if is_mark else SignReading()
    )
    if sign.sign is None and not sign.both:
        draft.note("no-sign", place, "neither the style nor the label of the link says a sign; unknown (?)")
    heads = heads_of(edge.get("arrows")) or style.heads
    if heads == (True, False):
        ends.reverse()
        draft.note("turned", place, "the arrowhead is drawn at the other end; the link is turned")
    attributes = {"label": draft.clean(label, place)} if label and not is_mark else {}
    if style.name and style.name not in _STYLES.values() and read_sign(style.name, suggest=False).doubt:
        attributes["style"] = draft.clean(style.name, place)
    register = draft.mutual if heads == (True, True) else draft.link
    register(
        *ends,
        place=place,
        wanted_id=str(edge.get("id") or ""),
        sign=SignReading(sign=sign.sign, both=sign.both),
        rationale=Texts({draft.language: draft.clean(_note(edge.get("note") or edge.get("title")), place)}),
        attributes=attributes,
    )
