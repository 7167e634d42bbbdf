"""Read a map from a YAML file that people write by hand, strictly.

The form is the one of ``data/factors.yaml`` and is described in
``docs/default-map.md``. A municipality can write its own file: only ``schema`` and
``factors`` are required. An unknown or missing field, a wrong value, an id that
points to nothing and an id used twice are refused with line and field.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TypeVar

from .causal_map import CausalMap
from .map_fields import MAX_NAME, Fields, MapFileError
from .model import (
    MAX_STRENGTH,
    PHRASES,
    STATUSES,
    Agency,
    Claim,
    Delay,
    Domain,
    Effect,
    Evidence,
    Factor,
    Framing,
    Instruments,
    Intervention,
    Link,
    Question,
    Reference,
    Sign,
    Stage,
    Strategy,
    Term,
    Valence,
)
from .strict_yaml import StrictYamlError, read_strict_yaml
from .text import LANGUAGES, Texts

__all__ = ["SCHEMA", "MapFileError", "load_map_yaml"]

SCHEMA = "wickedmap-map/1"
MAX_SHORT = 24

_FOCAL_STAGE = 2
T = TypeVar("T")


def load_map_yaml(source: str | bytes, name: str = "map file") -> CausalMap:
    """Read a map file.

    Parameters
    ----------
    source : str or bytes
        What the file holds; bytes must be UTF-8.
    name : str
        What error messages call the file.

    Raises
    ------
    MapFileError
        A `MapError`, with the line and the field of what is wrong.

    Examples
    --------
    >>> m = load_map_yaml('''
    ... schema: wickedmap-map/1
    ... factors:
    ...   - {id: debt, label_en: Debt, valence: bad}
    ...   - {id: eviction, label_en: Evictions, valence: bad}
    ... links:
    ...   - {id: L1, source: debt, target: eviction, sign: +1}
    ... ''')
    >>> m.link("L1").mark, m.factor("debt").valence
    ('+', 'bad')
    """
    try:
        root = read_strict_yaml(source, name)
    except StrictYamlError as error:
        raise MapFileError(name, error.line, f"column {error.column}", error.reason) from None
    return _map(Fields(root, "the map", name))


_ITEMS = {
    "domains": "domain",
    "agencies": "agency",
    "factors": "factor",
    "links": "link",
    "interventions": "intervention",
    "claims": "claim",
    "questions": "question",
    "preconditions": "precondition",
    "strategies": "strategy",
    "framings": "framing",
    "glossary": "term",
    "references": "reference",
}
_SIGNS: Mapping[str, Sign] = {"+1": 1, "1": 1, "+": 1, "-1": -1, "-": -1, "−": -1}
_MARKS: Mapping[str, tuple[Sign | None, bool]] = {
    **{written: (sign, False) for written, sign in _SIGNS.items()},
    "?": (None, False),
    "±": (None, True),
}
_VALENCES: Mapping[str, Valence] = {"good": "good", "bad": "bad"}
_DELAYS: Mapping[str, Delay] = {"short": "short", "long": "long"}
_STRATEGIES: Mapping[str, Strategy] = {
    "authoritative": "authoritative",
    "competitive": "competitive",
    "collaborative": "collaborative",
}
_BOOLEANS: Mapping[str, bool] = {"true": True, "false": False}
_KINDS = ("state", "event", "group")


class _Sections:
    """The lists of the file by name, with the ids each holds, so that they can point to each other."""

    def __init__(self, root: Fields) -> None:
        self.ids: dict[str, dict[str, int]] = {}
        self.findings: dict[str, str] = {}
        self.initials: dict[str, int] = {}
        self._items: dict[str, tuple[Fields, ...]] = {}
        for section, item in _ITEMS.items():
            ids = self.ids.setdefault(section, {})
            self._items[section] = self._read(root, section, item, ids)
        focal = root.take("focal")
        self.focal = Fields(focal, "focal", root.name) if focal is not None else None
        if self.focal:
            self.focal.take_id(self.ids["factors"])
        # A suggested factor may be switched on later, so its id must be free among the factors;
        # but nothing can point to it before that.
        self._items["suggested_factors"] = self._read(
            root, "suggested_factors", "suggested factor", dict(self.ids["factors"])
        )

    @staticmethod
    def _read(root: Fields, section: str, item: str, ids: dict[str, int]) -> tuple[Fields, ...]:
        nodes = root.nodes(section, required=section == "factors")
        found = tuple(Fields(node, item, root.name) for node in nodes)
        for fields in found:
            fields.take_id(ids)
        return found

    def read(self, section: str, build: Callable[[Fields, _Sections], T]) -> tuple[T, ...]:
        """Build every item of a section, and refuse the fields that `build` did not take."""
        built = []
        for fields in self._items[section]:
            built.append(build(fields, self))
            fields.done()
        return tuple(built)


def _map(root: Fields) -> CausalMap:
    root.word("schema", (SCHEMA,))
    language = root.word("language", LANGUAGES, LANGUAGES[0])
    titles = root.texts("title", limit=MAX_NAME)
    provenance = root.provenance()
    stages = _stages(root)
    sections = _Sections(root)
    root.done()
    references = sections.read("references", _reference)
    sections.findings = {reference.id: reference.finding for reference in references}
    factors = sections.read("factors", _factor)
    if sections.focal:
        factors += (_focal(sections.focal, sections),)
        sections.focal.done()
    return CausalMap(
        factors=factors,
        links=sections.read("links", _link),
        titles=titles,
        language=language,
        focal=sections.focal.key if sections.focal else "",
        domains=sections.read("domains", _domain),
        agencies=sections.read("agencies", _agency),
        stages=stages,
        suggested=sections.read("suggested_factors", _factor),
        instruments=Instruments(
            interventions=sections.read("interventions", _intervention),
            claims=sections.read("claims", _claim),
            questions=sections.read("questions", _question),
            preconditions=sections.read("preconditions", _question),
            strategies=sections.read("strategies", _strategy),
            glossary=sections.read("glossary", _term),
            references=references,
        ),
        framings=sections.read("framings", _framing),
        provenance=provenance,
    )


def _stages(root: Fields) -> tuple[Stage, ...]:
    stages = []
    for expected, node in enumerate(root.nodes("stages"), start=1):
        fields = Fields(node, f"stage {expected}", root.name)
        stages.append(
            Stage(
                number=fields.whole("stage", expected, expected),
                titles=fields.texts("title", required=True, limit=MAX_NAME),
                shows=fields.texts("shows"),
                provenance=fields.provenance(),
            )
        )
        fields.done()
    return tuple(stages)


def _domain(fields: Fields, _sections: _Sections) -> Domain:
    return Domain(id=fields.key, labels=fields.texts("label", required=True, limit=MAX_NAME))


def _phrases(fields: Fields) -> dict[str, Texts]:
    found = {key: fields.texts(key, limit=MAX_NAME) for key in PHRASES}
    return {key: texts for key, texts in found.items() if texts}


def _factor(fields: Fields, sections: _Sections) -> Factor:
    kind = fields.word("kind", _KINDS, "state")
    members = fields.refs("members", sections.ids["factors"], "factor")
    if members and kind != "group":
        raise fields.error("members", "only a factor with 'kind: group' has members")
    return dataclasses.replace(
        _focal(fields, sections),
        seed_label=fields.text("seed_label", limit=MAX_NAME),
        domain=fields.ref("domain", sections.ids["domains"], "domain", required=False),
        kind=kind,
        agencies=fields.refs("agencies", sections.ids["agencies"], "agency"),
        reveal_stage=fields.whole("reveal_stage", 1, 4, 1),
        members=members,
    )


def _focal(fields: Fields, _sections: _Sections) -> Factor:
    return Factor(
        id=fields.key,
        labels=fields.texts("label", required=True, limit=MAX_NAME),
        definitions=fields.texts("definition"),
        valence=fields.one_of("valence", _VALENCES, ""),
        kind="focal",
        reveal_stage=_FOCAL_STAGE,
        status=fields.word("status", STATUSES, "own"),
        provenance=fields.provenance(),
        note=fields.text("note"),
        phrases=_phrases(fields),
    )


def _link(fields: Fields, sections: _Sections) -> Link:
    sign, both_signs = fields.one_of("sign", _MARKS)
    counter_evidence = _evidence(fields, "counter_refs", sections)
    contested = fields.one_of("contested", _BOOLEANS, bool(counter_evidence))
    if counter_evidence and not contested:
        raise fields.error("contested", "a link with counter_refs is contested; write true or delete the field")
    return Link(
        id=fields.key,
        source=fields.ref("source", sections.ids["factors"], "factor"),
        target=fields.ref("target", sections.ids["factors"], "factor"),
        sign=sign,
        both_signs=both_signs,
        strength=fields.number("strength", 0.001, MAX_STRENGTH, 1.0),
        delay=fields.one_of("delay", _DELAYS, ""),
        rationale=fields.texts("rationale"),
        status=fields.word("status", STATUSES, "own"),
        reveal_stage=fields.whole("reveal_stage", 1, 4, 1),
        evidence=_evidence(fields, "refs", sections),
        counter_evidence=counter_evidence,
        contested=contested,
        provenance=fields.provenance(source=False),
    )


def _evidence(fields: Fields, field: str, sections: _Sections) -> tuple[Evidence, ...]:
    found = fields.refs(field, sections.ids["references"], "reference")
    return tuple(Evidence(reference, sections.findings[reference]) for reference in found)


def _agency(fields: Fields, sections: _Sections) -> Agency:
    initials = fields.text("initials", limit=3)
    if initials:
        if initials in sections.initials:
            raise fields.error(
                "initials", f"{initials!r} is already used on line {sections.initials[initials]}"
            )
        sections.initials[initials] = fields.line
    return Agency(
        id=fields.key,
        labels=fields.texts("label", required=True, limit=MAX_NAME),
        level=fields.text("level", limit=MAX_NAME),
        roles=fields.texts("role"),
        provenance=fields.provenance(),
        short=fields.texts("short", limit=MAX_SHORT),
        initials=initials,
    )


def _intervention(fields: Fields, sections: _Sections) -> Intervention:
    effects = []
    for node in fields.nodes("effects"):
        effect = Fields(node, f"{fields.where} effects", fields.name)
        effects.append(
            Effect(effect.ref("factor", sections.ids["factors"], "factor"), effect.one_of("sign", _SIGNS))
        )
        effect.done()
    return Intervention(
        id=fields.key,
        labels=fields.texts("label", required=True, limit=MAX_NAME),
        effects=tuple(effects),
        elements=fields.list_of_texts("elements"),
        preconditions=fields.list_of_texts("preconditions"),
        claims=fields.refs("claims", sections.ids["claims"], "claim"),
        references=fields.refs("refs", sections.ids["references"], "reference"),
        provenance=fields.provenance(),
    )


def _claim(fields: Fields, sections: _Sections) -> Claim:
    references = sections.ids["references"]
    return Claim(
        id=fields.key,
        statements=fields.texts("statement", required=True),
        supported_by=fields.refs("supported_by", references, "reference"),
        challenged_by=fields.refs("challenged_by", references, "reference"),
        provenance=fields.provenance(),
        note=fields.text("note"),
    )


def _question(fields: Fields, _sections: _Sections) -> Question:
    return Question(
        id=fields.key,
        texts=fields.texts("text", required=True),
        kind=fields.text("kind", limit=MAX_NAME),
        provenance=fields.provenance(),
    )


def _strategy(fields: Fields, _sections: _Sections) -> Term:
    if fields.key not in _STRATEGIES:
        raise fields.error("id", f"not one of {', '.join(_STRATEGIES)}")
    return Term(
        id=fields.key,
        terms=fields.texts("label", required=True, limit=MAX_NAME),
        definitions=fields.texts("definition"),
        provenance=fields.provenance(),
    )


def _term(fields: Fields, _sections: _Sections) -> Term:
    return Term(
        id=fields.key,
        terms=fields.texts("term", required=True, limit=MAX_NAME),
        definitions=fields.texts("definition"),
        provenance=fields.provenance(),
    )


def _reference(fields: Fields, _sections: _Sections) -> Reference:
    url = fields.text("url")
    if url and not url.startswith(("https://", "http://")):
        raise fields.error("url", f"{url!r} does not begin with https:// or http://")
    return Reference(
        id=fields.key,
        citation=fields.text("citation", required=True),
        url=url,
        finding=fields.text("finding"),
        seen=fields.text("seen"),
    )


def _framing(fields: Fields, sections: _Sections) -> Framing:
    factors = sections.ids["factors"]
    return Framing(
        id=fields.key,
        agency=fields.ref("agency", sections.ids["agencies"], "agency"),
        problem=fields.texts("problem", required=True),
        causes=fields.texts("causes"),
        judgement=fields.texts("judgement"),
        remedy=fields.texts("remedy"),
        factors=fields.refs("factors", factors, "factor"),
        links=fields.refs("links", sections.ids["links"], "link"),
        left_out=fields.refs("left_out", factors, "factor"),
        belief=fields.whole("belief", 1, 5) if fields.has("belief") else None,
        strategy_now=fields.one_of("strategy_now", _STRATEGIES, ""),
        strategy_wanted=fields.one_of("strategy_wanted", _STRATEGIES, ""),
        example=fields.one_of("example", _BOOLEANS, False),
        disclaimer=fields.texts("disclaimer"),
    )
