"""The verbs: every change a person can make to a workshop, one strict schema each.

This is the vocabulary of the log. A change is what a person asked for; who asked,
when, and in which order is added by `wickedmap.workshop` when it is accepted.
Field values are checked here on their own; whether they fit the workshop as it
stands is checked by `wickedmap.state`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from .text import LANGUAGES, TextError, plain

Role: TypeAlias = Literal["facilitator", "representative", "viewer", "researcher", "system"]

LABEL_LIMIT = 120
TEXT_LIMIT = 2000
NAME_LIMIT = 80
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
OpId = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_\-]+$")]
Label = Annotated[str, _text(LABEL_LIMIT, one_line=True)]
Name = Annotated[str, _text(NAME_LIMIT, one_line=True)]
OptionalName = Annotated[str, _text(NAME_LIMIT, one_line=True, empty=True)]
LongText = Annotated[str, _text(TEXT_LIMIT)]
OptionalText = Annotated[str, _text(TEXT_LIMIT, empty=True)]
Language = Annotated[str, AfterValidator(_language)]
Mark = Literal["+", "-", "?", "±"]
Seq = Annotated[int, Field(ge=0)]
Strength = Annotated[int, Field(ge=1, le=3)]
Coordinate = Annotated[float, Field(ge=-100_000, le=100_000, allow_inf_nan=False, strict=False)]
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


# --- how a workshop begins -------------------------------------------------


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


# --- the shared map --------------------------------------------------------


class AddFactor(Change):
    """Put a new factor on the map."""

    kind: Literal["add_factor"] = "add_factor"
    label: Label
    language: Language = "nb"
    definition: OptionalText = ""
    domain: str = Field(default="", max_length=64)
    valence: Valence = ""
    agencies: list[Id] = Field(default_factory=list, max_length=50)
    x: Coordinate | None = None
    y: Coordinate | None = None


class EditFactor(Change):
    """Change what is said of a factor; fields left out stay as they are."""

    kind: Literal["edit_factor"] = "edit_factor"
    factor: Id
    base_seq: Seq
    language: Language = "nb"
    label: Label | None = None
    definition: OptionalText | None = None
    domain: str | None = Field(default=None, max_length=64)
    valence: Valence | None = None
    agencies: list[Id] | None = Field(default=None, max_length=50)


class RemoveFactor(Change):
    """Take a factor, and the links at it, off the map."""

    kind: Literal["remove_factor"] = "remove_factor"
    factor: Id


class MoveFactors(Change):
    """Put factors somewhere else on the wall: ``{factor: [x, y]}``."""

    kind: Literal["move_factors"] = "move_factors"
    positions: dict[Id, Annotated[list[Coordinate], Field(min_length=2, max_length=2)]] = Field(
        min_length=1, max_length=MAX_FACTORS
    )


class AddLink(Change):
    """Say that one factor moves another."""

    kind: Literal["add_link"] = "add_link"
    source: Id
    target: Id
    sign: Mark = "?"
    strength: Strength = 2
    delay: Delay = ""
    rationale: OptionalText = ""
    language: Language = "nb"


class EditLink(Change):
    """Change a link's sign, strength, delay or rationale."""

    kind: Literal["edit_link"] = "edit_link"
    link: Id
    base_seq: Seq
    language: Language = "nb"
    sign: Mark | None = None
    strength: Strength | None = None
    delay: Delay | None = None
    rationale: OptionalText | None = None


class RemoveLink(Change):
    """Take a link off the map."""

    kind: Literal["remove_link"] = "remove_link"
    link: Id


class AdoptSuggestion(Change):
    """Take one of the suggested factors into the map."""

    kind: Literal["adopt_suggestion"] = "adopt_suggestion"
    factor: Id
    x: Coordinate | None = None
    y: Coordinate | None = None


class ImportMap(Change):
    """Add the factors and links of another map (the native JSON form) to this one.

    A factor whose label is on the map already is not added again; with `aliases` its
    wording is kept there. What people said in the other map stays behind.
    """

    kind: Literal["import_map"] = "import_map"
    map: dict[str, Any]
    mode: Literal["add"] = "add"
    file: OptionalName = ""
    aliases: bool = False


class AcceptProposal(Change):
    """Take a proposed factor or link into the map."""

    kind: Literal["accept_proposal"] = "accept_proposal"
    proposal: Id
    x: Coordinate | None = None
    y: Coordinate | None = None


