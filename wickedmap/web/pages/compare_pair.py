"""Two agencies: what only one of them holds, what both hold, and where they hold the opposite."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ...causal_map import CausalMap
from ...graphs import Comparison, Measure, compare, take_perspective
from ...graphs.comparison import ComparedLink
from ..drawings import DrawnLink, Point, difference_picture
from ..elements import Child, Native, Options, data_table, disclosure, element, empty_state, select
from .compare_material import Material

GROUPS: Final = ("opposite", "only_a", "only_b", "both", "unknown")
_MEASURES: Final = (
    *("factor_jaccard", "shared_link_jaccard", "signed_link_jaccard", "sign_disagreement"),
    *("path_agreement", "langfield_smith_wirth_12", "rank_agreement"),
)
_KINDS = ("stances", "framings", "ratings", "annotations")


def view(material: Material, first: str = "", second: str = "") -> list[Child]:
    """Return the difference of two agencies; by default one's own and the next."""
    agencies = material.agencies
    if len(agencies) < 2:
        return [material.room(_KINDS), empty_state(material.need_two())]
    a = first if first in agencies else agencies[0]
    b = second if second in agencies and second != a else next(one for one in agencies if one != a)
    found = difference(material, a, b)
    groups = grouped(found)
    return [
        material.room(_KINDS, wall="pair", agencies=(a, b)),
        _chooser(material, a, b),
        *_body(material, a, b, found, groups),
    ]


def difference(material: Material, a: str, b: str) -> Comparison:
    """Return how the maps of two agencies differ."""
    # What two hold is the same whoever else is chosen.
    m = material.whole.m
    return material.whole.once(
        ("pair", a, b), lambda: compare(take_perspective(m, a).map, take_perspective(m, b).map)
    )


def grouped(found: Comparison) -> dict[str, list[ComparedLink]]:
    """Return every link of either in one group; a sign that is not known cannot be the same or opposite."""
    opposite, unknown = set(found.links_opposite), set(found.links_without_sign)
    return {
        "opposite": list(found.links_opposite),
        "only_a": list(found.links_only_a),
        "only_b": list(found.links_only_b),
        "both": [link for link in found.links_both if link not in opposite and link not in unknown],
        "unknown": [link for link in found.links_both if link in unknown],
    }


def _chooser(material: Material, a: str, b: str) -> Native:
    t = material.t
    options: Options = [(agency, material.name(agency)) for agency in material.agencies]
    return element(
        "form",
        select(t("compare.pair.first"), "first", options, value=a),
        select(t("compare.pair.second"), "second", options, value=b),
        data_goes="pair",
        class_="wm-pair-form",
    )


def _body(
    material: Material, a: str, b: str, found: Comparison, groups: dict[str, list[ComparedLink]]
) -> list[Child]:
    t = material.t
    if not any(groups.values()):
        return [
            empty_state(t("compare.pair.no_links", a=material.short(a), b=material.short(b))),
            _numbers(material, found),
        ]
    return [
        element(
            "ul",
            [_legend(material, a, b, kind, len(links)) for kind, links in groups.items()],
            class_="wm-pair-legend",
        ),
        _picture(material, a, b, groups),
        data_table(
            t("compare.pair.caption", a=material.short(a), b=material.short(b)),
            [t("compare.pair.influence"), t("compare.pair.where"), material.short(a), material.short(b)],
            [_row(material, a, b, kind, link) for kind, links in groups.items() for link in links],
        ),
        _factors(material, a, b, found),
        _numbers(material, found),
    ]


def _legend(material: Material, a: str, b: str, kind: str, number: int) -> Native:
    return element(
        "li",
        pattern_of(kind),
        element("span", f"{where(material, a, b, kind)} ({number})"),
    )


def pattern_of(kind: str) -> Native:
    """Return a piece of line as the picture draws the links of a group."""
    return element(
        "svg",
        element("line", x1=2, y1=8, x2=42, y2=8, class_=f"wm-diff-{kind}"),
        viewBox="0 0 44 16",
        width=44,
        height=16,
        aria_hidden=True,
        focusable="false",
    )


def where(material: Material, a: str, b: str, kind: str) -> str:
    """Return in words which of two agencies hold the links of a group."""
    return material.t(f"compare.pair.group.{kind}", a=material.short(a), b=material.short(b))


