"""Parts that most tests share: a real database in a temporary folder, and people in a workshop."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.house import House, Room
from wickedmap.access import Actor
from wickedmap.default_map import default_map
from wickedmap.rows import State
from wickedmap.store import Store, open_store
from wickedmap.workshop import Receipt, Workshops

# A busy machine must not fail a test: nothing here is about speed.
settings.register_profile("wickedmap", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("wickedmap")


@dataclass
class Meeting:
    """A workshop with a facilitator, and a short way to act in it."""

    workshops: Workshops
    id: str
    facilitator: Actor
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def join(self, agency: str, alias: str = "") -> Actor:
        person = self.workshops.join(self.id, op_id=self.op(), agency=agency, alias=alias)
        return Actor(self.id, person.id, "representative", person.agency)

    def op(self) -> str:
        return f"operation-{next(self._numbers):06d}"

    def does(self, actor: Actor, kind: str, **fields: Any) -> Receipt:
        return self.workshops.submit(actor, {"kind": kind, "op_id": self.op(), **fields})

    def leads(self, kind: str, **fields: Any) -> Receipt:
        return self.does(self.facilitator, kind, **fields)

    @property
    def state(self) -> State:
        return self.workshops.state(self.id)

    def as_role(self, role: str) -> Actor:
        return Actor(self.id, role, role)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def begin(store: Store) -> Callable[..., Meeting]:
    def open_one(**changes: Any) -> Meeting:
        workshops = Workshops(store)
        made = workshops.open_workshop(default_map().replace(**changes))
        return Meeting(workshops, made, Actor(made, "facilitator", "facilitator"))

    return open_one


@pytest.fixture
def meeting(begin: Callable[..., Meeting]) -> Meeting:
    return begin()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One real server for all tests that need one."""
    opened = House(tmp_path_factory.mktemp("house") / "data").start()
    yield opened
    opened.stop()


@pytest.fixture
def room(house: House) -> Iterator[Room]:
    """A new workshop on the default map in the running house."""
    yield house.open_room()
    house.close_clients()
