"""Text in several languages, and the one rule for what text may hold."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator, Mapping

from pydantic_core import core_schema

LANGUAGES: tuple[str, ...] = ("nb", "nn", "en")
"""Bokmål (the default), nynorsk and English."""

_FALLBACK = {
    "nb": ("nb", "nn", "en"),
    "nn": ("nn", "nb", "en"),
    "en": ("en", "nb", "nn"),
}
_ALLOWED_CONTROLS = frozenset("\n\t")
# Direction overrides let a text show something else than it holds.
_REFUSED_FORMATS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


class TextError(ValueError):
    """A text that cannot be stored.

    Attributes
    ----------
    code : str
        ``"empty"``, ``"too_long"``, ``"not_text"`` or ``"bad_character"``.
    limit : int or None
        The longest text allowed, where that is what was broken.
    """

    def __init__(self, code: str, message: str, limit: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.limit = limit

    def __reduce__(self) -> tuple[type[TextError], tuple[str, str, int | None]]:
        return TextError, (self.code, str(self), self.limit)


def plain(value: object, *, limit: int, empty: bool = False, one_line: bool = False) -> str:
    r"""Return `value` as clean text, or say why it cannot be stored.

    Text is normalised to NFC, line ends become ``\n``, and outer white space
    goes. Control characters, lone surrogates and direction overrides are refused:
    they break databases, files or the reader's trust in what is shown.

    Parameters
    ----------
    value : object
        Anything; only a real ``str`` passes.
    limit : int
        Longest text allowed, in characters after cleaning.
    empty : bool
        Whether an empty text is allowed.
    one_line : bool
        Whether line breaks become spaces.

    Raises
    ------
    TextError
        With a `code` that the catalogue can turn into a sentence.

    Examples
    --------
    >>> plain("  Gjeld\r\nog bøter ", limit=120, one_line=True)
    'Gjeld og bøter'
    """
    if type(value) is not str:
        raise TextError("not_text", f"expected text, got {type(value).__name__}")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    if one_line:
        text = " ".join(text.split())
    text = text.strip()
    for character in text:
        category = unicodedata.category(character)
        if category == "Cs" or character in _REFUSED_FORMATS:
            raise TextError("bad_character", f"character U+{ord(character):04X} is not allowed")
        if category == "Cc" and character not in _ALLOWED_CONTROLS:
            raise TextError("bad_character", f"control character U+{ord(character):04X} is not allowed")
    if not text and not empty:
        raise TextError("empty", "the text is empty")
    if len(text) > limit:
        raise TextError("too_long", f"{len(text)} characters; at most {limit}", limit)
    return text


def same_label(label: str) -> str:
    """Return the form in which two labels count as the same.

    Case, accents and white space are ignored, but æ, ø and å stay letters of
    their own.

    Examples
    --------
    >>> same_label(" Gjéld ") == same_label("gjeld")
    True
    >>> same_label("Råd") == same_label("Rad")
    False
    """
    folded = unicodedata.normalize("NFC", label.casefold())
    if not folded.isascii():
        folded = "".join(map(_without_accents, folded))
    return " ".join(folded.split())


@functools.lru_cache(maxsize=4096)
def _without_accents(character: str) -> str:
    if character in "æøåäö":
        return character
    return "".join(part for part in unicodedata.normalize("NFKD", character) if not unicodedata.combining(part))


class Texts(Mapping[str, str]):
    """The same text in one or more languages; immutable and hashable.

    Examples
    --------
    >>> label = Texts(nb="Gjeld", en="Debt")
    >>> label.in_language("en"), label.in_language("nn"), str(label)
    ('Debt', 'Gjeld', 'Gjeld')
    """

    __slots__ = ("_by_language",)

    def __init__(self, texts: Mapping[str, str] | None = None, **by_language: str) -> None:
        merged = {**(texts or {}), **by_language}
        object.__setattr__(self, "_by_language", {key: merged[key] for key in sorted(merged) if merged[key]})

    _by_language: dict[str, str]

    def __getitem__(self, language: str) -> str:
        return self._by_language[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_language)

    def __len__(self) -> int:
        return len(self._by_language)

    def __hash__(self) -> int:
        return hash(tuple(self._by_language.items()))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Mapping):
            return self._by_language == dict(other)
        return NotImplemented

    def __repr__(self) -> str:
        return f"Texts({self._by_language!r})"

    def __str__(self) -> str:
        return self.in_language("nb")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("Texts is immutable; build a new one")

    def __reduce__(self) -> tuple[type[Texts], tuple[dict[str, str]]]:
        return Texts, (dict(self._by_language),)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: object) -> core_schema.CoreSchema:
        """Let pydantic read and write a `Texts` as a plain object of texts."""
        return core_schema.no_info_after_validator_function(
            cls,
            core_schema.dict_schema(core_schema.str_schema(), core_schema.str_schema()),
            serialization=core_schema.plain_serializer_function_ser_schema(dict),
        )

    def language_for(self, language: str) -> str:
        """Return the language that `in_language` will answer in, for ``lang`` attributes."""
        for candidate in _FALLBACK.get(language, LANGUAGES):
            if candidate in self._by_language:
                return candidate
        return next(iter(self._by_language), language)

    def in_language(self, language: str) -> str:
        """Return the text in `language`, else in the nearest one there is, else ``""``."""
        return self._by_language.get(self.language_for(language), "")

    def with_text(self, language: str, text: str) -> Texts:
        """Return a copy with `text` as the wording in `language`."""
        return Texts({**self._by_language, language: text})
