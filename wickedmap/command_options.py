"""The options that several commands share, and what the shell completes in them."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from .command_outcome import JSON, LANGUAGE, PIPED

HERE: Final = Path("wickedmap-data")


def _known_language(ctx: typer.Context, value: str) -> str:
    from .text import LANGUAGES

    if value and value not in LANGUAGES:
        raise typer.BadParameter(f"{value!r} is not one of {', '.join(LANGUAGES)}")
    ctx.meta[LANGUAGE] = value
    return value


def _json_wanted(ctx: typer.Context, value: bool) -> bool:
    ctx.meta[JSON] = value
    return value


def _there(value: Path | None) -> Path | None:
    if value is not None and str(value) != "-":
        if not value.exists():
            raise typer.BadParameter(f"file {str(value)!r} does not exist.")
        if value.is_dir():
            raise typer.BadParameter(f"file {str(value)!r} is a directory.")
    return value


def _not_a_folder(ctx: typer.Context, value: Path | None) -> Path | None:
    if value is None:
        return None
    if str(value) == "-":
        ctx.meta[PIPED] = True
    elif value.is_dir():
        raise typer.BadParameter(f"{str(value)!r} is a directory; name a file in it.")
    return value


def _languages(incomplete: str) -> list[str]:
    from .text import LANGUAGES

    return [one for one in LANGUAGES if one.startswith(incomplete)]


def _read_formats(incomplete: str) -> list[tuple[str, str]]:
    from .formats import FORMATS

    return [(one.name, one.title) for one in FORMATS.values() if one.read and one.name.startswith(incomplete)]


def _written_formats(incomplete: str) -> list[tuple[str, str]]:
    from .formats import FORMATS

    return [(one.name, one.title) for one in FORMATS.values() if one.write and one.name.startswith(incomplete)]


def _workshops(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the workshops of the data folder; straight from the file, as whoever pressed Tab is waiting."""
    folder = ctx.params.get("data") or os.environ.get("WICKEDMAP_DATA") or HERE
    path = Path(folder) / "wickedmap.sqlite"
    found: list[tuple[Any, Any]] = []
    with (
        contextlib.suppress(sqlite3.Error, OSError),
        contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0.5)
        ) as connection,
    ):
        found = connection.execute("SELECT id, created FROM workshop ORDER BY created DESC").fetchall()
    return [(str(id), str(created)[:10]) for id, created in found if str(id).startswith(incomplete)]


Data = Annotated[
    Path,
    typer.Option("--data", envvar="WICKEDMAP_DATA", help="Folder that holds the database. Made when missing."),
]
DataThere = Annotated[
    Path,
    typer.Option("--data", envvar="WICKEDMAP_DATA", help="Folder that holds the database."),
]
Json = Annotated[
    bool, typer.Option("--json", help="Print one JSON document, also of an error.", callback=_json_wanted)
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]
Language = Annotated[
    str,
    typer.Option(
        "--language",
        help="nb, nn or en. Without it messages are in English, and what is written in bokmål.",
        callback=_known_language,
        autocompletion=_languages,
    ),
]
MapOrInput = Annotated[
    Path,
    typer.Argument(help="A map in any format that is read here, or - for what is piped in.", callback=_there),
]
MaybeMapOrInput = Annotated[
    Path | None,
    typer.Argument(help="A map in any format that is read here, or - for what is piped in.", callback=_there),
]
ExportTarget = Annotated[
    Path,
    typer.Argument(
        help="Where to write; the suffix chooses the format. A file that is there is replaced.",
        callback=_not_a_folder,
    ),
]
Target = Annotated[
    Path,
    typer.Argument(
        help="Where to write; the suffix chooses the format. A file that is there is replaced. "
        "With --to, - pipes it out.",
        callback=_not_a_folder,
    ),
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
To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="FORMAT",
        help="The format to write, when the suffix does not tell.",
        autocompletion=_written_formats,
    ),
]
Workshop = Annotated[
    str,
    typer.Option(help="Id of the workshop; the latest when left out.", autocompletion=_workshops),
]
Into = Annotated[
    str,
    typer.Option(
        metavar="WORKSHOP",
        help="Add the file to this workshop instead of opening a new one, also while the server runs.",
        autocompletion=_workshops,
    ),
]
WorkshopNamed = Annotated[
    str,
    typer.Argument(help="The workshop's id; wickedmap doctor lists them.", autocompletion=_workshops),
]
