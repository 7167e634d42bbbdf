"""What every column of the data package means: the source of its codebook and its schemas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .formats.columns import SIGN_WORDS
from .model import ANNOTATION_KINDS, OUTCOMES, STANCES, STATUSES, STRATEGIES

LANGUAGE_NAMES: Final = {"nb": "Norwegian Bokmål", "nn": "Norwegian Nynorsk", "en": "English"}
_LANGUAGE_COLUMN: Final = re.compile(r"([a-z_]+)_([A-Za-z]{2,3})")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it means, its type in Frictionless Table Schema, and the values it can have."""

    description: str
    type: str = "string"
    values: tuple[str, ...] = ()
    required: bool = False
    unique: bool = False
    refers_to: str = ""
    minimum: int | None = None
    maximum: int | None = None

    def field(self, name: str) -> dict[str, Any]:
        """Return the column as a Table Schema field."""
        constraints: dict[str, Any] = {}
        if self.required:
            constraints["required"] = True
        if self.unique:
            constraints["unique"] = True
        if self.values:
            constraints["enum"] = (
                [int(one) for one in self.values] if self.type == "integer" else list(self.values)
            )
        if self.minimum is not None:
            constraints["minimum"] = self.minimum
        if self.maximum is not None:
            constraints["maximum"] = self.maximum
        made: dict[str, Any] = {"name": name, "type": self.type, "description": self.description}
        if self.type == "boolean":
            made |= {"trueValues": ["true"], "falseValues": ["false"]}
        return {**made, "constraints": constraints} if constraints else made


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the package."""

    title: str
    description: str
    columns: Mapping[str, Column]
    key: str = ""
    notes: tuple[str, ...] = field(default=())

    def column(self, name: str) -> Column:
        """Return what is known of a column; `KeyError` when it is not in the codebook."""
        if name in self.columns:
            return self.columns[name]
        match = _LANGUAGE_COLUMN.fullmatch(name)
        base = self.columns.get(match.group(1)) or self.columns.get(f"{match.group(1)}_*") if match else None
        if match is None or base is None:
            raise KeyError(name)
        language = LANGUAGE_NAMES.get(match.group(2), match.group(2))
        return Column(f"{base.description} In {language}.")

    def schema(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the Table Schema for these columns."""
        names = list(names)
        made: dict[str, Any] = {
            "fields": [self.column(name).field(name) for name in names],
            "missingValues": [""],
        }
        if self.key:
            made["primaryKey"] = [self.key]
        keys = [(name, self.columns[name].refers_to) for name in names if name in self.columns]
        foreign = [
            {"fields": [name], "reference": {"resource": table, "fields": ["id"]}}
            for name, table in keys
            if table
        ]
        return {**made, "foreignKeys": foreign} if foreign else made


_PERSON: Final = Column(
    "Pseudonym: the agency and a number. The same person has the same one in all tables of this package. "
    "Nobody's name or alias is in it, and numbers follow neither who came nor who spoke first."
)
_AGENCY: Final = Column(
    "Id of the agency the person spoke for; see the table agencies. Empty: the facilitator."
)
_AT: Final = Column(
    "When, in UTC. Cut to whole minutes where agencies' names are hidden. Empty: not known.", "datetime"
)
_LANGUAGE: Final = Column("Language that it was written in: nb, nn or en.")
_LIST: Final = "Several are separated by |; a | inside one is written \\|."
_STATUS: Final = Column(
    "Where it comes from: seed (the source document), literature, hypothesis, own (this workshop), proposed "
    "or imported.",
    values=STATUSES,
)
_STAGE: Final = Column("First stage of the reveal (1-4) that shows it.", "integer", minimum=1, maximum=4)
_PROVENANCE: Final = Column("Where it comes from, in words.")
_ATTRIBUTES: Final = Column(
    "Columns of a foreign file that have no place of their own here, as JSON.", "object"
)
_LINK_SAID: Final = Column(
    "Id of the link. Links that were removed later are not in the table links.", required=True
)

