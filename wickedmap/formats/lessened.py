"""A map changed as a format changes it: what is left once something is lost."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from ..causal_map import CausalMap
from ..model import Factor, Instruments, Link
from ..text import Texts
from .typeface import drawable

SAFE_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
UNSAFE_NAMES: Final = frozenset({"__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "."})
NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def each_factor(m: CausalMap, **changes: Any) -> CausalMap:
    """Return the map with these fields changed in every factor."""
    return m.replace(factors=tuple(dataclasses.replace(factor, **changes) for factor in m.factors))


def each_link(m: CausalMap, **changes: Any) -> CausalMap:
    """Return the map with these fields changed in every link."""
    return m.replace(links=tuple(dataclasses.replace(link, **changes) for link in m.links))


def is_safe_id(text: str) -> bool:
    """Whether a foreign id can be used as ours: short, plain, and no name that JavaScript objects have."""
    return bool(SAFE_ID.fullmatch(text)) and text not in UNSAFE_NAMES and text.strip(".") != ""


def renamed(m: CausalMap, factors: Mapping[str, str], links: Mapping[str, str]) -> CausalMap:
    """Return the map with new ids for factors and links, also where people's views point to them."""

    def many(ids: Iterable[str], names: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(names.get(one, one) for one in ids)

    def factor(one: Factor) -> Factor:
        return dataclasses.replace(one, id=factors.get(one.id, one.id), members=many(one.members, factors))

    def link(one: Link) -> Link:
        return dataclasses.replace(
            one,
            id=links.get(one.id, one.id),
            source=factors.get(one.source, one.source),
            target=factors.get(one.target, one.target),
        )

    return m.replace(
        factors=tuple(map(factor, m.factors)),
        links=tuple(map(link, m.links)),
        focal=factors.get(m.focal, m.focal),
        stances=tuple(dataclasses.replace(one, link=links.get(one.link, one.link)) for one in m.stances),
        ratings=tuple(
            dataclasses.replace(one, factor=factors.get(one.factor, one.factor)) for one in m.ratings
        ),
        annotations=tuple(
            dataclasses.replace(
                one, target=(factors if one.target_kind == "factor" else links).get(one.target, one.target)
            )
            for one in m.annotations
        ),
        framings=tuple(
            dataclasses.replace(
                one,
                factors=many(one.factors, factors),
                links=many(one.links, links),
                left_out=many(one.left_out, factors),
            )
            for one in m.framings
        ),
        conclusions=tuple(
            dataclasses.replace(one, link=links.get(one.link, one.link)) for one in m.conclusions
        ),
        instruments=dataclasses.replace(
            m.instruments,
            interventions=tuple(
                dataclasses.replace(
                    one,
                    effects=tuple(
                        dataclasses.replace(effect, factor=factors.get(effect.factor, effect.factor))
                        for effect in one.effects
                    ),
                )
                for one in m.instruments.interventions
            ),
        ),
    )


def in_order_of_links(m: CausalMap) -> CausalMap:
    """Return the map with its factors in the order in which the links mention them."""
    first = dict.fromkeys(end for link in m.links for end in (link.source, link.target))
    place = {one: number for number, one in enumerate(first)}
    return m.replace(factors=tuple(sorted(m.factors, key=lambda factor: place.get(factor.id, len(place)))))


def links_by_factor(m: CausalMap) -> CausalMap:
    """Return the map with its links in the order of their causes, then of their effects."""
    place = {factor.id: number for number, factor in enumerate(m.factors)}
    return m.replace(links=tuple(sorted(m.links, key=lambda link: (place[link.source], place[link.target]))))


def moved(before: Iterable[Any], after: Iterable[Any]) -> int:
    """Return how many places hold another thing after than before."""
    return sum(one is not other for one, other in zip(before, after, strict=True))


def without_factor_ids(m: CausalMap) -> CausalMap:
    """Return the map with factors called f1, f2, ..."""
    return renamed(m, {factor.id: f"f{number}" for number, factor in enumerate(m.factors, 1)}, {})


def without_link_ids(m: CausalMap) -> CausalMap:
    """Return the map with links called L1, L2, ..."""
    return renamed(m, {}, {link.id: f"L{number}" for number, link in enumerate(m.links, 1)})


def other_languages(texts: Texts, language: str) -> bool:
    """Whether a text exists in another language than this one."""
    return bool(texts) and set(texts) != {language}


def in_one_language(texts: Texts, language: str) -> Texts:
    """Return only what is shown in this language."""
    shown = texts.in_language(language)
    return Texts({language: shown}) if shown else Texts()


def without_languages(m: CausalMap) -> CausalMap:
    """Return the map with every text of factors, links and title in its own language only."""
    return m.replace(
        titles=in_one_language(m.titles, m.language),
        factors=tuple(
            dataclasses.replace(
                factor,
                labels=in_one_language(factor.labels, m.language),
                definitions=in_one_language(factor.definitions, m.language),
            )
            for factor in m.factors
        ),
        links=tuple(
            dataclasses.replace(link, rationale=in_one_language(link.rationale, m.language)) for link in m.links
        ),
    )


def without_language(m: CausalMap) -> CausalMap:
    """Read texts as bokmål, the language a file without one is taken to have."""

    def moved(texts: Texts) -> Texts:
        shown = texts.in_language(m.language)
        return Texts(nb=shown) if shown else Texts()

    return m.replace(
        language="nb",
        titles=moved(m.titles),
        factors=tuple(
            dataclasses.replace(factor, labels=moved(factor.labels), definitions=moved(factor.definitions))
            for factor in m.factors
        ),
        links=tuple(dataclasses.replace(link, rationale=moved(link.rationale)) for link in m.links),
    )


def distinct_labels(m: CausalMap) -> dict[str, str]:
    """Return a label per factor id; labels that occur twice get a number, as the format names by label."""
    taken: set[str] = set()
    labels = {}
    for factor in m.factors:
        wanted = " ".join(factor.labels.in_language(m.language).split())
        label, number = wanted, 2
        while label in taken:
            label, number = f"{wanted} ({number})", number + 1
        taken.add(label)
        labels[factor.id] = label
    return labels


def with_distinct_labels(m: CausalMap) -> CausalMap:
    """Return the map with a number behind labels that occur twice."""
    labels = distinct_labels(m)
    return m.replace(
        factors=tuple(
            factor
            if factor.labels.in_language(m.language) == labels[factor.id]
            else dataclasses.replace(factor, labels=factor.labels.with_text(m.language, labels[factor.id]))
            for factor in m.factors
        )
    )


def names_apart(m: CausalMap) -> dict[str, str]:
    """Return a name per factor id, different also when case, "_" and white space do not count."""
    taken: set[str] = set()
    names = {}
    for one, label in distinct_labels(m).items():
        plain = label.replace('"', "'").replace("\\", "/").replace("_", " ").replace("<", "‹").replace(">", "›")
        wanted = " ".join(plain.split()) or "variable"
        name, number = wanted, 2
        while name.casefold() in taken:
            name, number = f"{wanted} ({number})", number + 1
        taken.add(name.casefold())
        names[one] = name
    return names


def with_names_apart(m: CausalMap) -> CausalMap:
    """Return the map with the names of `names_apart` as labels."""
    names = names_apart(m)
    return m.replace(
        factors=tuple(
            factor
            if factor.labels.in_language(m.language) == names[factor.id]
            else dataclasses.replace(factor, labels=factor.labels.with_text(m.language, names[factor.id]))
            for factor in m.factors
        )
    )


def without_double_quotes(m: CausalMap) -> CausalMap:
    """Return the map with single quotation marks in labels and title."""

    def mended(texts: Texts) -> Texts:
        shown = texts.in_language(m.language)
        return texts.with_text(m.language, shown.replace('"', "'")) if '"' in shown else texts

    return m.replace(
        titles=mended(m.titles),
        factors=tuple(dataclasses.replace(factor, labels=mended(factor.labels)) for factor in m.factors),
    )


def with_one_link_per_pair(m: CausalMap) -> CausalMap:
    """Return the map with the first link of each pair of factors."""
    kept: dict[tuple[str, str], Link] = {}
    for link in m.links:
        kept.setdefault((link.source, link.target), link)
    return m.replace(links=tuple(kept.values()))


def without_unknown_signs(m: CausalMap) -> CausalMap:
    """Return the map without the links whose sign nobody knows."""
    return m.replace(links=tuple(link for link in m.links if link.sign is not None or link.both_signs))


def both_to_unknown(m: CausalMap) -> CausalMap:
    """Return the map with unknown signs where both were claimed."""
    return each_link(m, both_signs=False)


def without_both(m: CausalMap) -> CausalMap:
    """Return the map without the links of both signs."""
    return m.replace(links=tuple(link for link in m.links if not link.both_signs))


def rounded_strength(m: CausalMap) -> CausalMap:
    """Return the map with every link of strength 1."""
    return each_link(m, strength=1.0)


def delays_without_length(m: CausalMap) -> CausalMap:
    """Return the map with every delay long."""
    return m.replace(
        links=tuple(dataclasses.replace(link, delay="long" if link.delay else "") for link in m.links)
    )


def without_unlinked(m: CausalMap) -> CausalMap:
    """Return the map without the factors that no link mentions."""
    linked = {end for link in m.links for end in (link.source, link.target)}
    return m.replace(
        factors=tuple(factor for factor in m.factors if factor.id in linked),
        focal=m.focal if m.focal in linked else "",
    )


def every_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return a model value with `change` done to every text in it, ids included."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Texts):
        return Texts({language: change(text) for language, text in value.items()})
    if isinstance(value, tuple):
        return tuple(every_text(one, change) for one in value)
    if isinstance(value, Mapping):
        return {change(name): every_text(inner, change) for name, inner in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.replace(
            value,
            **{
                field.name: every_text(getattr(value, field.name), change)
                for field in dataclasses.fields(value)
            },
        )
    return value


def with_drawable_labels(m: CausalMap) -> CausalMap:
    """Return the map with ? for letters of labels and title that the typeface of our pictures lacks."""
    return m.replace(
        titles=_drawable(m.titles),
        factors=tuple(dataclasses.replace(one, labels=_drawable(one.labels)) for one in m.factors),
    )


def _drawable(texts: Texts) -> Texts:
    return Texts({language: drawable(text) for language, text in texts.items()})


def xml_text(text: str) -> str:
    """Return the text with U+FFFD for the characters that XML 1.0 cannot hold."""
    return NOT_IN_XML.sub("\ufffd", text)


def count_texts(m: CausalMap, wrong: Callable[[str], bool]) -> int:
    """Return how many texts of the map, ids included, are wrong in some way."""
    found = 0

    def look(text: str) -> str:
        nonlocal found
        found += wrong(text)
        return text

    every_text(m, look)
    return found


def no_instruments(m: CausalMap) -> CausalMap:
    """Return the map without interventions, claims, questions, terms and references."""
    return m.replace(instruments=Instruments())


def count_instruments(m: CausalMap) -> int:
    """Return how many interventions, claims, questions, terms and references there are."""
    return sum(len(getattr(m.instruments, field.name)) for field in dataclasses.fields(m.instruments))


def ids(m: CausalMap) -> list[str]:
    """Return the ids of all factors and links."""
    return [factor.id for factor in m.factors] + [link.id for link in m.links]


def imported(m: CausalMap) -> CausalMap:
    """Return the map with the status of things that were read from a file."""
    return each_link(each_factor(m, status="imported"), status="imported")
