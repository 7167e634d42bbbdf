"""The command that opens a workshop from a file, or adds a file to one: here, or by a server that runs."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .file_commands import HERE, Data, From, Json, Language, MapFile, fail, read_file, reading, refusal, working
from .file_listing import amounts, in_language, notices, show_file, show_json, show_lines, show_preview

if TYPE_CHECKING:
    from .formats import Reading
    from .store import Store

Url = Annotated[
    str,
    typer.Option(
        "--url",
        help="A server elsewhere: the facilitator's link to the workshop, or its address with --token.",
    ),
]
Token = Annotated[
    str,
    typer.Option(
        "--token", envvar="WICKEDMAP_TOKEN", help="A facilitator's token for --url: WORKSHOP.facilitator.KEY."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask first.")]


def import_(
    file: MapFile,
    into: Annotated[
        str,
        typer.Option(
            metavar="WORKSHOP",
            help="Add the file to this workshop instead of opening a new one, also while the server runs.",
        ),
    ] = "",
    preview: Annotated[
        bool, typer.Option("--preview", help="Only show what would happen; nothing is changed.")
    ] = False,
    aliases: Annotated[
        bool, typer.Option(help="Keep other wordings of factors that are there already as aliases.")
    ] = False,
    yes: Yes = False,
    title: Annotated[str, typer.Option(help="What a new workshop is called.")] = "",
    language: Language = "",
    from_: From = "",
    url: Url = "",
    token: Token = "",
    data: Data = HERE,
    as_json: Json = False,
) -> None:
    """Open a new workshop from a file, or add a file to a workshop.

    Added to a workshop, factors that are there already (by their label)
    are recognised, nothing there is changed, and one undo takes all of it
    back. What would be added is shown first, and you are asked; --yes or
    --json asks nothing, --preview only shows it, and exits with 1 when the
    file could not be brought in.

    While a server has the data folder open, the file is handed to that
    server, and everyone in the room sees it come. For a server elsewhere:
    --url with the facilitator's link.
    """
    from .store import serving_address

    found = read_file(file, from_, language)
    if preview and not (into or url):
        show_file(file, found, as_json, language)
    elif into or url:
        asked = _Asked(file, found, into, data, language, aliases, told=bool(from_))
        if url:
            way = _elsewhere(asked, url, token)
        else:
            # Looking takes no server: a folder that is open can be read.
            address = "" if preview else serving_address(data)
            way = _by_server(asked, address) if address else _straight(asked)
        _bring_in(file, way, preview=preview, yes=yes, language=language, as_json=as_json)
    else:
        _open(_Asked(file, found, "", data, language, aliases, told=bool(from_)), title, as_json)


@dataclass(frozen=True)
class _Asked:
    """What was asked for on the command line; `told`: the file's format was named there."""

    file: Path
    found: Reading
    into: str
    data: Path
    language: str
    aliases: bool
    told: bool


@dataclass(frozen=True)
class _Way:
    """How a file comes into a workshop: straight into the folder, or by the server that has it open."""

    workshop: str
    look: Callable[[], dict[str, Any]]
    add: Callable[[], int]


def _elsewhere(asked: _Asked, url: str, token: str) -> _Way:
    from .connect import ConnectError
    from .file_sending import way_in

    try:
        address, workshop, key = way_in(url, token)
    except ConnectError as error:
        raise fail(str(error)) from None
    if asked.into and asked.into != workshop:
        raise fail(f"--url leads to workshop {workshop}, --into says {asked.into}")
    return _sent(asked, address, workshop, key)


def _by_server(asked: _Asked, address: str) -> _Way:
    from .changes import Refused

    try:
        key = reading(asked.data).key(asked.into, "facilitator")
    except Refused as refused:
        raise refusal(refused, asked.language) from None
    return _sent(asked, address, asked.into, key)


def _sent(asked: _Asked, address: str, workshop: str, key: str) -> _Way:
    from .connect import ConnectError
    from .file_sending import come_in

    try:
        visit = come_in(address, workshop, key, asked.language or "en")
    except ConnectError as error:
        raise fail(str(error)) from None
    name, content = _content(asked.file, asked.found, told=asked.told)
    op_id = f"import-{secrets.token_urlsafe(18)}"

    def send(*, preview: bool) -> dict[str, Any]:
        try:
            with working(f"asking {address}"):
                return visit.add(name, content, preview=preview, aliases=asked.aliases, op_id=op_id)
        except ConnectError as error:
            raise fail(str(error)) from None

    return _Way(workshop, lambda: dict(send(preview=True)["preview"]), lambda: int(send(preview=False)["seq"]))


