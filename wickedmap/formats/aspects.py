"""What a map may hold, so that every format can say what it cannot carry.

An aspect is one thing that a file may lose: "delays", "notes on the map". Each
knows how often it occurs in a map and what the map is without it. A writer
declares its losses as ``{aspect key: what happens instead}``; `losses_of` turns
that into sentences for one map, and the tests hold every reader and writer to
``read(write(m)) == without(m, losses)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..causal_map import CausalMap
from ..text import Texts
from .lessened import (
    NOT_IN_XML,
    both_to_unknown,
    count_instruments,
    count_texts,
    delays_without_length,
    each_factor,
    each_link,
    every_text,
    ids,
    imported,
    in_one_language,
    in_order_of_links,
    is_safe_id,
    links_by_factor,
    moved,
    no_instruments,
    other_languages,
    rounded_strength,
    with_distinct_labels,
    with_drawable_labels,
    with_names_apart,
    with_one_link_per_pair,
    without_both,
    without_double_quotes,
    without_factor_ids,
    without_language,
    without_languages,
    without_link_ids,
    without_unknown_signs,
    without_unlinked,
    xml_text,
)
from .typeface import lacks


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


def _of_factors(key: str, title: str, field: str, empty: Any) -> Aspect:
    return Aspect(
        key,
        title,
        lambda m: sum(getattr(factor, field) != empty for factor in m.factors),
        lambda m: each_factor(m, **{field: empty}),
    )


def _of_links(key: str, title: str, field: str, empty: Any) -> Aspect:
    return Aspect(
        key,
        title,
        lambda m: sum(getattr(link, field) != empty for link in m.links),
        lambda m: each_link(m, **{field: empty}),
    )


def _of_map(key: str, title: str, field: str, empty: Any) -> Aspect:
    def count(m: CausalMap) -> int:
        value = getattr(m, field)
        return len(value) if isinstance(value, tuple) else int(value != empty)

    return Aspect(key, title, count, lambda m: m.replace(**{field: empty}))


ASPECTS: Final[tuple[Aspect, ...]] = (
    Aspect(
        "factor_order",
        "place of a factor in the order",
        lambda m: moved(m.factors, in_order_of_links(m).factors),
        in_order_of_links,
    ),
    Aspect(
        "link_order",
        "place of a link in the order",
        lambda m: moved(m.links, links_by_factor(m).links),
        links_by_factor,
    ),
    Aspect(
        "odd_ids",
        "id with other characters than letters, digits and _ . : -",
        lambda m: sum(not is_safe_id(one) for one in ids(m)),
        lambda m: m,
    ),
    Aspect(
        "languages",
        "text in another language than the map's",
        lambda m: sum(
            other_languages(texts, m.language)
            for texts in (
                m.titles,
                *(one.labels for one in m.factors),
                *(one.definitions for one in m.factors),
                *(one.rationale for one in m.links),
            )
        ),
        without_languages,
    ),
    Aspect(
        "title_languages",
        "title in another language than the map's",
        lambda m: int(other_languages(m.titles, m.language)),
        lambda m: m.replace(titles=in_one_language(m.titles, m.language)),
    ),
    Aspect("language", "the map's language", lambda m: int(m.language != "nb"), without_language),
    Aspect(
        "same_labels",
        "label that several factors have",
        lambda m: moved(m.factors, with_distinct_labels(m).factors),
        with_distinct_labels,
    ),
    Aspect(
        "double_quotes",
        'label with "',
        lambda m: (
            sum('"' in factor.labels.in_language(m.language) for factor in m.factors)
            + ('"' in m.titles.in_language(m.language))
        ),
        without_double_quotes,
    ),
    Aspect(
        "ignored_case",
        "label that differs from another only in case or _",
        lambda m: moved(m.factors, with_names_apart(m).factors),
        with_names_apart,
    ),
    Aspect(
        "unlinked",
        "factor without links",
        lambda m: len(m.factors) - len({end for link in m.links for end in (link.source, link.target)}),
        without_unlinked,
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
        without_unknown_signs,
    ),
    Aspect(
        "both_signs",
        "link with both signs (±)",
        lambda m: sum(link.both_signs for link in m.links),
        both_to_unknown,
    ),
    Aspect(
        "both_signs_links",
        "link with both signs (±)",
        lambda m: sum(link.both_signs for link in m.links),
        without_both,
    ),
    Aspect(
        "parallel_links",
        "second link between the same two factors",
        lambda m: len(m.links) - len({(link.source, link.target) for link in m.links}),
        with_one_link_per_pair,
    ),
    Aspect(
        "factor_ids",
        "id of a factor",
        lambda m: sum(factor.id != f"f{number}" for number, factor in enumerate(m.factors, 1)),
        without_factor_ids,
    ),
    Aspect(
        "link_ids",
        "id of a link",
        lambda m: sum(link.id != f"L{number}" for number, link in enumerate(m.links, 1)),
        without_link_ids,
    ),
    Aspect(
        "strengths",
        "strength of a link",
        lambda m: sum(link.strength != 1.0 for link in m.links),
        rounded_strength,
    ),
    _of_links("delays", "delay of a link", "delay", ""),
    Aspect(
        "delay_lengths",
        "whether a delay is short or long",
        lambda m: sum(link.delay == "short" for link in m.links),
        delays_without_length,
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
        imported,
    ),
    _of_map("title", "title of the map", "titles", Texts()),
    _of_map("focal", "which factor is in the middle", "focal", ""),
    _of_map("domains", "name of a domain", "domains", ()),
    _of_map("agencies", "name and level of an agency", "agencies", ()),
    _of_map("stages", "title of a reveal stage", "stages", ()),
    _of_map("suggested", "suggested factor outside the map", "suggested", ()),
    Aspect(
        "instruments", "intervention, claim, question, term or reference", count_instruments, no_instruments
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
        lambda m: count_texts(m, lambda text: bool(NOT_IN_XML.search(text))),
        lambda m: every_text(m, xml_text),
    ),
    Aspect(
        "rare_letters",
        "label with letters that the typeface of our pictures lacks",
        lambda m: (
            sum(lacks(factor.labels.in_language(m.language)) for factor in m.factors)
            + lacks(m.titles.in_language(m.language))
        ),
        with_drawable_labels,
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
