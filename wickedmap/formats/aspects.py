"""What a map may hold, so that every format can say what it cannot carry.

An aspect is one thing that a file may lose: "delays", "notes on the map". Each
knows how often it occurs in a map and what the map is without it. A writer
declares its losses as ``{aspect key: what happens instead}``; `losses_of` turns
that into sentences for one map, and the tests hold every reader and writer to
``read(write(m)) == without(m, losses)``.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..causal_map import CausalMap
from ..model import Factor, Instruments, Link
from ..text import Texts

SAFE_ID: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_UNSAFE_NAMES: Final = frozenset({"__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "."})
_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_safe_id(text: str) -> bool:
    """Whether a foreign id can be used as ours: short, plain, and no name that JavaScript objects have."""
    return bool(SAFE_ID.fullmatch(text)) and text not in _UNSAFE_NAMES and text.strip(".") != ""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing a map may hold: how many of it, and the map without it."""

    key: str
    title: str
    count: Callable[[CausalMap], int]
    without: Callable[[CausalMap], CausalMap]


class Loss(str):
    """A sentence about what was lost, with the aspect and how often.

    Examples
    --------
    >>> loss = Loss("delays", 2, "delay of a link", "")
    >>> loss, loss.aspect, loss.number
    ('delay of a link: 2 lost', 'delays', 2)
    """

    aspect: str
    number: int

    def __new__(cls, aspect: str, count: int, title: str, instead: str) -> Loss:
        """Make the sentence."""
        text = f"{title}: {count} {instead}" if instead else f"{title}: {count} lost"
        made = super().__new__(cls, text)
        made.aspect = aspect
        made.number = count
        return made


def _each_factor(m: CausalMap, **changes: Any) -> CausalMap:
    return m.replace(factors=tuple(dataclasses.replace(factor, **changes) for factor in m.factors))


def _each_link(m: CausalMap, **changes: Any) -> CausalMap:
    return m.replace(links=tuple(dataclasses.replace(link, **changes) for link in m.links))


def _of_factors(key: str, title: str, field: str, empty: Any) -> Aspect:
    return Aspect(
        key,
        title,
        lambda m: sum(getattr(factor, field) != empty for factor in m.factors),
        lambda m: _each_factor(m, **{field: empty}),
    )


def _of_links(key: str, title: str, field: str, empty: Any) -> Aspect:
    return Aspect(
        key,
        title,
        lambda m: sum(getattr(link, field) != empty for link in m.links),
        lambda m: _each_link(m, **{field: empty}),
    )


def _of_map(key: str, title: str, field: str, empty: Any) -> Aspect:
    def count(m: CausalMap) -> int:
        value = getattr(m, field)
        return len(value) if isinstance(value, tuple) else int(value != empty)

    return Aspect(key, title, count, lambda m: m.replace(**{field: empty}))


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


def _in_order_of_links(m: CausalMap) -> CausalMap:
    first = dict.fromkeys(end for link in m.links for end in (link.source, link.target))
    place = {one: number for number, one in enumerate(first)}
    return m.replace(factors=tuple(sorted(m.factors, key=lambda factor: place.get(factor.id, len(place)))))


def _links_by_factor(m: CausalMap) -> CausalMap:
    place = {factor.id: number for number, factor in enumerate(m.factors)}
    return m.replace(links=tuple(sorted(m.links, key=lambda link: (place[link.source], place[link.target]))))


def _moved(before: Iterable[Any], after: Iterable[Any]) -> int:
    return sum(one is not other for one, other in zip(before, after, strict=True))


def _without_factor_ids(m: CausalMap) -> CausalMap:
    return renamed(m, {factor.id: f"f{number}" for number, factor in enumerate(m.factors, 1)}, {})


def _without_link_ids(m: CausalMap) -> CausalMap:
    return renamed(m, {}, {link.id: f"L{number}" for number, link in enumerate(m.links, 1)})


def _other_languages(texts: Texts, language: str) -> bool:
    return bool(texts) and set(texts) != {language}


def _in_one_language(texts: Texts, language: str) -> Texts:
    shown = texts.in_language(language)
    return Texts({language: shown}) if shown else Texts()


def _without_languages(m: CausalMap) -> CausalMap:
    return m.replace(
        titles=_in_one_language(m.titles, m.language),
        factors=tuple(
            dataclasses.replace(
                factor,
                labels=_in_one_language(factor.labels, m.language),
                definitions=_in_one_language(factor.definitions, m.language),
            )
            for factor in m.factors
        ),
        links=tuple(
            dataclasses.replace(link, rationale=_in_one_language(link.rationale, m.language))
            for link in m.links
        ),
    )


def _without_language(m: CausalMap) -> CausalMap:
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


def _with_distinct_labels(m: CausalMap) -> CausalMap:
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


def _with_names_apart(m: CausalMap) -> CausalMap:
    names = names_apart(m)
    return m.replace(
        factors=tuple(
            factor
            if factor.labels.in_language(m.language) == names[factor.id]
            else dataclasses.replace(factor, labels=factor.labels.with_text(m.language, names[factor.id]))
            for factor in m.factors
        )
    )


