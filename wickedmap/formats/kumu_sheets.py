"""Kumu's workbook: a sheet of elements and a sheet of connections, as Kumu imports them.

``Label`` stands in the first cell, ``From`` and ``To`` are labels, and ``|`` separates
several values. Reading them is `sheets.read_kumu_sheets`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from ..causal_map import CausalMap
from .aspects import WHOLE_MAP
from .columns import FACTOR_COLUMNS, factor_row, link_row
from .sheets import fitting, workbook

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    **dict.fromkeys(("language", "languages", "title", "focal", "evidence", "counter_evidence"), ""),
    **dict.fromkeys(("contested", "link_provenance", "link_columns", "link_stages", "statuses"), ""),
    "odd_ids": "replaced; the old id is kept as a column",
    "control_characters": "shown as U+FFFD",
}
_NAMED: Final = {"label": "Label", "domain": "Type", "definition": "Description", "id": "ID"}
_FACTORS: Final = (
    *_NAMED,
    *(one for one in FACTOR_COLUMNS if one not in _NAMED and one != "status"),
)
_MARKS: Final = {"positive": "+", "negative": "-", "both": "±", "unknown": ""}


def write(m: CausalMap) -> bytes:
    """Return the map as a workbook for Kumu."""
    elements = [[_NAMED.get(name, name) for name in _FACTORS]]
    for factor in m.factors:
        row = factor_row(factor, m.language)
        elements.append([fitting(row.get(name, ""), "sheet 'Elements'") for name in _FACTORS])
    ends = _ends(m)
    connections = [["From", "To", "Direction", "Type", "ID", "Strength", "Delay", "Description"]]
    for link in m.links:
        row = link_row(link, m.language)
        said = (row.get("strength", ""), row.get("delay", ""), row.get("rationale", ""))
        connections.append(
            [
                *(ends[link.source], ends[link.target], "directed", _MARKS[row["sign"]], link.id),
                *(fitting(text, "sheet 'Connections'") for text in said),
            ]
        )
    return workbook([("Elements", elements), ("Connections", connections)])


def _ends(m: CausalMap) -> dict[str, str]:
    """Return what each factor is called in a connection: its label where that means it and nothing else."""
    labels = {factor.id: factor.labels.in_language(m.language) for factor in m.factors}
    used = Counter(labels.values())

    def means_one(label: str) -> bool:
        return (
            used[label] == 1 and label not in labels and "|" not in label and label == " ".join(label.split())
        )

    return {one: label if means_one(label) else one for one, label in labels.items()}
