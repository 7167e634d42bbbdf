"""The nouns of a wicked problem: factors, links, agencies and what people say of them.

Everything here is immutable and checked when it is made. A `Factor` can go up
and down; a `Link` says that one factor moves another; a `Stance`, an
`Annotation` and a `Framing` say who holds what about them. The map that holds
them together is `wickedmap.causal_map.CausalMap`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import PlainSerializer

from .noun_checks import MAX_STRENGTH as MAX_STRENGTH
from .noun_checks import MapError as MapError
from .noun_checks import Sign as Sign
from .noun_checks import (
    attributes_of,
    fixed,
    require_id,
    require_one_of,
    several_of,
    sign_of,
    spot_of,
    strength_of,
    texts_of,
    what_is_filled,
)
from .text import Texts

Valence = Literal["good", "bad", ""]
Delay = Literal["short", "long", ""]
StanceKind = Literal["asserts", "rejects", "unsure"]
AnnotationKind = Literal["experience", "evidence", "question", "disagreement", "term"]
TargetKind = Literal["factor", "link"]
Strategy = Literal["authoritative", "competitive", "collaborative", ""]
Outcome = Literal["agreed", "agreed_to_differ", "needs_evidence", "two_links"]

STANCES: Final = ("asserts", "rejects", "unsure")
ANNOTATION_KINDS: Final = ("experience", "evidence", "question", "disagreement", "term")
OUTCOMES: Final = ("agreed", "agreed_to_differ", "needs_evidence", "two_links")
STRATEGIES: Final = ("authoritative", "competitive", "collaborative")
STATUSES: Final = ("seed", "literature", "hypothesis", "proposed", "own", "imported")
DELAYS: Final = ("", "short", "long")
PHRASES: Final = ("more", "less", "rises", "falls", "name")
REVEAL_STAGES: Final = (1, 2, 3, 4)


Attributes: TypeAlias = Annotated[Mapping[str, str], PlainSerializer(dict)]
Phrases: TypeAlias = Annotated[
    Mapping[str, Texts], PlainSerializer(lambda phrases: {key: dict(texts) for key, texts in phrases.items()})
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A pointer from a link to a reference that speaks for or against it."""

    reference: str
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Factor:
    """Something in the problem that can go up and down.

    Parameters
    ----------
    id : str
        Stable id, unique in its map.
    labels : Texts
        Directed label per language ("Stabil og egnet bolig").
    seed_label : str
        The label as the source document has it ("Bolig"), shown in stages 1-2.
    definitions : Texts
        What is meant, per language.
    domain : str
        Id of a `Domain`, or ``""``.
    valence : {"good", "bad", ""}
        Whether more of it is desirable for the person it is about.
    kind : str
        ``"state"``, ``"event"``, ``"group"`` or ``"focal"``.
    agencies : tuple of str
        Agencies that hold it as their responsibility.
    reveal_stage : int
        First stage (1-4) in which it is shown.
    status : str
        One of `STATUSES`.
    members : tuple of str
        Factors that this one gathers, when `kind` is ``"group"``.
    position : (float, float) or None
        Centre on the canvas, x to the right and y down, in canvas pixels.
    aliases : tuple of str
        Other wordings, kept when duplicates are merged or files read.
    attributes : mapping of str to str
        Columns of a foreign file that have no place of their own here.
    phrases : mapping of str to Texts
        How sentences speak of it: ``more`` ("mer gjeld"), ``less`` ("mindre gjeld"),
        ``rises`` ("gjelden øker"), ``falls`` ("gjelden minker"), ``name`` ("gjeld"); empty for factors
        that people add, see `wickedmap.sentences`.
    """

    id: str
    labels: Texts
    seed_label: str = ""
    definitions: Texts = field(default_factory=Texts)
    domain: str = ""
    valence: Valence = ""
    kind: str = "state"
    agencies: tuple[str, ...] = ()
    reveal_stage: int = 1
    status: str = "own"
    members: tuple[str, ...] = ()
    position: tuple[float, float] | None = None
    aliases: tuple[str, ...] = ()
    provenance: str = ""
    note: str = ""
    attributes: Attributes = field(default_factory=dict)
    phrases: Phrases = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_id(self.id, "factor.id")
        name = f"factor {self.id!r}"
        if not self.labels:
            raise MapError(f"{name} labels", "a factor needs a label in at least one language")
        put = object.__setattr__
        for texts in ("labels", "definitions"):
            put(self, texts, texts_of(getattr(self, texts), f"{name} {texts}"))
        for several in ("agencies", "members", "aliases"):
            put(self, several, several_of(getattr(self, several), f"{name} {several}"))
        if self.valence not in ("good", "bad", ""):
            raise MapError(f"{name} valence", f"{self.valence!r} is not good, bad or empty")
        require_one_of(self.status, STATUSES, f"{name} status")
        require_one_of(self.reveal_stage, REVEAL_STAGES, f"{name} reveal_stage")
        if self.position is not None:
            put(self, "position", spot_of(self.position, f"{name} position"))
        for key in self.phrases:
            require_one_of(key, PHRASES, f"{name} phrases")
        put(self, "attributes", attributes_of(self.attributes, f"{name} attributes"))
        put(self, "phrases", fixed(self.phrases))

    def __hash__(self) -> int:
        return hash((self.id, self.labels))

    def __repr__(self) -> str:
        return what_is_filled(self)

    @property
    def label(self) -> str:
        """The label in bokmål, or in the first language there is."""
        return str(self.labels)

    @property
    def definition(self) -> str:
        """The definition in bokmål, or in the first language there is."""
        return str(self.definitions)


