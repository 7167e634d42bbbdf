"""What a graph's nodes and edges cannot hold of a map, as one value beside them."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from ..causal_map import CausalMap
from ..text import Texts
from .errors import FormatError
from .lessened import renamed
from .native import map_from_json, map_to_json
from .reading import Draft, Reading


def rest_of_map(m: CausalMap) -> dict[str, Any]:
    """Return everything but the factors and links as native values, for a graph's own attribute."""
    values = map_to_json(m)
    values.pop("factors", None)
    values.pop("links", None)
    return values


def with_rest_of_map(draft: Draft, text: str) -> Reading:
    """Finish a draft with what `rest_of_map` put beside the graph.

    What points to factors or links that another tool has removed is left out, and
    the report says so.
    """
    if not text:
        return draft.finish()
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise FormatError("the value is not valid JSON", place="attribute 'wickedmap'", code="syntax") from None
    focal = values.pop("focal", "") if isinstance(values, dict) else ""
    rest = map_from_json(values, where="attribute 'wickedmap'")
    reading = draft.finish()
    m = reading.map
    factor_ids, link_ids = draft.new_ids()
    rest = renamed(rest, factor_ids, link_ids)
    titles = rest.titles
    if m.title and rest.titles.in_language(m.language) != m.titles.in_language(m.language):
        titles = rest.titles.with_text(m.language, m.titles.in_language(m.language))
    fields = {
        field.name: getattr(rest, field.name)
        for field in dataclasses.fields(rest)
        if field.name not in ("factors", "links", "titles", "focal", "language")
    }
    kept = _pointing_at_something(m, fields, draft)
    focal = factor_ids.get(focal, focal) if isinstance(focal, str) else ""
    if focal and not m.has_factor(focal):
        draft.note("dangling", "attribute 'wickedmap'", "the factor in the middle is no longer in the graph")
        focal = ""
    whole = m.replace(**kept, titles=titles or Texts(), focal=focal)
    extra = tuple(notice for notice in draft.notices() if notice not in reading.report)
    return Reading(whole, reading.format, reading.report + extra)


def _pointing_at_something(m: CausalMap, fields: dict[str, Any], draft: Draft) -> dict[str, Any]:
    def there(one: Any) -> bool:
        if hasattr(one, "target_kind"):
            return m.has_factor(one.target) if one.target_kind == "factor" else m.has_link(one.target)
        return m.has_link(one.link) if hasattr(one, "link") else m.has_factor(one.factor)

    for name in ("stances", "ratings", "annotations"):
        kept = tuple(one for one in fields[name] if there(one))
        if len(kept) != len(fields[name]):
            lost = len(fields[name]) - len(kept)
            draft.note(
                "dangling", f"attribute 'wickedmap', {name}", f"{lost} point to what is not in the graph"
            )
        fields[name] = kept
    return fields
