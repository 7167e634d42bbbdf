"""Random maps for property tests: everything a map can hold, in any Unicode."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from wickedmap import Agency, Annotation, CausalMap, Factor, Framing, Link, Rating, Stance, Texts
from wickedmap.formats.lessened import is_safe_id
from wickedmap.model import (
    ANNOTATION_KINDS,
    OUTCOMES,
    PHRASES,
    STANCES,
    STATUSES,
    STRATEGIES,
    Claim,
    Conclusion,
    Domain,
    Effect,
    Evidence,
    Instruments,
    Intervention,
    Meaning,
    Question,
    Reference,
    Stage,
    Term,
)
from wickedmap.text import LANGUAGES, TextError, plain

any_text = st.text(max_size=12)


def _storable(text: str) -> bool:
    try:
        return plain(text, limit=1000, empty=True) == text
    except TextError:
        return False


def _one_line(text: str) -> bool:
    return bool(text) and plain(text, limit=1000, empty=True, one_line=True) == text


clean_text = st.text(max_size=12).filter(_storable)
"""Text as the product lets it in: `wickedmap.text.plain` leaves it as it is."""
clean_label = clean_text.filter(_one_line)
safe_id = st.from_regex(r"\A[A-Za-z0-9_.:-]{1,12}\Z").filter(is_safe_id)


class _Picker:
    """Fills a model class with values picked at random from a pool of drawn texts."""

    def __init__(self, seed: int, pool: list[str], labels: list[str], ids: list[str]) -> None:
        self.random = random.Random(seed)
        self.pool, self.label_pool, self.id_pool = pool, labels, ids

    def one(self, *values):
        return self.random.choice(values)

    def text(self) -> str:
        return self.random.choice(self.pool)

    def an_id(self) -> str:
        return self.random.choice(self.id_pool)

    def texts(self) -> Texts:
        return Texts({language: self.text() for language in LANGUAGES if self.random.random() < 0.5})

    def labels(self) -> Texts:
        chosen = [language for language in LANGUAGES if self.random.random() < 0.5] or [self.one(*LANGUAGES)]
        return Texts({language: self.random.choice(self.label_pool) for language in chosen})

    def some(self, make, most=2) -> tuple:
        return tuple(make() for _ in range(self.random.randint(0, most)))

    def attributes(self) -> dict[str, str]:
        return {self.random.choice(self.label_pool): self.text() for _ in range(self.random.randint(0, 2))}

    def factor(self, factor_id: str) -> Factor:
        number = self.random.uniform
        return Factor(
            id=factor_id,
            labels=self.labels(),
            seed_label=self.text(),
            definitions=self.texts(),
            domain=self.text(),
            valence=self.one("good", "bad", ""),
            kind=self.one("state", "event", "group", "focal"),
            agencies=self.some(self.an_id),
            reveal_stage=self.one(1, 2, 3, 4),
            status=self.one(*STATUSES),
            members=self.some(self.an_id),
            position=self.one(None, (round(number(-1e6, 1e6), 3), round(number(-9, 9), 3))),
            aliases=self.some(lambda: self.random.choice(self.label_pool)),
            provenance=self.text(),
            note=self.text(),
            attributes=self.attributes(),
            phrases={key: self.labels() for key in self.some(lambda: self.one(*PHRASES))},
        )

    def link(self, link_id: str, factors: list[str]) -> Link:
        sign = self.one(1, -1, None)
        return Link(
            id=link_id,
            source=self.one(*factors),
            target=self.one(*factors),
            sign=sign,
            both_signs=sign is None and self.one(True, False),
            strength=self.one(1.0, 1.0, 2.0, 3.0, 0.5, 0.1, 2.25),
            delay=self.one("", "short", "long"),
            rationale=self.texts(),
            status=self.one(*STATUSES),
            reveal_stage=self.one(1, 2, 3, 4),
            evidence=self.some(lambda: Evidence(reference=self.an_id(), finding=self.text())),
            counter_evidence=self.some(lambda: Evidence(reference=self.an_id(), finding=self.text())),
            contested=self.one(True, False),
            provenance=self.text(),
            attributes=self.attributes(),
        )

    def instruments(self) -> Instruments:
        def term() -> Term:
            return Term(id=self.an_id(), terms=self.labels(), definitions=self.texts(), provenance=self.text())

        def question() -> Question:
            return Question(id=self.an_id(), texts=self.labels(), kind=self.text(), provenance=self.text())

        def intervention() -> Intervention:
            return Intervention(
                id=self.an_id(),
                labels=self.labels(),
                effects=self.some(lambda: Effect(factor=self.an_id(), sign=self.one(1, -1))),
                elements=self.some(self.labels),
                preconditions=self.some(self.labels),
                claims=self.some(self.an_id),
                references=self.some(self.an_id),
                provenance=self.text(),
            )

        return Instruments(
            interventions=self.some(intervention),
            claims=self.some(lambda: Claim(id=self.an_id(), statements=self.labels(), note=self.text())),
            questions=self.some(question),
            preconditions=self.some(question),
            strategies=self.some(term),
            glossary=self.some(term),
            references=self.some(lambda: Reference(id=self.an_id(), citation=self.text(), url=self.text())),
        )

    def framing(self, factors: list[str], links: list[str]) -> Framing:
        return Framing(
            id=self.an_id(),
            agency=self.an_id(),
            person=self.text(),
            problem=self.texts(),
            causes=self.texts(),
            judgement=self.texts(),
            remedy=self.texts(),
            factors=self.some(lambda: self.one(*factors)) if factors else (),
            links=self.some(lambda: self.one(*links)) if links else (),
            left_out=self.some(lambda: self.one(*factors)) if factors else (),
            belief=self.one(None, 1, 5),
            strategy_now=self.one("", *STRATEGIES),
            strategy_wanted=self.one("", *STRATEGIES),
            example=self.one(True, False),
            at=self.text(),
            disclaimer=self.texts(),
        )

    def said(self) -> dict[str, str]:
        return {"person": self.an_id(), "agency": self.an_id(), "at": self.text()}

    def map(self, most: int) -> CausalMap:
        factors = list(dict.fromkeys(self.some(self.an_id, most)))
        links = list(dict.fromkeys(self.some(self.an_id, most))) if factors else []

        def stance() -> Stance:
            return Stance(
                link=self.one(*links),
                stance=self.one(*STANCES),
                sign=self.one(1, -1, None),
                strength=self.one(None, 1.0, 2.5),
                reason=self.text(),
                language=self.one("", *LANGUAGES),
                **self.said(),
            )

        def annotation() -> Annotation:
            kind = self.one("factor", "link") if links else "factor"
            return Annotation(
                id=self.an_id(),
                target_kind=kind,
                target=self.one(*(links if kind == "link" else factors)),
                kind=self.one(*ANNOTATION_KINDS),
                text=self.text(),
                language=self.one("", *LANGUAGES),
                **self.said(),
            )

        def conclusion() -> Conclusion:
            return Conclusion(
                id=self.an_id(),
                link=self.one(*links),
                outcome=self.one(*OUTCOMES),
                text=self.text(),
                language=self.one("", *LANGUAGES),
                at=self.text(),
            )

        return CausalMap(
            factors=tuple(self.factor(one) for one in factors),
            links=tuple(self.link(one, factors) for one in links),
            titles=self.one(Texts(), self.labels()),
            language=self.one(*LANGUAGES),
            focal=self.one("", *factors),
            domains=self.some(lambda: Domain(id=self.an_id(), labels=self.labels())),
            agencies=tuple(
                Agency(
                    id=one, labels=self.labels(), level=self.text(), roles=self.texts(), provenance=self.text()
                )
                for one in dict.fromkeys(self.some(self.an_id))
            ),
            stages=self.some(lambda: Stage(number=self.one(1, 4), titles=self.labels(), shows=self.texts())),
            suggested=self.some(lambda: self.factor(self.an_id())),
            instruments=self.instruments(),
            stances=self.some(stance) if links else (),
            ratings=self.some(
                lambda: Rating(factor=self.one(*factors), importance=self.one(None, 1, 5), **self.said())
            )
            if factors
            else (),
            annotations=self.some(annotation) if factors else (),
            framings=self.some(lambda: self.framing(factors, links)),
            meanings=self.some(
                lambda: Meaning(
                    term=self.an_id(), text=self.text(), language=self.one("", *LANGUAGES), **self.said()
                )
            ),
            conclusions=self.some(conclusion) if links else (),
            provenance=self.text(),
        )


@st.composite
def maps(draw, text=any_text, label=None, ids=None, *, most=6) -> CausalMap:
    """Whole maps: texts from `text`, labels from `label`, ids from `ids`."""
    label = label if label is not None else text.filter(bool)
    ids = ids if ids is not None else text.filter(bool)
    return _Picker(
        draw(st.integers(0, 2**32)),
        ["", *draw(st.lists(text, max_size=6))],
        draw(st.lists(label, min_size=1, max_size=6)),
        draw(st.lists(ids, min_size=1, max_size=8, unique=True)),
    ).map(most)
