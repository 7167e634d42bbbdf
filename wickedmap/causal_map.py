"""The map itself: factors, the links between them, and everything said about both."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import networkx as nx

from .graph_conversion import read_graph, to_networkx
from .model import (
    Agency,
    Annotation,
    Conclusion,
    Domain,
    Factor,
    Framing,
    Instruments,
    Link,
    MapError,
    Meaning,
    Rating,
    Stage,
    Stance,
)
from .noun_checks import texts_of
from .perspective import Agencies, PerspectiveRule, take_perspective
from .table_conversion import read_frames, read_links, to_pandas
from .text import Texts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CausalMap"]

_T = TypeVar("_T")
_OTHERS: Final[Mapping[str, type[Any]]] = {
    "domains": Domain,
    "stages": Stage,
    "suggested": Factor,
    "stances": Stance,
    "ratings": Rating,
    "annotations": Annotation,
    "framings": Framing,
    "meanings": Meaning,
    "conclusions": Conclusion,
}


def _of_kind(rows: Iterable[Any], kind: type[Any], what: str) -> tuple[Any, ...]:
    held = _tuple(rows, what)
    for number, one in enumerate(held):
        if not isinstance(one, kind):
            raise TypeError(f"{what}[{number}]: expected a {kind.__name__}, got {type(one).__name__}")
    return held


def _checked(rows: Iterable[Any], kind: type[Any], what: str) -> tuple[Any, ...]:
    held = _of_kind(rows, kind, what)
    seen: set[str] = set()
    for one in held:
        if one.id in seen:
            raise MapError(what, f"id {one.id!r} is used twice")
        seen.add(one.id)
    return held


def _tuple(rows: Any, what: str) -> tuple[Any, ...]:
    if isinstance(rows, tuple):
        return rows
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise TypeError(f"{what}: expected several in a tuple, got {type(rows).__name__}")
    return tuple(rows)


def _found(by_id: Mapping[str, _T], wanted: str, what: str) -> _T:
    try:
        return by_id[wanted]
    except (KeyError, TypeError):
        raise KeyError(f"{what}_id: there is no {what} {wanted!r}") from None


@dataclass(frozen=True)
class CausalMap:
    """A causal map: a directed, signed multigraph with people's views beside it.

    Parameters
    ----------
    factors : tuple of Factor
        In order of first appearance.
    links : tuple of Link
        Every end must be one of `factors`.
    titles : Texts
        What the problem is called.
    focal : str
        Id of the factor that stages 2-3 put in the middle, or ``""``.
    stances, ratings, annotations, framings, meanings
        What people said of factors, links and words. What points to something that is
        gone is kept, and left out of every count.
    conclusions : tuple of Conclusion
        What the room concluded about links, in the order it did.
    suggested : tuple of Factor
        Factors offered but not part of the map.

    Raises
    ------
    MapError
        When an id is used twice, or a link or `focal` points to a factor that is not
        there. It is a `ValueError`.
    TypeError
        When something else stands where factors, links or agencies belong.

    Examples
    --------
    >>> m = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "debt", 1)])
    >>> [f.id for f in m.factors], [l.mark for l in m.links]
    (['debt', 'eviction'], ['+', '+'])
    """

    factors: tuple[Factor, ...] = ()
    links: tuple[Link, ...] = ()
    titles: Texts = field(default_factory=Texts)
    language: str = "nb"
    focal: str = ""
    domains: tuple[Domain, ...] = ()
    agencies: tuple[Agency, ...] = ()
    stages: tuple[Stage, ...] = ()
    suggested: tuple[Factor, ...] = ()
    instruments: Instruments = field(default_factory=Instruments)
    stances: tuple[Stance, ...] = ()
    ratings: tuple[Rating, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    framings: tuple[Framing, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    provenance: str = ""

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "factors", _checked(self.factors, Factor, "factors"))
        put(self, "links", _checked(self.links, Link, "links"))
        put(self, "agencies", _checked(self.agencies, Agency, "agencies"))
        for several, kind in _OTHERS.items():
            put(self, several, _of_kind(getattr(self, several), kind, several))
        put(self, "titles", texts_of(self.titles, "titles"))
        if not isinstance(self.language, str):
            raise TypeError(f"language: expected a text such as 'nb', got {self.language!r}")
        known = self._factor_by_id
        for link in self.links:
            for end, name in ((link.source, "source"), (link.target, "target")):
                if end not in known:
                    raise MapError(f"link {link.id!r} {name}", f"there is no factor {end!r}")
        if self.focal and self.focal not in known:
            raise MapError("focal", f"there is no factor {self.focal!r}")

    @cached_property
    def _factor_by_id(self) -> dict[str, Factor]:
        return {factor.id: factor for factor in self.factors}

    @cached_property
    def _link_by_id(self) -> dict[str, Link]:
        return {link.id: link for link in self.links}

    @cached_property
    def _links_out(self) -> dict[str, tuple[Link, ...]]:
        out: dict[str, list[Link]] = {}
        for link in self.links:
            out.setdefault(link.source, []).append(link)
        return {source: tuple(links) for source, links in out.items()}

    @cached_property
    def _links_in(self) -> dict[str, tuple[Link, ...]]:
        into: dict[str, list[Link]] = {}
        for link in self.links:
            into.setdefault(link.target, []).append(link)
        return {target: tuple(links) for target, links in into.items()}

    @property
    def title(self) -> str:
        """The title in bokmål, or in the first language there is."""
        return str(self.titles)

    def __repr__(self) -> str:
        return f"<CausalMap {self.title!r}: {len(self.factors)} factors, {len(self.links)} links>"

    def _repr_html_(self) -> str:
        from .map_summary import summary_html

        return summary_html(self)

    def factor(self, factor_id: str) -> Factor:
        """Return one factor; `KeyError` when there is none with that id."""
        return _found(self._factor_by_id, factor_id, "factor")

    def link(self, link_id: str) -> Link:
        """Return one link; `KeyError` when there is none with that id."""
        return _found(self._link_by_id, link_id, "link")

    def has_factor(self, factor_id: str) -> bool:
        """Whether the map has a factor with this id."""
        return factor_id in self._factor_by_id

    def has_link(self, link_id: str) -> bool:
        """Whether the map has a link with this id."""
        return link_id in self._link_by_id

    def causes_of(self, factor_id: str) -> tuple[Link, ...]:
        """Return the links that point at a factor."""
        return self._links_in.get(factor_id, ())

    def effects_of(self, factor_id: str) -> tuple[Link, ...]:
        """Return the links that leave a factor."""
        return self._links_out.get(factor_id, ())

    def replace(self, **changes: Any) -> CausalMap:
        """Return a copy with some fields changed, checked again."""
        return dataclasses.replace(self, **changes)

    def restricted_to(self, factor_ids: Iterable[str]) -> CausalMap:
        """Return the map with only these factors and the links among them.

        What people said is kept, also of what is left out.
        """
        if not isinstance(factor_ids, Iterable):
            raise TypeError(f"factor_ids: expected the id of a factor, or several, got {factor_ids!r}")
        kept = {factor_ids} if isinstance(factor_ids, str) else set(factor_ids)
        unknown = kept - self._factor_by_id.keys()
        if unknown:
            raise ValueError(f"factor_ids: there is no factor {min(map(str, unknown))!r}")
        return self.replace(
            factors=tuple(factor for factor in self.factors if factor.id in kept),
            links=tuple(link for link in self.links if link.source in kept and link.target in kept),
            focal=self.focal if self.focal in kept else "",
        )

    def without_focal(self) -> CausalMap:
        """Return the map as stage 4 shows it: the focal problem dissolved."""
        if not self.focal:
            return self
        return self.restricted_to(factor.id for factor in self.factors if factor.id != self.focal)

    def at_stage(self, stage: int) -> CausalMap:
        """Return what stage 1-4 reveals: list, star, linked, wicked.

        The focal problem is shown in stages 2 and 3 only. Factors and links that a
        group added itself are shown from the first stage that shows links and both
        their ends.
        """
        if stage not in (1, 2, 3, 4):
            raise ValueError(f"stage: {stage!r} is not 1, 2, 3 or 4")
        shown = {
            factor.id
            for factor in self.factors
            if (factor.id == self.focal and stage in (2, 3))
            or (factor.id != self.focal and factor.reveal_stage <= stage)
        }
        part = self.restricted_to(shown)
        links = tuple(link for link in part.links if stage > 1 and link.reveal_stage <= stage)
        return part.replace(links=links)

    def perspective(
        self,
        agency: Agencies = None,
        *,
        person: str | None = None,
        rule: PerspectiveRule | None = None,
    ) -> CausalMap:
        """Return the map as one agency, several, one person or (by default) everyone holds it.

        `agency` is the id of an agency or the `Agency` itself, or several of them.
        `wickedmap.perspective.take_perspective` says how it is derived, and gives the
        stances behind each link as well.

        Examples
        --------
        >>> m = CausalMap.from_links([("debt", "eviction", 1)])
        >>> m = m.replace(stances=(Stance("L1", "p1", "nav", "asserts", sign=-1),))
        >>> [link.mark for link in m.perspective("nav").links]
        ['−']
        """
        return take_perspective(self, agency, person=person, rule=rule).map

    def to_networkx(self) -> nx.MultiDiGraph[Any]:
        """Return a `networkx.MultiDiGraph` of the map; `from_networkx` takes it back.

        Nodes are factor ids with ``label``, ``domain``, ``valence``, ``definition``,
        ``kind``, ``agencies`` (joined by "|"), ``status``, ``reveal_stage`` and, when
        the factor has a position, ``x`` and ``y``. Edges have the link id as key and
        ``id``, ``sign`` (1, -1 or None), ``mark``, ``strength``, ``delay``, ``status``,
        ``contested``, ``reveal_stage``, ``rationale``. What else a factor or a link holds is
        there under its name when it is filled: ``label_en`` and the like where there are
        several languages, ``aliases``, ``evidence`` as JSON, foreign attributes. The graph
        has ``title``, ``language``, ``focal`` and ``link_order``.

        What people said stays in the map; a changed graph is put back into it with
        ``m.replace(factors=again.factors, links=again.links)``. `wickedmap.save` writes
        GraphML, GEXF and GML also where a sign is None, which networkx refuses.

        Examples
        --------
        >>> m = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "debt", None)])
        >>> CausalMap.from_networkx(m.to_networkx()) == m
        True
        """
        return to_networkx(self)

    def to_pandas(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return two DataFrames, factors and links, one row each; `from_pandas` takes them back.

        Factors: ``id, label, definition, domain, valence, kind, agencies, status,
        reveal_stage, x, y``. Links: ``id, source, target, source_label,
        target_label, sign`` (nullable Int64; missing when not known), ``mark,
        strength, delay, status, contested, reveal_stage, rationale``. Further columns follow
        for what else is filled, as in `to_networkx`; title, language and focal factor are in the
        frames' ``attrs``. What people said stays in the map; changed frames are put back into it
        with ``m.replace(factors=again.factors, links=again.links)``.

        Examples
        --------
        >>> m = CausalMap.from_links([("debt", "eviction", 1)], factors=["sleep"])
        >>> CausalMap.from_pandas(*m.to_pandas()) == m
        True
        """
        return to_pandas(self)

    @classmethod
    def from_links(
        cls,
        links: Iterable[Sequence[Any]],
        factors: Iterable[str] = (),
        *,
        language: str = "nb",
        title: str = "",
    ) -> CausalMap:
        """Build a map from ``(source, target, sign[, strength])`` rows.

        Parameters
        ----------
        links : iterable of sequences
            `sign` is 1, -1 or None (not known), or as a map shows it: ``"+"``, ``"-"``,
            ``"?"``, ``"±"``, or as our tables have it: ``"positive"``, ``"negative"``,
            ``"unknown"``, ``"both"``. `strength` defaults to 1. Numbers may name factors: 2 and
            2.0 are both ``"2"``.
        factors : iterable of str
            Further factors, also those without links. Ids serve as labels.

        Raises
        ------
        MapError
            Names the row and the part of it that cannot be read. It is a `ValueError`.
        TypeError
            When `links` or `factors` is something else altogether.

        Examples
        --------
        >>> CausalMap.from_links([("a", "b", -1, 2), ("b", "a", None)], factors=["c"])
        <CausalMap '': 3 factors, 2 links>
        """
        _require_text(language, "language")
        return cls(**read_links(links, factors, language), language=language, titles=_titles(title, language))

    @classmethod
    def from_pandas(
        cls,
        links: pd.DataFrame,
        factors: pd.DataFrame | None = None,
        *,
        source: str = "source",
        target: str = "target",
        sign: str = "sign",
        strength: str = "strength",
        weight: str = "weight",
        language: str | None = None,
        title: str | None = None,
    ) -> CausalMap:
        """Build a map from a DataFrame of links and, where there is one, of factors.

        Parameters
        ----------
        links : DataFrame
            One row per link, with the columns of `to_pandas`; only those that hold
            source and target are needed. Signs are 1, -1 or missing, or in any form that
            `from_links` reads. Other columns are kept in the links' ``attributes``. The
            tables ``links`` and ``factors`` of the data package are read as they are.
        factors : DataFrame, optional
            One row per factor: ``id``, and what else `to_pandas` has. The two may come in
            either order.
        source, target, sign, strength, weight : str
            What these columns are called. A signed ``weight``, from -3 to 3, counts
            before ``sign`` and ``strength``.
        language, title : str, optional
            By default those of the map that `to_pandas` made the frames of, else ``"nb"`` and
            none.

        Raises
        ------
        MapError
            Names the row and the column that cannot be read. It is a `ValueError`.
        TypeError
            When `links` or `factors` is no DataFrame.

        Examples
        --------
        >>> import pandas as pd
        >>> mine = pd.DataFrame({"cause": ["debt", "debt"], "effect": ["eviction", "sleep"], "sign": [1, -1]})
        >>> m = CausalMap.from_pandas(mine, source="cause", target="effect")
        >>> [(link.source, link.mark, link.target) for link in m.links]
        [('debt', '+', 'eviction'), ('debt', '−', 'sleep')]
        >>> CausalMap.from_pandas(m.to_pandas()[1]) == m
        True
        """
        if language is not None:
            _require_text(language, "language")
        columns = {"source": source, "target": target, "sign": sign, "strength": strength, "weight": weight}
        made = read_frames(links, factors, language, columns)
        if title is not None:
            made["titles"] = _titles(title, made["language"])
        return cls(**made)

    @classmethod
    def from_networkx(cls, graph: nx.Graph[Any], *, language: str | None = None) -> CausalMap:
        """Build a map from a networkx directed graph, also one that `to_networkx` made.

        Node attributes ``label``, ``domain``, ``definition``, ``valence``, ``kind``,
        ``agencies``, ``status``, ``reveal_stage``, ``x``, ``y`` and edge attributes
        ``id``, ``sign``, ``strength``, ``weight``, ``mark``, ``delay``, ``contested``,
        ``status``, ``reveal_stage``, ``rationale`` are read, and what else `to_networkx`
        writes; other texts, numbers and dates are kept in ``attributes``. A signed
        ``weight``, from -3 to 3, counts before ``sign`` and ``strength``; 0 has no known
        sign. None and NaN count as not given; the analyses refuse a NaN on a bare graph.

        Parameters
        ----------
        graph : networkx.DiGraph or MultiDiGraph
            Ids of factors are the nodes as text.
        language : str, optional
            Of the labels; by default the graph's own ``language``, else ``"nb"``.

        Raises
        ------
        MapError
            Names the node or edge, and the attribute, that cannot be read. It is a
            `ValueError`.
        ValueError
            For an undirected graph.
        TypeError
            When `graph` is no networkx graph.
        """
        if language is not None:
            _require_text(language, "language")
        return cls(**read_graph(graph, language))


def _require_text(value: object, field: str) -> None:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{field}: expected a text such as 'nb', got {value!r}")


def _titles(title: str, language: str) -> Texts:
    if not isinstance(title, str):
        raise TypeError(f"title: expected a text, got {title!r}")
    return Texts({language: title})
