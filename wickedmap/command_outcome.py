"""How a command ends: done, refused with a reason, or stopped by whoever started it."""

from __future__ import annotations

import contextlib
import errno
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import FrameType
from typing import Any, Final, TypeVar

import typer
from typer.core import TyperGroup

Answer = TypeVar("Answer")

LANGUAGE: Final = "wickedmap.language"
JSON: Final = "wickedmap.json"
PIPED: Final = "wickedmap.piped"
"""What the options said, in the context's `meta`: for whatever goes wrong anywhere in the command."""

STOPPED: Final = 130
"""The exit code after Ctrl-C, as shells have it."""


class Failed(Exception):
    """What keeps a command from being done: a key of the catalogue, and the values in its sentence."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Stopped(KeyboardInterrupt):
    """Ctrl-C when something had been written already: a key of the catalogue says how it stands."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Commands(TyperGroup):
    """The commands, which end with a word in the language that was asked for and never with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; an error that is known becomes its sentence and the exit code."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stop:
            raise _stopped(stop if isinstance(stop, Stopped) else None, ctx) from None
        except Exception as error:
            if _heard:
                raise _stopped(None, ctx) from None
            told = _told(error, ctx)
            if told is None:
                raise
            _say(told, ctx)
        raise typer.Exit(1)


def _stopped(how: Stopped | None, ctx: Any) -> typer.Exit:
    if _heard:
        # Whoever presses again does not even wait for the words.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    words = _words(ctx, how or Stopped("commands.stopped.nothing"))
    _say({"code": "stopped", "message": words}, ctx)
    return typer.Exit(STOPPED)


def _words(ctx: Any, said: Failed | Stopped) -> str:
    from .texts import text

    return text(ctx.meta.get(LANGUAGE) or "en", said.key, **said.values)


def _told(error: Exception, ctx: Any) -> dict[str, str] | None:
    """Return what is known of an error, by its class: to look for the classes would load all that has them."""
    from .formats.words import error_text, said
    from .texts import text

    language = ctx.meta.get(LANGUAGE) or "en"
    known: Any = error
    match type(error).__name__:
        case "Failed":
            return {"code": known.key.rpartition(".")[2], "message": _words(ctx, known)}
        case "FormatError":
            place = {"file": known.file, "place": known.place}
            return {"code": known.code, "message": error_text(known, language), **place}
        case "Refused":
            message = text(language, f"errors.{known.code}", **known.values)
            return {"code": known.code, "message": message}
        case "StoreError" | "ConnectError":
            return {"code": known.code, "message": said(str(known), language)}
    if isinstance(error, OSError) and error.errno != errno.EPIPE:
        return _of_system(error, language)
    return None


def _of_system(error: OSError, language: str) -> dict[str, str]:
    from .texts import text

    where = text(language, "commands.output") if error.filename is None else str(error.filename)
    message = text(language, "commands.error.unusable", where=where, why=reason(error, language))
    return {"code": "unusable", "message": message}


def reason(error: OSError, language: str) -> str:
    """Return what the system said of a file, in the reader's language where we know the words."""
    from .formats.words import word

    return word(error.strerror or str(error), language or "en")


def _say(told: dict[str, str], ctx: Any) -> None:
    """Say it to whoever watches, and with --json to the script that reads."""
    if not sys.stderr.closed and sys.stderr.isatty() and told["code"] == "stopped":
        # Below the ^C that the terminal has written.
        typer.echo("", err=True)
    if ctx.meta.get(JSON):
        document = {"error": {name: value for name, value in told.items() if value}}
        # Where there is no room left for it, the words below remain.
        with contextlib.suppress(OSError):
            typer.echo(json.dumps(document, ensure_ascii=False, indent=2), err=bool(ctx.meta.get(PIPED)))
        if ctx.meta.get(PIPED):
            return
    typer.echo(f"wickedmap: {told['message']}", err=True)


# --- stopping ----------------------------------------------------------------

_heard: Final[list[int]] = []


def listen() -> None:
    """Take Ctrl-C from now on, unless we were started deaf to it, as a script's background work is."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _hear)


def _hear(number: int, frame: FrameType | None) -> None:
    """Take Ctrl-C as Python does, and remember it: a module stopped while it loads may give another error."""
    _heard.append(number)
    signal.default_int_handler(number, frame)


@contextlib.contextmanager
def once_done(key: str, **values: object) -> Iterator[None]:
    """Around what comes after the writing: whoever stops it is told what has been written."""
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(key, **values) from None


@contextlib.contextmanager
def unbroken() -> Iterator[None]:
    """Around the writing itself: Ctrl-C waits until what is written is whole, and is heard then."""
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if deaf or threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def heard(work: Callable[[], Answer]) -> Answer:
    """Do work that writes nothing in a thread of its own: Ctrl-C is heard then while a solver is deaf."""
    answer: Future[Answer] = Future()

    def run() -> None:
        try:
            answer.set_result(work())
        except BaseException as error:
            answer.set_exception(error)

    thread = threading.Thread(target=run, name="work", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(0.1)
    return answer.result()


# --- writing -----------------------------------------------------------------


def write_file(file: Path, content: bytes, language: str) -> None:
    """Write a file whole or not at all.

    Ctrl-C waits for a file, which takes a moment; a pipe may wait for its reader for ever.

    Raises
    ------
    Failed
        When it cannot be written; what was there is as it was.
    Stopped
        Saying whether it had been written.
    """
    from .formats.writing import write_whole

    whole = file.is_file() or not file.exists()
    try:
        with once_done(f"commands.stopped.{'written' if whole else 'partly'}", file=file):
            if whole:
                with unbroken():
                    write_whole(file, content)
            else:
                write_whole(file, content)
    except OSError as error:
        raise unwritten(file, error, language) from None


def unwritten(file: Path, error: OSError, language: str) -> Failed:
    """Return what is said when a file cannot be written."""
    if not file.parent.is_dir():
        return Failed("commands.error.no_folder", file=file, folder=file.parent)
    return Failed("commands.error.cannot_write", file=file, why=reason(error, language))


def agreed(question: str, language: str) -> bool:
    """Ask, and return whether the answer was yes; no answer is no."""
    from .texts import text

    typer.echo(f"{question} {text(language or 'en', 'commands.yes_or_no')} ", nl=False)
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        typer.echo()
    return answer.strip().casefold() in ("y", "yes", "j", "ja")
