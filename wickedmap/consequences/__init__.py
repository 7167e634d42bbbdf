"""What each kind of change does to a workshop, and when it cannot be done.

One function per kind. It gets the state and the event and returns the rows to
write, or raises `Refused`; it never changes anything itself.
"""

from __future__ import annotations

from ..rows import Event, State

# Importing them enters their rules.
from . import contributions, merging, opening, proposals, room, shared_map  # noqa: F401
from .rules import RULES, Writes

__all__ = ["RULES", "Writes", "consequences"]


def consequences(state: State, event: Event) -> Writes:
    """Return the rows that `event` writes; raises `Refused` when it cannot be made."""
    return RULES[type(event.change)](state, event, event.change)
