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
from .file_commands import HERE, Data, Json, fail, reading

if TYPE_CHECKING:
    from .rows import Event
    from .workshop import Workshops

Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes.")],
    data: Data = HERE,
) -> None:
    """Copy the database, whole and consistent, also while a workshop runs."""
    workshops = reading(data)
    try:
        workshops.store.backup(file)
    except Exception as error:
        raise fail(f"cannot write {file}: {error}") from None
    typer.echo(str(file))


def restore(
    file: Annotated[Path, typer.Argument(help="A copy made by wickedmap backup.")],
    data: Data = HERE,
) -> None:
    """Put a backup back; the server must be stopped.

    What was in the data folder is set aside there as before-restore-….sqlite. The
    links that were handed out go on working while secret.key is the same.
    """
    from .store import StoreError, restore

    try:
        aside = restore(data, file)
    except StoreError as error:
        raise fail(str(error)) from None
    typer.echo(f"restored {file} into {data}")
    if aside is not None:
        typer.echo(f"what was there is now {aside}")


def doctor(
    data: Data = HERE,
    as_json: Json = False,
) -> None:
    """Say whether the installation and the data folder are sound."""
    import platform
    import sqlite3

    found: dict[str, Any] = {
        "wickedmap": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "data": str(data),
    }
    problems: list[str] = []
    if (data / "wickedmap.sqlite").is_file():
        from .store.database import integrity

        workshops = reading(data)
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
            typer.echo(f"{name:<12} {value}")
    raise typer.Exit(1 if problems else 0)


def purge(
    workshop: Annotated[str, typer.Argument(help="The workshop's id; wickedmap doctor lists them.")],
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
    data: Data = HERE,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete a workshop for good, or the words of a person or of a change.

    The server must be stopped. Of a person, texts and alias go; stances, ratings and
    the names of factors stay. With --change also a name goes. Backups that you
    keep elsewhere, and files that were exported, are yours to delete.
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
    from .store import StoreError, open_store
    from .store.deletion import delete_words, delete_workshop

    if not (data / "wickedmap.sqlite").is_file():
        raise fail(f"there is no database in {data}")
    try:
        store = open_store(data)
    except StoreError as error:
        raise fail(str(error)) from None
    try:
        some = [*(person or []), *(f"change {one}" for one in change or [])]
        what = f"the words of {', '.join(some)} in {workshop}" if some else f"the whole workshop {workshop}"
        if not yes and not typer.confirm(f"Delete {what}? This cannot be undone"):
            raise fail("nothing was deleted")
        if some:
            count = delete_words(store, workshop, persons=person or (), changes=change or ())
        else:
            count = delete_workshop(store, workshop)
    except StoreError as error:
        raise fail(str(error)) from None
    finally:
        store.close()
    if as_json:
        typer.echo(json.dumps({"workshop": workshop, "changes": count}))
    else:
        typer.echo(f"deleted {what}: {count} {'change' if count == 1 else 'changes'}")


def _list(workshops: Workshops, workshop: str, find: str, *, as_json: bool) -> None:
    from .changes import Refused
    from .store import log

    try:
        state = workshops.state(workshop)
    except Refused:
        raise fail(f"there is no workshop {workshop!r} here; wickedmap doctor lists them") from None
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