@dataclass(frozen=True, slots=True)
class Link:
    """One factor's influence on another, as somebody holds it to be.

    Parameters
    ----------
    id, source, target : str
        Ids of the link and of its two factors. Two links between the same pair
        are allowed (short relief, long harm).
    sign : {1, -1, None}
        1: source up, target up; -1: source up, target down; None: not known.
    both_signs : bool
        Both signs are claimed (shown as "±"); then `sign` is None.
    strength : float
        Above 0 and up to 3: weak, medium, strong.
    delay : {"", "short", "long"}
        How long it takes to work; ``""`` when nobody has said.
    rationale : Texts
        Why, per language.
    evidence, counter_evidence : tuple of Evidence
        What speaks for and against it.
    """

    id: str
    source: str
    target: str
    sign: Sign | None = None
    both_signs: bool = False
    strength: float = 1.0
    delay: Delay = ""
    rationale: Texts = field(default_factory=Texts)
    status: str = "own"
    reveal_stage: int = 1
    evidence: tuple[Evidence, ...] = ()
    counter_evidence: tuple[Evidence, ...] = ()
    contested: bool = False
    provenance: str = ""
    attributes: Attributes = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_id(self.id, "link.id")
        name = f"link {self.id!r}"
        require_id(self.source, f"{name} source")
        require_id(self.target, f"{name} target")
        put = object.__setattr__
        put(self, "sign", sign_of(self.sign, f"{name} sign"))
        if self.both_signs and self.sign is not None:
            raise MapError(f"{name} sign", "a link with both signs has sign None")
        if self.delay not in DELAYS:
            raise MapError(f"{name} delay", f"{self.delay!r} is not short, long or empty")
        require_one_of(self.status, STATUSES, f"{name} status")
        require_one_of(self.reveal_stage, REVEAL_STAGES, f"{name} reveal_stage")
        put(self, "strength", strength_of(self.strength, f"{name} strength"))
        put(self, "rationale", texts_of(self.rationale, f"{name} rationale"))
        for several in ("evidence", "counter_evidence"):
            put(self, several, several_of(getattr(self, several), f"{name} {several}"))
        put(self, "attributes", attributes_of(self.attributes, f"{name} attributes"))

    def __hash__(self) -> int:
        return hash((self.id, self.source, self.target))

    def __repr__(self) -> str:
        return what_is_filled(self)

    @property
    def mark(self) -> str:
        """The sign as the map shows it: ``+``, ``−``, ``±`` or ``?``."""
        if self.both_signs:
            return "±"
        return {1: "+", -1: "−", None: "?"}[self.sign]


@dataclass(frozen=True, slots=True)
class Domain:
    """A field of life that factors belong to."""

    id: str
    labels: Texts


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation, or a group of people, with a standpoint of its own.

    `short` is a name of one or two words for chips on the map and the phone;
    `initials` two or three letters, unique among the agencies of a map.
    """

    id: str
    labels: Texts
    level: str = ""
    roles: Texts = field(default_factory=Texts)
    provenance: str = ""
    short: Texts = field(default_factory=Texts)
    initials: str = ""

    @property
    def label(self) -> str:
        """The name in bokmål, or in the first language there is."""
        return str(self.labels)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the staged reveal, from a list of causes to the whole web."""

    number: int
    titles: Texts
    shows: Texts = field(default_factory=Texts)
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Stance:
    """What one person holds about one link; silence has no stance at all.

    A `sign` of None is that of the link as it is shown: the person gave none of their
    own. "Asserts it, but with an unknown sign, against a known one" cannot be said:
    whoever does not know the direction is ``"unsure"``.
    """

    link: str
    person: str
    agency: str
    stance: StanceKind
    sign: Sign | None = None
    strength: float | None = None
    reason: str = ""
    language: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        require_one_of(self.stance, STANCES, "stance")
        object.__setattr__(self, "sign", sign_of(self.sign, "stance sign"))
        if self.strength is not None:
            object.__setattr__(self, "strength", strength_of(self.strength, "stance strength"))


