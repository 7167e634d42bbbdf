"""Mental Modeler: fuzzy cognitive maps as .mmp (XML) or the same as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ..causal_map import CausalMap
from ..model import Link
from ..text import Texts
from . import strict_json
from .aspects import WHOLE_MAP
from .columns import number_text
from .errors import FormatError
from .reading import Draft, Reading
from .signs import read_number
from .xml_reading import child, child_text, children, content, name_of, read_xml

LOSSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(WHOLE_MAP, ""),
    **dict.fromkeys(
        (
            *(
                "factor_ids",
                "link_ids",
                "languages",
                "language",
                "seed_labels",
                "definitions",
                "domains_of_factors",
            ),
            *(
                "valences",
                "kinds",
                "owners",
                "members",
                "aliases",
                "factor_provenance",
                "phrases",
                "factor_columns",
            ),
            *("factor_stages", "delays", "evidence", "counter_evidence", "contested", "link_provenance"),
            *("link_columns", "link_stages", "statuses", "focal"),
        ),
        "",
    ),
    "positions": "a factor without one is put at 0, 0",
    "strengths": "divided by 3, so that influences lie between -1 and 1",
    "both_signs": "kept without a sign",
    "link_order": "becomes the order of the causes",
    "control_characters": "shown as U+FFFD",
}


def write(m: CausalMap) -> bytes:
    """Return the map as an .mmp file."""
    numbers = {factor.id: str(number) for number, factor in enumerate(m.factors, 1)}
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<mentalmodeler><info><name>',
        content(m.titles.in_language(m.language)),
        "</name><author></author><version>1.1</version></info><groupNames/>\n<concepts>\n",
    ]
    for factor in m.factors:
        x, y = factor.position or (0.0, 0.0)
        out.append(
            f"<concept><id>{numbers[factor.id]}</id><name>{content(factor.labels.in_language(m.language))}</name>"
            f"<notes>{content(factor.note)}</notes><units></units><group>0</group>"
            f"<x>{number_text(x)}</x><y>{number_text(y)}</y><preferredState>0</preferredState><relationships>"
        )
        for link in sorted(m.effects_of(factor.id), key=lambda link: int(numbers[link.target])):
            out.append(
                f"<relationship><id>{numbers[link.target]}</id>"
                f"<name>{content(m.factor(link.target).labels.in_language(m.language))}</name>"
                f"<notes>{content(link.rationale.in_language(m.language))}</notes><confidence>0</confidence>"
                f"<influence>{_influence(link)}</influence></relationship>"
            )
        out.append("</relationships></concept>\n")
    out.append("</concepts><scenarios/></mentalmodeler>\n")
    return "".join(out).encode("utf-8", "replace")


def _influence(link: Link) -> str:
    return "" if link.sign is None else f"{link.sign * link.strength / 3:.6g}"


def read(data: bytes) -> Reading:
    """Return the map in an .mmp file or its JSON variant."""
    start = data.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00")[:1]
    concepts, title, groups = _from_json(data) if start == b"{" else _from_xml(data)
    draft = Draft("mental-modeler")
    draft.title = title
    relationships: list[tuple[str, list[dict[str, str]]]] = []
    everywhere_zero = all(
        one[0].get("x", "0") in ("0", "") and one[0].get("y", "0") in ("0", "") for one in concepts
    )
    for number, (values, links) in enumerate(concepts, 1):
        place = f"concept {number}"
        key = values.get("id", "")
        if not key:
            raise FormatError("a concept has no id", place=place, code="missing")
        x, y = read_number(values.get("x", "")), read_number(values.get("y", ""))
        position = (x, y) if x is not None and y is not None and not everywhere_zero else None
        if draft.has_factor(key):
            draft.note("listed-twice", place, f"the id {key!r} is given more than once; the first one is kept")
            continue
        attributes = {
            name: draft.clean(values[name], place)
            for name in ("units", "preferredState", "actualState", "group")
            if values.get(name, "") not in ("", "0")
        }
        domain = draft.clean(groups.get(values.get("group", "0"), ""), place)
        if domain:
            attributes.pop("group", None)
        note = draft.clean(values.get("notes", ""), place)
        draft.factor(
            key,
            values.get("name", ""),
            place=place,
            position=position,
            note=note,
            domain=domain,
            attributes=attributes,
        )
        relationships.append((key, links))
    for source, links in relationships:
        for number, values in enumerate(links, 1):
            place = f"concept {source}, relationship {number}"
            target = values.get("id", "")
            if not draft.has_factor(target):
                draft.note("dangling", place, "the relationship leads to no concept; left out")
                continue
            sign = draft.sign(values.get("influence", ""), place)
            confidence = values.get("confidence", "")
            draft.link(
                source,
                target,
                place=place,
                sign=sign,
                rationale=Texts({draft.language: draft.clean(values.get("notes", ""), place)}),
                attributes={"confidence": confidence} if confidence not in ("", "0") else {},
            )
    return draft.finish()


Concept = tuple[dict[str, str], list[dict[str, str]]]


def _from_xml(data: bytes) -> tuple[list[Concept], str, dict[str, str]]:
    root = read_xml(data)
    if name_of(root).casefold() != "mentalmodeler":
        raise FormatError(f"expected <mentalmodeler>, found <{name_of(root)}>", code="syntax")
    info, holder, named = child(root, "info"), child(root, "concepts"), child(root, "groupNames")
    concepts: list[Concept] = []
    # Scenarios repeat the concepts; only the map's own are read.
    for concept in children(holder, "concept") if holder is not None else ():
        nested = child(concept, "relationships")
        links = [_values(one) for one in children(nested, "relationship")] if nested is not None else []
        concepts.append((_values(concept), links))
    groups = {}
    for number, group in enumerate(named if named is not None else ()):
        given = re.search("[0-9]+", group.get("index") or group.get("id") or name_of(group))
        groups[given.group() if given else str(number)] = (group.text or "").strip()
    return concepts, child_text(info, "name") if info is not None else "", groups


def _values(element: Any) -> dict[str, str]:
    return {name_of(one): (one.text or "").strip() for one in element if not len(one)}


def _from_json(data: bytes) -> tuple[list[Concept], str, dict[str, str]]:
    whole = strict_json.loads(data)
    if not isinstance(whole, dict):
        raise FormatError("expected an object with 'concepts'", code="syntax")
    holder = whole.get("concepts")
    listed = holder.get("concept", []) if isinstance(holder, dict) else holder
    concepts = []
    for concept in _objects(listed, "concepts"):
        nested = concept.get("relationships") or []
        nested = nested.get("relationship", []) if isinstance(nested, dict) else nested
        concepts.append((_plain(concept), [_plain(one) for one in _objects(nested, "relationships")]))
    info = whole.get("info")
    title = info.get("name") if isinstance(info, dict) else ""
    named = whole.get("groupNames")
    return concepts, title if isinstance(title, str) else "", _plain(named) if isinstance(named, dict) else {}


def _objects(values: Any, place: str) -> Iterator[dict[str, Any]]:
    if isinstance(values, dict):
        values = [values]
    if not isinstance(values, list):
        raise FormatError("expected a list", place=place, code="syntax")
    for value in values:
        if not isinstance(value, dict):
            raise FormatError("expected objects in the list", place=place, code="syntax")
        yield value


def _plain(values: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(value).strip()
        for name, value in values.items()
        if isinstance(value, str | int | float) and not isinstance(value, bool)
    }
