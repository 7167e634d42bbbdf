"""Leading the room: what the wall shows, what is revealed, the agenda, undo."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .fields import PARTICIPANTS, ROOM, Change, Id, Label, Language, LongText, Seq


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


Compared: TypeAlias = Literal["overlay", "framings", "matrix", "pair", "distance", "loops", "terms", "movement"]
"""What the wall can show of how agencies compare."""

WallView: TypeAlias = Literal["map", "join", "quote", Compared]


class SetWall(Change):
    """Choose what the wall shows, and of whom or of what.

    `agencies` are those that a comparison is about, none for all; ``"pair"`` needs two.
    `term` is the word that ``"terms"`` is about. `since` and `until` are the places in
    the log that ``"movement"`` goes between; without them from what each said first
    until now.
    """

    kind: Literal["set_wall"] = "set_wall"
    view: WallView
    agencies: list[Id] = Field(default_factory=list, max_length=200)
    term: Id | None = None
    since: Seq | None = None
    until: Seq | None = None
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
