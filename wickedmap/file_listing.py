"""What the commands print of files and previews: lines for people, JSON for scripts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import typer

from .formats import FORMATS, Notice, Reading
from .formats.words import notice_text, place_text
from .texts import text

_LISTED: Final = 20


def amounts(adds: Mapping[str, int], language: str = "") -> str:
    """Return what an import adds, in words."""
    told = [text(language or "en", f"import.adds.{name}", count=count) for name, count in adds.items() if count]
    return ", ".join(told) or "nothing"


def show_preview(file: Path, said: Mapping[str, Any], language: str = "") -> None:
    """Print what an import would do, from `ImportPreview.to_json` or a server's answer."""
    read = said["read"]
    typer.echo(f"{file.name}: {said['format']}, {read['factors']} factors, {read['links']} links")
    typer.echo(f"would add {amounts(said['adds'], language)}")
    show_lines("factor", (one["label"] for one in said["factors"]))
    show_lines("link", (f"{one['source']} {one['mark']} {one['target']}" for one in said["links"]))
    show_lines("agency", said["agencies"])
    show_lines("here already", (f"{one['label']} = {one['here']}" for one in said["recognised"]))
    if said["known_links"]:
        typer.echo(f"here already: {said['known_links']} links")
    show_lines("alike", (f"{one['second_label']} ~ {one['first_label']}" for one in said["alike"]))
    show_lines("note", map(_said, said["notices"]))
    show_lines("problem", map(_said, said["problems"]))


def _said(notice: Mapping[str, str]) -> str:
    return f"{notice['place']}: {notice['text']}" if notice["place"] else notice["text"]


def in_language(report: Iterable[Notice], language: str) -> list[Notice]:
    """Return a reader's report in a language; in English when none is asked for."""
    wanted = language or "en"
    return [Notice(one.code, place_text(one.place, wanted), notice_text(one, wanted)) for one in report]


def show_file(file: Path, found: Reading, as_json: bool, language: str = "") -> None:
    """Print what a file is and holds, and what was guessed or repaired."""
    m = found.map
    report = in_language(found.report, language)
    signs = Counter(link.mark for link in m.links)
    held = {
        name: len(getattr(m, name))
        for name in ("agencies", "domains", "stances", "ratings", "annotations", "framings")
        if getattr(m, name)
    }
    if as_json:
        show_json(
            {
                "file": str(file),
                "format": found.format,
                "title": m.title,
                "factors": len(m.factors),
                "links": len(m.links),
                "signs": dict(signs),
                **held,
                "notices": notices(report),
            }
        )
        return
    typer.echo(f"{file.name}: {found.format}{f', {m.title}' if m.title else ''}")
    marks = ", ".join(f"{count} {mark}" for mark, count in sorted(signs.items()))
    typer.echo(f"{len(m.factors)} factors, {len(m.links)} links{f' ({marks})' if marks else ''}")
    for name, count in held.items():
        typer.echo(f"{count} {name}")
    show_lines("note", map(str, report))


def show_formats(as_json: bool) -> None:
    """Print which formats are read and written."""
    if as_json:
        show_json(
            [
                {
                    "name": one.name,
                    "title": one.title,
                    "suffixes": one.suffixes,
                    "read": one.read is not None,
                    "write": one.write is not None,
                }
                for one in FORMATS.values()
            ]
        )
        return
    for one in FORMATS.values():
        ways = "in, out" if one.read and one.write else "in" if one.read else "out"
        typer.echo(f"{one.name:<15} {ways:<8} {one.title}  {' '.join(one.suffixes)}")


def notices(report: Iterable[Notice]) -> list[dict[str, str]]:
    """Return a reader's report as JSON has it."""
    return [{"code": one.code, "place": one.place, "text": one.text} for one in report]


def show_lines(name: str, lines: Iterable[str]) -> None:
    """Print lines under a name, the first ones and how many more there are."""
    said = list(lines)
    for line in said[:_LISTED]:
        typer.echo(f"{name}: {line}")
    if len(said) > _LISTED:
        typer.echo(f"{name}: … and {len(said) - _LISTED} more; --json lists all")


def show_json(value: Any) -> None:
    """Print JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
