"""The commands that read and write files: export, convert and inspect; import has a module of its own."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from .file_listing import (
    in_language,
    notices,
    show_file,
    show_formats,
    show_json,
    show_lines,
)

if TYPE_CHECKING:
    from .changes import Refused
    from .formats import Notice, Reading
    from .workshop import Workshops

HERE: Final = Path("wickedmap-data")


def fail(message: str) -> typer.Exit:
    """Say what is wrong on the error stream; the exit code is 1."""
    typer.echo(f"wickedmap: {message}", err=True)
    return typer.Exit(1)


def _known_language(value: str) -> str:
    from .text import LANGUAGES

    if value and value not in LANGUAGES:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(LANGUAGES)}")
    return value


def _there(value: Path | None) -> Path | None:
    if value is not None and str(value) != "-":
        if not value.exists():
            raise typer.BadParameter(f"file {str(value)!r} does not exist.")
        if value.is_dir():
            raise typer.BadParameter(f"file {str(value)!r} is a directory.")
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
    typer.Option(
        "--language",
        help="nb, nn or en. Without it messages are in English, and what is written in bokmål.",
        callback=_known_language,
        autocompletion=_languages,
    ),
]
MapFile = Annotated[
    Path, typer.Argument(help="A map in any format that is read here.", exists=True, dir_okay=False)
]
MapOrInput = Annotated[
    Path,
    typer.Argument(help="A map in any format that is read here, or - for what is piped in.", callback=_there),
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
    language: Language = "",
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
        with working(f"writing {file.name}"):
            made = leaving.export_file(
                workshops,
                Actor(chosen, "facilitator", "facilitator"),
                leaving.form_of(file.name),
                private=private,
                language=language or "nb",
                licence=licence,
            )
    except Refused as refused:
        raise refusal(refused, language) from None
    _write(file, made.content)
    lost = _lost(made.losses, language)
    if as_json:
        show_json({"file": str(file), "workshop": chosen, "bytes": len(made.content), "not_carried": lost})
        return
    typer.echo(f"{file}  {len(made.content)} bytes")
    for loss in lost:
        typer.echo(f"not carried: {loss}")


def convert(
    source: MapOrInput,
    target: Annotated[
        Path, typer.Argument(help="Where to write; the suffix chooses the format. With --to, - pipes it out.")
    ],
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
    language: Language = "",
    as_json: Json = False,
) -> None:
    """Write a map in another format, and say what that format cannot carry.

    For instance:

    wickedmap convert map.graphml map.kumu.json

    wickedmap convert links.csv map.svg

    wickedmap convert sketch.mdl weights.csv --to matrix

    cat links.csv | wickedmap convert - - --from csv --to dot | dot -Tsvg > map.svg
    """
    from .formats import FormatError, losses, save, write_bytes
    from .formats.words import error_text

    found = read_file(source, from_, language)
    piped = str(target) == "-"
    if piped and not to:
        raise typer.BadParameter("- has no suffix; say which format with --to", param_hint="target")
    try:
        with working(f"writing {target.name}"):
            if piped:
                typer.echo(write_bytes(found.map, to), nl=False)
            lost = _lost(losses(found.map, to) if piped else save(found.map, target, to or None), language)
    except FormatError as error:
        raise fail(error_text(error, language or "en")) from None
    report = in_language(found.report, language)
    # What is piped out is the map alone; what there is to say of it goes the other way.
    with contextlib.redirect_stdout(sys.stderr) if piped else contextlib.nullcontext():
        _show_converted(found, target, report, lost, as_json=as_json)


def _show_converted(
    found: Reading, target: Path, report: list[Notice], lost: list[str], *, as_json: bool
) -> None:
    if as_json:
        show_json(
            {
                "file": str(target),
                "read_as": found.format,
                "factors": len(found.map.factors),
                "links": len(found.map.links),
                "notices": notices(report),
                "not_carried": lost,
            }
        )
        return
    typer.echo(f"{target}  {len(found.map.factors)} factors, {len(found.map.links)} links")
    show_lines("note", map(str, report))
    for loss in lost:
        typer.echo(f"not carried: {loss}")


def inspect(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="A map in any format that is read here, or - for what is piped in.", callback=_there
        ),
    ] = None,
    from_: From = "",
    language: Language = "",
    as_json: Json = False,
) -> None:
    """Say what a file is and holds, and what was guessed or repaired on the way in.

    Without a file: which formats there are. For instance:

    wickedmap inspect links.csv

    wickedmap inspect map.xlsx --json
    """
    if file is None:
        show_formats(as_json)
        return
    show_file(file, read_file(file, from_, language), as_json, language)


# --- parts of the commands -------------------------------------------------


def reading(data: Path) -> Workshops:
    """Open the database in a folder to read from it, also while a server runs."""
    from .store import StoreError, open_store
    from .workshop import Workshops

    try:
        return Workshops(open_store(data, read_only=True))
    except StoreError as error:
        raise fail(str(error)) from None


def read_file(file: Path, format: str, language: str) -> Reading:
    """Return a file, read; what is wrong with it is said, and the exit code is 1."""
    from . import formats
    from .formats.errors import MAX_OWN_BYTES
    from .formats.words import error_text

    try:
        with working(f"reading {file.name}"):
            if str(file) == "-":
                piped = sys.stdin.buffer.read(MAX_OWN_BYTES + 1)
                return formats.read_bytes(piped, "-", format or None)
            return formats.read(file, format or None)
    except formats.FormatError as error:
        raise fail(error_text(error, language or "en")) from None


def _lost(losses: Iterable[str], language: str) -> list[str]:
    from .formats import Loss
    from .formats.words import loss_text

    return [loss_text(one, language or "en") if isinstance(one, Loss) else one for one in losses]


@contextlib.contextmanager
def working(what: str) -> Iterator[None]:
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
    from .formats.writing import write_whole

    try:
        write_whole(file, content)
    except OSError as error:
        raise fail(f"cannot write {file}: {error.strerror}") from None


def refusal(refused: Refused, language: str = "") -> typer.Exit:
    """Say why something was refused; the exit code is 1."""
    from .texts import text

    return fail(text(language or "en", f"errors.{refused.code}", **refused.values))
