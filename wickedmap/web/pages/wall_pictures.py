"""Comparisons as pictures for the room: two agencies, distance, loops no one sees alone, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...graphs import JointLoop, JointLoops, LinkMovement, ordered_distances
from ..drawings import difference_picture, scatter_picture
from ..elements import Native, element, shown
from ..loop_drawing import LONGEST, loop_picture, turning
from ..wall_places import spread_out
from . import wall_room
from .compare_distance import PICTURE_FROM, distances_between, dots_of, stable_picture
from .compare_loops import kind_of, loops_of_all
from .compare_material import Material
from .compare_movement import (
    FIRST,
    NOW,
    closer_or_apart,
    counted_links,
    how_many_changed,
    moved_between,
    moves_told,
    shares,
    track,
)
from .compare_pair import difference, drawn_links, grouped, pattern_of, where

if TYPE_CHECKING:
    import pandas as pd

_SCATTER_WIDE: Final = 640
_SCATTER_SHARE: Final = 0.42
_LOOPS: Final = 3
_HOLDERS: Final = 3
_BARS: Final = 0.72
"""Size of the letters beside bars and tracks, in those of the title."""
_BAR: Final = 1.75
_ROW: Final = 2.75
_SENTENCE: Final = 0.48
"""Height of a bar and the least of a row, in sizes of their letters; and a sentence's share of its row."""
_MOVES: Final = 3
_MOVE_WIDE: Final = 30.0
"""Width at which who moved, and how, has room in one line, in sizes of the letters."""


def need_two(material: Material) -> Native:
    """Return what stands on the wall when fewer than two agencies have said something it may show."""
    return wall_room.words(material.t(f"compare.need_two.{'single' if material.agencies else 'none'}"))


def pair(material: Material) -> Native:
    """Return what two agencies hold, alone and together, as one picture with its legend."""
    t = material.t
    if len(material.agencies) != 2:
        return wall_room.words(t("wall.no_pair"))
    a, b = material.agencies
    groups = grouped(difference(material, a, b))
    drawn, part, positions = drawn_links(material, a, b, groups)
    if not drawn:
        return wall_room.words(t("compare.pair.no_links", a=material.short(a), b=material.short(b)))
    size = wall_room.letters(material.looking)
    width, height = wall_room.stage_size(material.looking)
    height -= 1.2 * size
    small = wall_room.sizes(material.looking)[-1]
    # Arrows swing out of the labels' rectangle.
    places, font = spread_out(
        part, positions, width - 4 * small, height - 4 * small, wall_room.sizes(material.looking)
    )
    return element(
        "div",
        element(
            "ul",
            [
                element("li", pattern_of(kind), element("span", f"{where(material, a, b, kind)}: {len(links)}"))
                for kind, links in groups.items()
                if links
            ],
            class_="wm-wall-patterns",
        ),
        difference_picture(
            part,
            drawn,
            places,
            material.looking.language,
            t("compare.pair.picture", a=material.short(a), b=material.short(b)),
            font=font,
            sign=max(small * 1.1, font * 0.8),
            least=(width, height),
        ),
        element("p", t("wall.influences", count=len(drawn)), class_="wm-wall-note"),
        class_="wm-wall-full wm-wall-drawn",
    )


# --- distance ------------------------------------------------------------------


def distance(material: Material) -> Native:
    """Return who lies near and far from whom as ordered bars; from six agencies up as a picture too."""
    t = material.t
    if len(material.agencies) < 2:
        return need_two(material)
    distances = distances_between(material)
    ordered = ordered_distances(distances)
    known = ordered[ordered["distance"].notna()]
    if not len(known):
        return wall_room.words(t("compare.distance.none"))
    _, height = wall_room.stage_size(material.looking)
    room = max(4, int(height / (wall_room.letters(material.looking) * _BARS * _BAR)) - 1)
    rows = [(str(one), str(other), float(far)) for one, other, far in known.itertuples(index=False)]
    longest = rows[-1][2] or 1.0
    between = max(0, len(rows) - room)
    first = room if not between else room // 2
    last = rows[len(rows) - (room - first) + 1 :] if between else []
    picture = _scatter(material, distances)
    bars = [_bar(material, distances, row, longest) for row in rows[:first]]
    if between:
        bars.append(element("li", t("wall.between", count=len(rows) - first - len(last)), class_="wm-wall-gap"))
        bars += [_bar(material, distances, row, longest) for row in last]
    silent = [agency for agency in material.agencies if agency not in distances.columns]
    return element(
        "div",
        element("div", element("ol", bars, class_="wm-wall-bars"), picture, class_="wm-wall-beside"),
        wall_room.note(
            material,
            t("wall.distance_means"),
            t("compare.distance.no_links", names=material.names(silent)) if silent else "",
        ),
        class_="wm-wall-full",
    )


