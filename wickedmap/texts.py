"""The catalogue of every sentence the application shows, in each language.

The sentences live in ``data/texts/{nb,nn,en}.yaml`` and, one subject to a file,
in ``data/texts/parts/<subject>.<language>.yaml``. Keys are written with dots:
``errors.not_joined``. A sentence that depends on a number has two forms::

    factors:
      one: "{count} faktor"
      other: "{count} faktorer"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml

from .resources import resource_dir
from .text import LANGUAGES

DEFAULT_LANGUAGE: Final = "nb"

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CatalogueError(ValueError):
    """A catalogue file that cannot be used; the message names file and line."""


def text(language: str, key: str, /, **values: object) -> str:
    """Return the sentence `key` in `language`, with `values` filled in.

    Parameters
    ----------
    language : str
        ``"nb"``, ``"nn"`` or ``"en"``.
    key : str
        The key with dots, such as ``"errors.not_joined"``.
    **values : object
        What the placeholders stand for. `count` also chooses between the forms
        ``one`` and ``other``. Braces inside a value are never read as
        placeholders.

    Raises
    ------
    KeyError
        When there is no such language or sentence, or a placeholder has no
        value. A raw key is never returned: no user should see one.

    Examples
    --------
    >>> text("nb", "common.factors", count=3)
    '3 faktorer'
    >>> text("en", "errors.too_long", limit=120)
    'The text is longer than 120 characters. Nothing is lost: shorten it and send it again.'
    """
    sentences = catalogue(language)
    sentence = sentences.get(key)
    if sentence is None and "count" in values:
        sentence = sentences.get(f"{key}.{'one' if values['count'] == 1 else 'other'}")
    if sentence is None:
        hint = " (it needs count=)" if f"{key}.other" in sentences else ""
        raise KeyError(f"no text {key!r} in the catalogue for {language!r}{hint}")

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in values:
            raise KeyError(f"the text {key!r} needs a value for {{{name}}}")
        return str(values[name])

    return _PLACEHOLDER.sub(fill, sentence)


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every sentence in `language` by its dotted key.

    The two forms of a counted sentence are the keys ``<key>.one`` and
    ``<key>.other``.

    Raises
    ------
    KeyError
        When there is no such language.
    CatalogueError
        When a file is not a tree of texts, or says a key twice.
    """
    if language not in LANGUAGES:
        raise KeyError(f"no catalogue for language {language!r}; there are {', '.join(LANGUAGES)}")
    folder = resource_dir("data") / "texts"
    files = [folder / f"{language}.yaml", *sorted((folder / "parts").glob(f"*.{language}.yaml"))]
    return read_catalogue(files)


def read_catalogue(files: list[Path]) -> Mapping[str, str]:
    """Return the sentences of `files` in one mapping.

    Every scalar is text: ``no`` stays ``"no"``.

    Raises
    ------
    CatalogueError
        When a file is not YAML, holds anything but texts in a tree, or repeats
        a key that it or an earlier file has.
    """
    sentences: dict[str, str] = {}
    said_in: dict[str, str] = {}
    for path in files:
        try:
            root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
        except yaml.YAMLError as error:
            raise CatalogueError(f"{path.name}: {error}") from error
        for key, sentence, line in _leaves(root, "", path.name):
            if key in sentences:
                raise CatalogueError(f"{path.name} line {line}: {key!r} is already in {said_in[key]}")
            sentences[key] = sentence
            said_in[key] = f"{path.name} line {line}"
    return MappingProxyType(sentences)


def _leaves(node: yaml.Node | None, prefix: str, name: str) -> Iterator[tuple[str, str, int]]:
    if node is None:
        return
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode) and prefix:
        if not node.value.strip():
            raise CatalogueError(f"{name} line {line}: {prefix!r} has no text")
        yield prefix, node.value, line
    elif isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or not _NAME.fullmatch(key_node.value):
                raise CatalogueError(
                    f"{name} line {key_node.start_mark.line + 1}: a key is small letters, digits and _"
                )
            yield from _leaves(value, f"{prefix}.{key_node.value}" if prefix else key_node.value, name)
    else:
        raise CatalogueError(f"{name} line {line}: expected texts under named keys")


def browser_texts(language: str, *subjects: str) -> dict[str, str]:
    """Return the sentences under `subjects`, for the scripts in the browser.

    Placeholders are left in place; the scripts fill them.

    Raises
    ------
    KeyError
        When a subject has no sentence at all.

    Examples
    --------
    >>> browser_texts("en", "common.languages")["common.languages.en"]
    'English'
    """
    chosen: dict[str, str] = {}
    for subject in subjects:
        found = {key: value for key, value in catalogue(language).items() if key.startswith(f"{subject}.")}
        if not found:
            raise KeyError(f"no texts under {subject!r} in the catalogue for {language!r}")
        chosen.update(found)
    return chosen


def placeholders(sentence: str) -> frozenset[str]:
    """Return the names that `sentence` needs values for.

    Examples
    --------
    >>> sorted(placeholders("{count} of {total}"))
    ['count', 'total']
    """
    return frozenset(_PLACEHOLDER.findall(sentence))


def preferred_language(accept_language: str) -> str:
    """Return the language of ours that an ``Accept-Language`` header likes best.

    Norwegian without a form (``no``) is bokmål, and so is anything we do not
    speak or cannot read.

    Examples
    --------
    >>> preferred_language("sv, nn-NO;q=0.8, en;q=0.5")
    'nn'
    >>> preferred_language("no-NO"), preferred_language("fr"), preferred_language("")
    ('nb', 'nb', 'nb')
    """
    best, best_weight = DEFAULT_LANGUAGE, 0.0
    for part in accept_language[:500].split(","):
        tag, _, parameter = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        language = DEFAULT_LANGUAGE if language == "no" else language
        number = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameter)
        weight = float(number.group(1)) if number else 0.0 if parameter else 1.0
        if language in LANGUAGES and weight > best_weight:
            best, best_weight = language, weight
    return best