def _content(file: Path, found: Reading, *, told: bool) -> tuple[str, bytes]:
    """Return what is sent to a server: the file, or what we read in it when it would have to guess."""
    from .formats import native

    if told:
        return f"{file.stem}.wickedmap.json", native.write(found.map)
    return file.name, file.read_bytes()


def _straight(asked: _Asked) -> _Way:
    from .access import Actor
    from .changes import Refused
    from .formats.native import map_to_json
    from .importing import file_label, prepared, preview
    from .workshop import Workshops

    into, found, language = asked.into, asked.found, asked.language

    def look() -> dict[str, Any]:
        try:
            with working("comparing with the workshop"):
                shown = preview(reading(asked.data).state(into), found, aliases=asked.aliases)
                return shown.to_json(language or "nb", language or "en")
        except Refused as refused:
            raise refusal(refused, language) from None

    def add() -> int:
        store = _opened(asked.data)
        try:
            workshops = Workshops(store)
            change = {
                "kind": "import_map",
                "op_id": f"import-{secrets.token_urlsafe(18)}",
                "map": map_to_json(prepared(workshops.state(into), found.map)),
                "file": file_label(asked.file.name),
                "aliases": asked.aliases,
            }
            return workshops.submit(Actor(into, "facilitator", "facilitator"), change).seq
        except Refused as refused:
            raise refusal(refused, language) from None
        finally:
            store.close()

    return _Way(into, look, add)


def _opened(data: Path) -> Store:
    from .store import StoreError, open_store

    try:
        return open_store(data)
    except StoreError as error:
        raise fail(str(error)) from None


def _bring_in(file: Path, way: _Way, *, preview: bool, yes: bool, language: str, as_json: bool) -> None:
    shown = way.look()
    if preview and as_json:
        show_json(shown)
    if not as_json:
        show_preview(file, shown, language)
    if preview:
        if not shown["possible"]:
            raise typer.Exit(1)
        return
    if shown["possible"] and not (yes or as_json):
        if not sys.stdin.isatty():
            raise fail("nobody is here to be asked; say --yes to add it")
        typer.confirm(f"Add this to workshop {way.workshop}?", abort=True)
    # What cannot be added is refused here, with the reason.
    seq = way.add()
    if as_json:
        show_json({"workshop": way.workshop, "seq": seq, "preview": shown})
        return
    typer.echo(f"workshop {way.workshop}, change {seq}: added {amounts(shown['adds'], language)}")


def _open(asked: _Asked, title: str, as_json: bool) -> None:
    from .changes import NAME_LIMIT
    from .store import serving_address
    from .text import TextError, plain

    try:
        name = plain(title, limit=NAME_LIMIT, empty=True, one_line=True)
    except TextError as error:
        raise fail(f"--title: {error}") from None
    address = serving_address(asked.data)
    with working("opening the workshop"):
        made = _open_there(asked, address, name) if address else _open_here(asked, name)
    m = asked.found.map
    report = in_language(asked.found.report, asked.language)
    if as_json:
        counts = {"factors": len(m.factors), "links": len(m.links)}
        show_json({"workshop": made, **counts, "notices": notices(report)})
        return
    typer.echo(f"workshop {made}: {len(m.factors)} factors, {len(m.links)} links")
    show_lines("note", map(str, report))


def _open_here(asked: _Asked, title: str) -> str:
    from .changes import Refused
    from .workshop import Workshops

    store = _opened(asked.data)
    try:
        return Workshops(store).open_workshop(asked.found.map, title=title, language=asked.language or "nb")
    except Refused as refused:
        raise refusal(refused, asked.language) from None
    finally:
        store.close()


def _open_there(asked: _Asked, address: str, title: str) -> str:
    from .connect import ConnectError
    from .file_sending import Visit
    from .web.doors import host_key

    key = host_key(reading(asked.data).store.secret)
    name, content = _content(asked.file, asked.found, told=asked.told)
    visit = Visit(address, host_key=key, language=asked.language or "en")
    try:
        made = visit.open(name, content, title=title, language=asked.language or "nb")
    except ConnectError as error:
        raise fail(str(error)) from None
    return str(made["workshop"])