class DeclineProposal(Change):
    """Leave a proposal out of the map, with a reason; it is kept in the history."""

    kind: Literal["decline_proposal"] = "decline_proposal"
    proposal: Id
    reason: OptionalText = ""


class MergeFactors(Change):
    """Make one factor of several that mean the same; every wording and note is kept."""

    kind: Literal["merge_factors"] = "merge_factors"
    keep: Id
    others: list[Id] = Field(min_length=1, max_length=20)


class UnmergeFactor(Change):
    """Make a merged factor a factor of its own again, with its links."""

    kind: Literal["unmerge_factor"] = "unmerge_factor"
    factor: Id


class Conclude(Change):
    """Write down what the room concluded about a link; earlier conclusions stay."""

    kind: Literal["conclude"] = "conclude"
    link: Id
    outcome: Literal["agreed", "agreed_to_differ", "needs_evidence", "two_links"]
    text: OptionalText = ""
    language: Language = "nb"


# --- what representatives contribute ---------------------------------------


class ProposeFactor(AddFactor):
    """Propose a factor that the map lacks."""

    kind: Literal["propose_factor"] = "propose_factor"  # type: ignore[assignment]
    reason: OptionalText = ""
    roles = PARTICIPANTS


class ProposeLink(AddLink):
    """Propose a link; its ends may be proposals of one's own agency."""

    kind: Literal["propose_link"] = "propose_link"  # type: ignore[assignment]
    roles = PARTICIPANTS


class WithdrawProposal(Change):
    """Take back one's own proposal while nobody has decided on it."""

    kind: Literal["withdraw_proposal"] = "withdraw_proposal"
    proposal: Id
    roles = PARTICIPANTS


class Annotate(Change):
    """Write a note on a factor or a link."""

    kind: Literal["annotate"] = "annotate"
    target_kind: Literal["factor", "link"]
    target: Id
    note_kind: Literal["experience", "evidence", "question", "disagreement", "term"] = "experience"
    text: LongText
    language: Language = "nb"
    roles = PARTICIPANTS | ROOM


class EditAnnotation(Change):
    """Reword one's own note."""

    kind: Literal["edit_annotation"] = "edit_annotation"
    annotation: Id
    base_seq: Seq
    note_kind: Literal["experience", "evidence", "question", "disagreement", "term"] | None = None
    text: LongText | None = None
    roles = PARTICIPANTS | ROOM


class RemoveAnnotation(Change):
    """Take back one's own note."""

    kind: Literal["remove_annotation"] = "remove_annotation"
    annotation: Id
    roles = PARTICIPANTS | ROOM


class TakeStance(Change):
    """Assert, reject or be undecided about a link, with one's own sign and strength."""

    kind: Literal["take_stance"] = "take_stance"
    link: Id
    stance: Literal["asserts", "rejects", "unsure"]
    sign: Literal["+", "-", "?"] | None = None
    strength: Strength | None = None
    reason: OptionalText = ""
    language: Language = "nb"
    roles = PARTICIPANTS


class WithdrawStance(Change):
    """Go back to having said nothing about a link."""

    kind: Literal["withdraw_stance"] = "withdraw_stance"
    link: Id
    roles = PARTICIPANTS


class RateFactor(Change):
    """Say how important a factor is, 1-5; without a number: undecided."""

    kind: Literal["rate_factor"] = "rate_factor"
    factor: Id
    importance: Annotated[int, Field(ge=1, le=5)] | None = None
    roles = PARTICIPANTS


class WithdrawRating(Change):
    """Go back to having said nothing about a factor's importance."""

    kind: Literal["withdraw_rating"] = "withdraw_rating"
    factor: Id
    roles = PARTICIPANTS


class WriteFraming(Change):
    """Write one's own problem definition, or a new version of it."""

    kind: Literal["write_framing"] = "write_framing"
    problem: OptionalText = ""
    causes: OptionalText = ""
    judgement: OptionalText = ""
    remedy: OptionalText = ""
    factors: list[Id] = Field(default_factory=list, max_length=200)
    links: list[Id] = Field(default_factory=list, max_length=200)
    belief: Annotated[int, Field(ge=1, le=5)] | None = None
    strategy_now: StrategyName = ""
    strategy_wanted: StrategyName = ""
    language: Language = "nb"
    base_seq: Seq | None = None
    roles = PARTICIPANTS


class WithdrawFraming(Change):
    """Take back one's problem definition."""

    kind: Literal["withdraw_framing"] = "withdraw_framing"
    roles = PARTICIPANTS