def _without_double_quotes(m: CausalMap) -> CausalMap:
    def mended(texts: Texts) -> Texts:
        shown = texts.in_language(m.language)
        return texts.with_text(m.language, shown.replace('"', "'")) if '"' in shown else texts

    return m.replace(
        titles=mended(m.titles),
        factors=tuple(dataclasses.replace(factor, labels=mended(factor.labels)) for factor in m.factors),
    )


def _with_one_link_per_pair(m: CausalMap) -> CausalMap:
    kept: dict[tuple[str, str], Link] = {}
    for link in m.links:
        kept.setdefault((link.source, link.target), link)
    return m.replace(links=tuple(kept.values()))


def _without_unknown_signs(m: CausalMap) -> CausalMap:
    return m.replace(links=tuple(link for link in m.links if link.sign is not None or link.both_signs))


def _both_to_unknown(m: CausalMap) -> CausalMap:
    return _each_link(m, both_signs=False)


def _without_both(m: CausalMap) -> CausalMap:
    return m.replace(links=tuple(link for link in m.links if not link.both_signs))


def _rounded_strength(m: CausalMap) -> CausalMap:
    return _each_link(m, strength=1.0)


def _delays_without_length(m: CausalMap) -> CausalMap:
    return m.replace(
        links=tuple(dataclasses.replace(link, delay="long" if link.delay else "") for link in m.links)
    )


def _without_unlinked(m: CausalMap) -> CausalMap:
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


