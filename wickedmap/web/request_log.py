"""What is logged of a request: never text, code, token, cookie or query string."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import Final

logger = logging.getLogger("wickedmap.requests")

KNOWN_SEGMENTS: Final = frozenset(
    (
        "_dash-component-suites",
        "_dash-dependencies",
        "_dash-layout",
        "_dash-update-component",
        "_favicon.ico",
        "analyse",
        "api",
        "assets",
        "backup",
        "changes",
        "compare",
        "console",
        "events",
        "export",
        "facilitator",
        "favicon.ico",
        "health",
        "history",
        "import",
        "j",
        "join",
        "key",
        "language",
        "leave",
        "look",
        "me",
        "open",
        "openapi.json",
        "people",
        "presence",
        "projector",
        "purge",
        "qr.svg",
        "redo",
        "renew",
        "researcher",
        "session",
        "sessions",
        "start",
        "state",
        "stream",
        "undo",
        "v1",
        "viewer",
        "w",
        "workshops",
    )
)
"""The words of our own addresses; whatever else stands in a path may be a secret."""

_METHODS: Final = frozenset(("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"))


def path_template(path: str) -> str:
    """Return `path` with every part that is not a word of ours as ``*``.

    A join code, a key or an id stands in the path of some links.

    Examples
    --------
    >>> path_template("/api/v1/workshops/kxyz/changes")
    '/api/v1/workshops/*/changes'
    >>> path_template("/w/kxyz/key/s3cret")
    '/w/*/key/*'
    """
    parts = path.split("/")[:12]
    return "/".join(part if not part or part in KNOWN_SEGMENTS else "*" for part in parts)


def log_request(method: str, path: str, status: int, seconds: float) -> None:
    """Write one line about a finished request."""
    shown = method if method in _METHODS else "other"
    logger.info("%s %s %d %.0f ms", shown, path_template(path), status, seconds * 1000)


def log_failure(path: str, error: BaseException) -> None:
    """Write where an unexpected error arose, and its kind.

    Its message is left out: it may quote what a person wrote.
    """
    logger.error(
        "%s %s at %s", path_template(path), type(error).__name__, " < ".join(_places(error)) or "unknown"
    )


def _places(error: BaseException) -> Iterable[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames[-8:])]


class OneLineFormatter(logging.Formatter):
    r"""Formats a record as one line in UTC, with control characters written as escapes.

    So no value can forge a line of its own or colour the terminal.

    Examples
    --------
    >>> record = logging.makeLogRecord({"msg": "a\nb \x1b[31mred", "levelname": "INFO", "created": 0.0})
    >>> OneLineFormatter().format(record)
    '1970-01-01T00:00:00Z INFO a\\nb \\x1b[31mred'
    """

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        """Return the time of a record in UTC."""
        return time.gmtime(seconds)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        """Return the one line."""
        line = super().format(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)
