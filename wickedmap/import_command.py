"""The command that opens a workshop from a file, or adds a file to one: here, or by a server that runs."""

from __future__ import annotations

import contextlib
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from .command_options import HERE, Data, From, Into, Json, Language, MapOrInput, Yes
from .command_outcome import Failed, Stopped, agreed, once_done, unbroken
from .file_commands import present, read_file, reading
from .progress_line import Tell, working

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

_PIPED: Final = "stdin"
"""What a piped map is called where a file's name would stand."""


def import_(
    file: MapOrInput,
    into: Into = "",
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
    --url with the facilitator's link. For instance:

    wickedmap import map.graphml --title "Housing in Sandnes"

    wickedmap import links.csv --into k3v9x2ab --preview

    cat links.csv | wickedmap import - --from csv --into k3v9x2ab --yes
    """
    if title and (into or url):
        raise typer.BadParameter("the workshop that is added to keeps its title", param_hint="--title")
    found = read_file(file, from_, language)
    if preview and not (into or url):
        from .file_listing import show_file

        show_file(file, found, as_json, language)
    elif into or url:
        asked = _Asked(file, found, into, data, language, aliases, told=bool(from_))
        if url:
            way = _elsewhere(asked, url, token)
        else:
            from .store import serving_address

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
    from .file_sending import way_in

    address, workshop, key = way_in(url, token)
    if asked.into and asked.into != workshop:
        raise Failed("commands.error.two_workshops", there=workshop, into=asked.into)
    return _sent(asked, address, workshop, key)


def _by_server(asked: _Asked, address: str) -> _Way:
    workshops = reading(asked.data)
    into = present(workshops, asked.into)
    return _sent(asked, address, into, workshops.key(into, "facilitator"))


def _sent(asked: _Asked, address: str, workshop: str, key: str) -> _Way:
    from .file_sending import come_in

    with working("connecting", asked.language, address=address):
        visit = come_in(address, workshop, key, asked.language or "en")
    name, content = _content(asked.file, asked.found, told=asked.told)
    op_id = f"import-{secrets.token_urlsafe(18)}"

    def send(*, preview: bool) -> dict[str, Any]:
        with (
            working("sending", asked.language, address=address) as tell,
            _Journey(tell, writes=not preview) as on,
        ):
            return visit.add(
                name, content, preview=preview, aliases=asked.aliases, op_id=op_id, progress=on.progress
            )

    return _Way(workshop, lambda: dict(send(preview=True)["preview"]), lambda: int(send(preview=False)["seq"]))


class _Journey:
    """How far a file has come to a server: stopped after its last byte, it may be in all the same."""

    def __init__(self, tell: Tell, *, writes: bool) -> None:
        self.tell = tell
        self.writes = writes
        self.there = False

    def progress(self, sent: int, of: int) -> None:
        self.there = sent >= of
        self.tell("waiting" if self.there else "sending", None if self.there else sent / of)

    def __enter__(self) -> _Journey:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, KeyboardInterrupt) and self.there and self.writes:
            raise Stopped("commands.stopped.sent") from None


def _content(file: Path, found: Reading, *, told: bool) -> tuple[str, bytes]:
    """Return what is sent to a server: the file, or what we read in it when it would have to guess."""
    from .formats import native

    if told or str(file) == "-":
        stem = _PIPED if str(file) == "-" else file.stem
        return f"{stem}.wickedmap.json", native.write(found.map)
    return file.name, file.read_bytes()


def _straight(asked: _Asked) -> _Way:
    into, found, language = asked.into, asked.found, asked.language

    def look() -> dict[str, Any]:
        with working("comparing", language):
            from .importing import preview

            workshops = reading(asked.data)
            shown = preview(workshops.state(present(workshops, into)), found, aliases=asked.aliases)
            return shown.to_json(language or "nb", language or "en")

    def add() -> int:
        seq = 0
        try:
            with working("opening", language, data=asked.data) as tell:
                from .access import Actor
                from .formats.native import map_to_json
                from .importing import file_label, prepared
                from .workshop import Workshops

                with _opened(asked.data) as store:
                    workshops = Workshops(store)
                    tell("placing")
                    change = {
                        "kind": "import_map",
                        "op_id": f"import-{secrets.token_urlsafe(18)}",
                        "map": map_to_json(prepared(workshops.state(into), found.map)),
                        "file": _PIPED if str(asked.file) == "-" else file_label(asked.file.name),
                        "aliases": asked.aliases,
                    }
                    tell("adding")
                    with unbroken():
                        seq = workshops.submit(Actor(into, "facilitator", "facilitator"), change).seq
        except KeyboardInterrupt:
            if seq:
                raise Stopped("commands.stopped.added", workshop=into, seq=seq) from None
            raise
        return seq

    return _Way(into, look, add)


@contextlib.contextmanager
def _opened(data: Path) -> Iterator[Store]:
    from .store import open_store

    store = open_store(data)
    try:
        yield store
    finally:
        with unbroken():
            store.close()


def _bring_in(file: Path, way: _Way, *, preview: bool, yes: bool, language: str, as_json: bool) -> None:
    from .file_listing import amounts, show_json, show_preview
    from .texts import text

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
            raise Failed("commands.error.nobody_asked")
        if not agreed(text(language or "en", "commands.add_this", workshop=way.workshop), language):
            raise Failed("commands.error.nothing_added")
    # What cannot be added is refused here, with the reason.
    seq = way.add()
    with once_done("commands.stopped.added", workshop=way.workshop, seq=seq):
        if as_json:
            show_json({"workshop": way.workshop, "seq": seq, "preview": shown})
        else:
            added = amounts(shown["adds"], language)
            typer.echo(text(language or "en", "commands.added", workshop=way.workshop, seq=seq, what=added))


def _open(asked: _Asked, title: str, as_json: bool) -> None:
    from .changes import NAME_LIMIT
    from .file_listing import in_language, notices, show_json, show_notices, size_of
    from .store import serving_address
    from .text import TextError, plain
    from .texts import text

    try:
        name = plain(title, limit=NAME_LIMIT, empty=True, one_line=True)
    except TextError as error:
        raise typer.BadParameter(str(error), param_hint="--title") from None
    address = serving_address(asked.data)
    made = _open_there(asked, address, name) if address else _open_here(asked, name)
    m = asked.found.map
    report = in_language(asked.found.report, asked.language)
    with once_done("commands.stopped.opened", workshop=made):
        if as_json:
            counts = {"factors": len(m.factors), "links": len(m.links)}
            show_json({"workshop": made, **counts, "notices": notices(report)})
            return
        what = size_of(m, asked.language)
        typer.echo(text(asked.language or "en", "commands.opened", workshop=made, what=what))
        show_notices(report, asked.language)


def _open_here(asked: _Asked, title: str) -> str:
    made = ""
    try:
        with working("opening", asked.language, data=asked.data) as tell:
            from .formats.safe_ids import with_safe_ids
            from .importing import to_open
            from .workshop import Workshops, placed

            tell("placing")
            m = placed(with_safe_ids(to_open(asked.found)))
            with _opened(asked.data) as store:
                tell("adding")
                with unbroken():
                    made = Workshops(store).open_workshop(m, title=title, language=asked.language or "nb")
    except KeyboardInterrupt:
        if made:
            raise Stopped("commands.stopped.opened", workshop=made) from None
        raise
    return made


def _open_there(asked: _Asked, address: str, title: str) -> str:
    from .file_sending import Visit
    from .web.doors import host_key

    key = host_key(reading(asked.data).store.secret)
    name, content = _content(asked.file, asked.found, told=asked.told)
    visit = Visit(address, host_key=key, language=asked.language or "en")
    with working("sending", asked.language, address=address) as tell, _Journey(tell, writes=True) as on:
        made = visit.open(name, content, title=title, language=asked.language or "nb", progress=on.progress)
    return str(made["workshop"])
