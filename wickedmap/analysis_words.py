"""What analyses come to, said in words: the same ones on the page and on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from .texts import text

__all__ = ["KINDS", "all_minimal", "cut_loops", "listed", "loops_found", "percent", "written"]

Polarity: TypeAlias = Literal["R", "B", "?"]

KINDS: Final[Mapping[Polarity, str]] = {"R": "reinforcing", "B": "balancing", "?": "unknown"}
"""The kinds of loop by their letter, as the catalogue names them."""
_IN_WORDS: Final = 12


def written(value: float, language: str, decimals: int = 0) -> str:
    r"""Return a number as a language writes it.

    Examples
    --------
    >>> written(3250, "nb"), written(0.125, "nn", 2), written(3250.5, "en", 1)
    ('3\u202f250', '0,12', '3,250.5')
    """
    said = f"{value:,.{decimals}f}"
    if language == "en":
        return said
    return said.replace(",", "\u202f").replace(".", ",")


def percent(share: float | None, language: str) -> str:
    r"""Return a share in whole per cent; nearly all or nearly nothing is never rounded to it.

    Examples
    --------
    >>> percent(0.999, "en"), percent(0.0, "nb"), percent(None, "nn")
    ('99%', '0\xa0%', '–')
    """
    if share is None:
        return "–"
    whole = round(100 * share)
    if whole == 100 and share < 1:
        whole = 99
    elif whole == 0 and share > 0:
        whole = 1
    return f"{whole}%" if language == "en" else f"{whole}\u00a0%"


def listed(parts: list[str], language: str) -> str:
    """Return names as a list in words.

    Examples
    --------
    >>> listed(["a", "b", "c"], "nb"), listed(["a"], "nb"), listed([], "nb")
    ('a, b og c', 'a', '')
    """
    if len(parts) < 2:
        return "".join(parts)
    return text(language, "analyse.and", first=", ".join(parts[:-1]), last=parts[-1])


def loops_found(
    language: str,
    total: int,
    completeness: str,
    complete_to: int,
    stopped_by: str | None,
    polarities: Mapping[Polarity, int],
) -> str:
    """Return how many loops were found, how sure that is, and of which kinds they are.

    Parameters
    ----------
    completeness, complete_to, stopped_by, polarities
        As in `wickedmap.graphs.FoundLoops`.

    Examples
    --------
    >>> loops_found("nb", 561, "all_to_length", 6, None, {"R": 379, "B": 182, "?": 0})
    'Alle sløyfer med inntil 6 ledd: 561. Av dem er 379 forsterkende og 182 balanserende.'
    """
    number = written(total, language)
    if completeness == "all":
        said = text(language, "analyse.loops.all", count=total, number=number)
    elif completeness == "all_to_length":
        said = text(language, "analyse.loops.all_to", count=total, number=number, length=complete_to)
    else:
        said = text(language, f"analyse.loops.at_least_{stopped_by or 'count'}", number=number)
        if complete_to:
            said += " " + text(language, "analyse.loops.sure_to", length=complete_to)
    kinds = [
        text(language, f"analyse.loops.count_{name}", count=count, number=written(count, language))
        for letter, name in KINDS.items()
        if (count := polarities[letter])
    ]
    if kinds:
        said += " " + text(language, "analyse.loops.of_them", kinds=listed(kinds, language))
    return said


def cut_loops(language: str, count: int) -> str:
    """Return that so many factors break all loops, small numbers in words.

    Examples
    --------
    >>> cut_loops("nb", 6), cut_loops("en", 1)
    ('Disse seks faktorene bryter alle sløyfene.', 'This one factor breaks all the loops.')
    """
    word = text(language, f"analyse.count.{count}") if count <= _IN_WORDS else written(count, language)
    return text(language, "analyse.leverage.cut", count=count, word=word)


def all_minimal(language: str, count: int, lower_bound: int, *, optimal: bool) -> str:
    """Return whether fewer factors could do it."""
    if optimal:
        return text(language, "analyse.leverage.optimal")
    return text(language, "analyse.leverage.bound", most=count, least=lower_bound)
