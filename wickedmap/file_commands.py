"""The commands that read and write files: export, convert and inspect; import has a module of its own."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .command_options import (
    HERE,
    DataThere,
    ExportTarget,
    From,
    Json,
    Language,
    MapOrInput,
    MaybeMapOrInput,
    Target,
    To,
    Workshop,
)
from .command_outcome import Failed, once_done, write_file
from .progress_line import working

if TYPE_CHECKING:
    from .formats import Notice, Reading
    from .workshop import Workshops


def export(
    file: ExportTarget,
    workshop: Workshop = "",
    data: DataThere = HERE,
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
    It works while the server runs. For instance:

    wickedmap export package.zip --licence CC-BY-4.0

    wickedmap export map.graphml --workshop k3v9x2ab
    """
    with working("opening", language, data=data, file=file.name) as tell:
        from . import leaving
        from .access import Actor
        from .data_package import checked_licence
        from .file_listing import losses_in_words, show_json, show_losses
        from .texts import text

        try:
            checked_licence(licence)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--licence") from None
        workshops = reading(data)
        there = workshops.all()
        if not there:
            raise Failed("commands.error.no_workshop", data=data)
        chosen = present(workshops, workshop) if workshop else there[-1].id
        tell("exporting")
        made = leaving.export_file(
            workshops,
            Actor(chosen, "facilitator", "facilitator"),
            leaving.form_of(file.name),
            private=private,
            language=language or "nb",
            licence=licence,
            progress=lambda part, share: tell(f"export.{part}", share),
        )
        lost = losses_in_words(made.losses, language)
    write_file(file, made.content, language)
    with once_done("commands.stopped.written", file=file):
        if as_json:
            show_json({"file": str(file), "workshop": chosen, "bytes": len(made.content), "not_carried": lost})
        else:
            typer.echo(f"{file}  {text(language or 'en', 'commands.bytes', count=len(made.content))}")
            show_losses(lost, language)


def convert(
    source: MapOrInput,
    target: Target,
    from_: From = "",
    to: To = "",
    language: Language = "",
    as_json: Json = False,
) -> None:
    """Write a map in another format, and say what that format cannot carry.

    The target appears whole or not at all. For instance:

    wickedmap convert map.graphml map.kumu.json

    wickedmap convert links.csv map.svg

    wickedmap convert sketch.mdl weights.csv --to matrix

    cat links.csv | wickedmap convert - - --from csv --to dot | dot -Tsvg > map.svg

    With --to and - the map goes to the pipe, and what there is to say of it to the error stream.
    """
    piped = str(target) == "-"
    if piped and not to:
        raise typer.BadParameter("- has no suffix; say which format with --to", param_hint="target")
    found = read_file(source, from_, language)
    with working("writing", language, file="-" if piped else target.name):
        from . import formats
        from .file_listing import in_language, losses_in_words

        form = _form(target, to)
        try:
            content = formats.write_bytes(found.map, form)
        except formats.FormatError as error:
            raise (error if piped else error.in_file(target.name)) from None
        lost = losses_in_words(formats.losses(found.map, form), language)
        report = in_language(found.report, language)
    if piped:
        _pipe_out(content, form)
    else:
        write_file(target, content, language)
    # What is piped out is the map alone; what there is to say of it goes the other way.
    with (
        once_done("commands.stopped.written", file=target),
        contextlib.redirect_stdout(sys.stderr) if piped else contextlib.nullcontext(),
    ):
        _show_converted(found, target, report, lost, language, as_json=as_json)


def _form(target: Path, to: str) -> str:
    from .formats.registry import FORMATS, by_suffix, named

    chosen = named(to) if to else by_suffix(target.name)
    if chosen is None:
        names = ", ".join(one.name for one in FORMATS.values() if one.write)
        raise Failed("commands.error.unknown_suffix", file=target.name, formats=names)
    return chosen.name


def _pipe_out(content: bytes, form: str) -> None:
    if sys.stdout.isatty():
        try:
            content.decode()
        except ValueError:
            # A picture or a workbook would leave the terminal unreadable.
            raise Failed("commands.error.not_for_a_terminal", format=form) from None
    with once_done("commands.stopped.partly", file="-"):
        typer.echo(content, nl=False)


def _show_converted(
    found: Reading, target: Path, report: list[Notice], lost: list[str], language: str, *, as_json: bool
) -> None:
    from .file_listing import notices, show_json, show_losses, show_notices, size_of

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
    typer.echo(f"{target}  {size_of(found.map, language)}")
    show_notices(report, language)
    show_losses(lost, language)


def inspect(
    file: MaybeMapOrInput = None,
    from_: From = "",
    language: Language = "",
    as_json: Json = False,
) -> None:
    """Say what a file is and holds, and what was guessed or repaired on the way in.

    Without a file: which formats there are. For instance:

    wickedmap inspect links.csv

    wickedmap inspect map.xlsx --json

    cat links.csv | wickedmap inspect - --from csv
    """
    from .file_listing import show_file, show_formats

    if file is None:
        show_formats(as_json, language)
        return
    show_file(file, read_file(file, from_, language), as_json, language)


# --- parts of the commands -------------------------------------------------


def reading(data: Path) -> Workshops:
    """Open the database in a folder to read from it, also while a server runs."""
    from .store import open_store
    from .workshop import Workshops

    return Workshops(open_store(data, read_only=True))


def present(workshops: Workshops, workshop: str) -> str:
    """Return the id of a workshop that is there; `Failed` when it is not."""
    if all(row.id != workshop for row in workshops.all()):
        raise Failed("commands.error.unknown_workshop", workshop=workshop)
    return workshop


def read_file(file: Path, format: str, language: str) -> Reading:
    """Return a file, read, or what is piped in for ``-``; `FormatError` when it cannot be."""
    piped = str(file) == "-"
    with working("reading_pipe" if piped else "reading", language, file=file.name):
        from . import formats
        from .formats.errors import MAX_OWN_BYTES

        if piped:
            return formats.read_bytes(sys.stdin.buffer.read(MAX_OWN_BYTES + 1), "-", format or None)
        return formats.read(file, format or None)