def _bar(material: Material, distances: pd.DataFrame, row: tuple[str, str, float], longest: float) -> Native:
    one, other, far = row
    return element(
        "li",
        element("span", material.chip(one), material.chip(other), class_="wm-wall-two"),
        element("span", class_="wm-wall-bar", style={"--share": round(far / longest, 3)}),
        element(
            "span",
            f"{material.number(far, 2, whole=False)} ",
            element("small", f"n={distances.attrs['n'][one, other]}"),
            class_="wm-wall-figure",
        ),
    )


def _scatter(material: Material, distances: pd.DataFrame) -> Native | None:
    """Return the agencies in the plane; as near each other as their maps are alike."""
    if len(distances) < PICTURE_FROM:
        return None
    found = stable_picture(material, distances)
    if found.stress is None:
        return None
    width, _ = wall_room.stage_size(material.looking)
    font = (
        max(wall_room.SMALLEST, wall_room.letters(material.looking) * 0.8)
        * 1.06
        * _SCATTER_WIDE
        / (width * _SCATTER_SHARE)
    )
    return element(
        "figure",
        scatter_picture(dots_of(material, found), material.t("compare.distance.picture"), font=font),
        element(
            "figcaption", material.t("wall.stress", stress=material.number(found.stress)), class_="wm-wall-note"
        ),
        class_="wm-wall-scatter",
    )


# --- loops ---------------------------------------------------------------------


def loops(material: Material) -> Native:
    """Return the shortest loops that are in no single agency's map, each as a ring."""
    t = material.t
    if len(material.agencies) < 2:
        return need_two(material)
    found = loops_of_all(material)
    together = found.only_together
    if not together:
        seen = len(found.loops)
        return wall_room.words(t("wall.no_loops_alone", count=seen) if seen else t("compare.loops.none"))
    drawn = together[:_LOOPS]
    more = len(together) - len(drawn)
    return element(
        "div",
        element(
            "ul",
            [_ring(material, found, one, len(drawn)) for one in drawn],
            class_="wm-wall-rings",
            style={"--across": len(drawn)},
        ),
        wall_room.note(
            material,
            t("wall.loops_counted", count=len(together)),
            t("wall.more", count=more) if more else "",
            "" if found.exhaustive else t("compare.loops.complete_to", count=found.complete_to),
        ),
        class_="wm-wall-full",
    )


def _ring(material: Material, found: JointLoops, one: JointLoop, across: int) -> Native:
    t, language = material.t, material.looking.language
    links = [found.map.link(str(link)) for link in one.loop.links]
    width, height = wall_room.stage_size(material.looking)
    small = wall_room.sizes(material.looking)[-1]
    title = t(f"compare.loops.kind.{kind_of(one)}")
    held = [_holders(material, agencies) for agencies in one.asserted_by]
    if len(links) <= LONGEST:
        drawn = loop_picture(
            found.map,
            links,
            held,
            language,
            title,
            font=small * 1.16,
            width=width / across - 1.5 * small,
            height=height - 6 * small,
        )
    else:
        drawn = element(
            "ol", [element("li", material.factor(link.source)) for link in links], class_="wm-wall-chain"
        )
    near = one.closings[0] if one.closings else None
    return element(
        "li",
        element("h2", turning(one.loop.polarity, title), " ", title),
        drawn,
        element(
            "p",
            t(
                "wall.nearest",
                agency=material.short(near.agency),
                held=one.loop.length - len(near.missing),
                length=one.loop.length,
            ),
        )
        if near is not None
        else None,
    )


