"""What representatives contribute from their own standpoint."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .fields import (
    PARTICIPANTS,
    ROOM,
    Change,
    Id,
    Language,
    LongText,
    OptionalText,
    Seq,
    StrategyName,
    Strength,
)
from .shared_map import AddFactor, AddLink


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
    """Assert, reject or be undecided about a link, with one's own sign and strength.

    ``"?"`` as sign is the same as none: the person holds the link as the map shows it.
    Whoever does not know the direction is ``"unsure"``, and can say why in `reason`.
    """

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
