"""The command line: run a workshop, and take care of its data."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import sys
import threading
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import __version__, file_commands, folder_commands, import_command
from .command_options import HERE, Data, From, Json, Language, MapOrInput
from .command_outcome import STOPPED, Commands, Failed, heard, listen
from .file_commands import read_file
from .progress_line import working

if TYPE_CHECKING:
    from .workshop import Workshops

app = typer.Typer(
    name="wickedmap",
    cls=Commands,
    help="Map a wicked problem together: every agency's view kept, none of them merged away.",
    epilog="Exit codes: 0 done, 1 not done (the error says why), 2 wrong use, 130 stopped with Ctrl-C. "
    "wickedmap --install-completion makes the shell complete commands, options, formats and workshops.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to listen on.")]
Host = Annotated[
    str, typer.Option("--host", help="Address to listen on. 0.0.0.0 lets phones on the same network in.")
]
PublicUrl = Annotated[
    str,
    typer.Option(
        "--public-url",
        envvar="WICKEDMAP_PUBLIC_URL",
        help="The address people use, for links and the QR code, such as https://kart.kommune.no.",
    ),
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    port: Port = 8050,
    host: Host = "127.0.0.1",
    data: Data = HERE,
    public_url: PublicUrl = "",
    browser: Annotated[bool, typer.Option(help="Open the facilitator's page in a browser.")] = True,
    as_json: Json = False,
) -> None:
    """Start a workshop with the default map and its example framings, ready to try.

    The addresses for facilitator, wall, phones and researcher are printed when
    the server is ready. Ctrl-C stops it; everything is kept in the data folder.
    """
    _run(port, host, data, public_url, browser=browser, examples=True, as_json=as_json)


@app.command()
def serve(
    port: Port = 8050,
    host: Host = "127.0.0.1",
    data: Data = HERE,
    public_url: PublicUrl = "",
    browser: Annotated[bool, typer.Option(help="Open the start page in a browser.")] = False,
    as_json: Json = False,
) -> None:
    """Serve workshops, with the default map and without example content.

    The addresses are printed when the server is ready. Ctrl-C stops it;
    everything is kept in the data folder. For instance:

    wickedmap serve --data /srv/wickedmap --public-url https://kart.kommune.no
    """
    _run(port, host, data, public_url, browser=browser, examples=False, as_json=as_json)


def _run(
    port: int, host: str, data: Path, public_url: str, *, browser: bool, examples: bool, as_json: bool
) -> None:
    import uvicorn

    from .store import StoreError, open_store
    from .web import doors
    from .web.server import build
    from .workshop import Workshops

    _log_to_terminal()
    listening = _listen(host, port)
    url = public_url.rstrip("/") or f"http://{_reachable(host)}:{port}"
    try:
        store = open_store(data)
    except StoreError:
        listening.close()
        raise
    # Commands on this machine hand their files to us while we have the folder.
    store.served_at(f"http://{_this_machine(host)}:{port}")
    workshops = Workshops(store)
    workshop = _first_workshop(workshops, examples=examples)
    stored = workshops.find(workshop)
    try:
        served = build(workshops, public_url=url, extra_hosts=_own_names(host))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--public-url") from None
    lead = f"{url}/open/{workshop}/facilitator/{workshops.key(workshop, 'facilitator')}"
    lines = {
        "facilitator": lead,
        "projector": f"{url}/open/{workshop}/viewer/{workshops.key(workshop, 'viewer')}",
        "join": f"{url}/j/{stored.join_code}",
        "researcher": f"{url}/open/{workshop}/researcher/{workshops.key(workshop, 'researcher')}",
        "start": f"{url}/start/{doors.host_key(store.secret)}",
    }
    if as_json:
        typer.echo(json.dumps(lines, indent=2))
    else:
        for name, address in lines.items():
            typer.echo(f"{name:<12} {address}")
    if url.startswith("http:") and host not in ("127.0.0.1", "localhost", "::1"):
        typer.echo(
            "note         people on the same network can read what is sent over plain http; "
            "use --public-url with https for a real workshop",
            err=True,
        )
    sys.stdout.flush()
    config = uvicorn.Config(
        served.app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=2
    )

    class _Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: Any) -> None:
            # Streams never end by themselves; without this, stopping would wait for them.
            served.live.stop()
            super().handle_exit(sig, frame)

    if browser:
        threading.Timer(0.5, webbrowser.open, [lead if examples else lines["start"]]).start()
    try:
        # Ctrl-C is how a server is stopped, and it has done what it was asked to.
        with contextlib.suppress(KeyboardInterrupt):
            _Server(config).run(sockets=[listening])
    finally:
        store.close()


def _log_to_terminal() -> None:
    import logging

    from .web.request_log import OneLineFormatter

    handler = logging.StreamHandler()
    handler.setFormatter(OneLineFormatter())
    log = logging.getLogger("wickedmap")
    log.addHandler(handler)
    log.setLevel(os.environ.get("WICKEDMAP_LOG", "warning").upper())


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno in (48, 98, 10048):
            raise Failed("commands.error.port_in_use", port=port) from None
        raise Failed("commands.error.cannot_listen", host=host, port=port, why=error.strerror) from None
    return listening


def _reachable(host: str) -> str:
    if host not in ("0.0.0.0", "::"):
        return f"[{host}]" if ":" in host else host
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        # Nothing is sent: it only asks which of our addresses faces the network.
        probe.connect(("10.255.255.255", 1))
        return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
    finally:
        probe.close()


def _this_machine(host: str) -> str:
    own = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
    return own.get(host) or (f"[{host}]" if ":" in host else host)


def _own_names(host: str) -> list[str]:
    names = [socket.gethostname().lower(), f"{socket.gethostname().lower()}.local", _reachable(host)]
    return [*names, host] if host not in ("0.0.0.0", "::") else names


def _first_workshop(workshops: Workshops, *, examples: bool) -> str:
    from .default_map import default_map

    known = workshops.all()
    if known:
        return known[-1].id
    opened = default_map()
    return workshops.open_workshop(opened if examples else opened.replace(framings=()))


app.command()(file_commands.export)
app.command(name="import")(import_command.import_)
app.command()(file_commands.convert)
app.command()(file_commands.inspect)


@app.command()
def analyse(
    file: MapOrInput,
    as_json: Json = False,
    max_length: Annotated[
        int, typer.Option("--max-length", min=0, help="Most links in a loop; 0 for no limit.")
    ] = 8,
    time_limit: Annotated[
        float, typer.Option("--time-limit", min=0.1, help="Seconds to work at most, about.")
    ] = 10.0,
    language: Language = "",
    from_: From = "",
) -> None:
    """Print a map's loops, the factors that cut them, and other measures.

    The report is in bokmål unless --language says otherwise. It says how
    complete the list of loops is. For instance:

    wickedmap analyse map.graphml --language en

    wickedmap analyse links.csv --max-length 0 --time-limit 60 --json
    """
    opened = read_file(file, from_, language).map
    with working("loading", language) as tell:
        from . import analyse_report, analyse_text

        found = heard(
            lambda: analyse_report.analyse(
                opened,
                max_length or None,
                time_limit,
                progress=lambda part, share: tell(f"analysis.{part}", share),
            )
        )
    if as_json:
        typer.echo(json.dumps(analyse_report.as_json(found), ensure_ascii=False, indent=2))
    else:
        typer.echo(analyse_text.as_text(found, language or "nb"), nl=False)


app.command()(folder_commands.backup)
app.command()(folder_commands.restore)
app.command()(folder_commands.purge)
app.command()(folder_commands.doctor)


def _speak_unicode(stream: Any) -> None:
    """Let arrows and Norwegian letters through where the system's own encoding lacks them.

    A file or a pipe gets UTF-8; a terminal gets what it can show, and ? for the rest.
    """
    if isinstance(stream, io.TextIOWrapper) and not stream.encoding.casefold().startswith("utf"):
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        _speak_unicode(stream)
    listen()
    try:
        app()
    except SystemExit as end:
        if end.code == STOPPED:
            _leave()
        raise


def _leave() -> None:
    """End at once: all is said, and ending in good order would wait for a solver in a thread."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(STOPPED)
