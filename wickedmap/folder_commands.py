"""Commands that take care of a data folder: copy it, put a copy back, delete from it, look it over."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import __version__
from .command_options import HERE, Data, DataThere, Json, WorkshopNamed, Yes
from .command_outcome import Failed, Stopped, agreed, once_done, unbroken, unwritten
from .file_commands import present, reading
from .progress_line import working

if TYPE_CHECKING:
    from .rows import Event
    from .workshop import Workshops


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes. A file that is there is replaced.")],
    data: DataThere = HERE,
    as_json: Json = False,
) -> None:
    """Copy the database, whole and consistent, also while a workshop runs.

    For instance:

    wickedmap backup /mnt/copies/wickedmap.sqlite --data /srv/wickedmap

    wickedmap doctor says whether a database is whole; wickedmap restore puts a copy back.
    """
    with working("backing_up", data=data):
        store = reading(data).store
        try:
            store.backup(file)
        except OSError as error:
            raise unwritten(file, error, "") from None
        except Exception as error:
            raise Failed("commands.error.cannot_write", file=file, why=error) from None
    if as_json:
        typer.echo(json.dumps({"file": str(file), "bytes": file.stat().st_size}, ensure_ascii=False, indent=2))
    else:
        typer.echo(str(file))


def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by wickedmap backup.")],
    data: Data = HERE,
    as_json: Json = False,
) -> None:
    """Put a backup back; the server must be stopped.

    What was in the data folder is set aside there as before-restore-….sqlite. The
    links that were handed out go on working while secret.key is the same.
    """
    with working("restoring", data=data):
        from .store import restore

        with once_done("commands.stopped.restored", data=data), unbroken():
            aside = restore(data, file)
    if as_json:
        said = {"file": str(file), "data": str(data), "set_aside": str(aside) if aside else None}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
        return
    typer.echo(f"restored {file} into {data}")
    if aside is not None:
        typer.echo(f"what was there is now {aside}")


def doctor(
    data: DataThere = HERE,
    as_json: Json = False,
) -> None:
    """Say whether the installation and the data folder are sound, and which workshops there are.

    The exit code is 1 when something is wrong.
    """
    import platform
    import sqlite3

    found: dict[str, Any] = {
        "wickedmap": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "data": str(data),
        "database": "none yet",
    }
    problems: list[str] = []
    if (data / "wickedmap.sqlite").is_file():
        from .store.database import integrity

        workshops = reading(data)
        found["database"] = str(data / "wickedmap.sqlite")
        found["integrity"] = integrity(workshops.store)
        found["workshops"] = [{"id": row.id, "changes": row.last_seq} for row in workshops.all()]
        if found["integrity"] != "ok":
            problems.append("the database is damaged; restore the latest backup")
    elif data.exists() and not os.access(data, os.W_OK):
        problems.append(f"cannot write in {data}")
    found["problems"] = problems
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for name, value in found.items():
            for line in _lines_of(value):
                typer.echo(f"{name:<12} {line}")
    raise typer.Exit(1 if problems else 0)


def _lines_of(value: Any) -> list[str]:
    if not isinstance(value, list):
        return [str(value)]
    rows = [f"{one['id']}  {one['changes']} changes" if isinstance(one, dict) else str(one) for one in value]
    return rows or ["none"]


def purge(
    workshop: WorkshopNamed,
    person: Annotated[
        list[str] | None,
        typer.Option("--person", help="Only what this person wrote; may be said several times."),
    ] = None,
    change: Annotated[
        list[int] | None,
        typer.Option("--change", min=1, help="Only the words of this change; may be said several times."),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option("--find", help="Delete nothing: list the changes that hold this text, and by whom."),
    ] = None,
    people: Annotated[bool, typer.Option("--people", help="Delete nothing: list the people.")] = False,
    data: DataThere = HERE,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete a workshop for good, or the words of a person or of a change.

    The server must be stopped. Of a person, texts and alias go; stances, ratings and
    the names of factors stay. With --change also a name goes. Backups that you
    keep elsewhere, and files that were exported, are yours to delete. For instance:

    wickedmap purge k3v9x2ab --people

    wickedmap purge k3v9x2ab --person r7c2m1 --yes
    """
    if find is not None or people:
        if yes or person or change:
            raise typer.BadParameter(
                "--find and --people delete nothing; leave out --yes, --person and --change"
            )
        if find is not None and not find.strip():
            raise typer.BadParameter("there is no text to look for", param_hint="--find")
        _list(reading(data), workshop, find or "", as_json=as_json)
        return
    if not yes and as_json:
        raise typer.BadParameter("with --json nobody is asked; say --yes too", param_hint="--json")
    from .store import open_store
    from .store.deletion import delete_words, delete_workshop

    if not (data / "wickedmap.sqlite").is_file():
        raise Failed("commands.error.no_database", data=data)
    store = open_store(data)
    try:
        some = [*(person or []), *(f"change {one}" for one in change or [])]
        what = f"the words of {', '.join(some)} in {workshop}" if some else f"the whole workshop {workshop}"
        if not yes and not agreed(f"Delete {what}? This cannot be undone", "en"):
            raise Failed("commands.error.nothing_deleted")
        try:
            with working("deleting"):
                if some:
                    count = delete_words(store, workshop, persons=person or (), changes=change or ())
                else:
                    count = delete_workshop(store, workshop)
        except KeyboardInterrupt:
            raise Stopped("commands.stopped.deleting") from None
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps({"workshop": workshop, "changes": count}))
    else:
        typer.echo(f"deleted {what}: {count} {'change' if count == 1 else 'changes'}")


def _list(workshops: Workshops, workshop: str, find: str, *, as_json: bool) -> None:
    from .store import log

    state = workshops.state(present(workshops, workshop))
    events = log.events(workshops.store, workshop)
    if find:
        rows = [
            {"change": event.seq, "kind": event.change.kind, "person": event.person, "text": text}
            for event in events
            for text in _holding(event, find)
        ]
    else:
        wrote = Counter(event.person for event in events)
        rows = [
            {"person": one.id, "agency": one.agency, "alias": one.alias, "changes": wrote[one.id]}
            for _, one in sorted(state.tables["people"].items())
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo("  ".join(f"{name} {value}" for name, value in row.items() if value != ""))
    if not rows:
        typer.echo("nothing found")


def _holding(event: Event, find: str) -> list[str]:
    wanted = find.casefold()
    return [f"{name}: {text}" for name, text in _texts("", event.change.fields()) if wanted in text.casefold()]


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(name, inner)
