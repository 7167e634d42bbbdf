"""What readers and writers say of a file, in the reader's language.

The sentences stand in English where they are said, beside the code that says them.
The catalogue has each of them under ``files.said``, with its values as placeholders,
and what it is called in the other languages. `tests/formats/test_words.py` finds the
sentence that has no translation.
"""

from __future__ import annotations

import contextlib
import re
from functools import cache
from typing import Final

from ..texts import catalogue, text
from .aspects import Loss
from .errors import FormatError
from .reading import Notice

_LONGEST: Final = 4_000
"""A longer sentence quotes so much of a file that it is not looked up."""
_PLACE: Final = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|"""
    r"\b(row|line|sheet|column|node|edge|factor|factors|link|links|table|attribute|agency)\b(?!\[)"
)
_LEADING: Final = re.compile(r"(?:row|line|sheet|table) ['\d]")
_ROLE: Final = re.compile(
    r"(?<![^,\s])(source|target|sign|strength|delay|direction|agency|participant|note|id|label|domain|agencies"
    r"|definition|x|y) = (?=')"
)
_NAME: Final = re.compile(r"\{([a-z_]+)\}")


def said(sentence: str, language: str) -> str:
    """Return an English sentence of a reader or writer in another language.

    One that the catalogue does not have is returned as it is.

    Examples
    --------
    >>> said("more than 2000 factors; split the map", "nb")
    'mer enn 2000 faktorer; del kartet'
    """
    return _translated(sentence, language) or sentence


def word(value: str, language: str) -> str:
    """Return what stands in a sentence, such as a reason of the system, in a language where it is known.

    Examples
    --------
    >>> word("Permission denied", "nb"), word("nobody has said this", "nb")
    ('ingen tilgang', 'nobody has said this')
    """
    return value if language == "en" else _value(value, language)


def notice_text(notice: Notice, language: str) -> str:
    """Return what a notice says, without its place; with a sentence for its kind where there is no better."""
    return _of_kind(notice_title(notice.code, language), notice.text, language)


def notice_title(code: str, language: str) -> str:
    """Return what notices of a kind are about, as a heading."""
    try:
        return text(language, f"files.notice.{code.replace('-', '_')}")
    except KeyError:
        return text(language, "files.notice.other")


def place_text(place: str, language: str) -> str:
    """Return where in a file, in another language; what is quoted stays.

    Examples
    --------
    >>> place_text("sheet 'row 1', row 3, column sign", "nb")
    "ark 'row 1', rad 3, kolonne sign"
    """
    if language == "en":
        return place

    def word(found: re.Match[str]) -> str:
        name = found.group(1)
        return text(language, f"files.place.{name}") if name else found.group(0)

    return _PLACE.sub(word, place)


def error_text(error: FormatError, language: str) -> str:
    """Return what is wrong with a file: its name, the place, and what to do."""
    where = ", ".join(part for part in (error.file, place_text(error.place, language)) if part)
    kind = text(language, f"files.error.{error.code.replace('-', '_')}")
    message = _of_kind(kind, error.message, language)
    return f"{where}: {message}" if where else message


def loss_text(loss: Loss, language: str) -> str:
    """Return what a format could not carry, and what became of it."""
    if language == "en":
        return str(loss)
    title, _, instead = str(loss).rpartition(f": {loss.number} ")
    with contextlib.suppress(KeyError):
        title = text(language, f"files.aspect.{loss.aspect}")
    return f"{title}: {loss.number} {said(instead, language)}"


def _of_kind(kind: str, sentence: str, language: str) -> str:
    if language == "en":
        return sentence
    return _translated(sentence, language) or f"{kind} ({sentence})"


def _translated(sentence: str, language: str) -> str:
    """Return the sentence in a language, or nothing when the catalogue does not know it."""
    if language == "en":
        return sentence
    if len(sentence) > _LONGEST:
        return ""
    for start, pattern, name in _patterns():
        if sentence.startswith(start) and (found := pattern.fullmatch(sentence)):
            values = {key: _value(value, language) for key, value in found.groupdict().items()}
            return text(language, f"files.said.{name}", **values)
    return ""


def _value(value: str, language: str) -> str:
    """Return what stands in a sentence: words of ours in the reader's language, all else as it is."""
    known = _words().get(value)
    if known is not None:
        return text(language, f"files.word.{known}")
    if _LEADING.match(value):
        return place_text(value, language)
    return _ROLE.sub(lambda found: f"{text(language, f'files.role.{found.group(1)}')} = ", value)


@cache
def _words() -> dict[str, str]:
    """Return the words that stand in sentences, by their English form."""
    return {english: name for name, english in _under("files.word.")}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return each sentence's beginning, its pattern and its name; those that say most come first."""
    found = []
    for name, sentence in _under("files.said."):
        parts = _NAME.split(sentence)
        written = "".join(
            f"(?P<{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)
        )
        found.append((len("".join(parts[::2])), parts[0], re.compile(written, re.S), name))
    found.sort(key=lambda one: -one[0])
    return tuple((start, pattern, name) for _, start, pattern, name in found)


def _under(family: str) -> list[tuple[str, str]]:
    return [
        (key.removeprefix(family), sentence)
        for key, sentence in catalogue("en").items()
        if key.startswith(family)
    ]
