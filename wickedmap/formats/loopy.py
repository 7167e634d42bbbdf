"""Loopy (ncase.me/loopy): the file and the long address, which hold the same list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, unquote

from ..causal_map import CausalMap
from ..model import Sign
from . import strict_json
from .errors import FormatError
from .matrices import LOSSES as MATRIX_LOSSES
from .reading import Draft, Reading

LOSSES: Final[Mapping[str, str]] = {
    **{
        key: text
        for key, text in MATRIX_LOSSES.items()
        if key not in ("link_order", "same_labels", "parallel_links")
    },
    "positions": "rounded to whole pixels; factors without one are placed in a row",
    "strengths": "",
    "unknown_signs": "left out: Loopy knows only + and -",
    "both_signs_links": "left out: Loopy knows only + and -",
}


def write(m: CausalMap) -> bytes:
    """Return the map as Loopy saves it."""
    numbers = {factor.id: number for number, factor in enumerate(m.factors, 1)}
    nodes = []
    for factor in m.factors:
        number = numbers[factor.id]
        x, y = factor.position or (number * 200.0, 0.0)
        # As the browser's encodeURIComponent does, in which Loopy writes labels.
        label = quote(factor.labels.in_language(m.language), safe="!*'()~")
        nodes.append([number, round(x), round(y), 0.5, label, (number - 1) % 6])
    edges = [
        [numbers[link.source], numbers[link.target], 60, link.sign, 0]
        for link in m.links
        if link.sign is not None
    ]
    return json.dumps([nodes, edges, [], len(nodes)], separators=(",", ":")).encode("utf-8", "replace")


def read(data: bytes) -> Reading:
    """Return the map in a Loopy file or address.

    Raises
    ------
    FormatError
        For Loopy 2's binary address, or a list of another shape.
    """
    text = strict_json.decode_utf8(data).strip()
    address = re.match(r"(?:https?://[^\s?]+\?(?:.*&)?(?:data=)?|\??data=)(.*)", text, re.DOTALL)
    if address:
        text = address.group(1)
        if not text.startswith(("[", "%5B", "%255B")):
            raise FormatError(
                "this is Loopy 2's binary address; save the model as a file instead", code="unsupported"
            )
    if text.count("%") > _MOST_ESCAPES:
        raise FormatError(
            f"more than {_MOST_ESCAPES} escaped characters; save the model as a file instead", code="limit"
        )
    for _ in range(2):
        if not text.startswith("[") or text.endswith("%5D"):
            text = unquote(text)
        text = text.replace("%22", '"') if text.startswith("[") and '"' not in text else text
    nodes, edges, labels = _parts(strict_json.loads(text))
    draft = Draft("loopy")
    for number, node in enumerate(nodes):
        place = f"node {number + 1}"
        # Loopy 2 leaves ids out; edges then count from 0.
        identity, label = node.get("id"), node.get("label")
        identity = number if identity is None else identity
        if not isinstance(identity, int) or not isinstance(label, str | None):
            raise FormatError("expected [id, x, y, start, label, colour]", place=place, code="syntax")
        draft.factor(
            identity, _label(label or ""), place=place, position=_position(node.get("x"), node.get("y"))
        )
    for number, edge in enumerate(edges):
        _edge(draft, edge, f"edge {number + 1}")
    if labels:
        draft.note("labels", "", f"{len(labels)} free texts on the canvas are left out")
    return draft.finish()


_MOST_ESCAPES: Final = 500_000
_NODE: Final = ("id", "x", "y", "init", "label", "hue")
_EDGE: Final = ("from", "to", "arc", "strength", "rotation", "signBehavior", "", "", "customLabel")
Part = dict[str, Any]


def _parts(whole: Any) -> tuple[list[Part], list[Part], list[Any]]:
    """Return nodes, edges and free texts, from Loopy's lists or from the readable form of Loopy 2."""
    if isinstance(whole, dict):
        found = [whole.get(name) for name in ("nodes", "edges", "labels")]
    elif isinstance(whole, list) and len(whole) >= 2:
        found = [*whole[:3], []][:3]
    else:
        found = []
    if not (found and isinstance(found[0], list) and isinstance(found[1], list)):
        raise FormatError("expected a list of nodes and a list of edges", code="syntax")
    nodes = [_named(one, _NODE, 5, f"node {number}") for number, one in enumerate(found[0], 1)]
    edges = [_named(one, _EDGE, 2, f"edge {number}") for number, one in enumerate(found[1], 1)]
    return nodes, edges, found[2] if isinstance(found[2], list) else []


def _named(values: Any, names: tuple[str, ...], least: int, place: str) -> Part:
    if isinstance(values, dict):
        return values
    if not isinstance(values, list) or len(values) < least:
        raise FormatError(f"expected [{', '.join(filter(None, names))}]", place=place, code="syntax")
    return dict(zip(names, values, strict=False))


def _position(x: Any, y: Any) -> tuple[float, float] | None:
    if isinstance(x, int | float) and isinstance(y, int | float) and abs(x) < 1e9 and abs(y) < 1e9:
        return float(x), float(y)
    return None


def _label(text: str) -> str:
    """Return a label decoded until it is stable, at most twice: an address encodes it once more."""
    for _ in range(2):
        if not re.search(r"%[0-9A-Fa-f]{2}", text):
            break
        decoded = unquote(text)
        if "\ufffd" in decoded:
            break
        text = decoded
    return text


def _edge(draft: Draft, edge: Part, place: str) -> None:
    ends = [edge.get("from"), edge.get("to")]
    if not all(isinstance(end, int) for end in ends):
        raise FormatError("expected [from, to, arc, strength]", place=place, code="syntax")
    if not all(draft.has_factor(end) for end in ends):
        draft.note("dangling", place, "the link leads to a factor that is not in the file; left out")
        return
    strength = edge.get("strength")
    if strength is None and edge.get("signBehavior") in (0, 1):
        strength = 1 if edge["signBehavior"] == 0 else -1
    sign: Sign | None = None
    if isinstance(strength, int | float) and not isinstance(strength, bool) and strength != 0:
        sign = 1 if strength > 0 else -1
    else:
        draft.note("no-sign", place, "the link has no sign; unknown (?)")
    name = edge.get("customLabel")
    attributes = {"label": draft.clean(_label(name), place)} if isinstance(name, str) and name.strip() else {}
    draft.link(*ends, place=place, sign=sign, attributes=attributes)
