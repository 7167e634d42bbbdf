"""Commands run at a pseudo-terminal, by somebody who watches and may press Ctrl-C."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType


class Terminal:
    """A command at a terminal of 80 columns; `shown` is what has come on the screen so far."""

    def __init__(self, *words: str | Path, **environment: str) -> None:
        self.shown = ""
        self._side, other = pty.openpty()
        termios.tcsetwinsize(self._side, (24, 80))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wickedmap", *map(str, words)],
            stdin=other,
            stdout=other,
            stderr=other,
            start_new_session=True,
            # Ctrl-C reaches whoever has the terminal.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "TERM": "xterm", "NO_COLOR": "1", "OPENBLAS_NUM_THREADS": "1", **environment},
        )
        os.close(other)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self._side)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._side], [], [], 0.05)
        if not ready:
            return self.process.poll() is None
        try:
            part = os.read(self._side, 65_536)
        except OSError:
            return False
        self.shown += part.decode(errors="replace")
        return bool(part)

    def until(self, there: str | Callable[[], bool], seconds: float = 60) -> None:
        """Watch until something stands on the screen, or is so."""
        deadline = time.monotonic() + seconds
        is_so = there if callable(there) else (lambda: there in self.shown)
        while not is_so():
            assert self._read(), f"it ended before {there!r}:\n{self.shown[-2000:]}"
            assert time.monotonic() < deadline, f"{there!r} did not come:\n{self.shown[-2000:]}"

    def type(self, keys: str) -> None:
        os.write(self._side, keys.encode())

    def end(self, seconds: float = 60) -> int:
        """Watch until the command has ended, and return its exit code."""
        deadline = time.monotonic() + seconds
        while self._read():
            assert time.monotonic() < deadline, f"it did not end:\n{self.shown[-2000:]}"
        return self.process.wait(timeout=seconds)

    def stop(self) -> int:
        """Press Ctrl-C, and return the exit code; whoever does not listen is not waited for."""
        self.type("\x03")
        return self.end(seconds=20)
