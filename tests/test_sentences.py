"""Influences and loops as sentences, each read aloud before it was written down here."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap, Factor, Link, Texts, default_map
from wickedmap.sentences import VERBS, link_sentence, loop_sentence, turned
from wickedmap.text import LANGUAGES

OWN = CausalMap(
    factors=(
        *default_map().factors,
        Factor(id="kø", labels=Texts(nb="Ventetid", nn="Ventetid", en="Waiting time")),
        Factor(id="NAV", labels=Texts(nb="Når NAV øker satsene")),
    ),
    links=(
        *default_map().links,
        Link(id="own1", source="gjeld", target="kø", sign=1),
        Link(id="own2", source="kø", target="utkastelse", sign=-1),
        Link(id="own3", source="kø", target="NAV", sign=-1, delay="long"),
        Link(id="own4", source="NAV", target="kø"),
        Link(id="own5", source="NAV", target="kø", both_signs=True),
        Link(id="own6", source="kø", target="gjeld", sign=-1),
        Link(id="self", source="gjeld", target="gjeld", sign=1),
        Link(id="unknown", source="gjeld", target="psykiatri"),
        Link(id="both", source="gjeld", target="psykiatri", both_signs=True),
        Link(id="unknown_plural", source="utkastelse", target="gjeld"),
    ),
)


@pytest.mark.parametrize(
    ("link", "language", "sentence"),
    [
        ("L52", "nb", "Mer gjeld gir flere utkastelser."),
        ("L52", "nn", "Meir gjeld gir fleire utkastingar."),
        ("L52", "en", "More debt leads to more evictions."),
        ("L49", "nb", "Flere utkastelser gir en mindre stabil bolig."),
        ("L49", "nn", "Fleire utkastingar gir ein mindre stabil bustad."),
        ("L49", "en", "More evictions lead to less stable housing."),
        ("L23", "nb", "Mer motivasjon for endring gir etter hvert mindre rusproblemer."),
        ("L23", "nn", "Meir motivasjon for endring gir etter kvart mindre rusproblem."),
        ("L23", "en", "More motivation for change leads in time to fewer substance use problems."),
        ("L05", "nb", "Et sterkere sosialt nettverk gir en lettere boligsituasjon for løslatte."),
        ("L05", "nn", "Eit sterkare sosialt nettverk gir ein lettare busituasjon for lauslatne."),
        ("L05", "en", "A stronger social network leads to an easier housing situation for released prisoners."),
        ("unknown", "nb", "Gjeld påvirker psykiske helseproblemer, men det er uavklart hvordan."),
        ("unknown", "nn", "Gjeld påverkar psykiske helseproblem, men det er uavklart korleis."),
        ("unknown", "en", "Debt affects mental health problems, but how is not settled."),
        ("unknown_plural", "en", "Evictions affect debt, but how is not settled."),
        ("both", "nb", "Mer gjeld kan gi både flere psykiske helseproblemer og færre psykiske helseproblemer."),
        (
            "both",
            "en",
            "More debt can lead to both more mental health problems and fewer mental health problems.",
        ),
        ("own1", "nb", "Når gjelden øker, øker «Ventetid»."),
        ("own1", "nn", "Når gjelda aukar, aukar «Ventetid»."),
        ("own1", "en", "When debt increases, “Waiting time” increases."),
        ("own2", "nb", "Når «Ventetid» øker, blir det færre utkastelser."),
        ("own2", "en", "When “Waiting time” increases, there are fewer evictions."),
        ("own3", "nb", "Når «Ventetid» øker, minker «Når NAV øker satsene» etter hvert."),
        ("own3", "nn", "Når «Ventetid» aukar, minkar «Når NAV øker satsene» etter kvart."),
        ("own3", "en", "When “Waiting time” increases, in time “Når NAV øker satsene” decreases."),
        ("own4", "nb", "«Når NAV øker satsene» påvirker «Ventetid», men det er uavklart hvordan."),
        ("own5", "nb", "Når «Når NAV øker satsene» øker, kan «Ventetid» både øke og minke."),
        ("own5", "nn", "Når «Når NAV øker satsene» aukar, kan «Ventetid» både auke og minke."),
        ("own5", "en", "When “Når NAV øker satsene” increases, “Waiting time” can both increase and decrease."),
    ],
)
def test_an_influence_reads_well_aloud(link: str, language: str, sentence: str) -> None:
    assert link_sentence(OWN, OWN.link(link), language) == sentence


@pytest.mark.parametrize(
    ("links", "language", "sentences"),
    [
        (
            ["L52", "L49", "L66", "L60", "L54"],
            "nb",
            "Når gjelden øker, blir det flere utkastelser. Da blir boligen mindre stabil. Dermed øker "
            "arbeidsløsheten. Så øker fattigdommen. Da øker gjelden, og vi er tilbake der vi begynte. "
            "Sløyfen forsterker seg selv.",
        ),
        (
            ["L80", "L52", "L49"],
            "nn",
            "Når bustaden blir meir stabil, aukar gjelda. Då blir det fleire utkastingar. Dermed blir "
            "bustaden mindre stabil, stikk motsett av der vi starta. Sløyfa bremsar seg sjølv.",
        ),
        (
            ["L24", "L23", "L09"],
            "nb",
            "Når boligen blir mer stabil, øker motivasjonen for endring etter hvert. Med tiden minker "
            "rusproblemene. Dermed blir boligen mer stabil, og vi er tilbake der vi begynte. "
            "Sløyfen forsterker seg selv.",
        ),
        (
            ["L78", "L74"],
            "en",
            "When crime increases, substance use problems decrease. Then crime decreases, the very opposite "
            "of where we began. The loop holds itself back.",
        ),
        (
            ["own1", "own6"],
            "nb",
            "Når gjelden øker, øker «Ventetid». Da minker gjelden, stikk motsatt av der vi begynte. "
            "Sløyfen bremser seg selv.",
        ),
        (
            ["unknown", "L17", "L54"],
            "nb",
            "Når gjelden øker, påvirker det psykiske helseproblemer, men det er uavklart hvordan. Det påvirker "
            "også fattigdom. Slik er vi tilbake ved gjeld. Det er uavklart om sløyfen forsterker eller "
            "bremser seg selv.",
        ),
        (
            ["L54", "unknown", "L17"],
            "en",
            "When poverty increases, debt increases. That affects mental health problems, but how is not "
            "settled. That brings us back to poverty. It is not settled whether the loop reinforces itself "
            "or holds itself back.",
        ),
        (
            ["self"],
            "nb",
            "Når gjelden øker, fører nettopp det til at gjelden øker. Sløyfen forsterker seg selv.",
        ),
    ],
)
def test_a_loop_is_told_link_by_link_until_the_circle_closes(
    links: list[str], language: str, sentences: str
) -> None:
    assert loop_sentence(OWN, [OWN.link(link) for link in links], language) == sentences


@pytest.mark.parametrize(
    ("language", "ending"),
    [
        ("nb", "Slik er vi tilbake ved gjeld. Det er uavklart om sløyfen forsterker eller bremser seg selv."),
        ("nn", "Slik er vi tilbake ved gjeld. Det er uavklart om sløyfa forsterkar eller bremsar seg sjølv."),
    ],
)
def test_a_self_link_of_unknown_sign_is_undecided(language: str, ending: str) -> None:
    unknown = dataclasses.replace(OWN.link("self"), sign=None)
    assert loop_sentence(OWN, [unknown], language).endswith(ending)


def test_links_that_do_not_close_are_refused() -> None:
    with pytest.raises(ValueError, match="'L49' does not lead to where 'L52' starts"):
        loop_sentence(OWN, [OWN.link("L52"), OWN.link("L49")])
    with pytest.raises(ValueError, match="at least one"):
        loop_sentence(OWN, [])


def test_a_persons_own_sign_gives_that_persons_sentence() -> None:
    reversed_link = dataclasses.replace(OWN.link("L52"), sign=-1)
    assert link_sentence(OWN, reversed_link) == "Mer gjeld gir færre utkastelser."


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        link_sentence(OWN, OWN.link("L52"), "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_map_can_be_turned(language: str) -> None:
    m = default_map()
    for factor in (*m.factors, *m.suggested):
        for key in ("rises", "falls"):
            clause = factor.phrases[key][language]
            assert len(VERBS[language].intersection(clause.split())) == 1, clause
            if language != "en":
                assert turned(clause, language).split()[0] in VERBS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_and_less_differ_for_every_factor(language: str) -> None:
    m = default_map()
    for key, opposite in (("more", "less"), ("rises", "falls")):
        for factor in (*m.factors, *m.suggested):
            assert factor.phrases[key][language] != factor.phrases[opposite][language]


def test_a_phrase_in_another_language_is_never_mixed_in() -> None:
    m = CausalMap(
        factors=(
            Factor(id="a", labels=Texts(nb="Gjeld"), phrases={"more": Texts(nb="mer gjeld")}),
            Factor(id="b", labels=Texts(nb="Helse"), phrases={"rises": Texts(en="health improves")}),
        ),
        links=(Link(id="L", source="a", target="b", sign=1),),
    )
    assert link_sentence(m, m.link("L"), "en") == "When “Gjeld” increases, “Helse” increases."


@given(
    label=st.text(min_size=1, max_size=30).filter(str.strip),
    sign=st.sampled_from([1, -1, None]),
    delay=st.sampled_from(["", "short", "long"]),
    language=st.sampled_from(LANGUAGES),
)
def test_any_label_is_said_whole_and_unchanged(label: str, sign: int | None, delay: str, language: str) -> None:
    m = CausalMap(
        factors=(Factor(id="a", labels=Texts({language: label})), default_map().factor("gjeld")),
        links=(
            Link(id="L", source="a", target="gjeld", sign=sign, delay=delay),  # type: ignore[arg-type]
            Link(id="M", source="gjeld", target="a", sign=sign, delay=delay),  # type: ignore[arg-type]
        ),
    )
    for link in m.links:
        assert label in link_sentence(m, link, language)
    assert label in loop_sentence(m, m.links, language)
