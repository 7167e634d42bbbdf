"""What the fields of a change may hold, what every change has, and how one is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ..text import LANGUAGES, TextError, plain

Role: TypeAlias = Literal["facilitator", "representative", "viewer", "researcher", "system"]

LABEL_LIMIT = 120
TEXT_LIMIT = 2000
NAME_LIMIT = 80
FARTHEST = 100_000
"""Pixels from the middle that a factor can be moved to."""
MAX_FACTORS = 2000
MAX_LINKS = 10_000

_NATIONAL_NUMBER = re.compile(r"(?<!\d)\d{6}[ .\-]?\d{5}(?!\d)")


def holds_national_number(text: str) -> bool:
    """Whether a text holds eleven digits that may be a national identity number."""
    return _NATIONAL_NUMBER.search(text) is not None


class Refused(Exception):
    """A change that cannot be made, and why.

    Attributes
    ----------
    code : str
        Key of the sentence in the catalogue (``errors.<code>``).
    field : str or None
        The field at fault.
    values : dict
        What the sentence needs: a limit, a label.
    details : dict
        For a stale edit ``yours`` and ``theirs``, so that nothing is lost.
    """

    def __init__(
        self, code: str, field: str | None = None, *, details: Mapping[str, Any] | None = None, **values: Any
    ) -> None:
        super().__init__(f"{code} ({field})" if field else code)
        self.code = code
        self.field = field
        self.values = values
        self.details = dict(details or {})


def _text(limit: int, *, empty: bool = False, one_line: bool = False) -> Any:
    def check(value: object) -> str:
        try:
            text = plain(value, limit=limit, empty=empty, one_line=one_line)
        except TextError as error:
            raise PydanticCustomError(error.code, "{why}", {"why": str(error), "limit": limit}) from None
        if holds_national_number(text):
            raise PydanticCustomError("national_number", "the text holds an 11-digit number")
        return text

    return BeforeValidator(check)


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise PydanticCustomError("bad_value", "not one of nb, nn, en")
    return value


Id = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:\-]+$")]
ForeignId = Annotated[str, Field(min_length=1, max_length=TEXT_LIMIT)]
OpId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_\-]+$")]
Label = Annotated[str, _text(LABEL_LIMIT, one_line=True)]
Name = Annotated[str, _text(NAME_LIMIT, one_line=True)]
OptionalName = Annotated[str, _text(NAME_LIMIT, one_line=True, empty=True)]
LongText = Annotated[str, _text(TEXT_LIMIT)]
OptionalText = Annotated[str, _text(TEXT_LIMIT, empty=True)]
Domain = Annotated[str, _text(64, one_line=True, empty=True)]
Language = Annotated[str, AfterValidator(_language)]
Mark = Literal["+", "-", "?", "±"]
Seq = Annotated[int, Field(ge=0)]
Strength = Annotated[int, Field(ge=1, le=3)]
Coordinate = Annotated[float, Field(ge=-FARTHEST, le=FARTHEST, allow_inf_nan=False, strict=False)]
Valence = Literal["good", "bad", ""]
Delay = Literal["", "short", "long"]
StrategyName = Literal["", "authoritative", "competitive", "collaborative"]

ROOM: frozenset[Role] = frozenset({"facilitator"})
PARTICIPANTS: frozenset[Role] = frozenset({"representative"})


class Change(BaseModel):
    """What every change has: an id of its own, so that sending twice is one change."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    kind: str
    op_id: OpId

    roles: ClassVar[frozenset[Role]] = ROOM
    undoable: ClassVar[bool] = True
    open_only: ClassVar[bool] = True
    """Whether it is refused once the workshop is finished."""

    def fields(self) -> dict[str, Any]:
        """Return the change's own fields, as they are stored in the log."""
        return self.model_dump(exclude={"kind", "op_id"}, exclude_none=True)
