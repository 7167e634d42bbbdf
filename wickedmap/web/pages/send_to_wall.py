"""The button that sends a view to the wall as it stands on the page: its agencies, its word, its moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...rows import State
from ..context import Looking
from ..elements import Native, button


def wall_fields(view: str, agencies: Sequence[str] = (), **of: Any) -> dict[str, Any]:
    """Return the fields of the change that shows a view, without those that say nothing.

    Examples
    --------
    >>> wall_fields("terms", term="G05", since=None)
    {'view': 'terms', 'term': 'G05'}
    """
    chosen = {"agencies": list(agencies)} if agencies else {}
    return {"view": view, **chosen, **{name: value for name, value in of.items() if value is not None}}


def is_on_wall(state: State, fields: Mapping[str, Any]) -> bool:
    """Whether the wall shows just this now."""
    shown: Mapping[str, Any] = state.setting("wall_of") or {}
    return {"view": state.setting("wall"), **shown} == fields


def wall_button(looking: Looking, fields: Mapping[str, Any]) -> Native:
    """Return the button that shows a view on the wall, or goes back to the map when it is there."""
    on = is_on_wall(looking.state, fields)
    return button(
        looking.t("compare.on_wall_now" if on else "compare.to_wall"),
        change="set_wall",
        fields={"view": "map"} if on else fields,
        aria_pressed=on,
    )
