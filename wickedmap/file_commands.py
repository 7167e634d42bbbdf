"""The commands that read and write files: export, import, convert and inspect."""

from __future__ import annotations

import contextlib
import secrets
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from .file_listing import amounts, notices, show_file, show_formats, show_json, show_lines, show_preview

if TYPE_CHECKING:
    from .formats import Reading
    from .importing import ImportPreview
    from .workshop import Workshops

HERE: Final = Path("wickedmap-data")


def fail(message: str) -> typer.Exit:
    """Say what is wrong on the error stream; the exit code is 1."""
    typer.echo(f"wickedmap: {message}", err=True)
    return typer.Exit(1)


def _known_language(value: str) -> str:
    from .text import LANGUAGES

    if value not in LANGUAGES:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(LANGUAGES)}")
    return value


def _languages(incomplete: str) -> list[str]:
    from .text import LANGUAGES

    return [one for one in LANGUAGES if one.startswith(incomplete)]


def _read_formats(incomplete: str) -> list[str]:
    from .formats import FORMATS

    return [one.name for one in FORMATS.values() if one.read and one.name.startswith(incomplete)]


def _written_formats(incomplete: str) -> list[str]:
    from .formats import FORMATS

    return [one.name for one in FORMATS.values() if one.write and one.name.startswith(incomplete)]


Data = Annotated[
    Path,
    typer.Option("--data", envvar="WICKEDMAP_DATA", help="Folder that holds the database. Made when missing."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Language = Annotated[
    str,
    typer.Option("--language", help="nb, nn or en.", callback=_known_language, autocompletion=_languages),
]
MapFile = Annotated[
    Path, typer.Argument(help="A map in any format that is read here.", exists=True, dir_okay=False)
]
From = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="FORMAT",
        help="What the file is, when its content does not tell; wickedmap inspect lists the names.",
        autocompletion=_read_formats,
    ),
]


def export(
    file: Annotated[Path, typer.Argument(help="Where to write; the suffix chooses the format.")],
    workshop: Annotated[str, typer.Option(help="Id of the workshop; the latest when left out.")] = "",
    data: Data = HERE,
    private: Annotated[
        bool, typer.Option(help="Also what was never revealed. Ask the people who wrote it first.")
    ] = False,
    licence: Annotated[
        str, typer.Option(help="For the data package: an id such as CC-BY-4.0, chosen by those responsible.")
    ] = "",
    language: Language = "nb",
    as_json: Json = False,
) -> None:
    """Write a workshop's map, with what was said, to a file.

    A name ending in .zip gives the data package for researchers,
    .wickedmap.json everything in one file, and .graphml, .xlsx, .kumu.json
    and others what their tools read. What a format cannot carry is listed.
    It works while the server runs.
    """
    from . import leaving
    from .access import Actor
    from .changes import Refused

    workshops = reading(data)
    known = workshops.all()
    if not known:
        raise fail(f"there is no workshop in {data}")
    chosen = workshop or known[-1].id
    try:
        with _working(f"writing {file.name}"):
            made = leaving.export_file(
                workshops,
                Actor(chosen, "facilitator", "facilitator"),
                leaving.form_of(file.name),
                private=private,
                language=language,
                licence=licence,
            )
    except Refused as refused:
        raise _refusal(refused) from None
    _write(file, made.content)
    if as_json:
        show_json(
            {"file": str(file), "workshop": chosen, "bytes": len(made.content), "not_carried": made.losses}
        )
        return
    typer.echo(f"{file}  {len(made.content)} bytes")
    for loss in made.losses:
        typer.echo(f"not carried: {loss}")


def import_(
    file: MapFile,
    into: Annotated[
        str,
        typer.Option(
            metavar="WORKSHOP",
            help="Add the file to this workshop instead of opening a new one; the server must not run.",
        ),
    ] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Only show what would happen; nothing is changed.")
    ] = False,
    aliases: Annotated[
        bool, typer.Option(help="Keep other wordings of factors that are there already as aliases.")
    ] = False,
    title: Annotated[str, typer.Option(help="What a new workshop is called.")] = "",
    language: Language = "nb",
    from_: From = "",
    data: Data = HERE,
    as_json: Json = False,
) -> None:
    """Open a new workshop from a file, or add a file to a workshop.

    Added to a workshop, factors that are there already (by their label)
    are recognised, nothing there is changed, and one undo takes all of it
    back. Look first: --into WORKSHOP --preview, which exits with 1 when the
    file could not be brought in.
    """
    found = _read(file, from_)
    if preview and not into:
        show_file(file, found, as_json)
    elif preview:
        show_preview(file, _preview(reading(data), into, found, aliases), language, as_json)
    elif into:
        _add(file, found, into, aliases, language, data, as_json)
    else:
        _open(found, title, language, data, as_json)


