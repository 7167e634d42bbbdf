"""Say an influence or a loop as a sentence that can be read aloud.

The default map brings its own phrases for every factor ("mer gjeld", "gjelden
øker"), because no rule inflects three languages well. Factors that people add
have none; they are named in quotation marks: "Når «Ventetid» øker, øker gjelden."
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .causal_map import CausalMap
from .model import Factor, Link, Sign
from .texts import text

__all__ = ["link_sentence", "loop_sentence", "turned"]

VERBS: Final = {
    "nb": frozenset({"blir", "øker", "minker"}),
    "nn": frozenset({"blir", "aukar", "minkar"}),
    "en": frozenset({"becomes", "increases", "decreases", "is", "become", "increase", "decrease", "are"}),
}
"""The verbs that phrases with ``rises`` and ``falls`` may use, so that they can be turned."""

_PLURAL_VERBS: Final = frozenset({"become", "increase", "decrease", "are"})
_CONNECTIVES = 3


def link_sentence(causal_map: CausalMap, link: Link, language: str = "nb") -> str:
    """Return what a link says, as one sentence.

    A long delay is said ("etter hvert"); an unknown sign is called undecided, and
    both signs are both named.

    Parameters
    ----------
    causal_map : CausalMap
        Where the link's two factors are.
    link : Link
        Its sign may be another than the map's, such as a person's own.
    language : str
        ``"nb"``, ``"nn"`` or ``"en"``.

    Raises
    ------
    KeyError
        When the map lacks one of the factors, or there is no such language.

    Examples
    --------
    >>> from wickedmap import default_map
    >>> m = default_map()
    >>> link_sentence(m, m.link("L52"))
    'Mer gjeld gir flere utkastelser.'
    >>> link_sentence(m, m.link("L10"), "en")
    'More stable housing leads in time to fewer substance use problems.'
    """
    source, target = causal_map.factor(link.source), causal_map.factor(link.target)
    count = 2 if _is_plural(source, language) else 1
    more_source, more_target, less_target = (
        _phrase(source, "more", language),
        _phrase(target, "more", language),
        _phrase(target, "less", language),
    )
    in_time = "_in_time" if link.delay == "long" else ""
    if link.sign is None and not link.both_signs:
        sentence = text(
            language,
            "sentences.link.unknown",
            count=count,
            cause=_name(source, language),
            effect=_name(target, language),
        )
    elif not (more_source and more_target and less_target):
        cause = _clause(source, 1, language)
        if link.sign is None:
            sentence = text(language, "sentences.link.when_both", cause=cause, effect=_name(target, language))
        else:
            effect = turned(_clause(target, link.sign, language), language)
            sentence = text(language, f"sentences.link.when{in_time}", cause=cause, turned=effect)
    elif link.sign is None:
        sentence = text(language, "sentences.link.both", cause=more_source, more=more_target, less=less_target)
    else:
        effect = more_target if link.sign == 1 else less_target
        sentence = text(
            language, f"sentences.link.gives{in_time}", count=count, cause=more_source, effect=effect
        )
    return _capitalised(sentence)


def loop_sentence(causal_map: CausalMap, links: Sequence[Link], language: str = "nb") -> str:
    """Return what a loop says, link by link, from a rise of its first factor.

    The end says whether the loop comes back to the same (it reinforces itself), to
    the opposite (it holds itself back), or whether that is undecided because a sign
    on the way is not known.

    Parameters
    ----------
    causal_map : CausalMap
        Where the factors are.
    links : sequence of Link
        The links of the loop in order; the last one leads back to where the first
        one starts.
    language : str
        ``"nb"``, ``"nn"`` or ``"en"``.

    Raises
    ------
    ValueError
        When the links do not form one closed walk.

    Examples
    --------
    >>> from wickedmap import default_map
    >>> m = default_map()
    >>> print(loop_sentence(m, [m.link("L57"), m.link("L58")]))
    Når gjelden øker, øker kriminaliteten. Da øker gjelden, og vi er tilbake der vi begynte. \
