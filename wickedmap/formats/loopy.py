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
    address = re.match(r"https?://[^\s?]+\?(?:.*&)?(?:data=)?(.*)", text, re.DOTALL)
    if address:
        text = address.group(1)
        if not text.startswith(("[", "%5B", "%255B")):
            raise FormatError(
                "this is Loopy 2's binary address; save the model as a file instead", code="unsupported"
            )
    for _ in range(2):
        if not text.startswith("[") or text.endswith("%5D"):
            text = unquote(text)
        text = text.replace("%22", '"') if text.startswith("[") and '"' not in text else text
    whole = strict_json.loads(text)
    if not (isinstance(whole, list) and len(whole) >= 2 and all(isinstance(part, list) for part in whole[:2])):
        raise FormatError("expected a list of nodes and a list of edges", code="syntax")
    draft = Draft("loopy")
    for number, node in enumerate(whole[0]):
        place = f"node {number + 1}"
        if not (
            isinstance(node, list) and len(node) >= 5 and isinstance(node[0], int) and isinstance(node[4], str)
        ):
            raise FormatError("expected [id, x, y, start, label, colour]", place=place, code="syntax")
        draft.factor(node[0], _label(node[4]), place=place, position=_position(node))
    for number, edge in enumerate(whole[1]):
        _edge(draft, edge, f"edge {number + 1}")
    if len(whole) > 2 and isinstance(whole[2], list) and whole[2]:
        draft.note("labels", "", f"{len(whole[2])} free texts on the canvas are left out")
    return draft.finish()


def _position(node: list[Any]) -> tuple[float, float] | None:
    x, y = node[1], node[2]
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


def _edge(draft: Draft, edge: Any, place: str) -> None:
    if not (isinstance(edge, list) and len(edge) >= 2 and all(isinstance(end, int) for end in edge[:2])):
        raise FormatError("expected [from, to, arc, strength]", place=place, code="syntax")
    strength = edge[3] if len(edge) > 3 else None
    sign: Sign | None = None
    if isinstance(strength, int | float) and not isinstance(strength, bool) and strength != 0:
        sign = 1 if strength > 0 else -1
    else:
        draft.note("no-sign", place, "the link has no sign; unknown (?)")
    draft.link(edge[0], edge[1], place=place, sign=sign)
