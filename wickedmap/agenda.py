"""The agenda of a workshop: steps with their minutes, and what fits on the wall at each.

Three lengths of the same meeting, as the facilitation literature and the source
documents suggest it (Scriptapedia; Ulfrstad 2011, slides 3-8): a list, one's own
problem definition before anybody is influenced, a guess before each reveal, loops,
comparison, strategy. The words are in the catalogue under ``agenda``; nothing here
locks anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Who = Literal["facilitator", "room", "phones"]


@dataclass(frozen=True, slots=True)
class Showing:
    """Something the wall can show: a view, and for the map the stage of the reveal."""

    wall: str
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a meeting.

    Attributes
    ----------
    name : str
        Part of the text keys: ``agenda.step.<name>.title``, ``purpose``, ``script``.
    minutes : int
        How long it is meant to take; only ever shown, never enforced.
    shows : tuple of Showing
        What the wall may show during it, in order; a suggestion.
    writes : {"facilitator", "room", "phones"}
        Who writes: the facilitator, the room through the facilitator, or each on
        their own phone.
    private : bool
        Whether what is written should stay unseen by others until it is revealed.
    """

    name: str
    minutes: int
    shows: tuple[Showing, ...] = ()
    writes: Who = "room"
    private: bool = False


_STEPS: Final = (
    Step("welcome", 5, (Showing("join"), Showing("quote")), "facilitator"),
    Step("hopes", 10, (Showing("quote"),), "phones", private=True),
    Step("list", 5, (Showing("map", 1),), "room"),
    Step("framing", 15, (Showing("join"),), "phones", private=True),
    Step("star", 20, (Showing("map", 2), Showing("map", 3)), "room"),
    Step("web", 35, (Showing("map", 4),), "phones", private=True),
    Step("pause", 10, (Showing("join"),), "facilitator"),
    Step("loops", 20, (Showing("map", 4),), "room"),
    Step("compare", 25, (Showing("framings"), Showing("overlay"), Showing("matrix")), "room"),
    Step("strategy", 15, (Showing("framings"),), "room"),
    Step("places", 15, (Showing("map", 4),), "phones"),
    Step("next", 5, (Showing("map", 4),), "facilitator"),
)

_MINUTES: Final[Mapping[str, Mapping[str, int]]] = {
    "45": {"welcome": 4, "list": 4, "star": 10, "web": 22, "next": 5},
    "90": {"welcome": 5, "list": 5, "framing": 12, "star": 14, "web": 29, "compare": 20, "next": 5},
    "180": {step.name: step.minutes for step in _STEPS},
}


def _shortened(minutes: Mapping[str, int]) -> tuple[Step, ...]:
    return tuple(
        Step(step.name, minutes[step.name], step.shows, step.writes, step.private)
        for step in _STEPS
        if step.name in minutes
    )


AGENDAS: Final[Mapping[str, tuple[Step, ...]]] = MappingProxyType(
    {template: _shortened(minutes) for template, minutes in _MINUTES.items()}
)
"""The steps of each agenda, by its length in minutes."""


def step_at(template: str, number: int) -> Step:
    """Return a step of an agenda; beyond the last one, the last.

    Raises
    ------
    KeyError
        When there is no such agenda.

    Examples
    --------
    >>> step_at("45", 2).name, step_at("45", 99).name
    ('star', 'next')
    """
    steps = AGENDAS[template]
    return steps[max(0, min(number, len(steps) - 1))]