def _holders(material: Material, agencies: tuple[str, ...]) -> str:
    initials = [material.initials(one) for one in agencies]
    # Names take more room than letters: three letters, or two names.
    most = _HOLDERS if max(map(len, initials), default=0) < 2 else _HOLDERS - 1
    some, more = " ".join(initials[:most]), len(agencies) - most
    return f"{some} +{more}" if more > 0 else some


# --- before and after ----------------------------------------------------------


def movement(material: Material) -> Native:
    """Return what has moved, link by link: shares where enough people stand behind them, else who moved."""
    t = material.t
    chosen = wall_room.of_wall(material.looking)
    start, end = str(chosen.get("since", FIRST)), str(chosen.get("until", NOW))
    found = moved_between(material, start, end)
    of_all = moved_between(material.whole, start, end)
    if not found.links and not found.still:
        return wall_room.words(t("movement.empty"))
    if not found.links:
        return wall_room.words(t("movement.nothing_moved", count=found.still))
    counted = counted_links(material, of_all)
    rows = [row for row in found.links if row.changed] or list(found.links)
    lead = f"{how_many_changed(material, found, of_all)} {closer_or_apart(material, found, of_all)}"
    size, room = _list_room(material, lead, rows, counted)
    more = len(found.links) - len(rows[:room])
    return element(
        "div",
        element("p", lead, class_="wm-wall-lead"),
        element(
            "ul",
            [_moved(material, row, counted) for row in rows[:room]],
            class_="wm-wall-moved",
            style={"--letters": wall_room.in_ems(material.looking, size)},
        ),
        wall_room.note(
            material,
            t("wall.tracks") if any(_is_drawn(row, counted) for row in rows[:room]) else "",
            t("wall.more_links", count=more) if more else "",
        ),
        class_="wm-wall-full",
    )


def _list_room(
    material: Material, lead: str, rows: list[LinkMovement], counted: frozenset[str]
) -> tuple[float, int]:
    """Return the largest letters at which all rows have room, else the smallest and how many rows do."""
    width, height = wall_room.stage_size(material.looking)
    title = max(wall_room.SMALLEST, wall_room.letters(material.looking) * 0.8)
    height -= (wall_room.lines_of(lead, width / title) * 1.25 + 0.6) * title
    sentences = [material.sentence(material.m.link(row.link)) for row in rows]
    moves = [0 if _is_drawn(row, counted) else min(len(moves_told(material, row)), _MOVES + 1) for row in rows]
    tried = wall_room.sizes(material.looking, 1.1)
    for size in tried:
        many = _rows_in(sentences, moves, width / size, height / size)
        if many == len(rows):
            break
    return size, max(1, many)


def _rows_in(sentences: list[str], moves: list[int], width: float, height: float) -> int:
    """Return how many rows fit one below the other, in sizes of their letters."""
    each = 1.3 if width * (1 - _SENTENCE) > _MOVE_WIDE else 2.5
    for place, (sentence, told) in enumerate(zip(sentences, moves, strict=True)):
        lines = wall_room.lines_of(sentence, width * _SENTENCE)
        height -= max(_ROW, lines * 1.2 + 0.4, told * each + 0.4)
        if height < 0:
            return place
    return len(sentences)


def _is_drawn(row: LinkMovement, counted: frozenset[str]) -> bool:
    """Whether a row shows shares; where they stand still, who moved is what there is to see."""
    first, then = row.asserting
    return row.link in counted and first * sum(row.after.values()) != then * sum(row.before.values())


def _moved(material: Material, row: LinkMovement, counted: frozenset[str]) -> Native:
    sentence = element("span", material.sentence(material.m.link(row.link)), class_="wm-wall-sentence")
    if not _is_drawn(row, counted):
        told = moves_told(material, row)
        more = len(told) - _MOVES
        return element(
            "li",
            sentence,
            element(
                "ul",
                told[:_MOVES],
                element("li", material.t("wall.more", count=more)) if more > 0 else None,
                class_="wm-wall-moves",
            ),
        )
    first, then = row.asserting
    before, after = sum(row.before.values()), sum(row.after.values())
    return element(
        "li",
        sentence,
        track(first / before if before else None, then / after if after else None),
        element("span", shown(" → ".join(shares(material, row))), class_="wm-wall-figure"),
    )
