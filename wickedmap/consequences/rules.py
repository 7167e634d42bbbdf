"""The list of rules: one for each kind of change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeAlias

from .. import changes as c
from ..rows import Event, State

Writes: TypeAlias = list[tuple[str, str, Any]]
Rule: TypeAlias = Callable[[State, Event, Any], Writes]

RULES: dict[type[c.Change], Rule] = {}


def rule(kind: type[c.Change]) -> Callable[[Rule], Rule]:
    """Enter a function as the rule for a kind of change."""

    def register(function: Rule) -> Rule:
        RULES[kind] = function
        return function

    return register


def new_id(prefix: str, op_id: str) -> str:
    """Return the id of what a change makes: always the same for the same change."""
    return prefix + hashlib.blake2s(op_id.encode(), digest_size=6).hexdigest()
