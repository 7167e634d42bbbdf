"""How a workshop begins, and who comes in."""

from __future__ import annotations

from typing import Any, Literal

from .fields import Change, Id, Language, OptionalName


class OpenWorkshop(Change):
    """Begin a workshop from a whole map (the native JSON form)."""

    kind: Literal["open_workshop"] = "open_workshop"
    map: dict[str, Any]
    title: OptionalName = ""
    language: Language = "nb"
    roles = frozenset({"system"})
    undoable = False


class Join(Change):
    """Somebody came in: a person with an agency, known or new, and perhaps an alias."""

    kind: Literal["join"] = "join"
    person: Id
    role: Literal["facilitator", "representative", "viewer", "researcher"] = "representative"
    alias: OptionalName = ""
    agency: Id | None = None
    agency_name: OptionalName = ""
    language: Language = "nb"
    roles = frozenset({"system"})
    undoable = False


class EndAttendance(Change):
    """The facilitator lets a person's access end; what was contributed stays."""

    kind: Literal["end_attendance"] = "end_attendance"
    person: Id
    undoable = False