@dataclass(frozen=True, slots=True)
class Rating:
    """How important one person finds one factor, 1-5; None is "undecided"."""

    factor: str
    person: str
    agency: str
    importance: int | None
    at: str = ""

    def __post_init__(self) -> None:
        if self.importance is not None:
            require_one_of(self.importance, (1, 2, 3, 4, 5), "rating importance")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A person's own text on a factor or a link."""

    id: str
    target_kind: TargetKind
    target: str
    person: str
    agency: str
    kind: AnnotationKind
    text: str
    language: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        require_one_of(self.target_kind, ("factor", "link"), "annotation target_kind")
        require_one_of(self.kind, ANNOTATION_KINDS, "annotation kind")


@dataclass(frozen=True, slots=True)
class Framing:
    """A problem definition from one standpoint, by Entman's four functions (1993).

    `problem` what the problem is, `causes` what causes it, `judgement` who is
    affected and how it is judged, `remedy` what should be done; with the factors
    and links it rests on, the belief that it can be solved (1-5) and the strategy
    seen now and wanted (Roberts 2000). An `example` is made up for demonstration and
    says so in its `disclaimer`.
    """

    id: str
    agency: str
    person: str = ""
    problem: Texts = field(default_factory=Texts)
    causes: Texts = field(default_factory=Texts)
    judgement: Texts = field(default_factory=Texts)
    remedy: Texts = field(default_factory=Texts)
    factors: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    belief: int | None = None
    strategy_now: Strategy = ""
    strategy_wanted: Strategy = ""
    example: bool = False
    at: str = ""
    disclaimer: Texts = field(default_factory=Texts)

    def __post_init__(self) -> None:
        name = f"framing {self.id!r}"
        for texts in ("problem", "causes", "judgement", "remedy", "disclaimer"):
            object.__setattr__(self, texts, texts_of(getattr(self, texts), f"{name} {texts}"))
        for several in ("factors", "links", "left_out"):
            object.__setattr__(self, several, several_of(getattr(self, several), f"{name} {several}"))
        if self.belief is not None:
            require_one_of(self.belief, (1, 2, 3, 4, 5), f"{name} belief")
        for strategy in ("strategy_now", "strategy_wanted"):
            require_one_of(getattr(self, strategy), ("", *STRATEGIES), f"{name} {strategy}")


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the room concluded about a link, once; a later one does not replace it.

    `outcome` is one of `OUTCOMES`. It stands beside the stances and changes none of them.
    """

    id: str
    link: str
    outcome: Outcome
    text: str = ""
    language: str = ""
    at: str = ""

    def __post_init__(self) -> None:
        require_one_of(self.outcome, OUTCOMES, "outcome")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a contested word, a `Term` of the glossary, means to one person from where they stand."""

    term: str
    person: str
    agency: str
    text: str
    language: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """The push an intervention gives one factor."""

    factor: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that can be done, and the factors it is said to move."""

    id: str
    labels: Texts
    effects: tuple[Effect, ...] = ()
    elements: tuple[Texts, ...] = ()
    preconditions: tuple[Texts, ...] = ()
    claims: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement that evidence can support or challenge."""

    id: str
    statements: Texts
    supported_by: tuple[str, ...] = ()
    challenged_by: tuple[str, ...] = ()
    provenance: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question the source documents put to the room; `kind` groups them."""

    id: str
    texts: Texts
    kind: str = ""
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word that agencies may define differently."""

    id: str
    terms: Texts
    definitions: Texts = field(default_factory=Texts)
    provenance: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A source that links, claims and interventions point to."""

    id: str
    citation: str
    url: str = ""
    finding: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the source documents offer a workshop beside the map itself."""

    interventions: tuple[Intervention, ...] = ()
    claims: tuple[Claim, ...] = ()
    questions: tuple[Question, ...] = ()
    preconditions: tuple[Question, ...] = ()
    strategies: tuple[Term, ...] = ()
    glossary: tuple[Term, ...] = ()
    references: tuple[Reference, ...] = ()
