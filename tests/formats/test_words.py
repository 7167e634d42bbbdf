"""Everything that readers and writers say has words in all three languages."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap.formats import FORMATS, FormatError, Loss, Notice, read_bytes
from wickedmap.formats.aspects import ASPECTS, BY_KEY
from wickedmap.formats.words import error_text, loss_text, notice_text, notice_title, place_text, said
from wickedmap.text import LANGUAGES
from wickedmap.texts import catalogue

PACKAGE = Path(__file__).resolve().parents[2] / "wickedmap"
SPOKEN = [*sorted((PACKAGE / "formats").glob("*.py")), PACKAGE / "import_plan.py", PACKAGE / "importing.py"]
NORWEGIAN = [language for language in LANGUAGES if language != "en"]
VALUE = "‹7›"


def calls(*names: str) -> list[tuple[str, ast.Call]]:
    found = []
    for path in SPOKEN:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    found.append((f"{path.name} line {node.lineno}", node))
    return found


def sentences(node: ast.expr) -> list[str]:
    """Return what an expression may say, with `VALUE` for each value; nothing when it is made elsewhere."""
    if isinstance(node, ast.IfExp):
        return [*sentences(node.body), *sentences(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(parts) for parts in itertools.product(*map(_part, node.values))]
    return []


def _part(part: ast.expr) -> list[str]:
    """Return what a part of an f-string may say: itself, both ends of a choice, or some value."""
    if isinstance(part, ast.Constant):
        return [str(part.value)]
    chosen = part.value if isinstance(part, ast.FormattedValue) else part
    return sentences(chosen) if isinstance(chosen, ast.IfExp) else [VALUE]


def codes(node: ast.expr | None) -> list[str]:
    return sentences(node) if node is not None else []


SAID = [
    (where, one)
    for name, at in (("FormatError", 0), ("_Misfit", 0), ("note", 2), ("Notice", 2))
    for where, call in calls(name)
    if len(call.args) > at
    for one in sentences(call.args[at])
]


def test_the_sentences_of_the_readers_are_found() -> None:
    assert len(SAID) > 150


@pytest.mark.parametrize("language", NORWEGIAN)
def test_every_sentence_of_a_reader_or_writer_is_translated(language: str) -> None:
    # A sentence that is missing here goes under files.said in data/texts/parts/files.*.yaml.
    missing = [f"{where}: {one}" for where, one in SAID if said(one, language) == one and one != VALUE]
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_notice_has_a_heading(language: str) -> None:
    found = {one for _, call in calls("note", "Notice") if call.args for one in codes(call.args[0])}
    assert len(found) > 40
    other = notice_title("no such code", language)
    assert sorted(code for code in found if notice_title(code, language) == other) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_an_error_has_words(language: str) -> None:
    found = {"content"} | {
        one
        for _, call in calls("FormatError", "_Misfit")
        for word in call.keywords
        if word.arg == "code"
        for one in codes(word.value)
    }
    assert len(found) == 7
    assert [code for code in found if f"files.error.{code.replace('-', '_')}" not in catalogue(language)] == []
    for code in found:
        assert error_text(FormatError("nobody has said this", file="a.csv", code=code), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_loss_has_words(language: str) -> None:
    titles = {aspect.key: catalogue(language)[f"files.aspect.{aspect.key}"] for aspect in ASPECTS}
    if language == "en":
        assert titles == {aspect.key: aspect.title for aspect in ASPECTS}
        return
    untranslated = [
        note
        for form in FORMATS.values()
        for note in form.losses.values()
        if note and said(note, language) == note
    ]
    assert untranslated == []


def test_a_loss_is_told_with_its_number_in_the_readers_language() -> None:
    loss = Loss("delays", 2, BY_KEY["delays"].title, "")
    assert loss_text(loss, "en") == "delay of a link: 2 lost"
    assert loss_text(loss, "nb") == "forsinkelse i en påvirkning: 2 går tapt"
    title = BY_KEY["ignored_case"].title
    assert loss_text(Loss("ignored_case", 3, title, "get a number in brackets"), "nn").endswith(
        ": 3 får eit tal i parentes"
    )


def test_an_error_names_file_and_place_in_the_readers_language() -> None:
    with pytest.raises(FormatError) as caught:
        read_bytes(b"<graphml>\n<graph>\n", "kart.graphml")
    assert error_text(caught.value, "nb").startswith("kart.graphml, linje 3: dette er ikke gyldig XML (")
    assert error_text(caught.value, "en") == str(caught.value)


def test_columns_and_rows_are_told_in_the_readers_language() -> None:
    reading = read_bytes(b"fra;til;fortegn\nGjeld;;+\nGjeld;Husleie;pluss\n", "kart.csv")
    told = [f"{place_text(one.place, 'nb')}: {notice_text(one, 'nb')}" for one in reading.report]
    assert "linje 1: kolonner lest som: årsak = 'fra', virkning = 'til', fortegn = 'fortegn'" in told
    assert "linje 2: raden mangler årsak eller virkning; ingen påvirkning er laget" in told


def test_what_is_quoted_from_a_file_stays_as_it_is() -> None:
    notice = Notice("trash", "node 'row 3'", "'the row, line 2' is in no map of the project; left out")
    assert notice_text(notice, "nb") == "'the row, line 2' er ikke på noe kart i prosjektet; utelatt"
    assert place_text(notice.place, "nb") == "node 'row 3'"


def test_a_sentence_nobody_has_translated_is_told_with_its_kind() -> None:
    assert notice_text(Notice("no-sign", "", "the colour says nothing"), "nb") == (
        "Påvirkninger uten fortegn (the colour says nothing)"
    )
    assert said("x" * 1_000_000, "nb") == "x" * 1_000_000


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_any_text_can_be_told(value: str, language: str) -> None:
    for sentence in (value, f"the factor id {value!r} is used twice", f"cells are separated by {value}"):
        assert isinstance(said(sentence, language), str)
        assert isinstance(place_text(sentence, language), str)
    wanted = {"en": "the factor id", "nb": "faktor-id-en", "nn": "faktor-id-en"}[language]
    assert re.match(wanted, said(f"the factor id {value!r} is used twice", language))