def drawn_links(
    material: Material, a: str, b: str, groups: dict[str, list[ComparedLink]]
) -> tuple[list[DrawnLink], CausalMap, dict[str, Point]]:
    """Return the links of a difference, the part of the map that they touch, and where its factors stand."""
    marks = {
        "opposite": "≠",
        "only_a": material.initials(a),
        "only_b": material.initials(b),
        "both": "=",
        "unknown": "?",
    }
    drawn = [
        DrawnLink(str(link.source), str(link.target), kind, marks[kind])
        for kind, links in groups.items()
        for link in links
    ]
    used = {end for link in drawn for end in (link.source, link.target)}
    part = material.m.restricted_to(used)
    positions = (
        material.places.positions(material.looking.state, material.m)
        if material.places is not None
        else {factor.id: factor.position or (0.0, 0.0) for factor in material.m.factors}
    )
    return drawn, part, {factor.id: positions[factor.id] for factor in part.factors}


def _picture(material: Material, a: str, b: str, groups: dict[str, list[ComparedLink]]) -> Native:
    drawn, part, positions = drawn_links(material, a, b, groups)
    return element(
        "div",
        difference_picture(
            part,
            drawn,
            positions,
            material.looking.language,
            material.t("compare.pair.picture", a=material.short(a), b=material.short(b)),
        ),
        class_="wm-difference",
        role="region",
        tabindex=0,
        aria_label=material.t("compare.pair.picture", a=material.short(a), b=material.short(b)),
    )


def _row(material: Material, a: str, b: str, kind: str, link: ComparedLink) -> list[Child]:
    ids = [str(one) for one in (*link.links_a, *link.links_b)]
    return [
        element("a", material.sentence(material.m.link(ids[0])), href=f"#links/{ids[0]}"),
        where(material, a, b, kind),
        _holds(material, a, ids, link.in_a),
        _holds(material, b, ids, link.in_b),
    ]


def _holds(material: Material, agency: str, links: list[str], weight: float | None) -> str:
    """Return in words what an agency holds; silence is never called a disagreement."""
    t = material.t
    rows = [material.overlay.link(link) for link in links]
    held = [one for row in rows for one in row.by_agency if one.agency == agency]
    said = []
    if any(one.asserts for one in held):
        said.append(
            t(
                "compare.pair.holds.unknown"
                if weight is None or not weight
                else "compare.pair.holds.more"
                if weight > 0
                else "compare.pair.holds.less"
            )
        )
    if any(one.rejects for one in held):
        said.append(t("compare.pair.holds.rejects"))
    if any(one.unsure for one in held):
        said.append(t("compare.pair.holds.unsure"))
    return "; ".join(said) or t("compare.pair.holds.silent")


def _factors(material: Material, a: str, b: str, found: Comparison) -> Native:
    t = material.t
    named = {
        "both": found.factors_both,
        "only_a": found.factors_only_a,
        "only_b": found.factors_only_b,
    }
    return element(
        "section",
        element("h3", t("compare.pair.factors")),
        element(
            "dl",
            [
                [
                    element(
                        "dt", t(f"compare.pair.factors_in.{kind}", a=material.short(a), b=material.short(b))
                    ),
                    element("dd", _listed(material, factors) or t("compare.pair.none")),
                ]
                for kind, factors in named.items()
            ],
            class_="wm-facts",
        ),
    )


def _listed(material: Material, factors: Iterable[object]) -> str:
    return material.list_in_words([material.factor(str(one)) for one in factors])


def _numbers(material: Material, found: Comparison) -> Native:
    t = material.t
    rows: list[list[Child]] = []
    for name in _MEASURES:
        measure = found[name]
        rows.append(
            [
                t(f"compare.pair.measure.{name}"),
                value_or_why(material, measure),
                measure.n,
                t(f"compare.pair.means.{name}"),
            ]
        )
    return disclosure(
        t("compare.pair.numbers"),
        element("p", t("compare.pair.numbers_hint"), class_="wm-hint"),
        data_table(
            t("compare.pair.numbers"),
            [
                t("compare.pair.measure.name"),
                t("compare.pair.measure.value"),
                "n",
                t("compare.pair.measure.means"),
            ],
            rows,
            numbers=(2,),
            caption_hidden=True,
        ),
    )


def value_or_why(material: Material, measure: Measure) -> str:
    """Return a measure's value, or the sentence that says why it has none."""
    if measure.value is None:
        return material.t("compare.undefined", why=material.looking.t(f"undefined.{measure.why}"))
    return material.number(measure.value)
