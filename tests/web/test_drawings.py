"""The pictures of comparisons: where their signs stand."""

from __future__ import annotations

from typing import Any

from wickedmap import CausalMap
from wickedmap.formats.arrows import Box
from wickedmap.web.drawings import DrawnLink, difference_picture


def signs_of(picture: Any) -> list[Box]:
    rects = [one.attributes for one in picture._traverse() if getattr(one, "tag", "") == "rect"]
    return [
        Box(one["x"] + one["width"] / 2, one["y"] + one["height"] / 2, one["width"] / 2, one["height"] / 2)
        for one in rects
        if one["className"] == "wm-diff-sign"
    ]


def test_signs_of_lines_that_cross_in_the_middle_stand_apart() -> None:
    m = CausalMap.from_links([("a", "b", 1), ("c", "d", 1)])
    places = {"a": (0.0, 0.0), "b": (800.0, 600.0), "c": (0.0, 600.0), "d": (800.0, 0.0)}
    links = [DrawnLink("a", "b", "one", "NAV"), DrawnLink("c", "d", "other", "POL")]
    one, other = signs_of(difference_picture(m, links, places, "nb", "To etater"))
    assert one.overlap(other) == 0


def test_a_sign_that_nothing_disturbs_stands_in_the_middle_of_its_line() -> None:
    m = CausalMap.from_links([("a", "b", 1)])
    places = {"a": (0.0, 0.0), "b": (800.0, 0.0)}
    (sign,) = signs_of(difference_picture(m, [DrawnLink("a", "b", "one", "NAV")], places, "nb", "En"))
    assert abs(sign.x - 400) < 20
