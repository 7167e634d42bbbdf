"""Things worth a second look: factors that may be one, and a map where nothing holds back."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy import sparse

from ..causal_map import CausalMap
from ..text import same_label
from .loop_limits import positive_count
from .signed import MapOrGraph, SignedGraph, read_signed
from .weighted import finite, strong_components

if TYPE_CHECKING:
    import pandas as pd

Likeness = Literal["same_label", "same_words", "similar", "maybe_opposite"]

# Bokmål, nynorsk and English ways of turning a word into its opposite.
_TURNING_PREFIXES = ("u", "mis", "un", "in", "im", "dis", "ikke-", "ikkje-", "non-")
_TURNING_WORDS = frozenset(
    (
        *("ikke", "ikkje", "ingen", "lite", "lav", "lavt", "låg", "lågt", "mindre", "mangel", "fravær"),
        *("manglende", "manglande", "dårlig", "dårleg"),
        *("not", "no", "low", "lack", "absence", "poor", "less"),
    )
)


@dataclass(frozen=True, slots=True)
class MergeSuggestion:
    """Two factors that may be one.

    Attributes
    ----------
    first, second : hashable
    first_label, second_label : str
        The two wordings that are alike: labels, seed labels or aliases.
    likeness : str
        ``"same_label"`` but for case, accents and spaces; ``"same_words"`` in
        another order; ``"similar"``; ``"maybe_opposite"``: alike but for a word or
        prefix that turns the meaning round, so merging would turn links round.
    score : float
        Share of letter triples in common (Dice), 0-1.
    """

    first: Hashable
    second: Hashable
    first_label: str
    second_label: str
    likeness: Likeness
    score: float


@dataclass(frozen=True)
class MergeSuggestions:
    """Pairs of factors that may be one, most alike first.

    Attributes
    ----------
    pairs : tuple of MergeSuggestion
    found : int
        Pairs found; larger than the number listed when `max_pairs` cut the list.
    """

    pairs: tuple[MergeSuggestion, ...]
    found: int

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per pair, with the fields of `MergeSuggestion`."""
        import pandas as pd

        names = list(MergeSuggestion.__slots__)
        return pd.DataFrame([[getattr(pair, name) for name in names] for pair in self.pairs], columns=names)


def suggest_merges(m: MapOrGraph, threshold: float = 0.6, max_pairs: int | None = 100) -> MergeSuggestions:
    """Find factors with nearly the same wording.

    Labels in the map's language, seed labels and aliases are compared letter triple
    by letter triple (Dice 1945), which needs no dictionary. A group and its own
    members are not suggested.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
    threshold : float
        Least share of common letter triples, above 0 and at most 1.
    max_pairs : int or None
        Most pairs to list; `found` tells how many there are.

    Raises
    ------
    ValueError
        For a threshold out of range or `max_pairs` below 1.

    Notes
    -----
    One sparse product; about linear in the pairs of wordings that share a triple.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([], factors=["Gjeld", "gjeld ", "Stabil bolig", "Ustabil bolig"])
    >>> [(p.first, p.second, p.likeness) for p in suggest_merges(m).pairs]
    [('Gjeld', 'gjeld ', 'same_label'), ('Stabil bolig', 'Ustabil bolig', 'maybe_opposite')]
    """
    if not 0 < finite("threshold", threshold) <= 1:
        raise ValueError(f"threshold: {threshold!r} is not above 0 and at most 1")
    most = positive_count(max_pairs, "max_pairs")
    graph = read_signed(m)
    owners, wordings = _wordings(m, graph)
    related = _related(m, graph)
    best: dict[tuple[int, int], tuple[float, int, int]] = {}
    for i, j, score in _alike(wordings, threshold):
        pair = (min(owners[i], owners[j]), max(owners[i], owners[j]))
        if pair[0] == pair[1] or pair in related:
            continue
        if owners[i] > owners[j]:
            i, j = j, i
        if pair not in best or score > best[pair][0]:
            best[pair] = score, i, j
    ordered = sorted(best, key=lambda pair: (-round(best[pair][0], 12), pair))
    # Thousands of factors can be alike two and two: only those listed are looked into.
    listed = [best[pair] for pair in ordered[:most]]
    pairs = tuple(
        MergeSuggestion(
            first=graph.factors[owners[i]],
            second=graph.factors[owners[j]],
            first_label=wordings[i],
            second_label=wordings[j],
            likeness=_likeness(wordings[i], wordings[j]),
            score=score,
        )
        for score, i, j in listed
    )
    return MergeSuggestions(pairs, len(ordered))