def convert(
    source: MapFile,
    target: Annotated[Path, typer.Argument(help="Where to write; the suffix chooses the format.")],
    from_: From = "",
    to: Annotated[
        str,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="The format to write, when the suffix does not tell.",
            autocompletion=_written_formats,
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Write a map in another format, and say what that format cannot carry.

    For instance:

    wickedmap convert map.graphml map.kumu.json

    wickedmap convert links.csv map.svg

    wickedmap convert sketch.mdl weights.csv --to matrix
    """
    from .formats import FormatError, save

    found = _read(source, from_)
    try:
        with _working(f"writing {target.name}"):
            lost = save(found.map, target, to or None)
    except FormatError as error:
        raise fail(str(error)) from None
    if as_json:
        show_json(
            {
                "file": str(target),
                "read_as": found.format,
                "factors": len(found.map.factors),
                "links": len(found.map.links),
                "notices": notices(found.report),
                "not_carried": [str(loss) for loss in lost],
            }
        )
        return
    typer.echo(f"{target}  {len(found.map.factors)} factors, {len(found.map.links)} links")
    show_lines("note", map(str, found.report))
    for loss in lost:
        typer.echo(f"not carried: {loss}")


def inspect(
    file: Annotated[
        Path | None, typer.Argument(help="A map in any format that is read here.", exists=True, dir_okay=False)
    ] = None,
    from_: From = "",
    as_json: Json = False,
) -> None:
    """Say what a file is and holds, and what was guessed or repaired on the way in.

    Without a file: which formats there are.
    """
    if file is None:
        show_formats(as_json)
        return
    show_file(file, _read(file, from_), as_json)


# --- parts of the commands -------------------------------------------------


def reading(data: Path) -> Workshops:
    """Open the database in a folder to read from it, also while a server runs."""
    from .store import StoreError, open_store
    from .workshop import Workshops

    try:
        return Workshops(open_store(data, read_only=True))
    except StoreError as error:
        raise fail(str(error)) from None


def _read(file: Path, format: str) -> Reading:
    from . import formats

    try:
        with _working(f"reading {file.name}"):
            return formats.read(file, format or None)
    except formats.FormatError as error:
        raise fail(str(error)) from None


@contextlib.contextmanager
def _working(what: str) -> Iterator[None]:
    """Say what is going on when it takes more than a second, to somebody who watches."""
    timer = threading.Timer(1.0, typer.echo, (f"{what} …",), {"err": True})
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _write(file: Path, content: bytes) -> None:
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(content)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise fail(f"cannot write {file}: {error.strerror}") from None


def _refusal(refused: Any) -> typer.Exit:
    from .texts import text

    return fail(text("en", f"errors.{refused.code}", **refused.values))


def _open(found: Reading, title: str, language: str, data: Path, as_json: bool) -> None:
    from .changes import NAME_LIMIT, Refused
    from .store import StoreError, open_store
    from .text import TextError, plain
    from .workshop import Workshops

    try:
        name = plain(title, limit=NAME_LIMIT, empty=True, one_line=True)
    except TextError as error:
        raise fail(f"--title: {error}") from None
    try:
        store = open_store(data)
    except StoreError as error:
        raise fail(str(error)) from None
    try:
        with _working("opening the workshop"):
            made = Workshops(store).open_workshop(found.map, title=name, language=language)
    except Refused as refused:
        raise _refusal(refused) from None
    finally:
        store.close()
    factors, links = len(found.map.factors), len(found.map.links)
    if as_json:
        show_json({"workshop": made, "factors": factors, "links": links, "notices": notices(found.report)})
        return
    typer.echo(f"workshop {made}: {factors} factors, {links} links")
    show_lines("note", map(str, found.report))


def _preview(workshops: Workshops, into: str, found: Reading, aliases: bool) -> ImportPreview:
    from .changes import Refused
    from .importing import preview

    try:
        with _working("comparing with the workshop"):
            return preview(workshops.state(into), found, aliases=aliases)
    except Refused as refused:
        raise _refusal(refused) from None


def _add(
    file: Path, found: Reading, into: str, aliases: bool, language: str, data: Path, as_json: bool
) -> None:
    from .access import Actor
    from .changes import Refused
    from .formats.native import map_to_json
    from .importing import file_label, prepared
    from .store import StoreError, open_store
    from .workshop import Workshops

    try:
        store = open_store(data)
    except StoreError as error:
        raise fail(str(error)) from None
    try:
        workshops = Workshops(store)
        shown = _preview(workshops, into, found, aliases)
        change = {
            "kind": "import_map",
            "op_id": f"import-{secrets.token_urlsafe(18)}",
            "map": map_to_json(prepared(workshops.state(into), found.map)),
            "file": file_label(file.name),
            "aliases": aliases,
        }
        receipt = workshops.submit(Actor(into, "facilitator", "facilitator"), change)
    except Refused as refused:
        if not as_json and refused.code in ("bad_file", "national_number", "too_many"):
            show_lines("problem", map(str, shown.plan.problems))
        raise _refusal(refused) from None
    finally:
        store.close()
    if as_json:
        show_json({"workshop": into, "seq": receipt.seq, "preview": shown.to_json(language)})
        return
    typer.echo(f"workshop {into}, change {receipt.seq}: added {amounts(shown)}")
