"""The default map is what the source documents and the evidence say, and its reader is strict."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import wickedmap
from wickedmap.default_map import default_map
from wickedmap.map_file import MapFileError, load_map_yaml
from wickedmap.model import PHRASES
from wickedmap.resources import resource_dir
from wickedmap.text import LANGUAGES, Texts

SMALL = """\
schema: wickedmap-map/1
title_nb: Vårt kart
domains:
  - {id: okonomi, label_nb: Økonomi}
agencies:
  - {id: nav, label_nb: NAV, initials: NA}
factors:
  - id: gjeld
    label_nb: Gjeld
    domain: okonomi
    valence: bad
    agencies: [nav]
  - id: NO
    label_nb: Utkastelse
    valence: bad
suggested_factors:
  - {id: stigma, label_nb: Stigma}
links:
  - id: L1
    source: gjeld
    target: NO
    sign: +1
    strength: 2.5
    delay: long
    refs: [kilde]
references:
  - {id: kilde, citation: "En kilde (2020)", url: "https://example.org/a", finding: funn}
"""


def test_the_map_has_the_numbers_of_the_source() -> None:
    m = default_map()
    assert len(m.factors) == 22
    assert [factor.id for factor in m.factors if factor.kind == "focal"] == [m.focal]
    assert Counter(factor.reveal_stage for factor in m.factors if factor.id != m.focal) == {1: 8, 4: 13}
    assert len(m.links) == 80
    assert sum(link.target == m.focal for link in m.links) == 8
    assert Counter(link.sign for link in m.links) == {1: 45, -1: 35}
    assert Counter(link.status for link in m.links) == {"seed": 20, "literature": 34, "hypothesis": 26}
    assert sum(link.contested for link in m.links) == 5
    assert Counter(link.reveal_stage for link in m.links) == {2: 8, 3: 20, 4: 52}
    assert len(m.agencies) == 14
    assert len(m.domains) == 10
    assert [stage.number for stage in m.stages] == [1, 2, 3, 4]
    assert len(m.framings) == 10
    assert all(framing.example and framing.disclaimer for framing in m.framings)
    assert len(m.suggested) == 7
    instruments = m.instruments
    counts = {
        "interventions": 7,
        "claims": 16,
        "questions": 31,
        "preconditions": 19,
        "strategies": 3,
        "glossary": 20,
        "references": 57,
    }
    assert {name: len(getattr(instruments, name)) for name in counts} == counts


def test_each_stage_shows_what_its_slide_shows() -> None:
    m = default_map()
    shown = [m.at_stage(stage) for stage in (1, 2, 3, 4)]
    assert [(len(part.factors), len(part.links)) for part in shown] == [(8, 0), (9, 8), (9, 28), (21, 72)]


def test_the_group_of_triggering_events_gathers_four_events() -> None:
    group = default_map().factor("utlosende_faktorer")
    assert group.kind == "group"
    assert group.members == ("skilsmisse", "utskriving_fosterhjem", "utkastelse", "loslatelse")


def test_evidence_carries_the_finding_of_its_reference() -> None:
    link = default_map().link("L10")
    assert [one.reference for one in link.evidence] == ["seed2011"]
    assert [one.reference for one in link.counter_evidence] == ["tsemberis2004", "kertesz2009"]
    assert "NO difference in substance use" in link.counter_evidence[0].finding
    assert link.contested


def test_framings_keep_links_that_lead_out_of_their_own_factors() -> None:
    m = default_map()
    leading_out = [
        (framing.id, link)
        for framing in m.framings
        for link in framing.links
        if not {m.link(link).source, m.link(link).target} <= set(framing.factors)
    ]
    assert len(leading_out) == 5


def test_strategies_of_framings_are_the_strategies_of_the_slides() -> None:
    m = default_map()
    known = {strategy.id for strategy in m.instruments.strategies}
    assert Counter(framing.strategy_wanted for framing in m.framings) == {
        "collaborative": 6,
        "authoritative": 3,
        "competitive": 1,
    }
    assert {framing.strategy_wanted for framing in m.framings} == known


def test_every_id_is_safe_in_addresses_and_files() -> None:
    m = default_map()
    i = m.instruments
    things = (
        *m.factors,
        *m.suggested,
        *m.links,
        *m.agencies,
        *m.domains,
        *m.framings,
        *i.interventions,
        *i.claims,
        *i.questions,
        *i.preconditions,
        *i.strategies,
        *i.glossary,
        *i.references,
    )
    assert [thing.id for thing in things if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", thing.id)] == []


def test_every_reference_but_one_unchecked_study_is_used() -> None:
    m = default_map()
    used = {one.reference for link in m.links for one in (*link.evidence, *link.counter_evidence)}
    for claim in m.instruments.claims:
        used |= {*claim.supported_by, *claim.challenged_by}
    for intervention in m.instruments.interventions:
        used |= set(intervention.references)
    assert {reference.id for reference in m.instruments.references} - used == {"cramer2014"}


def test_the_map_is_read_once_and_is_on_the_public_face() -> None:
    assert wickedmap.default_map() is default_map()


def test_a_small_file_needs_only_factors_and_keeps_text_as_written() -> None:
    m = load_map_yaml(SMALL)
    assert [factor.id for factor in m.factors] == ["gjeld", "NO"]
    assert m.focal == ""
    link = m.link("L1")
    assert (link.sign, link.strength, link.delay, link.status, link.contested) == (1, 2.5, "long", "own", False)
    assert link.evidence[0].finding == "funn"
    assert [factor.id for factor in m.suggested] == ["stigma"]
    assert load_map_yaml(SMALL.encode()) == m


def test_both_signs_and_an_unknown_sign_can_be_written() -> None:
    both = load_map_yaml(SMALL.replace("sign: +1", "sign: ±")).link("L1")
    assert (both.sign, both.both_signs, both.mark) == (None, True, "±")
    unknown = load_map_yaml(SMALL.replace("sign: +1", 'sign: "?"')).link("L1")
    assert (unknown.sign, unknown.both_signs, unknown.mark) == (None, False, "?")
    minus = load_map_yaml(SMALL.replace("sign: +1", "sign: −")).link("L1")
    assert minus.sign == -1


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "message"),
    [
        ("wickedmap-map/1", "wickedmap-map/9", 1, "the map schema", "wickedmap-map/1"),
        ("schema: wickedmap-map/1\n", "", 1, "the map schema", "missing"),
        ("title_nb", "titel_nb", 2, "the map titel_nb", "not known"),
        ("valence: bad\n    agencies", "valence: evil\n    agencies", 11, "factor 'gjeld' valence", "'evil'"),
        ("valence: bad\n    agencies", "valens: bad\n    agencies", 11, "factor 'gjeld' valens", "not known"),
        ("domain: okonomi", "domain: bolig", 10, "factor 'gjeld' domain", "no domain 'bolig'"),
        ("agencies: [nav]", "agencies: [nav,\n      kommune]", 13, "factor 'gjeld' agencies", "no agency"),
        ("agencies: [nav]", "agencies: [nav, nav]", 12, "factor 'gjeld' agencies", "listed twice"),
        ("agencies: [nav]", "agencies: nav", 12, "factor 'gjeld' agencies", "expected a list"),
        ("agencies: [nav]", "members: ['NO']", 12, "factor 'gjeld' members", "kind: group"),
        ("agencies: [nav]", "reveal_stage: 5", 12, "factor 'gjeld' reveal_stage", "1 to 4"),
        ("agencies: [nav]", "reveal_stage: 1.5", 12, "factor 'gjeld' reveal_stage", "whole number"),
        ("agencies: [nav]", "label_nn: ''", 12, "factor 'gjeld' label_nn", "empty"),
        ("agencies: [nav]", "note: {a: b}", 12, "factor 'gjeld' note", "expected a text"),
        ("    label_nb: Gjeld\n", "", 8, "factor 'gjeld' label_nb", "missing"),
        ("label_nb: Gjeld", "label_nb: " + "x" * 121, 9, "factor 'gjeld' label_nb", "at most 120"),
        ("- id: NO", "- id: gjeld", 13, "factor id", "already used on line 8"),
        ("- id: NO", "- id: å", 13, "factor id", "letter a-z"),
        ("- id: NO", "- label_en: x", 13, "factor id", "missing"),
        ("{id: stigma,", "{id: gjeld,", 17, "suggested factor id", "already used on line 8"),
        ("sign: +1", "sign: plus", 22, "link 'L1' sign", "'plus'"),
        ("    sign: +1\n", "", 19, "link 'L1' sign", "missing"),
        ("target: NO", "target: stigma", 21, "link 'L1' target", "no factor 'stigma'"),
        ("strength: 2.5", "strength: 0", 23, "link 'L1' strength", "to 3"),
        ("strength: 2.5", "strength: nan", 23, "link 'L1' strength", "'nan'"),
        ("delay: long", "delay: years", 24, "link 'L1' delay", "short, long"),
        ("delay: long", "status: sure", 24, "link 'L1' status", "'sure'"),
        ("delay: long\n    refs", "contested: false\n    counter_refs", 24, "link 'L1' contested", "true"),
        ("refs: [kilde]", "refs: [bok]", 25, "link 'L1' refs", "no reference 'bok'"),
        ("https://example.org/a", "javascript:alert(1)", 27, "reference 'kilde' url", "https://"),
        (
            "initials: NA}",
            "initials: NA}\n  - {id: b, label_nb: B, initials: NA}",
            7,
            "agency 'b' initials",
            "line 6",
        ),
        ("title_nb: Vårt kart", "title_nb: &x kart", 2, "column 11", "anchor"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_by_line_and_field(
    old: str, new: str, line: int, field: str, message: str
) -> None:
    assert SMALL.count(old) == 1
    with pytest.raises(MapFileError) as caught:
        load_map_yaml(SMALL.replace(old, new), "eget.yaml")
    error = caught.value
    assert isinstance(error, wickedmap.MapError)
    assert error.line == line
    assert error.field.startswith(field)
    assert message in str(error)
    assert str(error).startswith(f"eget.yaml, line {line}, {field}")


def test_a_file_without_factors_is_refused() -> None:
    for source in ("schema: wickedmap-map/1\n", "schema: wickedmap-map/1\nfactors: []\n"):
        with pytest.raises(MapFileError, match="factors"):
            load_map_yaml(source)
    with pytest.raises(MapFileError, match="line 2, factor: expected fields"):
        load_map_yaml("schema: wickedmap-map/1\nfactors: [Gjeld]\n")
    with pytest.raises(MapFileError, match="line 1, the map: expected fields"):
        load_map_yaml("[]")


def test_lists_of_different_length_per_language_are_refused() -> None:
    extra = "interventions:\n  - {id: hf, label_nb: HF, elements_nb: [a, b], elements_en: [a]}\n"
    with pytest.raises(MapFileError, match="differ in length"):
        load_map_yaml(SMALL + extra)


@pytest.mark.parametrize(
    "field", ["sign: -1", "delay: short", "reveal_stage: 4", "status: seed", "domain: helse"]
)
def test_a_slip_in_the_default_file_is_found(field: str) -> None:
    source = (resource_dir("data") / "factors.yaml").read_text(encoding="utf-8")
    key = field.partition(":")[0]
    broken = source.replace(f"    {field}\n", f"    {key}: wrong\n", 1)
    line = next(n for n, text in enumerate(broken.splitlines(), start=1) if text == f"    {key}: wrong")
    with pytest.raises(MapFileError) as caught:
        load_map_yaml(broken, "factors.yaml")
    assert caught.value.line == line
    assert caught.value.field.endswith(key)


def shown_texts(value: object, where: str) -> Iterator[tuple[str, Texts]]:
    """Yield every `Texts` below a value, with the path to it."""
    if isinstance(value, Texts):
        yield where, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from shown_texts(below, f"{where}.{key}")
    elif isinstance(value, tuple):
        for index, below in enumerate(value):
            yield from shown_texts(below, f"{where}[{getattr(below, 'id', index)}]")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from shown_texts(getattr(value, field.name), f"{where}.{field.name}")


def test_every_shown_text_exists_in_every_language() -> None:
    texts = list(shown_texts(default_map(), "map"))
    assert len(texts) > 500
    assert [where for where, text in texts if set(text) != set(LANGUAGES)] == []


def test_nothing_that_the_room_reads_is_left_out() -> None:
    m = default_map()
    for factor in (*m.factors, *m.suggested):
        assert set(factor.phrases) == set(PHRASES)
    for agency in m.agencies:
        assert agency.short
        assert max(map(len, agency.short.values())) <= 24
    initials = [agency.initials for agency in m.agencies]
    assert len(set(initials)) == len(initials) == 14
    assert all(re.fullmatch(r"[A-ZÆØÅ]{2,3}", one) for one in initials)
    for framing in m.framings:
        assert all((framing.problem, framing.causes, framing.judgement, framing.remedy))


@pytest.mark.parametrize(
    ("language", "foreign"),
    [
        ("nb", {"ikkje", "ein", "eit", "korleis", "frå", "meir", "fleire", "bustad", "kva", "vere", "noko"}),
        (
            "nn",
            {"ikke", "en", "et", "hvordan", "fra", "mer", "flere", "bolig", "hva", "være", "noe", "løslatte"},
        ),
        ("en", {"og", "ikke", "ikkje", "med", "eller", "som", "på", "av"}),
    ],
)
def test_no_text_is_in_another_language_than_it_says(language: str, foreign: set[str]) -> None:
    mixed = [
        (where, text[language])
        for where, text in shown_texts(default_map(), "map")
        if foreign & set(re.findall(r"\w+", text[language].casefold()))
    ]
    assert mixed == []


def test_figures_are_the_same_in_every_language() -> None:
    def figures(text: str) -> list[str]:
        return sorted(re.findall(r"\d+", text))

    differing = [
        where
        for where, text in shown_texts(default_map(), "map")
        if len({tuple(figures(one)) for one in text.values()}) > 1
    ]
    assert differing == []


def test_the_file_in_the_guide_can_be_read() -> None:
    guide = (Path(__file__).parent.parent / "docs" / "default-map.md").read_text(encoding="utf-8")
    example = guide.split("```yaml\n")[1].split("```")[0]
    m = load_map_yaml(example)
    assert [factor.id for factor in m.factors] == ["gjeld", "utkastelse"]
    assert m.agencies[0].initials == "NAV"
