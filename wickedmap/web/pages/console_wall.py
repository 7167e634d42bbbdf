"""What the room sees now: the wall in small, and one line for the wall and the phones.

The small picture is the wall itself: the same words in the same places, scaled down,
with the map drawn from the very elements that the wall's canvas gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..context import Looking
from ..elements import Native, element
from ..wall import picture
from . import wall_room
from .console_contributions import TABLES
from .console_pieces import factor_name, link_name, the_wall, view_name
from .wall_parts import foot, head, panel

_MARGIN = 28.0
_CLASSES = ("focal", "spot", "cause", "effect", "lit", "dim", "plus", "minus", "proposed", "contested")


def miniature(looking: Looking, services: dict[str, Any]) -> Native:
    """Return the wall as it is now, in small; words say the same beside it."""
    wall = the_wall(looking)
    state = wall.state
    shows = state.setting("wall")
    drawn: Native | None = None
    if shows in ("map", "overlay"):
        view = "overlay" if shows == "overlay" else "map"
        chosen = wall_room.of_wall(wall).get("agencies") if view == "overlay" else None
        made = picture(services["places"], wall, view, state.setting("theme"), chosen)
        drawn = map_picture(made["elements"])
    return element(
        "div",
        element(
            "div",
            element("div", head(wall, services), class_="wm-wall-head"),
            element(
                "div",
                element("div", drawn, class_="wm-wall-canvas"),
                element("div", panel(wall, services), class_="wm-mini-panel"),
                class_="wm-wall-stage",
            ),
            element("div", foot(wall, services), class_="wm-wall-foot"),
            class_=f"wm-wall wm-mini-wall wm-wall-shows-{shows}",
            lang=wall.language,
            data_theme=state.setting("theme"),
            data_room=str(state.setting("distance")),
        ),
        class_="wm-mini",
        aria_hidden=True,
        inert="",
    )


def map_picture(elements: Sequence[Mapping[str, Any]]) -> Native | None:
    """Return a canvas's elements as a small drawing; None when it shows no factor."""
    factors = [one for one in elements if one["group"] == "nodes"]
    if not factors:
        return None
    boxes = {
        one["data"]["id"]: (
            one["position"]["x"],
            one["position"]["y"],
            float(one["data"]["w"]),
            float(one["data"]["h"]),
        )
        for one in factors
    }
    left = min(x - w / 2 for x, _, w, _ in boxes.values()) - _MARGIN
    top = min(y - h / 2 for _, y, _, h in boxes.values()) - _MARGIN
    right = max(x + w / 2 for x, _, w, _ in boxes.values()) + _MARGIN
    bottom = max(y + h / 2 for _, y, _, h in boxes.values()) + _MARGIN
    arrow = element("path", d="M0 0L8 4L0 8Z", fill="context-stroke")
    marker = element(
        "marker",
        arrow,
        id="wm-mini-arrow",
        view_box="0 0 8 8",
        ref_x=7,
        ref_y=4,
        marker_width=5,
        marker_height=5,
        orient="auto",
    )
    links = [_link(one, boxes) for one in elements if one["group"] == "edges"]
    return element(
        "svg",
        element("defs", marker),
        links,
        [_factor(one, *boxes[one["data"]["id"]]) for one in factors],
        view_box=f"{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}",
        preserve_aspect_ratio="xMidYMid meet",
        class_="wm-mini-map",
        focusable="false",
    )


def _classes(one: Mapping[str, Any], kind: str) -> str:
    return " ".join([f"wm-mini-{kind}", *(name for name in one["classes"].split() if name in _CLASSES)])


def _factor(one: Mapping[str, Any], x: float, y: float, w: float, h: float) -> Native:
    lines = str(one["data"]["label"]).split("\n")
    size = float(one["data"]["font"])
    first = y - (len(lines) - 1) * size * 0.6 - size * 0.2
    return element(
        "g",
        element("rect", x=round(x - w / 2, 1), y=round(y - h / 2, 1), width=w, height=h, rx=10),
        [
            element(
                "text",
                line,
                x=round(x, 1),
                y=round(first + number * size * 1.2, 1),
                text_anchor="middle",
                dominant_baseline="middle",
                font_size=size,
            )
            for number, line in enumerate(lines)
        ],
        class_=_classes(one, "factor"),
    )


def _link(one: Mapping[str, Any], boxes: Mapping[str, tuple[float, float, float, float]]) -> Native | None:
    data = one["data"]
    source, target = boxes[data["source"]], boxes[data["target"]]
    dx, dy = target[0] - source[0], target[1] - source[1]
    length = (dx * dx + dy * dy) ** 0.5
    if not length:
        return None
    bend = float(data["bend"])
    middle = (
        (source[0] + target[0]) / 2 - dy / length * bend,
        (source[1] + target[1]) / 2 + dx / length * bend,
    )
    start, end = _edge_of(source, middle), _edge_of(target, middle)
    return element(
        "path",
        d=f"M{start[0]:.0f} {start[1]:.0f}Q{middle[0]:.0f} {middle[1]:.0f} {end[0]:.0f} {end[1]:.0f}",
        fill="none",
        stroke_width=round(float(data["width"]) * 1.4, 1),
        marker_end="url(#wm-mini-arrow)",
        class_=_classes(one, "link"),
    )


def _edge_of(box: tuple[float, float, float, float], towards: tuple[float, float]) -> tuple[float, float]:
    """Return where the line from a box's middle towards a point leaves the box."""
    x, y, w, h = box
    dx, dy = towards[0] - x, towards[1] - y
    share = min(
        (w / 2 + 4) / abs(dx) if dx else float("inf"), (h / 2 + 4) / abs(dy) if dy else float("inf"), 1.0
    )
    return x + dx * share, y + dy * share


def shown_now(looking: Looking) -> list[Native]:
    """Return in words what the wall and the phones show."""
    state, t = looking.state, looking.t
    wall, stage = state.setting("wall"), int(state.setting("stage"))
    if wall == "map":
        parts = [t("console.now.map", number=stage, stage=t(f"console.stage_name.{stage}"))]
        spotlight, centre = state.setting("spotlight"), state.setting("centre")
        if spotlight:
            name = (
                factor_name(looking, spotlight["target"])
                if spotlight["kind"] == "factor"
                else link_name(looking, spotlight["target"])
                if spotlight["kind"] == "link"
                else spotlight["target"]
            )
            parts.append(t("console.now.spotlight", name=name))
        if centre and stage > 1:
            parts.append(t("console.now.centre", name=factor_name(looking, centre)))
        on_wall = " ".join(parts)
    else:
        on_wall = t("console.now.view", view=view_name(looking, {"view": wall, **wall_room.of_wall(looking)}))
    revealed = [t(f"console.reveal.{name}.name") for name in TABLES if state.setting(f"{name}_revealed")]
    others = (
        t("console.now.others", what=", ".join(revealed)) if revealed else t("console.now.nothing_of_others")
    )
    phones = t("console.now.phones", number=stage, stage=t(f"console.stage_name.{stage}"))
    return [
        element("p", element("strong", t("console.now.wall_is")), " ", on_wall),
        element("p", element("strong", t("console.now.phones_are")), " ", phones, " ", others),
    ]