def _wordings(m: MapOrGraph, graph: SignedGraph) -> tuple[list[int], list[str]]:
    owners, wordings = [], []
    for position, factor in enumerate(graph.factors):
        texts = [graph.labels[position]]
        if isinstance(m, CausalMap):
            stated = m.factor(str(factor))
            texts += [stated.seed_label, *stated.aliases]
        for text in dict.fromkeys(text for text in texts if text.strip()):
            owners.append(position)
            wordings.append(text)
    return owners, wordings


def _related(m: MapOrGraph, graph: SignedGraph) -> set[tuple[int, int]]:
    if not isinstance(m, CausalMap):
        return set()
    position = {factor: number for number, factor in enumerate(graph.factors)}
    pairs = (
        (position[f.id], position[member]) for f in m.factors for member in f.members if member in position
    )
    return {(min(pair), max(pair)) for pair in pairs}


def _alike(wordings: list[str], threshold: float) -> list[tuple[int, int, float]]:
    """Return pairs of wordings whose letter triples overlap enough, with the share."""
    number: dict[str, int] = {}
    rows, columns = [], []
    for row, text in enumerate(wordings):
        padded = f"  {same_label(text)} "
        for triple in {padded[k : k + 3] for k in range(len(padded) - 2)}:
            rows.append(row)
            columns.append(number.setdefault(triple, len(number)))
    shape = (len(wordings), max(1, len(number)))
    has: Any = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    sizes = np.asarray(has.sum(axis=1)).ravel()
    found: list[tuple[int, int, float]] = []
    # In blocks, so that thousands of factors do not fill the memory.
    for start in range(0, len(wordings), 500):
        common = sparse.coo_array(has[start : start + 500] @ has.T)
        first, second = common.coords[0] + start, common.coords[1]
        scores = 2.0 * common.data / (sizes[first] + sizes[second])
        kept = (first < second) & (scores >= threshold - 1e-12)
        found += zip(first[kept].tolist(), second[kept].tolist(), scores[kept].tolist(), strict=True)
    return sorted(found)


def _likeness(first: str, second: str) -> Likeness:
    one, other = same_label(first), same_label(second)
    if one == other:
        return "same_label"
    words, others = one.split(), other.split()
    if sorted(words) == sorted(others):
        return "same_words"
    left, right = set(words) - set(others), set(others) - set(words)
    if (left | right) & _TURNING_WORDS:
        return "maybe_opposite"
    if any(_turned(a, b) or _turned(b, a) for a in left for b in right):
        return "maybe_opposite"
    return "similar"


def _turned(word: str, other: str) -> bool:
    return any(word == prefix + other for prefix in _TURNING_PREFIXES)


