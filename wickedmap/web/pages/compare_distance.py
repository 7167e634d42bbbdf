"""How far the agencies' maps lie from each other: ordered bars, and a picture from six agencies up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ...graphs import DistancePicture, distance_picture, ordered_distances, pairwise, perspective_maps
from ..drawings import Dot, scatter_picture
from ..elements import Child, Native, data_table, disclosure, element, empty_state, whole
from .compare_material import Material

if TYPE_CHECKING:
    import pandas as pd

PICTURE_FROM: Final = 6
MISLEADS: Final = 0.2
_KINDS = ("stances", "framings", "ratings", "annotations")


def view(material: Material) -> list[Child]:
    """Return who lies near and far from whom."""
    t = material.t
    head = material.room(_KINDS, wall="distance")
    if len(material.agencies) < 2:
        return [head, empty_state(material.need_two())]
    distances = distances_between(material)
    silent = [agency for agency in material.agencies if agency not in distances.columns]
    left_out = element("p", t("compare.distance.no_links", names=material.names(silent)), class_="wm-hint")
    ordered = ordered_distances(distances)
    known = ordered[ordered["distance"].notna()]
    if not len(known):
        return [head, empty_state(t("compare.distance.none")), left_out if silent else None]
    return [
        head,
        element(
            "div",
            _bars(material, distances, known),
            *_picture(material, distances),
            class_="wm-distance",
        ),
        left_out if silent else None,
        *_unknown(material, distances),
        _table(material, distances),
        element("p", t("compare.distance.method"), class_="wm-hint"),
    ]


def distances_between(material: Material) -> pd.DataFrame:
    """Return the distances between the maps that have links; a map without any says nothing to measure."""

    def measured() -> pd.DataFrame:
        maps = perspective_maps(material.whole.m, sorted(material.everyone))
        return pairwise({agency: own for agency, own in maps.items() if own.links})

    # How far two are from each other is the same whoever else is chosen.
    distances = material.whole.once("distances", measured)
    if not material.partial:
        return distances
    chosen = [agency for agency in distances.columns if agency in material.agencies]
    part = distances.loc[chosen, chosen]
    part.attrs = distances.attrs
    return part


def _bars(material: Material, distances: pd.DataFrame, known: pd.DataFrame) -> Native:
    longest = float(known["distance"].max()) or 1.0
    items = []
    for one, other, distance in known.itertuples(index=False):
        n = distances.attrs["n"][one, other]
        value = material.number(float(distance), 3, whole=False)
        items.append(
            element(
                "li",
                element(
                    "a",
                    material.chip(one),
                    material.short(one),
                    " – ",
                    material.chip(other),
                    material.short(other),
                    href=f"#pair/{one}/{other}",
                ),
                element("span", class_="wm-bar", style={"--share": round(float(distance) / longest, 3)}),
                element("span", f"{value} (n={n})", class_="wm-figure"),
            )
        )
    return element(
        "section",
        element("h3", material.t("compare.distance.nearest")),
        whole(element("ol", items, class_="wm-bars wm-bars-wide")),
    )


def _unknown(material: Material, distances: pd.DataFrame) -> list[Child]:
    missing = [
        f"{material.short(one)} – {material.short(other)}"
        for place, one in enumerate(distances.columns)
        for other in distances.columns[place + 1 :]
        if (one, other) in distances.attrs["undefined"]
    ]
    if not missing:
        return []
    return [element("p", material.t("compare.distance.unknown", pairs=", ".join(missing)), class_="wm-hint")]


def _picture(material: Material, distances: pd.DataFrame) -> list[Child]:
    t = material.t
    if len(distances) < PICTURE_FROM:
        return [
            element(
                "p",
                t("compare.distance.picture_from", count=PICTURE_FROM, have=len(distances)),
                class_="wm-hint",
            )
        ]
    found = stable_picture(material, distances)
    if found.stress is None:
        why = found.why or "few_maps"
        return [
            element("p", t("compare.undefined", why=material.looking.t(f"undefined.{why}")), class_="wm-hint")
        ]
    trusted = "good" if found.stress <= MISLEADS else "poor"
    stress = t(f"compare.distance.stress.{trusted}", stress=material.number(found.stress))
    left = [material.short(agency) for agency in found.left_out]
    return [
        element(
            "section",
            element("h3", t("compare.distance.picture")),
            element(
                "div",
                scatter_picture(dots_of(material, found), material.caption(t("compare.distance.picture"))),
                class_="wm-scatter",
            ),
            element("p", stress, class_="wm-hint"),
            element("p", t("compare.distance.left_out", names=material.list_in_words(left)), class_="wm-hint")
            if left
            else None,
        )
    ]


def dots_of(material: Material, found: DistancePicture) -> list[Dot]:
    """Return where each agency stands in the picture."""
    return [
        Dot(x, y, material.initials(agency), material.name(agency), agency == material.own)
        for agency, (x, y) in found.positions.items()
    ]


def stable_picture(material: Material, distances: pd.DataFrame) -> DistancePicture:
    """Return the picture, turned to lie as near as it can to the one shown before it."""
    actor = material.looking.actor
    whose = ("picture", material.looking.state.workshop, actor.role, material.own)
    previous = material.kept.last.get(whose)

    def make() -> DistancePicture:
        return distance_picture(distances, previous=previous.positions if previous else None)

    found = material.once("picture", make)
    if found.stress is not None:
        material.kept.last[whose] = found
    return found


def _table(material: Material, distances: pd.DataFrame) -> Native:
    t = material.t
    names = list(distances.columns)

    def cell(one: str, other: str) -> str:
        if one == other:
            return "–"
        if (one, other) in distances.attrs["undefined"]:
            return t("compare.distance.missing")
        return material.number(float(distances.at[one, other]), 3, whole=False)  # type: ignore[arg-type]

    return disclosure(
        t("compare.distance.table"),
        data_table(
            material.caption(t("compare.distance.table")),
            [t("compare.distance.agency"), *[material.chip(name) for name in names]],
            [[material.name(one), *[cell(one, other) for other in names]] for one in names],
            numbers=range(1, len(names) + 1),
            caption_hidden=True,
        ),
    )
