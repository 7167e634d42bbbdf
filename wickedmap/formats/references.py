"""The sources behind a map, for reference managers: RIS and CSL-JSON.

A source is kept as one citation text; it is not taken apart into authors and
titles, which would be guessing. The year is given when the text has exactly one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from ..causal_map import CausalMap
from ..model import Reference
from .aspects import ASPECTS

LOSSES: Final[Mapping[str, str]] = {
    **{aspect.key: "only the references are written" for aspect in ASPECTS if aspect.key != "instruments"},
    "instruments": "only the references are written",
}


def write_ris(m: CausalMap) -> bytes:
    """Return the references as RIS, in UTF-8 with CRLF as the format wants."""
    lines: list[str] = []
    for reference in m.instruments.references:
        fields = [("TY", "GEN"), ("ID", reference.id), ("TI", reference.citation), ("PY", _year(reference))]
        fields += [("UR", reference.url), ("N1", reference.finding), ("ER", " ")]
        lines.extend(f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text)
        lines.append("")
    return "\r\n".join(lines).encode("utf-8", "replace")


def write_csl(m: CausalMap) -> bytes:
    """Return the references as CSL-JSON."""
    items = []
    for reference in m.instruments.references:
        item: dict[str, Any] = {"id": reference.id, "type": "document", "title": reference.citation}
        if year := _year(reference):
            item["issued"] = {"date-parts": [[int(year)]]}
        if reference.url:
            item["URL"] = reference.url
        if reference.finding:
            item["note"] = reference.finding
        items.append(item)
    return json.dumps(items, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _year(reference: Reference) -> str:
    found = set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", reference.citation))
    return found.pop() if len(found) == 1 else ""