def xml_text(text: str) -> str:
    """Return the text with U+FFFD for the characters that XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def _count_texts(m: CausalMap, wrong: Callable[[str], bool]) -> int:
    found = 0

    def look(text: str) -> str:
        nonlocal found
        found += wrong(text)
        return text

    every_text(m, look)
    return found


def _no_instruments(m: CausalMap) -> CausalMap:
    return m.replace(instruments=Instruments())


def _count_instruments(m: CausalMap) -> int:
    return sum(len(getattr(m.instruments, field.name)) for field in dataclasses.fields(m.instruments))


def _ids(m: CausalMap) -> list[str]:
    return [factor.id for factor in m.factors] + [link.id for link in m.links]


def _imported(m: CausalMap) -> CausalMap:
    return _each_link(_each_factor(m, status="imported"), status="imported")


ASPECTS: Final[tuple[Aspect, ...]] = (
    Aspect(
        "factor_order",
        "place of a factor in the order",
        lambda m: _moved(m.factors, _in_order_of_links(m).factors),
        _in_order_of_links,
    ),
    Aspect(
        "link_order",
        "place of a link in the order",
        lambda m: _moved(m.links, _links_by_factor(m).links),
        _links_by_factor,
    ),
    Aspect(
        "odd_ids",
        "id with other characters than letters, digits and _ . : -",
        lambda m: sum(not is_safe_id(one) for one in _ids(m)),
        lambda m: m,
    ),
    Aspect(
        "languages",
        "text in another language than the map's",
        lambda m: sum(
            _other_languages(texts, m.language)
            for texts in (
                m.titles,
                *(one.labels for one in m.factors),
                *(one.definitions for one in m.factors),
                *(one.rationale for one in m.links),
            )
        ),
        _without_languages,
    ),
    Aspect(
        "title_languages",
        "title in another language than the map's",
        lambda m: int(_other_languages(m.titles, m.language)),
        lambda m: m.replace(titles=_in_one_language(m.titles, m.language)),
    ),
    Aspect("language", "the map's language", lambda m: int(m.language != "nb"), _without_language),
    Aspect(
        "same_labels",
        "label that several factors have",
        lambda m: _moved(m.factors, _with_distinct_labels(m).factors),
        _with_distinct_labels,
    ),
    Aspect(
        "double_quotes",
        'label with "',
        lambda m: (
            sum('"' in factor.labels.in_language(m.language) for factor in m.factors)
            + ('"' in m.titles.in_language(m.language))
        ),
        _without_double_quotes,
    ),
    Aspect(
        "ignored_case",
        "label that differs from another only in case or _",
        lambda m: _moved(m.factors, _with_names_apart(m).factors),
        _with_names_apart,
    ),
    Aspect(
        "unlinked",
        "factor without links",
        lambda m: len(m.factors) - len({end for link in m.links for end in (link.source, link.target)}),
        _without_unlinked,
    ),
    _of_factors("seed_labels", "label as in the source document", "seed_label", ""),
    _of_factors("definitions", "definition of a factor", "definitions", Texts()),
    _of_factors("domains_of_factors", "domain of a factor", "domain", ""),
    _of_factors("valences", "whether more of a factor is good or bad", "valence", ""),
    _of_factors("kinds", "kind of a factor (event, group)", "kind", "state"),
    _of_factors("owners", "agencies that own a factor", "agencies", ()),
    _of_factors("members", "members of a group of factors", "members", ()),
    _of_factors("positions", "position of a factor", "position", None),
    _of_factors("aliases", "other wordings of a factor", "aliases", ()),
    _of_factors("factor_provenance", "where a factor comes from", "provenance", ""),
    _of_factors("factor_notes", "note on a factor", "note", ""),
    _of_factors("phrases", "how sentences speak of a factor", "phrases", {}),
    _of_factors("factor_columns", "further columns of a factor", "attributes", {}),
    _of_factors("factor_stages", "reveal stage of a factor", "reveal_stage", 1),
    Aspect(
        "unknown_signs",
        "link whose sign is not known",
        lambda m: sum(link.sign is None and not link.both_signs for link in m.links),
        _without_unknown_signs,
    ),
    Aspect(
        "both_signs",
        "link with both signs (±)",
        lambda m: sum(link.both_signs for link in m.links),
        _both_to_unknown,
    ),
    Aspect(
        "both_signs_links",
        "link with both signs (±)",
        lambda m: sum(link.both_signs for link in m.links),
        _without_both,
    ),
    Aspect(
        "parallel_links",
        "second link between the same two factors",
        lambda m: len(m.links) - len({(link.source, link.target) for link in m.links}),
        _with_one_link_per_pair,
    ),
    Aspect(
        "factor_ids",
        "id of a factor",
        lambda m: sum(factor.id != f"f{number}" for number, factor in enumerate(m.factors, 1)),
        _without_factor_ids,
    ),
    Aspect(
        "link_ids",
        "id of a link",
        lambda m: sum(link.id != f"L{number}" for number, link in enumerate(m.links, 1)),
        _without_link_ids,
    ),
    Aspect(
        "strengths",
        "strength of a link",
        lambda m: sum(link.strength != 1.0 for link in m.links),
        _rounded_strength,
    ),
    _of_links("delays", "delay of a link", "delay", ""),
    Aspect(
        "delay_lengths",
        "whether a delay is short or long",
        lambda m: sum(link.delay == "short" for link in m.links),
        _delays_without_length,
    ),
    _of_links("rationales", "why a link holds", "rationale", Texts()),
    _of_links("evidence", "evidence for a link", "evidence", ()),
    _of_links("counter_evidence", "evidence against a link", "counter_evidence", ()),
    _of_links("contested", "mark that a link is contested", "contested", False),
    _of_links("link_provenance", "where a link comes from", "provenance", ""),
    _of_links("link_columns", "further columns of a link", "attributes", {}),
    _of_links("link_stages", "reveal stage of a link", "reveal_stage", 1),
    Aspect(
        "statuses",
        "status (seed, literature, hypothesis, proposed, own)",
        lambda m: (
            sum(factor.status != "imported" for factor in m.factors)
            + sum(link.status != "imported" for link in m.links)
        ),
        _imported,
    ),
    _of_map("title", "title of the map", "titles", Texts()),
    _of_map("focal", "which factor is in the middle", "focal", ""),
    _of_map("domains", "name of a domain", "domains", ()),
    _of_map("agencies", "name and level of an agency", "agencies", ()),
    _of_map("stages", "title of a reveal stage", "stages", ()),
    _of_map("suggested", "suggested factor outside the map", "suggested", ()),
    Aspect(
        "instruments", "intervention, claim, question, term or reference", _count_instruments, _no_instruments
    ),
    _of_map("stances", "stance on a link", "stances", ()),
    _of_map("ratings", "rating of a factor", "ratings", ()),
    _of_map("annotations", "note by a participant", "annotations", ()),
    _of_map("framings", "framing of the problem", "framings", ()),
    _of_map("meanings", "what a word means to a participant", "meanings", ()),
    _of_map("conclusions", "what the room concluded about a link", "conclusions", ()),
    _of_map("provenance", "where the map comes from", "provenance", ""),
    Aspect(
        "control_characters",
        "text with characters that XML cannot hold",
        lambda m: _count_texts(m, lambda text: bool(_NOT_IN_XML.search(text))),
        lambda m: every_text(m, xml_text),
    ),
)
"""Everything a format may lose, in the order in which the table of losses shows it."""

BY_KEY: Final[Mapping[str, Aspect]] = {aspect.key: aspect for aspect in ASPECTS}

WHOLE_MAP: Final = (
    *("domains", "agencies", "stages", "suggested", "instruments", "stances", "ratings", "annotations"),
    *("framings", "meanings", "conclusions", "provenance"),
)
"""Aspects beside the factors and links, lost by every format made for graphs only."""


def losses_of(m: CausalMap, losses: Mapping[str, str]) -> list[Loss]:
    """Return what this map holds of what a format loses, one sentence each."""
    found = []
    for aspect in ASPECTS:
        if aspect.key in losses and (count := aspect.count(m)):
            found.append(Loss(aspect.key, count, aspect.title, losses[aspect.key]))
    return found


def without(m: CausalMap, losses: Iterable[str]) -> CausalMap:
    """Return what is left of the map once these aspects are lost."""
    kept = set(losses)
    for aspect in ASPECTS:
        if aspect.key in kept:
            m = aspect.without(m)
    return m