class DefineTerm(Change):
    """Say what a contested word means where one stands."""

    kind: Literal["define_term"] = "define_term"
    term: Id
    text: LongText
    language: Language = "nb"
    roles = PARTICIPANTS


class WithdrawTerm(Change):
    """Take back one's meaning of a word."""

    kind: Literal["withdraw_term"] = "withdraw_term"
    term: Id
    roles = PARTICIPANTS


# --- leading the room ------------------------------------------------------


class SetStage(Change):
    """Show the map as list (1), star (2), linked (3) or wicked web (4)."""

    kind: Literal["set_stage"] = "set_stage"
    stage: Annotated[int, Field(ge=1, le=4)]
    undoable = False


class SetCentre(Change):
    """Put any factor in the middle of the wall; none: the map's own places."""

    kind: Literal["set_centre"] = "set_centre"
    factor: Id | None = None
    undoable = False


class SetSpotlight(Change):
    """Light up one factor or link on the wall and dim the rest; none: all of it."""

    kind: Literal["set_spotlight"] = "set_spotlight"
    target_kind: Literal["factor", "link", "loop"] | None = None
    target: Id | None = None
    links: list[Id] = Field(default_factory=list, max_length=200)
    undoable = False


class SetWall(Change):
    """Choose what the wall shows."""

    kind: Literal["set_wall"] = "set_wall"
    view: Literal["map", "join", "overlay", "framings", "matrix", "quote"]
    undoable = False


class Reveal(Change):
    """Show the room, or hide again, what was private: one flag per kind."""

    kind: Literal["reveal"] = "reveal"
    notes: bool | None = None
    stances: bool | None = None
    ratings: bool | None = None
    framings: bool | None = None
    proposals: bool | None = None
    terms: bool | None = None
    undoable = False
    open_only = False


class ShowNames(Change):
    """Show which agency said what, or hide it behind letters."""

    kind: Literal["show_names"] = "show_names"
    shown: bool
    undoable = False
    open_only = False


class HideContribution(Change):
    """Keep one contribution off the room's screens, or let it back."""

    kind: Literal["hide_contribution"] = "hide_contribution"
    table: Literal["annotations", "stances", "ratings", "framings", "proposals", "terms"]
    contribution: str = Field(min_length=1, max_length=140)
    hidden: bool = True
    undoable = False
    open_only = False


class SetDoors(Change):
    """Open or close the doors for people who want to join."""

    kind: Literal["set_doors"] = "set_doors"
    open: bool
    undoable = False


class SetRoom(Change):
    """Fit the wall to the room: distance, theme, language, whether the code is shown."""

    kind: Literal["set_room"] = "set_room"
    distance: Literal[4, 6, 8] | None = None
    theme: Literal["light", "dark", "contrast"] | None = None
    language: Language | None = None
    show_join: bool | None = None
    undoable = False
    open_only = False


class SetAgenda(Change):
    """Pick an agenda by its length in minutes."""

    kind: Literal["set_agenda"] = "set_agenda"
    template: Literal["45", "90", "180"]
    undoable = False


class SetStep(Change):
    """Go to a step of the agenda."""

    kind: Literal["set_step"] = "set_step"
    step: Annotated[int, Field(ge=0, le=40)]
    undoable = False


class Park(Change):
    """Put something on the park-it list, so that it is not lost."""

    kind: Literal["park"] = "park"
    text: LongText
    language: Language = "nb"


class Unpark(Change):
    """Take something off the park-it list."""

    kind: Literal["unpark"] = "unpark"
    item: Id


class Rename(Change):
    """Give the workshop another title."""

    kind: Literal["rename"] = "rename"
    title: Label
    language: Language = "nb"


class ReleasePrivate(Change):
    """Allow, or stop allowing, that exports hold what was never revealed."""

    kind: Literal["release_private"] = "release_private"
    released: bool
    undoable = False
    open_only = False


class Finish(Change):
    """End the workshop: everything stays readable, nothing more is written."""

    kind: Literal["finish"] = "finish"
    undoable = False


class Reopen(Change):
    """Let a finished workshop go on."""

    kind: Literal["reopen"] = "reopen"
    undoable = False
    open_only = False


class Undo(Change):
    """Reverse one earlier change; undoing an undo is redo."""

    kind: Literal["undo"] = "undo"
    of: Seq
    roles = PARTICIPANTS | ROOM


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
