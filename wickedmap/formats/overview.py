"""The tables of docs/formats.md, made from what the formats declare.

``python -m wickedmap.formats.overview docs/formats.md`` writes them anew; a test
compares.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from .aspects import BY_KEY
from .registry import FORMATS

BEGIN: Final = "<!-- made by python -m wickedmap.formats.overview: begin -->"
END: Final = "<!-- made by python -m wickedmap.formats.overview: end -->"


def overview() -> str:
    """Return the table of formats and, for each that is written, what it cannot carry."""
    lines = ["| Name | Format | Suffix | Read | Written |", "|---|---|---|---|---|"]
    for one in FORMATS.values():
        suffixes = ", ".join(f"`{suffix}`" for suffix in one.suffixes)
        ways = ("yes" if one.read else "–", "yes" if one.write else "–")
        lines.append(f"| `{one.name}` | {one.title} | {suffixes} | {ways[0]} | {ways[1]} |")
    lines.append("\n## What each format cannot carry\n")
    for one in FORMATS.values():
        if one.write is None:
            continue
        lines.append(f"### {one.title}\n")
        if not one.losses:
            lines.append("Nothing is lost.\n")
            continue
        by_note: dict[str, list[str]] = {}
        for key, note in one.losses.items():
            by_note.setdefault(note or "lost", []).append(BY_KEY[key].title)
        lines.extend(f"- *{note}:* {'; '.join(titles)}." for note, titles in by_note.items())
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def with_overview(text: str) -> str:
    """Return a page with the part between the two marks made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{overview()}\n{END}{after}"


if __name__ == "__main__":
    page = Path(sys.argv[1])
    page.write_text(with_overview(page.read_text(encoding="utf-8")), encoding="utf-8")
