"""What the commands print of files and previews: lines for people, JSON for scripts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import typer

from .causal_map import CausalMap
from .formats import FORMATS, Format, Loss, Notice, Reading
from .formats.words import loss_text, notice_text, place_text
from .texts import text

_LISTED: Final = 20


def amounts(adds: Mapping[str, int], language: str = "") -> str:
    """Return what an import adds, in words."""
    wanted = language or "en"
    told = [text(wanted, f"import.adds.{name}", count=count) for name, count in adds.items() if count]
    return ", ".join(told) or text(wanted, "commands.nothing")


def size_of(m: CausalMap, language: str = "") -> str:
    """Return how many factors and links a map has, in words."""
    return _size(len(m.factors), len(m.links), language)


def _size(factors: int, links: int, language: str) -> str:
    wanted = language or "en"
    return f"{text(wanted, 'common.factors', count=factors)}, {text(wanted, 'common.links', count=links)}"


def show_preview(file: Path, said: Mapping[str, Any], language: str = "") -> None:
    """Print what an import would do, from `ImportPreview.to_json` or a server's answer."""
    wanted, read = language or "en", said["read"]
    typer.echo(f"{file.name}: {said['format']}, {_size(read['factors'], read['links'], language)}")
    typer.echo(text(wanted, "commands.would_add", what=amounts(said["adds"], language)))
    _lines("factor", (one["label"] for one in said["factors"]), language)
    _lines("link", (f"{one['source']} {one['mark']} {one['target']}" for one in said["links"]), language)
    _lines("agency", said["agencies"], language)
    _lines("here", (f"{one['label']} = {one['here']}" for one in said["recognised"]), language)
    if said["known_links"]:
        _lines("here", [text(wanted, "common.links", count=said["known_links"])], language)
    _lines("alike", (f"{one['second_label']} ~ {one['first_label']}" for one in said["alike"]), language)
    _lines("note", map(_said, said["notices"]), language)
    _lines("problem", map(_said, said["problems"]), language)


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
    held = found.held()
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
    typer.echo(f"{size_of(m, language)}{f' ({marks})' if marks else ''}")
    for name, count in held.items():
        typer.echo(text(language or "en", f"import.held.{name}", count=count))
    show_notices(report, language)


def show_formats(as_json: bool, language: str = "") -> None:
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
    words = {
        ways: text(language or "en", f"commands.{name}")
        for ways, name in (((True, True), "in_out"), ((True, False), "in"), ((False, True), "out"))
    }
    width = max(map(len, words.values()))
    for one in FORMATS.values():
        ways = words[one.read is not None, one.write is not None]
        typer.echo(f"{one.name:<15} {ways:<{width}} {_title(one, language)}  {' '.join(one.suffixes)}")


def _title(form: Format, language: str) -> str:
    try:
        return text(language, f"export.form.{form.name.replace('-', '_')}.title") if language else form.title
    except KeyError:
        # One that is only read has no place among those that are written.
        return form.title


def notices(report: Iterable[Notice]) -> list[dict[str, str]]:
    """Return a reader's report as JSON has it."""
    return [{"code": one.code, "place": one.place, "text": one.text} for one in report]


def show_notices(report: Iterable[Notice], language: str = "") -> None:
    """Print a reader's report."""
    _lines("note", map(str, report), language)


def show_losses(lost: Iterable[str], language: str = "") -> None:
    """Print what a format could not carry."""
    for one in lost:
        typer.echo(f"{text(language or 'en', 'commands.label.not_carried')}: {one}")


def losses_in_words(losses: Iterable[str], language: str) -> list[str]:
    """Return what a format could not carry, one sentence each."""
    return [loss_text(one, language or "en") if isinstance(one, Loss) else one for one in losses]


def _lines(name: str, lines: Iterable[str], language: str) -> None:
    """Print lines under a label, the first ones and how many more there are."""
    said = list(lines)
    label = text(language or "en", f"commands.label.{name}")
    for line in said[:_LISTED]:
        typer.echo(f"{label}: {line}")
    if len(said) > _LISTED:
        typer.echo(f"{label}: {text(language or 'en', 'commands.more', count=len(said) - _LISTED)}")


def show_json(value: Any) -> None:
    """Print JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
