"""The map itself: factors, the links between them, and everything said about both."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import networkx as nx

from .model import (
    MAX_STRENGTH,
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
    Sign,
    Stage,
    Stance,
)
from .perspective import PerspectiveRule, take_perspective
from .text import Texts

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CausalMap"]


def _unique(ids: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise MapError(what, f"id {one!r} is used twice")
        seen.add(one)


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
        What people said; each points to factors, links or words of this map.
    conclusions : tuple of Conclusion
        What the room concluded about links, in the order it did.
    suggested : tuple of Factor
        Factors offered but not part of the map.

    Raises
    ------
    MapError
        When an id is used twice or points to nothing. It is a `ValueError`.

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
        _unique((factor.id for factor in self.factors), "factors")
        _unique((link.id for link in self.links), "links")
        _unique((agency.id for agency in self.agencies), "agencies")
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
        return self._factor_by_id[factor_id]

    def link(self, link_id: str) -> Link:
        """Return one link; `KeyError` when there is none with that id."""
        return self._link_by_id[link_id]

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
        """Return the map with only these factors and the links among them."""
        kept = set(factor_ids)
        unknown = kept - self._factor_by_id.keys()
        if unknown:
            raise ValueError(f"factor_ids: there is no factor {sorted(unknown)[0]!r}")
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
        agency: str | Iterable[str] | None = None,
        *,
        person: str | None = None,
        rule: PerspectiveRule | None = None,
    ) -> CausalMap:
        """Return the map as one agency, several, one person or (by default) everyone holds it.

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
        """Return a `networkx.MultiDiGraph` of the map.

        Nodes are factor ids with ``label``, ``domain``, ``valence``, ``definition``,
        ``kind``, ``agencies`` (joined by "|"). Edges have the link id as key and
        ``id``, ``sign`` (1, -1 or None), ``mark``, ``strength``, ``delay``,
        ``status``, ``contested``, ``rationale``.
        """
        graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph(title=self.title)
        for factor in self.factors:
            attributes: dict[str, Any] = {
                "label": factor.labels.in_language(self.language),
                "definition": factor.definitions.in_language(self.language),
                "domain": factor.domain,
                "valence": factor.valence,
                "kind": factor.kind,
                "agencies": "|".join(factor.agencies),
            }
            if factor.position is not None:
                attributes["x"], attributes["y"] = factor.position
            graph.add_node(factor.id, **attributes)
        for link in self.links:
            graph.add_edge(
                link.source,
                link.target,
                key=link.id,
                id=link.id,
                sign=link.sign,
                mark=link.mark,
                strength=link.strength,
                delay=link.delay,
                status=link.status,
                contested=link.contested,
                rationale=link.rationale.in_language(self.language),
            )
        return graph

    def to_pandas(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return two DataFrames, factors and links, one row each.

        Factors: ``id, label, definition, domain, valence, kind, agencies, status,
        reveal_stage, x, y``. Links: ``id, source, target, source_label,
        target_label, sign`` (nullable Int64; missing when not known), ``mark,
        strength, delay, status, contested, reveal_stage, rationale``.
        """
        import pandas as pd

        factors = pd.DataFrame(
            [
                {
                    "id": factor.id,
                    "label": factor.labels.in_language(self.language),
                    "definition": factor.definitions.in_language(self.language),
                    "domain": factor.domain,
                    "valence": factor.valence,
                    "kind": factor.kind,
                    "agencies": "|".join(factor.agencies),
                    "status": factor.status,
                    "reveal_stage": factor.reveal_stage,
                    "x": factor.position[0] if factor.position else float("nan"),
                    "y": factor.position[1] if factor.position else float("nan"),
                }
                for factor in self.factors
            ],
            columns=[
                *("id", "label", "definition", "domain", "valence", "kind", "agencies"),
                *("status", "reveal_stage", "x", "y"),
            ],
        )
        links = pd.DataFrame(
            [
                {
                    "id": link.id,
                    "source": link.source,
                    "target": link.target,
                    "source_label": self.factor(link.source).labels.in_language(self.language),
                    "target_label": self.factor(link.target).labels.in_language(self.language),
                    "sign": link.sign,
                    "mark": link.mark,
                    "strength": link.strength,
                    "delay": link.delay,
                    "status": link.status,
                    "contested": link.contested,
                    "reveal_stage": link.reveal_stage,
                    "rationale": link.rationale.in_language(self.language),
                }
                for link in self.links
            ],
            columns=[
                *("id", "source", "target", "source_label", "target_label", "sign", "mark"),
                *("strength", "delay", "status", "contested", "reveal_stage", "rationale"),
            ],
        )
        links["sign"] = links["sign"].astype("Int64")
        return factors, links

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
            `sign` is 1, -1 or None (not known); `strength` defaults to 1.
        factors : iterable of str
            Further factors, also those without links. Ids serve as labels.

        Raises
        ------
        ValueError
            Names the row that cannot be read.

        Examples
        --------
        >>> CausalMap.from_links([("a", "b", -1, 2), ("b", "a", None)], factors=["c"])
        <CausalMap '': 3 factors, 2 links>
        """
        names: dict[str, None] = dict.fromkeys(str(name) for name in factors)
        made: list[Link] = []
        for row, entry in enumerate(links, start=1):
            parts = tuple(entry)
            if not 2 <= len(parts) <= 4:
                raise MapError(f"links row {row}", "expected (source, target, sign[, strength])")
            source, target = str(parts[0]), str(parts[1])
            names.setdefault(source)
            names.setdefault(target)
            made.append(
                Link(
                    id=f"L{row}",
                    source=source,
                    target=target,
                    sign=_sign(parts[2] if len(parts) > 2 else None, f"links row {row} sign"),
                    strength=float(parts[3]) if len(parts) > 3 and parts[3] is not None else 1.0,
                )
            )
        return cls(
            factors=tuple(Factor(id=name, labels=Texts({language: name})) for name in names),
            links=tuple(made),
            language=language,
            titles=Texts({language: title}) if title else Texts(),
        )

    @classmethod
    def from_networkx(cls, graph: nx.Graph[Hashable], *, language: str = "nb") -> CausalMap:
        """Build a map from a networkx directed graph.

        Node attributes ``label``, ``domain``, ``definition``, ``valence``, ``x``, ``y``
        and edge attributes ``sign``, ``strength``, ``weight``, ``delay`` are read. A
        signed ``weight`` gives sign and strength when there is no ``sign``; its size
        is kept when it lies in (0, 3] and refused otherwise.

        Raises
        ------
        ValueError
            For an undirected graph or an attribute that cannot be read.
        """
        if not graph.is_directed():
            raise ValueError("graph: a causal map is directed; choose a direction for each link first")
        factors = []
        for node, attributes in graph.nodes(data=True):
            x, y = attributes.get("x"), attributes.get("y")
            agencies = attributes.get("agencies") or ""
            factors.append(
                Factor(
                    id=str(node),
                    labels=Texts({language: str(attributes.get("label") or node)}),
                    definitions=Texts({language: str(attributes.get("definition") or "")}),
                    domain=str(attributes.get("domain") or ""),
                    valence=attributes.get("valence") or "",
                    kind=str(attributes.get("kind") or "state"),
                    agencies=tuple(part for part in str(agencies).split("|") if part),
                    position=(float(x), float(y)) if x is not None and y is not None else None,
                )
            )
        links: list[Link] = []
        taken: set[str] = set()
        edges = (
            ((u, v, key, data) for u, v, key, data in graph.edges(keys=True, data=True))  # type: ignore[call-overload]
            if graph.is_multigraph()
            else ((u, v, None, data) for u, v, data in graph.edges(data=True))
        )
        for number, (u, v, key, data) in enumerate(edges, start=1):
            wanted = str(data.get("id") or (key if isinstance(key, str) else f"L{number}"))
            link_id = wanted
            suffix = 2
            while link_id in taken:
                link_id, suffix = f"{wanted}.{suffix}", suffix + 1
            taken.add(link_id)
            sign, strength = _sign_and_strength(data, f"edge {u!r} -> {v!r}")
            links.append(
                Link(
                    id=link_id,
                    source=str(u),
                    target=str(v),
                    sign=sign,
                    both_signs=data.get("mark") == "±",
                    strength=strength,
                    delay=data.get("delay") or "",
                    rationale=Texts({language: str(data.get("rationale") or "")}),
                    contested=bool(data.get("contested", False)),
                )
            )
        title = str(graph.graph.get("title") or "")
        return cls(
            factors=tuple(factors),
            links=tuple(links),
            language=language,
            titles=Texts({language: title}) if title else Texts(),
        )


def _sign(value: Any, field_name: str) -> Sign | None:
    if value is None:
        return None
    if value in (1, "1", "+", "+1"):
        return 1
    if value in (-1, "-1", "-", "−"):
        return -1
    if isinstance(value, float) and math.isnan(value):
        return None
    if value in (0, "", "?"):
        return None
    raise MapError(field_name, f"{value!r} is not 1, -1 or None")


def _sign_and_strength(data: dict[str, Any], where: str) -> tuple[Sign | None, float]:
    if "sign" in data:
        return _sign(data["sign"], f"{where} sign"), float(data.get("strength") or 1.0)
    weight = data.get("weight")
    if weight is None:
        return None, float(data.get("strength") or 1.0)
    value = float(weight)
    if not math.isfinite(value) or abs(value) > MAX_STRENGTH:
        raise MapError(f"{where} weight", f"{weight!r} is not between -3 and 3")
    if value == 0:
        return None, 1.0
    return (1 if value > 0 else -1), abs(value)
