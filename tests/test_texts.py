"""The catalogue: three languages that say the same things, and code that asks only for what is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap.text import LANGUAGES
from wickedmap.texts import (
    CatalogueError,
    browser_texts,
    catalogue,
    placeholders,
    preferred_language,
    read_catalogue,
    text,
)

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "wickedmap"
KEY = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
# Words offered to every page, and sentences looked up by the code of an error.
LOOKED_UP_BY_NAME = ("common.", "errors.", "undefined.")
ERROR_CODES = (
    "not_joined",
    "not_allowed",
    "doors_closed",
    "finished",
    "unknown_workshop",
    "unknown_factor",
    "unknown_link",
    "unknown_agency",
    "unknown_annotation",
    "unknown_change",
    "stale",
    "already_undone",
    "cannot_undo",
    "nothing_to_undo",
    "empty",
    "too_long",
    "not_text",
    "bad_character",
    "national_number",
    "duplicate_label",
    "same_link",
    "self_link",
    "bad_sign",
    "bad_strength",
    "bad_value",
    "missing_field",
    "unknown_field",
    "too_many",
    "too_large",
    "wrong_code",
    "too_many_tries",
    "wrong_key",
    "expired",
    "not_found",
    "not_json",
    "cross_site",
    "database_busy",
    "server_error",
    "not_proposed",
    "bad_request",
    "rate_limited",
    "wrong_host",
)
ENGLISH_WORDS = re.compile(r"\b(the|and|with|your|this|please|save|click|workshop|factor|loop|agency)\b", re.I)


def base_key(key: str) -> str:
    return re.sub(r"\.(one|other)$", "", key)


def literals_in(node: ast.AST) -> set[str]:
    return {
        child.value for child in ast.walk(node) if isinstance(child, ast.Constant) and type(child.value) is str
    }


def asked_for(tree: ast.AST) -> tuple[set[str], set[str]]:
    """Return the keys that calls of `text(language, key)` and `t(key)` name, and how built keys begin."""
    keys: set[str] = set()
    beginnings: set[str] = set()
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        position = {"text": 1, "t": 0}.get(name)
        if position is None or len(call.args) <= position:
            continue
        argument = call.args[position]
        choices = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
        for choice in choices:
            if isinstance(choice, ast.Constant) and type(choice.value) is str:
                keys.add(choice.value)
            elif isinstance(choice, ast.JoinedStr) and choice.values:
                first = choice.values[0]
                if isinstance(first, ast.Constant) and "." in str(first.value):
                    beginnings.add(str(first.value))
    return keys, beginnings


def modules() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "texts.py"]


def has(key: str) -> bool:
    return key in catalogue("nb") or f"{key}.other" in catalogue("nb")


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "nb"])
def test_every_language_has_exactly_the_keys_of_bokmal(language: str) -> None:
    ours, theirs = set(catalogue("nb")), set(catalogue(language))
    assert sorted(ours - theirs) == [], f"missing in {language}"
    assert sorted(theirs - ours) == [], f"only in {language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_needs_the_same_values_in_every_language(language: str) -> None:
    bokmal = catalogue("nb")
    different = [
        key
        for key, sentence in catalogue(language).items()
        if key in bokmal and placeholders(sentence) != placeholders(bokmal[key])
    ]
    assert different == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_sentences_have_both_forms(language: str) -> None:
    sentences = catalogue(language)
    lonely = [
        key
        for key in sentences
        if (key.endswith(".one") and base_key(key) + ".other" not in sentences)
        or (key.endswith(".other") and "{count}" in sentences[key] and base_key(key) + ".one" not in sentences)
    ]
    assert lonely == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_are_only_used_for_values(language: str) -> None:
    odd = {
        key: s for key, s in catalogue(language).items() if re.search(r"[{}]", re.sub(r"\{[a-z_]+\}", "", s))
    }
    assert odd == {}


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_norwegian_holds_no_english_leftovers(language: str) -> None:
    leftovers = {
        key: sentence
        for key, sentence in catalogue(language).items()
        # Quoted as the source document has it, and marked as English on the wall.
        if key != "wall.quote" and ENGLISH_WORDS.search(re.sub(r"\{[a-z_]+\}", "", sentence))
    }
    assert leftovers == {}


def test_nynorsk_holds_no_bokmal_forms() -> None:
    bokmal_only = re.compile(
        r"\b(ikke|noe|noen|hva|hvem|hvor|hvordan|jeg|ble|fra|flere|lenken|slettet|lagret)\b", re.I
    )
    assert {key: s for key, s in catalogue("nn").items() if bokmal_only.search(s)} == {}


def test_every_key_that_the_code_asks_for_is_in_the_catalogue() -> None:
    missing = []
    for path in modules():
        keys, beginnings = asked_for(ast.parse(path.read_text(encoding="utf-8")))
        missing += [f"{path.relative_to(ROOT)}: {key}" for key in sorted(keys) if not has(key)]
        missing += [
            f"{path.relative_to(ROOT)}: {start}..."
            for start in sorted(beginnings)
            if not any(key.startswith(start) for key in catalogue("nb"))
        ]
    assert missing == []


def test_every_key_in_the_catalogue_is_used() -> None:
    literals: set[str] = set()
    beginnings: set[str] = set(LOOKED_UP_BY_NAME)
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        literals |= literals_in(tree)
        beginnings |= asked_for(tree)[1]
        for call in ast.walk(tree):
            name = getattr(getattr(call, "func", None), "id", getattr(getattr(call, "func", None), "attr", ""))
            if isinstance(call, ast.Call) and name == "browser_texts":
                beginnings |= {f"{subject}." for subject in literals_in(call)}
    unused = [
        key
        for key in catalogue("nb")
        if key not in literals and base_key(key) not in literals and not key.startswith(tuple(beginnings))
    ]
    assert unused == []


@pytest.mark.parametrize("code", ERROR_CODES)
def test_every_error_code_has_a_sentence_in_every_language(code: str) -> None:
    sentences = {catalogue(language)[f"errors.{code}"] for language in LANGUAGES}
    assert len(sentences) >= 2, "the English is not translated"
    assert all(sentence.endswith(".") for sentence in sentences)


def test_a_count_chooses_the_form() -> None:
    assert [text("nb", "common.factors", count=n) for n in (0, 1, 2)] == [
        "0 faktorer",
        "1 faktor",
        "2 faktorer",
    ]


def test_a_missing_key_is_named_and_never_shown() -> None:
    with pytest.raises(KeyError, match=r"no text 'no\.such_key' in the catalogue for 'nn'"):
        text("nn", "no.such_key")


def test_a_counted_sentence_without_a_count_says_what_it_needs() -> None:
    with pytest.raises(KeyError, match="needs count="):
        text("nb", "common.factors")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(KeyError, match=r"'errors\.too_long' needs a value for \{limit\}"):
        text("nb", "errors.too_long")


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(KeyError, match="no catalogue for language 'sv'"):
        text("sv", "common.save")


@given(label=st.text(max_size=40))
def test_user_text_passes_unread(label: str) -> None:
    assert f"«{label}»" in text("nb", "errors.duplicate_label", label=label)


def test_user_text_with_braces_is_not_a_placeholder() -> None:
    assert "«{label}{limit}{0.__class__}»" in text(
        "nb", "errors.duplicate_label", label="{label}{limit}{0.__class__}"
    )


def test_scalars_stay_text(tmp_path: Path) -> None:
    file = tmp_path / "a.nb.yaml"
    file.write_text("a:\n  no: NO\n  number: 0777\n  time: 12:30\n", encoding="utf-8")
    assert dict(read_catalogue([file])) == {"a.no": "NO", "a.number": "0777", "a.time": "12:30"}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("a: x\na: y\n", "line 2: 'a' is already in a.nb.yaml line 1"),
        ("a:\n  b: x\na:\n  b: y\n", r"line 4: 'a\.b' is already in a.nb.yaml line 2"),
        ("a:\n  - x\n", "line 2: expected texts under named keys"),
        ("just text\n", "line 1: expected texts under named keys"),
        ("a:\n  b:\n", r"line 2: 'a\.b' has no text"),
        ('a:\n  b: "  "\n', r"line 2: 'a\.b' has no text"),
        ("A b: x\n", "line 1: a key is small letters"),
        ("a: [x\n", "a.nb.yaml"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "a.nb.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CatalogueError, match=problem):
        read_catalogue([file])


def test_the_same_key_in_two_files_is_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "a.nb.yaml", tmp_path / "b.nb.yaml"
    first.write_text("a:\n  b: x\n", encoding="utf-8")
    second.write_text("a:\n  c: x\n  b: y\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"b\.nb\.yaml line 3: 'a\.b' is already in a\.nb\.yaml line 2"):
        read_catalogue([first, second])


def test_every_file_of_parts_is_of_a_language_we_speak_and_in_all_of_them() -> None:
    parts = ROOT / "data" / "texts" / "parts"
    by_subject: dict[str, set[str]] = {}
    for path in parts.glob("*.yaml"):
        subject, language, _ = path.name.rsplit(".", 2)
        by_subject.setdefault(subject, set()).add(language)
    assert {subject: found for subject, found in by_subject.items() if found != set(LANGUAGES)} == {}


def test_browser_texts_are_those_of_the_subjects() -> None:
    chosen = browser_texts("nn", "errors", "common.sign")
    assert chosen["errors.cross_site"] == catalogue("nn")["errors.cross_site"]
    assert all(key.startswith(("errors.", "common.sign.")) for key in chosen)


def test_browser_texts_refuse_a_subject_without_texts() -> None:
    with pytest.raises(KeyError, match="no texts under 'eror'"):
        browser_texts("nb", "eror")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("nb-NO,nb;q=0.9,no;q=0.8,en;q=0.7", "nb"),
        ("nn", "nn"),
        ("en-GB,en;q=0.9", "en"),
        ("de, en;q=0.1", "en"),
        ("en;q=0", "nb"),
        ("en;q=0.5, nn;q=0.6", "nn"),
        ("*", "nb"),
        ("en;q=abc, nn;q=0.2", "nn"),
        ("," * 100_000, "nb"),
    ],
)
def test_the_header_of_the_browser_chooses_a_language_we_speak(header: str, language: str) -> None:
    assert preferred_language(header) == language
