"""The verbs: every change a person can make to a workshop, one strict schema each.

This is the vocabulary of the log. A change is what a person asked for; who asked,
when, and in which order is added by `wickedmap.workshop` when it is accepted.
Field values are checked here on their own; whether they fit the workshop as it
stands is checked by `wickedmap.consequences`, which has a module for each of these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from .contributions import (
    Annotate,
    DefineTerm,
    EditAnnotation,
    ProposeFactor,
    ProposeLink,
    RateFactor,
    RemoveAnnotation,
    TakeStance,
    WithdrawFraming,
    WithdrawProposal,
    WithdrawRating,
    WithdrawStance,
    WithdrawTerm,
    WriteFraming,
)
from .fields import (
    FARTHEST,
    LABEL_LIMIT,
    MAX_FACTORS,
    MAX_LINKS,
    NAME_LIMIT,
    Change,
    Refused,
    Role,
    holds_national_number,
)
from .opening import EndAttendance, Join, OpenWorkshop
from .room import (
    Finish,
    HideContribution,
    Park,
    ReleasePrivate,
    Rename,
    Reopen,
    Reveal,
    SetAgenda,
    SetCentre,
    SetDoors,
    SetRoom,
    SetSpotlight,
    SetStage,
    SetStep,
    SetWall,
    ShowNames,
    Undo,
    Unpark,
)
from .shared_map import (
    AcceptProposal,
    AddFactor,
    AddLink,
    AdoptSuggestion,
    Conclude,
    DeclineProposal,
    EditFactor,
    EditLink,
    ImportMap,
    MergeFactors,
    MoveFactors,
    RemoveFactor,
    RemoveLink,
    UnmergeFactor,
)
from .words import without_words

__all__ = [
    "CHANGE",
    "FARTHEST",
    "LABEL_LIMIT",
    "MAX_FACTORS",
    "MAX_LINKS",
    "NAME_LIMIT",
    "AcceptProposal",
    "AddFactor",
    "AddLink",
    "AdoptSuggestion",
    "Annotate",
    "AnyChange",
    "Change",
    "Conclude",
    "DeclineProposal",
    "DefineTerm",
    "EditAnnotation",
    "EditFactor",
    "EditLink",
    "EndAttendance",
    "Finish",
    "HideContribution",
    "ImportMap",
    "Join",
    "MergeFactors",
    "MoveFactors",
    "OpenWorkshop",
    "Park",
    "ProposeFactor",
    "ProposeLink",
    "RateFactor",
    "Refused",
    "ReleasePrivate",
    "RemoveAnnotation",
    "RemoveFactor",
    "RemoveLink",
    "Rename",
    "Reopen",
    "Reveal",
    "Role",
    "SetAgenda",
    "SetCentre",
    "SetDoors",
    "SetRoom",
    "SetSpotlight",
    "SetStage",
    "SetStep",
    "SetWall",
    "ShowNames",
    "TakeStance",
    "Undo",
    "UnmergeFactor",
    "Unpark",
    "WithdrawFraming",
    "WithdrawProposal",
    "WithdrawRating",
    "WithdrawStance",
    "WithdrawTerm",
    "WriteFraming",
    "holds_national_number",
    "read_change",
    "refusal_of",
    "without_words",
]

AnyChange: TypeAlias = Annotated[
    OpenWorkshop
    | Join
    | EndAttendance
    | AddFactor
    | EditFactor
    | RemoveFactor
    | MoveFactors
    | AddLink
    | EditLink
    | RemoveLink
    | AdoptSuggestion
    | ImportMap
    | MergeFactors
    | UnmergeFactor
    | Conclude
    | AcceptProposal
    | DeclineProposal
    | ProposeFactor
    | ProposeLink
    | WithdrawProposal
    | Annotate
    | EditAnnotation
    | RemoveAnnotation
    | TakeStance
    | WithdrawStance
    | RateFactor
    | WithdrawRating
    | WriteFraming
    | WithdrawFraming
    | DefineTerm
    | WithdrawTerm
    | SetStage
    | SetCentre
    | SetSpotlight
    | SetWall
    | Reveal
    | ShowNames
    | HideContribution
    | SetDoors
    | SetRoom
    | SetAgenda
    | SetStep
    | Park
    | Unpark
    | Rename
    | ReleasePrivate
    | Finish
    | Reopen
    | Undo,
    Field(discriminator="kind"),
]
CHANGE: TypeAdapter[AnyChange] = TypeAdapter(AnyChange)

_CODES = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "union_tag_invalid": "unknown_change",
    "union_tag_not_found": "unknown_change",
    "too_long": "too_long",
    "string_too_long": "too_long",
    "list_too_long": "too_many",
    "dict_too_long": "too_many",
}
_OWN_CODES = frozenset({"empty", "too_long", "not_text", "bad_character", "national_number"})


def read_change(data: object) -> AnyChange:
    """Read a change from what somebody sent.

    Raises
    ------
    Refused
        Naming the first field at fault. Never anything else, whatever was sent.
    """
    if not isinstance(data, Mapping):
        raise Refused("bad_request")
    try:
        return CHANGE.validate_python(dict(data))
    except ValidationError as error:
        raise refusal_of(error) from None
    except RecursionError:
        raise Refused("bad_request") from None


def refusal_of(error: ValidationError) -> Refused:
    """Return the first of pydantic's complaints as a `Refused`."""
    first = error.errors(include_url=False, include_input=False)[0]
    # The union's tag is the first part of the place; people know the field only.
    place = [str(part) for part in first["loc"] if not isinstance(part, int)]
    field = place[-1] if len(place) > 1 or first["type"] not in _CODES else (place[0] if place else None)
    kind = first["type"]
    if kind.startswith("union_tag"):
        return Refused("unknown_change", "kind")
    code = kind if kind in _OWN_CODES else _CODES.get(kind, "bad_value")
    context = first.get("ctx") or {}
    limit = context.get("limit") or context.get("max_length")
    return Refused(code, field, **({"limit": limit} if limit is not None else {}), name=field or "")
