"""The words and marks that people and tools use for the sign of a link."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from ..model import Sign


@dataclass(frozen=True, slots=True)
class SignReading:
    """A sign as read: 1, -1 or None, whether both are meant, and how sure the reading is.

    Attributes
    ----------
    sign : {1, -1, None}
    both : bool
        "It depends" or both signs; then `sign` is None.
    size : float or None
        The absolute value when the sign was given as a number.
    doubt : str
        ``""``, ``"unknown-word"`` or ``"near-miss"``.
    meant : str
        The word that a near miss resembles.
    """

    sign: Sign | None = None
    both: bool = False
    size: float | None = None
    doubt: str = ""
    meant: str = ""


_PLUS: Final = (
    *(
        "+",
        "+ve",
        "ve+",
        "pos",
        "pos.",
        "positive",
        "positiv",
        "positivt",
        "s",
        "same",
        "samme",
        "plus",
        "pluss",
    ),
    *("increase", "increases", "increasing", "øker", "auker", "h+", "m+", "l+", "(+)", "positive influence"),
    *("activates", "activation", "strengthens", "promotes", "raises", "stimulates", "direct"),
    *("styrker", "fremmer", "fremjar", "styrkjer"),
)
_MINUS: Final = (
    *("-", "-ve", "ve-", "neg", "neg.", "negative", "negativ", "negativt", "o", "opposite", "motsatt", "minus"),
    *(
        "decrease",
        "decreases",
        "decreasing",
        "reduserer",
        "reduces",
        "h-",
        "m-",
        "l-",
        "(-)",
        "negative influence",
    ),
    *("inverse", "invers", "omvendt", "reduce", "inhibits", "inhibition", "weakens", "lowers"),
    *("svekker", "svekkjer", "hemmer", "hemmar", "minsker", "minkar", "senker"),
)
_UNKNOWN: Final = (
    "",
    "?",
    "unknown",
    "ukjent",
    "ukjend",
    "n/a",
    "na",
    "none",
    "null",
    "nan",
    "uavklart",
    "unsigned",
)
_BOTH: Final = (
    *("+/-", "-/+", "+-", "-+", "±", "both", "begge", "mixed", "blandet", "blanda", "avhenger", "depends"),
    *("it depends", "det kommer an på", "ambiguous", "contested", "omstridt", "ambivalent", "dual"),
)
_WORDS: Final[dict[str, SignReading]] = {
    **{word: SignReading(sign=1) for word in _PLUS},
    **{word: SignReading(sign=-1) for word in _MINUS},
    **{word: SignReading() for word in _UNKNOWN},
    **{word: SignReading(both=True) for word in _BOTH},
}
# Mental Modeler's six steps.
FUZZY_STEPS: Final = {"h+": 1.0, "m+": 0.62, "l+": 0.25, "l-": -0.25, "m-": -0.62, "h-": -1.0}
# Words for how strong a link is.
SIZES: Final = {"weak": 1.0, "svak": 1.0, "medium": 2.0, "middels": 2.0, "strong": 3.0, "sterk": 3.0}
_DASHES: Final = str.maketrans(dict.fromkeys("−–—‐‑﹣－", "-") | {"＋": "+"})


def read_sign(word: str, *, two_ended: bool = False, suggest: bool = True) -> SignReading:
    """Return the sign that a word, mark or number stands for.

    Parameters
    ----------
    word : str
        As the file has it; case, white space and kinds of dash do not matter.
    two_ended : bool
        Read Kumu's marks at both ends: the sign is the product, so "--" is +
        and "+-" is −.
    suggest : bool
        Whether to look for the word that a misspelt one resembles.

    Examples
    --------
    >>> read_sign(" Positiv ").sign, read_sign("−0,62").size, read_sign("+/-").both
    (1, 0.62, True)
    >>> read_sign("negatve")
    SignReading(sign=None, both=False, size=None, doubt='near-miss', meant='negative')
    """
    # NFKC turns "½" into "1⁄2" and "＋" into "+"; the dashes it leaves alone are mapped first.
    if len(word) > 200:
        return SignReading(doubt="unknown-word")
    text = " ".join(unicodedata.normalize("NFKC", word.translate(_DASHES)).casefold().split())
    if two_ended and len(text) == 2 and set(text) <= {"+", "-"}:
        return SignReading(sign=-1 if text in ("+-", "-+") else 1)
    known = _WORDS.get(text)
    if known is not None:
        step = FUZZY_STEPS.get(text)
        return known if step is None else SignReading(sign=known.sign, size=abs(step))
    if text and set(text) == {"+"}:
        return SignReading(sign=1, size=float(min(len(text), 3)))
    if text == "--":
        return SignReading(doubt="near-miss", meant="-")
    number = read_number(text)
    if number is not None:
        if number == 0:
            return SignReading()
        return SignReading(sign=1 if number > 0 else -1, size=abs(number))
    near = _near_miss(text) if suggest else ""
    return SignReading(doubt="near-miss" if near else "unknown-word", meant=near)


# What nobody writes on a line for another reason than to say its sign.
_MARK: Final = re.compile(
    r"[+\-−–±?]|\(\s*[+\-−–±?]\s*\)|\+/[-−–]|[-−–]/\+|[+\-−–]ve|ve[+\-−–]|pos\w*\.?|neg\w*\.?", re.I
)


def is_mark(text: str) -> bool:
    """Whether a text is a mark such as "(+)" or a word such as "negative", which can only be a sign.

    Examples
    --------
    >>> is_mark("(+)"), is_mark("neg."), is_mark("same"), is_mark("strong negative")
    (True, True, False, False)
    """
    return _MARK.fullmatch(text) is not None


_DENIALS: Final = frozenset({"no", "not", "non", "without", "ikke", "ikkje", "ingen", "uten", "utan"})


# Among other words these are signs only of a direction: "same direction", but not "same as" or "direct cause".
_VAGUE: Final = frozenset({"direct", "same", "samme", "opposite", "motsatt"})
_DIRECTION: Final = frozenset({"direction", "retning"})


def sign_in_name(name: str) -> SignReading:
    """Return the sign that the name of a style or a type of link speaks of, when it is one only.

    Examples
    --------
    >>> sign_in_name("Strong positive influence").sign, sign_in_name("Negative (weak)").sign
    (1, -1)
    >>> sign_in_name("positive or negative").sign, sign_in_name("Funding").doubt
    (None, 'unknown-word')
    >>> sign_in_name("not positive").sign is None, sign_in_name("->").sign is None
    (True, True)
    >>> sign_in_name("opposite direction").sign, sign_in_name("same as").sign, sign_in_name("direct cause").sign
    (-1, None, None)
    """
    whole = read_sign(name, suggest=False)
    if whole.doubt != "unknown-word" or len(name) > 100:
        return whole
    # The dash of an arrow is no minus.
    words = re.findall(r"(?<![\w+\-−–<>|=])[\w+\-−–]+(?![\w+\-−–<>|=])", name)
    said = {word.casefold() for word in words}
    if _DENIALS & said:
        return whole
    said -= frozenset({"direct"}) if said & _DIRECTION else _VAGUE
    signs = {read_sign(word, suggest=False).sign for word in said if len(word) > 2 or not word.isalnum()}
    signs -= {None}
    return SignReading(sign=signs.pop()) if len(signs) == 1 else whole


def read_number(text: str) -> float | None:
    """Return a finite number written with a decimal point or a decimal comma, else None.

    Examples
    --------
    >>> read_number("-0,5"), read_number("1.5"), read_number("1e999"), read_number("1_0"), read_number("x")
    (-0.5, 1.5, None, None, None)
    """
    text = text.strip().translate(_DASHES)
    if not text or "_" in text or len(text) > 64:
        return None
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


@functools.lru_cache(maxsize=1024)
def _near_miss(text: str) -> str:
    if not 6 <= len(text) <= 20:
        return ""
    for word in (*_PLUS, *_MINUS):
        if len(word) >= 7 and abs(len(word) - len(text)) <= 2 and _distance(text, word) <= 2:
            return word
    return ""


def _distance(a: str, b: str) -> int:
    """Return the edit distance (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (left != right))
    return row[-1]
