"""Which fields of a change hold what somebody wrote, and the change without it."""

from __future__ import annotations

from typing import Final, TypeVar

from .fields import Change

FREE_TEXT: Final = frozenset(
    {"alias", "causes", "definition", "judgement", "problem", "rationale", "reason", "remedy", "text"}
)
"""What a person wrote in their own words."""
NAMES: Final = frozenset({"agency_name", "domain", "file", "label", "title"})
"""What things are called; others use these names too."""

Kind = TypeVar("Kind", bound=Change)


def without_words(change: Kind, seq: int, *, names: bool = False) -> Kind:
    """Return the change with a mark in the place of every text a person wrote.

    Parameters
    ----------
    change : Change
        Any change.
    seq : int
        Its place in the log; part of the mark for names, which must differ.
    names : bool
        Also what things are called.

    Returns
    -------
    Change
        The same one where there was nothing to take away; empty fields stay empty.
    """
    gone = {field: "[slettet]" for field in FREE_TEXT if getattr(change, field, "")}
    if names:
        gone |= {field: f"[slettet {seq}]" for field in NAMES if getattr(change, field, "")}
    return change.model_copy(update=gone) if gone else change