TABLES: Final[Mapping[str, Table]] = {
    "factors": Table(
        "Factors",
        "What can go up and down in the problem, one row each.",
        {
            "id": Column("Id, stable through the workshop.", required=True, unique=True),
            "label": Column("Label, worded so that it can go up and down.", required=True),
            "seed_label": Column("The label as the source document has it."),
            "definition": Column("What is meant."),
            "domain": Column("Id of the field of life it belongs to; see the table domains."),
            "valence": Column(
                "Whether more of it is good or bad for the person it is about.", values=("good", "bad")
            ),
            "kind": Column("state, event, group or focal."),
            "agencies": Column(f"Agencies that hold it as their responsibility. {_LIST}"),
            "reveal_stage": _STAGE,
            "status": _STATUS,
            "members": Column(f"Factors that it gathers, when it is a group. {_LIST}"),
            "x": Column("Centre on the canvas, pixels to the right.", "number"),
            "y": Column("Centre on the canvas, pixels down.", "number"),
            "aliases": Column(f"Other wordings, kept when duplicates were merged. {_LIST}"),
            "provenance": _PROVENANCE,
            "note": Column("Note from the source."),
            "phrases": Column("How sentences speak of it, by phrase and language, as JSON.", "object"),
            "attributes": _ATTRIBUTES,
        },
        key="id",
    ),
    "links": Table(
        "Links",
        "What influences what, one row for each link; two links between the same factors are possible.",
        {
            "id": Column("Id, stable through the workshop.", required=True, unique=True),
            "source": Column("Id of the factor that influences.", required=True, refers_to="factors"),
            "target": Column("Id of the factor that is influenced.", required=True, refers_to="factors"),
            "sign": Column(
                "positive: more of the source gives more of the target; negative: more gives less; "
                "both: both are claimed; unknown: nobody has said.",
                values=tuple(SIGN_WORDS.values()),
                required=True,
            ),
            "strength": Column("1 weak, 2 medium, 3 strong; other numbers come from files.", "number"),
            "delay": Column("How long it takes to work. Empty: nobody has said.", values=("short", "long")),
            "rationale": Column("Why the link holds."),
            "status": _STATUS,
            "reveal_stage": _STAGE,
            "evidence": Column("What speaks for it: pairs of reference and finding, as JSON.", "array"),
            "counter_evidence": Column("What speaks against it, in the same form.", "array"),
            "contested": Column("Whether the sources or the room disagree on it.", "boolean"),
            "provenance": _PROVENANCE,
            "attributes": _ATTRIBUTES,
        },
        key="id",
    ),
    "stances": Table(
        "Stances",
        "What each person holds about a link. A link that somebody has no row for, they have not considered: "
        "that is neither yes nor no.",
        {
            "link": _LINK_SAID,
            "person": _PERSON,
            "agency": _AGENCY,
            "stance": Column(
                "asserts: holds it to be so; rejects: not so; unsure.", values=STANCES, required=True
            ),
            "sign": Column("Own sign, 1 or -1. Empty: as the link has it.", "integer", values=("1", "-1")),
            "strength": Column("Own strength, 1-3. Empty: not said.", "number"),
            "reason": Column("Why they hold it, in the person's own words."),
            "language": _LANGUAGE,
            "at": _AT,
        },
    ),
    "ratings": Table(
        "Ratings",
        "How important each person finds a factor.",
        {
            "factor": Column("Id of the factor.", required=True),
            "person": _PERSON,
            "agency": _AGENCY,
            "importance": Column("1 (least) to 5 (most). Empty: undecided.", "integer", minimum=1, maximum=5),
            "at": _AT,
        },
    ),
    "annotations": Table(
        "Notes",
        "People's own texts on factors and links, word for word.",
        {
            "id": Column("Id of the note.", required=True),
            "target_kind": Column("What it is about.", values=("factor", "link"), required=True),
            "target": Column("Id of the factor or link.", required=True),
            "person": _PERSON,
            "agency": _AGENCY,
            "kind": Column("What sort of note it is.", values=ANNOTATION_KINDS, required=True),
            "text": Column("The note."),
            "language": _LANGUAGE,
            "at": _AT,
        },
    ),
    "framings": Table(
        "Framings",
        "Problem definitions, by Entman's four functions (1993); one for each person who wrote one.",
        {
            "id": Column("Id of the framing.", required=True),
            "agency": _AGENCY,
            "person": _PERSON,
            "problem_*": Column("What the problem is."),
            "causes_*": Column("What causes it."),
            "judgement_*": Column("Who is affected, and how it is judged."),
            "remedy_*": Column("What should be done."),
            "factors": Column(f"Factors it rests on. {_LIST}"),
            "links": Column(f"Links it rests on. {_LIST}"),
            "left_out": Column(f"Factors it leaves out. {_LIST}"),
            "belief": Column(
                "Belief that the problem can be solved, 1-5. Empty: not said.", "integer", minimum=1, maximum=5
            ),
            "strategy_now": Column("Strategy seen now (Roberts 2000).", values=STRATEGIES),
            "strategy_wanted": Column("Strategy wanted.", values=STRATEGIES),
            "example": Column("true: made up for demonstration, nobody's view.", "boolean"),
            "at": _AT,
            "disclaimer_*": Column("What an example says of itself."),
        },
    ),
    "meanings": Table(
        "Meanings of words",
        "What contested words mean to each person.",
        {
            "term": Column("Id of the word; see the table instruments.", required=True),
            "person": _PERSON,
            "agency": _AGENCY,
            "text": Column("The meaning, in the person's own words."),
            "language": _LANGUAGE,
            "at": _AT,
        },
    ),
    "conclusions": Table(
        "Conclusions",
        "What the room concluded about links; they change no stance.",
        {
            "id": Column("Id of the conclusion.", required=True),
            "link": _LINK_SAID,
            "outcome": Column("What was concluded.", values=OUTCOMES, required=True),
            "text": Column("In words."),
            "language": _LANGUAGE,
            "at": _AT,
        },
    ),
    "proposals": Table(
        "Proposals",
        "Factors and links that representatives wanted on the map, and what became of them. One that was taken "
        "in stands in factors or links too, as it was then worded.",
        {
            "id": Column("Id of the proposal.", required=True, unique=True),
            "kind": Column("What was proposed.", values=("factor", "link"), required=True),
            "label": Column("Label of a factor."),
            "definition": Column("What is meant by a factor."),
            "source": Column("Id of the factor, or of the proposal for one, that influences."),
            "target": Column("Id of the factor, or of the proposal for one, that is influenced."),
            "sign": Column("Sign of a link, as in the table links.", values=tuple(SIGN_WORDS.values())),
            "strength": Column("Strength of a link, as in the table links.", "number"),
            "delay": Column("How long a link takes to work.", values=("short", "long")),
            "rationale": Column("Why a link holds."),
            "reason": Column("Why a factor should be on the map."),
            "status": Column(
                "open: not decided on; accepted; declined.",
                values=("open", "accepted", "declined"),
                required=True,
            ),
            "answer": Column("What the facilitator said of it."),
            "person": Column(f"{_PERSON.description} Empty: the person said nothing else."),
            "agency": _AGENCY,
            "at": _AT,
        },
        key="id",
    ),
    "agencies": Table(
        "Agencies",
        "The organisations and groups of the workshop. Where their names were not shown to the room, people "
        "speak for letters (letter-A ...), which are listed here too and cannot be traced to an agency.",
        {
            "id": Column("Id of the agency.", required=True, unique=True),
            "label": Column("Name of the agency.", required=True),
            "level": Column("kommune, fylke, stat, bruker ..."),
            "role": Column("What it does in the problem."),
            "provenance": _PROVENANCE,
        },
        key="id",
    ),
    "domains": Table(
        "Domains",
        "Fields of life that factors belong to.",
        {
            "id": Column("Id of the domain.", required=True, unique=True),
            "label": Column("Name of the domain.", required=True),
        },
        key="id",
    ),
    "instruments": Table(
        "Instruments",
        "What the source documents offer beside the map, one row each.",
        {
            "kind": Column(
                "What it is.",
                values=("intervention", "claim", "question", "precondition", "strategy", "term", "reference"),
                required=True,
            ),
            "id": Column("Id within its kind.", required=True),
            "text": Column("Name, statement, question, word or citation."),
            "about": Column("Definition of a word or strategy, finding of a reference, kind of a question."),
            "effects": Column(f"Factors that an intervention moves, with + or -. {_LIST}"),
            "references": Column(f"Ids of references or claims that it points to. {_LIST}"),
            "against": Column(f"Ids of references that challenge a claim. {_LIST}"),
            "url": Column("Address of a reference."),
            "provenance": _PROVENANCE,
        },
    ),
    "events": Table(
        "Events",
        "What happened in the workshop, in order, without anything that people wrote. Events that concern only "
        "what has not been revealed are left out; of some that do, only that something happened (activity).",
        {
            "seq": Column(
                "Place in the log; gaps are events that are left out.", "integer", required=True, unique=True
            ),
            "at": Column("When, in UTC. Cut to whole minutes where agencies' names are hidden.", "datetime"),
            "kind": Column("What was done, such as take_stance, set_stage, undo.", required=True),
            "role": Column("Who did it: facilitator, representative or system. Empty: not told."),
            "person": _PERSON,
            "agency": _AGENCY,
            "target_kind": Column("What it was done to: factor, link, proposal ..."),
            "target": Column("Its id."),
            "value": Column(
                "For steps of the meeting, what was chosen: the stage, the view, what was revealed."
            ),
        },
        key="seq",
    ),
}
