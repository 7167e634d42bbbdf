"""Which words several agencies use, so that shared and own terms can be seen side by side.

No rule inflects three languages well; endings are cut off by a short list, which is
right often enough to mark a word and is never used to count anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]{2,}(?:-[^\W\d_]+)*")
_ENDINGS: Final = (
    *(
        "elsene",
        "elsane",
        "ingene",
        "ingane",
        "heten",
        "heita",
        "elsen",
        "elser",
        "elsar",
        "else",
        "ingen",
        "inger",
    ),
    *("ingar", "ene", "ane", "ens", "ers", "ing", "ies", "en", "et", "er", "ar", "es", "te", "de", "s", "e"),
    *("a", "t", "y"),
)
_SHORTEST: Final = 4
_COMMON_WORDS: Final = """
alle alt annen andre annet at av bare ble blei blir bli både da de deg dei dem den denne der dere deres det
dette disse du eg eit ei ein eller en enn er et etter for fra fram få får før gjennom gjer gjør gi gir god
ha hadde han har hen her hun hva hvem hver hvis hvor hvordan hvorfor i ikke ikkje ingen inn ja jeg kan ke
kom komme kommer korleis kva kven kvifor kunne like litt man mange med meg meir mellom men mens mer mest mot
mye mykje må måtte ned nei no noe noen nok nokon noko nå når og også om opp oss over på samme seg seier selv
ser si siden sin sine sitt sjølv skal skulle slik som så sånn til tid under ut uten uttan vart var ved vere
være vi vil ville vår våre vårt vert vore ønsker a about after all also an and any are as at be because been
before but by can could did do does each for from get gives had has have he her here him his how if in into
is it its just lack like made make many may more most much must no not of on one only or other our out over
own people she should so some such than that the their them then there these they this those through to too
under until up us was we were what when where which who why will with without would you your
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())


def stem(word: str) -> str:
    """Return what two forms of a word have in common; empty for words that say little.

    Examples
    --------
    >>> stem("utkastelser") == stem("Utkastelsen"), stem("også"), stem("the")
    (True, '', '')
    """
    folded = word.casefold()
    if folded in _COMMON or len(folded) < _SHORTEST:
        return ""
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST:
            return folded[: -len(ending)]
    return folded


def shared_stems(texts: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the stems that at least two of the speakers use.

    Parameters
    ----------
    texts : mapping of speaker to texts
    """
    users: dict[str, set[str]] = {}
    for speaker, written in texts.items():
        for text in written:
            for word in _WORD.findall(text):
                users.setdefault(stem(word), set()).add(speaker)
    users.pop("", None)
    return frozenset(found for found, speakers in users.items() if len(speakers) > 1)


def parts(text: str, shared: frozenset[str]) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is a word that several use.

    Examples
    --------
    >>> parts("For mye gjeld.", frozenset({"gjeld"}))
    [('For mye ', False), ('gjeld', True), ('.', False)]
    """
    found: list[tuple[str, bool]] = []
    at = 0
    for word in _WORD.finditer(text):
        if stem(word.group()) in shared:
            if word.start() > at:
                found.append((text[at : word.start()], False))
            found.append((word.group(), True))
            at = word.end()
    if at < len(text):
        found.append((text[at:], False))
    return found
