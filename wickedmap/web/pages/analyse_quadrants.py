"""Driving and dependence as a picture, drawn on the server, and as the table that says the same."""

from __future__ import annotations

from ...graphs import Quadrants
from ..elements import Child, Native, data_table, element, notice, shown
from .analyse_look import METHODS, View

_WIDE, _HIGH = 560.0, 440.0
_LEFT, _BOTTOM, _TOP, _RIGHT = 46.0, 46.0, 14.0, 14.0
_RADIUS = 12.0


def quadrants_part(view: View, sorted_: Quadrants | None) -> Native:
    """Return the picture and the table, or why there is none."""
    t = view.t
    methods = [(one, t(f"analyse.quadrants.method.{one}")) for one in METHODS]
    parts: list[Child] = [
        element("h3", t("analyse.quadrants.title")),
        element("p", t("analyse.quadrants.lead"), class_="wm-quiet-text"),
        view.chooser("method", t("analyse.quadrants.by"), methods, view.asked.method),
    ]
    if sorted_ is None:
        parts.append(notice(t("analyse.reason.not_finished"), kind="attention"))
    elif sorted_.reason:
        parts.append(notice(t(f"analyse.reason.{sorted_.reason}")))
    if sorted_ is not None and sorted_.factors:
        parts += [_picture(view, sorted_) if not sorted_.reason else None, _table(view, sorted_)]
    return element("section", *parts, class_="wm-section", id="wm-quadrants")


def spread_out(points: list[tuple[float, float]], apart: float) -> list[tuple[float, float]]:
    """Return the points moved so that none lies on another, each as near its own place as may be.

    Examples
    --------
    >>> (a, b) = spread_out([(0.0, 0.0), (0.0, 0.0)], 2.0)
    >>> round(abs(a[0] - b[0]), 3)
    2.0
    """
    placed = [list(point) for point in points]
    for _ in range(60):
        moved = False
        for i in range(len(placed)):
            for j in range(i):
                dx, dy = placed[i][0] - placed[j][0], placed[i][1] - placed[j][1]
                distance = (dx * dx + dy * dy) ** 0.5
                if distance >= apart - 1e-6:
                    continue
                moved = True
                if distance < 1e-9:
                    dx, dy, distance = 1.0, 0.0, 1.0
                    push = apart / 2
                else:
                    push = (apart - distance) / 2
                for place, way in ((i, 1), (j, -1)):
                    placed[place][0] += way * push * dx / distance
                    placed[place][1] += way * push * dy / distance
        if not moved:
            break
    return [(x, y) for x, y in placed]


def _picture(view: View, sorted_: Quadrants) -> Native:
    t = view.t
    most_x = max(one.dependence for one in sorted_.factors) * 1.06 or 1.0
    most_y = max(one.driving for one in sorted_.factors) * 1.06 or 1.0

    def x_of(value: float) -> float:
        return _LEFT + (_WIDE - _LEFT - _RIGHT) * value / most_x

    def y_of(value: float) -> float:
        return _HIGH - _BOTTOM - (_HIGH - _BOTTOM - _TOP) * value / most_y

    assert sorted_.driving_cut is not None
    assert sorted_.dependence_cut is not None
    cut_x, cut_y = x_of(sorted_.dependence_cut), y_of(sorted_.driving_cut)
    true = [(x_of(one.dependence), y_of(one.driving)) for one in sorted_.factors]
    places = [
        (min(max(x, _RADIUS), _WIDE - _RADIUS), min(max(y, _RADIUS), _HIGH - _BOTTOM))
        for x, y in spread_out(true, 2 * _RADIUS + 1)
    ]
    marks: list[Child] = []
    for number, (one, at, origin) in enumerate(zip(sorted_.factors, places, true, strict=True), start=1):
        if abs(at[0] - origin[0]) + abs(at[1] - origin[1]) > 3:
            marks.append(
                element(
                    "line", x1=_r(origin[0]), y1=_r(origin[1]), x2=_r(at[0]), y2=_r(at[1]), class_="q-leader"
                )
            )
        marks.append(
            element(
                "g",
                element("title", f"{number}. {view.label(one.factor)}"),
                element(
                    "circle",
                    cx=_r(at[0]),
                    cy=_r(at[1]),
                    r=_RADIUS,
                    class_="q-point",
                    data_quadrant=one.quadrant,
                ),
                element(
                    "text", str(number), x=_r(at[0]), y=_r(at[1] + 4.5), text_anchor="middle", class_="q-number"
                ),
            )
        )
    floor = _HIGH - _BOTTOM
    corners = (
        ("driver", _LEFT + 6, _TOP + 16, "start"),
        ("linkage", _WIDE - _RIGHT, _TOP + 16, "end"),
        ("autonomous", _LEFT + 6, floor - 8, "start"),
        ("dependent", _WIDE - _RIGHT, floor - 8, "end"),
    )
    return element(
        "figure",
        element(
            "svg",
            element("line", x1=_LEFT, y1=floor, x2=_WIDE - _RIGHT, y2=floor, class_="q-axis"),
            element("line", x1=_LEFT, y1=_TOP, x2=_LEFT, y2=floor, class_="q-axis"),
            element("line", x1=_r(cut_x), y1=_TOP, x2=_r(cut_x), y2=floor, class_="q-cut"),
            element("line", x1=_LEFT, y1=_r(cut_y), x2=_WIDE - _RIGHT, y2=_r(cut_y), class_="q-cut"),
            [
                element("text", t(f"analyse.quadrant.{name}"), x=x, y=y, text_anchor=anchor, class_="q-corner")
                for name, x, y, anchor in corners
            ],
            element(
                "text",
                t("analyse.quadrants.dependence") + " →",
                x=_WIDE - _RIGHT,
                y=_HIGH - 14,
                text_anchor="end",
                class_="q-label",
            ),
            element(
                "text",
                t("analyse.quadrants.driving") + " →",
                x=-_TOP,
                y=24,
                text_anchor="end",
                transform="rotate(-90)",
                class_="q-label",
            ),
            *marks,
            view_box=f"0 0 {_WIDE:.0f} {_HIGH:.0f}",
            role="img",
            aria_label=t("analyse.quadrants.picture"),
            class_="wm-quadrants",
        ),
        element("figcaption", t("analyse.quadrants.numbers"), class_="wm-hint"),
    )


def _r(value: float) -> float:
    return round(value, 1)


def _table(view: View, sorted_: Quadrants) -> Native:
    t = view.t
    decimals = 0 if sorted_.method == "ism" else 1 if sorted_.method == "direct" else 2
    rows: list[list[Child]] = [
        [
            number,
            view.light(one.factor),
            view.number(one.driving, decimals),
            view.number(one.dependence, decimals),
            t(f"analyse.quadrant.{one.quadrant}") if one.quadrant else "–",
        ]
        for number, one in enumerate(sorted_.factors, start=1)
    ]
    head = [
        t("analyse.quadrants.number"),
        t("analyse.factor"),
        t("analyse.quadrants.driving"),
        t("analyse.quadrants.dependence"),
        t("analyse.quadrants.place"),
    ]
    cut = t(
        "analyse.quadrants.cut",
        driving=view.number(sorted_.driving_cut or 0.0, 2),
        dependence=view.number(sorted_.dependence_cut or 0.0, 2),
    )
    return element(
        "div",
        data_table(
            shown(t("analyse.quadrants.title")),
            head,
            rows,
            row_heads=False,
            numbers=(0, 2, 3),
            caption_hidden=True,
        ),
        element("p", cut, class_="wm-hint"),
    )
