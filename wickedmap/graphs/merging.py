"""What happens to links and loops when two factors turn out to be one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from ..causal_map import CausalMap
from ..model import Factor, Link
from .loop_results import FoundLoops, Loop
from .loops import find_loops
from .reach import components

__all__ = ["MergePreview", "ParallelLinks", "RedirectedLink", "preview_merge"]


@dataclass(frozen=True, slots=True)
class RedirectedLink:
    """A link that changes an end: from (source, target) to (new_source, new_target)."""

    link: str
    source: str
    target: str
    new_source: str
    new_target: str


@dataclass(frozen=True, slots=True)
class ParallelLinks:
    """Links that come to join the same two factors the same way.

    `opposite` says that both signs are among them: they stay two links, and are not
    added up to none.
    """

    source: str
    target: str
    links: tuple[str, ...]
    opposite: bool


@dataclass(frozen=True)
class MergePreview:
    """What merging factors would do to the map.

    Attributes
    ----------
    merged : CausalMap
        The map afterwards: factors and links only, without what people said.
    redirected : tuple of RedirectedLink
    inside : tuple of str
        Links between the factors that become one; a factor that causes itself says
        nothing, so they are not in `merged`.
    parallel : tuple of ParallelLinks
        Groups that were not parallel before.
    before, after : FoundLoops
        Loops of both maps, each with how complete it is.
    gained, lost : tuple of Loop
        Loops found in one map only. With both searches exhaustive these are all; else
        all up to the length that both are complete to, see `complete_to`.
    complete_to : int or None
        None when all loops were compared.
    core_before, core_after : int
        Factors in the largest part in which everything influences everything; 0 when
        there is no loop.
    islands_before, islands_after : int
        Parts without any link between them.
    """

    merged: CausalMap
    redirected: tuple[RedirectedLink, ...]
    inside: tuple[str, ...]
    parallel: tuple[ParallelLinks, ...]
    before: FoundLoops
    after: FoundLoops
    gained: tuple[Loop, ...]
    lost: tuple[Loop, ...]
    complete_to: int | None
    core_before: int
    core_after: int
    islands_before: int
    islands_after: int


def preview_merge(
    m: CausalMap,
    keep: str,
    others: Iterable[str],
    max_length: int | None = 8,
    time_limit: float | None = 1.0,
    max_loops: int | None = 5_000,
) -> MergePreview:
    """Show what merging factors into one would do, without doing it.

    Parameters
    ----------
    m : CausalMap
    keep : str
        The factor that stays; it takes the other wordings as aliases.
    others : iterable of str
        The factors that become part of it.
    max_length, time_limit, max_loops
        As in `find_loops`, for each of the two searches.

    Raises
    ------
    ValueError
        When a factor is not in the map, or nothing is left to merge.

    Notes
    -----
    Links keep their ids, so every stance on them stays what it was.

    Examples
    --------
    >>> m = CausalMap.from_links([("debt", "eviction", 1), ("evictions", "debt", 1)])
    >>> preview = preview_merge(m, "eviction", ["evictions"])
    >>> [str(loop) for loop in preview.gained], preview.core_before, preview.core_after
    (['debt → eviction → debt (R)'], 0, 2)
    """
    away = tuple(dict.fromkeys(factor for factor in others if factor != keep))
    for factor in (keep, *away):
        if not m.has_factor(factor):
            raise ValueError(
                f"{'keep' if factor == keep else 'others'}: there is no factor {factor!r} in the map"
            )
    if not away:
        raise ValueError("others: name at least one factor to merge into the one that stays")
    one = {keep, *away}
    links: list[Link] = []
    redirected, inside = [], []
    for link in m.links:
        if link.source in one and link.target in one and link.source != link.target:
            inside.append(link.id)
            continue
        source = keep if link.source in one else link.source
        target = keep if link.target in one else link.target
        links.append(dataclasses.replace(link, source=source, target=target))
        if (source, target) != (link.source, link.target):
            redirected.append(RedirectedLink(link.id, link.source, link.target, source, target))
    merged = m.replace(
        factors=tuple(
            _kept(m, factor.id, away) if factor.id == keep else factor
            for factor in m.factors
            if factor.id not in away
        ),
        links=tuple(links),
        focal=keep if m.focal in away else m.focal,
        stances=(),
        ratings=(),
        annotations=(),
        framings=(),
        meanings=(),
        conclusions=(),
    )
    before = find_loops(m, max_length, time_limit, max_loops)
    after = find_loops(merged, max_length, time_limit, max_loops)
    lengths = [found.complete_to for found in (before, after) if not found.exhaustive]
    complete_to = min(lengths) if lengths else None
    earlier, later = ({loop.links: loop for loop in found} for found in (before, after))

    def compared(loop: Loop) -> bool:
        return complete_to is None or loop.length <= complete_to

    core_before, islands_before = _parts(m)
    core_after, islands_after = _parts(merged)
    return MergePreview(
        merged=merged,
        redirected=tuple(redirected),
        inside=tuple(inside),
        parallel=_parallel(merged, {link.link for link in redirected}),
        before=before,
        after=after,
        gained=tuple(loop for links, loop in later.items() if links not in earlier and compared(loop)),
        lost=tuple(loop for links, loop in earlier.items() if links not in later and compared(loop)),
        complete_to=complete_to,
        core_before=core_before,
        core_after=core_after,
        islands_before=islands_before,
        islands_after=islands_after,
    )


def _kept(m: CausalMap, keep: str, away: tuple[str, ...]) -> Factor:
    factor = m.factor(keep)
    wordings = list(factor.aliases)
    for other in map(m.factor, away):
        wordings += [*other.labels.values(), *other.aliases]
    own = set(factor.labels.values())
    return dataclasses.replace(
        factor, aliases=tuple(wording for wording in dict.fromkeys(wordings) if wording not in own)
    )


def _parallel(merged: CausalMap, redirected: set[str]) -> tuple[ParallelLinks, ...]:
    by_pair: dict[tuple[str, str], list[Link]] = {}
    for link in merged.links:
        by_pair.setdefault((link.source, link.target), []).append(link)
    return tuple(
        ParallelLinks(
            source, target, tuple(link.id for link in links), {1, -1} <= {link.sign for link in links}
        )
        for (source, target), links in by_pair.items()
        if len(links) > 1 and any(link.id in redirected for link in links)
    )


def _parts(m: CausalMap) -> tuple[int, int]:
    found = components(m)
    looping = [part for part in found.strong if part[0] in found.on_loop]
    return max(map(len, looping), default=0), len(found.weak)
