"""What changes the map that everyone shares."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .fields import (
    MAX_FACTORS,
    Change,
    Coordinate,
    Delay,
    Domain,
    ForeignId,
    Id,
    Label,
    Language,
    Mark,
    OptionalName,
    OptionalText,
    Seq,
    Strength,
    Valence,
)


class AddFactor(Change):
    """Put a new factor on the map."""

    kind: Literal["add_factor"] = "add_factor"
    label: Label
    language: Language = "nb"
    definition: OptionalText = ""
    domain: Domain = ""
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
    domain: Domain | None = None
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
    wording is kept there. `same` names factors of the file that are factors here under
    another wording, which becomes an alias. What people said in the other map stays
    behind.
    """

    kind: Literal["import_map"] = "import_map"
    map: dict[str, Any]
    mode: Literal["add"] = "add"
    file: OptionalName = ""
    aliases: bool = False
    same: Annotated[dict[ForeignId, Id], Field(max_length=MAX_FACTORS)] = Field(default_factory=dict)


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
