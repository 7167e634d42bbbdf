"""A real server in a process of its own, and people who talk to it over HTTP."""

from __future__ import annotations

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """``wickedmap demo`` on a data folder; it can be killed and started again."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder.with_name(self.folder.name + ".log")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> House:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "wickedmap", "demo", "--no-browser"),
                    *("--data", str(self.folder), "--port", str(self.port)),
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        assert self.process.stdout is not None
        for _ in range(5):
            name, _, address = self.process.stdout.readline().strip().partition(" ")
            self.addresses[name] = address.strip()
        self.wait()
        return self

    def wait(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/health", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self._gone()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self._gone()

    def _gone(self) -> None:
        assert self.process is not None
        self.process.wait(timeout=20)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def client(self) -> httpx.Client:
        """Return a browser of its own: cookies that nobody else has."""
        made = httpx.Client(base_url=self.url, timeout=30, headers={"Accept-Language": "nb"})
        self.clients.append(made)
        return made

    def close_clients(self) -> None:
        while self.clients:
            self.clients.pop().close()

    @property
    def host_key(self) -> str:
        return self.addresses["start"].rsplit("/", 1)[-1]

    def open_room(self, source: str = "default", title: str = "") -> Room:
        """Begin a new workshop in this house."""
        client = self.client()
        body = {"source": source, "key": self.host_key, "title": title, "language": "nb"}
        answer = client.post("/api/v1/workshops", json=body)
        assert answer.status_code == 201, answer.text
        return Room(self, answer.json()["workshop"], Voice(client, answer.json()["workshop"], "console"))


_numbers = itertools.count(1)


@dataclass
class Voice:
    """One browser's cookies, and a surface it speaks from."""

    client: httpx.Client
    workshop: str
    surface: str
    person: str = ""

    def get(self, path: str, **params: Any) -> httpx.Response:
        address = f"/api/v1/workshops/{self.workshop}/{path}"
        return self.client.get(address, params=params, headers={"X-Wickedmap-Surface": self.surface})

    def send(self, change: Any) -> httpx.Response:
        return self.client.post(
            f"/api/v1/workshops/{self.workshop}/changes",
            json=change,
            headers={"X-Wickedmap-Surface": self.surface},
        )

    def does(self, kind: str, **fields: Any) -> dict[str, Any]:
        answer = self.send({"kind": kind, "op_id": f"test-{os.getpid()}-{next(_numbers):06d}", **fields})
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def state(self) -> dict[str, Any]:
        answer = self.get("state")
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said


@dataclass
class Room:
    """One workshop of a house."""

    house: House
    id: str
    facilitator: Voice

    def link(self, role: str) -> str:
        """Return the link that opens a role's surface, as the facilitator would copy it."""
        from wickedmap.access import key_for

        secret = (self.house.folder / "secret.key").read_bytes()
        return f"{self.house.url}/open/{self.id}/{role}/{key_for(secret, self.id, role, 1)}"

    @property
    def code(self) -> str:
        import sqlite3

        with sqlite3.connect(f"file:{self.house.folder}/wickedmap.sqlite?mode=ro", uri=True) as database:
            row = database.execute("SELECT join_code FROM workshop WHERE id = ?", (self.id,)).fetchone()
        database.close()
        return str(row[0])

    def join(self, agency: str, alias: str = "") -> Voice:
        client = self.house.client()
        answer = client.post("/api/v1/join", json={"code": self.code, "agency": agency, "alias": alias})
        assert answer.status_code == 200, answer.text
        return Voice(client, self.id, "me", answer.json()["person"])

    def enter(self, role: str) -> Voice:
        """Open a role's link as a new browser."""
        client = self.house.client()
        answer = client.get(self.link(role))
        assert answer.status_code == 303, answer.text
        surface = {"facilitator": "console", "viewer": "projector", "researcher": "export"}[role]
        assert re.fullmatch(rf"/w/{self.id}/{surface}", answer.headers["location"])
        return Voice(client, self.id, surface)

    def stranger(self) -> Voice:
        client = self.house.client()
        return Voice(client, self.id, "me")