Sløyfen forsterker seg selv.
    """
    if not links:
        raise ValueError("links: a loop has at least one link")
    for link, following in zip(links, (*links[1:], links[0]), strict=True):
        if link.target != following.source:
            raise ValueError(f"links: {link.id!r} does not lead to where {following.id!r} starts")
    start = causal_map.factor(links[0].source)
    opening = _clause(start, 1, language)
    if len(links) == 1 and links[0].sign is not None:
        effect = _clause(start, links[0].sign, language)
        said = [text(language, "sentences.loop.itself", cause=opening, effect=effect)]
        return _joined([*said, _verdict(links[0].sign, language)])

    said = []
    direction: Sign | None = 1
    for position, link in enumerate(links):
        target = causal_map.factor(link.target)
        previous, direction = direction, _times(direction, link.sign)
        is_last = position == len(links) - 1
        if direction is not None:
            effect = turned(_clause(target, direction, language), language)
            if position == 0:
                key = "sentences.link.when_in_time" if link.delay == "long" else "sentences.link.when"
                said.append(text(language, key, cause=opening, turned=effect))
                continue
            if link.delay == "long":
                connective = f"in_time_{1 if position % 2 else 2}"
            else:
                connective = f"next_{(position - 1) % _CONNECTIVES + 1}"
            clause = text(language, f"sentences.loop.{connective}", turned=effect)
            if is_last:
                outcome = "same" if direction == 1 else "opposite"
                said.append(text(language, f"sentences.loop.{outcome}", clause=clause))
            else:
                said.append(f"{clause}.")
        elif position == 0:
            effect = _name(target, language)
            said.append(text(language, "sentences.loop.unknown_first", cause=opening, effect=effect))
        elif not is_last:
            key = "unknown_next" if previous is not None or link.sign is None else "undecided_next"
            said.append(text(language, f"sentences.loop.{key}", effect=_name(target, language)))
    if direction is None:
        said.append(text(language, "sentences.loop.undecided", effect=_name(start, language)))
    else:
        said.append(_verdict(direction, language))
    return _joined(said)


def turned(clause: str, language: str) -> str:
    """Return a clause with its verb first, as Norwegian has it after another clause.

    A clause without one of `VERBS` is returned as it is, and so is English.

    Examples
    --------
    >>> turned("boligen blir mindre stabil", "nb"), turned("debt increases", "en")
    ('blir boligen mindre stabil', 'debt increases')
    """
    if language == "en":
        return clause
    words = clause.split(" ")
    # The verb of an own factor stands last, after a label that may hold any word.
    places = [index for index, word in enumerate(words) if word in VERBS[language]]
    if not places:
        return clause
    verb = places[-1] if clause.startswith("«") else places[0]
    return " ".join([words[verb], *words[:verb], *words[verb + 1 :]])


def _phrase(factor: Factor, key: str, language: str) -> str:
    """Return the factor's own phrase, or ``""``: never one in another language."""
    return factor.phrases[key].get(language, "") if key in factor.phrases else ""


def _name(factor: Factor, language: str) -> str:
    own = _phrase(factor, "name", language)
    return own or text(language, "sentences.own.name", label=factor.labels.in_language(language))


def _clause(factor: Factor, direction: Sign, language: str) -> str:
    key = "rises" if direction == 1 else "falls"
    own = _phrase(factor, key, language)
    if own and VERBS[language].intersection(own.split(" ")):
        return own
    return text(language, f"sentences.own.{key}", label=factor.labels.in_language(language))


def _is_plural(factor: Factor, language: str) -> bool:
    return language == "en" and bool(_PLURAL_VERBS.intersection(_phrase(factor, "rises", "en").split(" ")))


def _times(direction: Sign | None, sign: Sign | None) -> Sign | None:
    if direction is None or sign is None:
        return None
    return 1 if direction == sign else -1


def _verdict(direction: Sign, language: str) -> str:
    return text(language, f"sentences.loop.{'reinforcing' if direction == 1 else 'balancing'}")


def _capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _joined(sentences: Sequence[str]) -> str:
    return " ".join(_capitalised(sentence) for sentence in sentences)