@dataclass(frozen=True)
class ValenceCheck:
    """Whether signs only repeat which factors are good and bad.

    Attributes
    ----------
    follows : tuple
        Links whose sign is the product of the valences of their ends.
    differs : tuple
        Links whose sign is not.
    unknown_sign, no_valence : tuple
        Links that cannot be judged: sign unknown, or an end without valence.
    share : float or None
        Of the links that can be judged, the share that follows; None, with
        `reason` ``"nothing_to_judge"``, when there are none.
    links_on_loops : int
        Links inside strongly connected components: only these close loops.
    by_valence : bool
        Loops exist and every link on them follows valence, so every loop is
        reinforcing whatever its length.
    all_reinforcing : bool or None
        Whether every loop is reinforcing, by an exact test of balance (Harary
        1953); None when there are no loops, or unknown signs leave it open.
    question : {"what_holds_it_back", ""}
        What to ask the room: set when every loop is reinforcing. A problem that
        lasts without exploding has balancing loops that nobody drew.
    """

    follows: tuple[Hashable, ...]
    differs: tuple[Hashable, ...]
    unknown_sign: tuple[Hashable, ...]
    no_valence: tuple[Hashable, ...]
    share: float | None
    reason: str
    links_on_loops: int
    by_valence: bool
    all_reinforcing: bool | None
    question: Literal["what_holds_it_back", ""]

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per link: ``link, verdict``."""
        import pandas as pd

        parts = ("follows", "differs", "unknown_sign", "no_valence")
        rows = [(link, part) for part in parts for link in getattr(self, part)]
        return pd.DataFrame(rows, columns=["link", "verdict"])


def valence_check(m: MapOrGraph, valences: Mapping[Any, str] | None = None) -> ValenceCheck:
    """Find out whether signs say more than "bad makes bad worse".

    When every sign is the product of the valences of its two ends, the valences
    cancel around any loop and every loop is reinforcing. Such a map often shows a
    way of drawing more than a way of working, and what holds the problem back has
    been left out.

    Parameters
    ----------
    m : CausalMap or networkx directed graph
        Valences are those of the factors, or the node attribute ``valence``.
    valences : mapping of factor to {"good", "bad", ""}, optional
        Used in place of the map's own where given.

    Raises
    ------
    ValueError
        For an unknown factor or valence in `valences`.

    Notes
    -----
    O(factors + links); loops are not enumerated.

    Examples
    --------
    >>> from wickedmap import CausalMap
    >>> m = CausalMap.from_links([("debt", "housing", -1), ("housing", "debt", -1)])
    >>> v = valence_check(m, {"debt": "bad", "housing": "good"})
    >>> v.share, v.by_valence, v.question
    (1.0, True, 'what_holds_it_back')
    """
    graph = read_signed(m)
    value = _valences(m, graph, valences)
    parts: dict[str, list[Hashable]] = {"follows": [], "differs": [], "unknown_sign": [], "no_valence": []}
    verdicts = []
    for link in graph.links:
        product = value[link.source] * value[link.target]
        if link.sign == 0:
            verdict = "unknown_sign"
        elif product == 0:
            verdict = "no_valence"
        else:
            verdict = "follows" if link.sign == product else "differs"
        parts[verdict].append(link.id)
        verdicts.append(verdict)
    judged = len(parts["follows"]) + len(parts["differs"])
    sources = np.array([link.source for link in graph.links], dtype=np.intp)
    targets = np.array([link.target for link in graph.links], dtype=np.intp)
    component = strong_components(len(graph.factors), sources, targets) if len(sources) else sources
    looping = np.flatnonzero(component[sources] == component[targets]).tolist() if len(sources) else []
    by_valence = bool(looping) and all(verdicts[row] == "follows" for row in looping)
    balanced = _all_reinforcing(graph, looping)
    return ValenceCheck(
        follows=tuple(parts["follows"]),
        differs=tuple(parts["differs"]),
        unknown_sign=tuple(parts["unknown_sign"]),
        no_valence=tuple(parts["no_valence"]),
        share=len(parts["follows"]) / judged if judged else None,
        reason="" if judged else "nothing_to_judge",
        links_on_loops=len(looping),
        by_valence=by_valence,
        all_reinforcing=balanced,
        question="what_holds_it_back" if balanced else "",
    )


def _valences(m: MapOrGraph, graph: SignedGraph, given: Mapping[Any, str] | None) -> list[int]:
    meaning = {"good": 1, "bad": -1, "": 0}
    if isinstance(m, CausalMap):
        own = [meaning[m.factor(str(factor)).valence] for factor in graph.factors]
    else:
        own = [meaning.get(m.nodes[factor].get("valence") or "", 0) for factor in graph.factors]
    for factor, valence in (given or {}).items():
        if valence not in meaning:
            raise ValueError(f"valences of {factor!r}: {valence!r} is not good, bad or empty")
        own[graph.index_of(factor, "valences")] = meaning[valence]
    return own


def _all_reinforcing(graph: SignedGraph, looping: list[int]) -> bool | None:
    """Colour factors so that signs are products of colours; a strongly connected part is then balanced.

    In a strongly connected part every link lies on a loop, and two chains with the
    same ends but opposite signs close to loops of opposite polarity. So all loops
    reinforce exactly when such a colouring exists. An unknown sign stands for
    either: if no colouring exists even without those links, the answer is no.
    """
    if not looping:
        return None
    beside: dict[int, list[tuple[int, int]]] = {}
    for row in looping:
        link = graph.links[row]
        if link.sign:
            beside.setdefault(link.source, []).append((link.target, link.sign))
            beside.setdefault(link.target, []).append((link.source, link.sign))
    colour: dict[int, int] = {}
    for root in beside:
        if root in colour:
            continue
        colour[root] = 1
        waiting = [root]
        while waiting:
            near = waiting.pop()
            for far, sign in beside[near]:
                if far not in colour:
                    colour[far] = colour[near] * sign
                    waiting.append(far)
                elif colour[far] != colour[near] * sign:
                    return False
    return True if all(graph.links[row].sign for row in looping) else None
