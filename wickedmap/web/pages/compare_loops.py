"""Loops no one sees alone: what feeds back only when the agencies' maps are put together."""

from __future__ import annotations

from typing import Final

from ...graphs import JointLoop, JointLoops, joint_loops
from ...sentences import loop_sentence
from ..elements import Child, Native, button, disclosure, element, empty_state, whole
from .compare_material import Material

SHOWN: Final = 12
_SECONDS: Final = 1.5
_LONGEST: Final = 8
_KINDS = ("stances", "framings")


def view(material: Material) -> list[Child]:
    """Return the loops of the joint map, those in no single agency's map first."""
    t = material.t
    head = material.room(_KINDS, wall="loops")
    if len(material.agencies) < 2:
        return [head, empty_state(material.need_two())]
    found = loops_of_all(material)
    together = found.only_together
    seen = len(found.loops) - len(together)
    if not found.loops:
        return [
            head,
            empty_state(t("compare.loops.none")),
            element("p", _complete(material, found), class_="wm-hint"),
        ]
    more = together[SHOWN:]
    return [
        head,
        element(
            "p",
            element("strong", t("compare.loops.together", count=len(together))),
            " ",
            t("compare.loops.seen", count=seen),
            class_="wm-lead",
        ),
        whole(element("ol", [_loop(material, found, one) for one in together[:SHOWN]], class_="wm-loops"))
        if together
        else None,
        element("p", t("compare.loops.more", count=len(more)), class_="wm-hint") if more else None,
        element("p", _complete(material, found), class_="wm-hint"),
    ]


def loops_of_all(material: Material) -> JointLoops:
    """Return the loops of the joint map, with who asserts each of their links."""
    return material.once(
        "loops",
        lambda: joint_loops(material.m, _LONGEST, _SECONDS, agencies=sorted(material.agencies)),
    )


def _complete(material: Material, found: JointLoops) -> str:
    if found.exhaustive:
        return material.t("compare.loops.complete")
    if found.stopped_by is None:
        return material.t("compare.loops.complete_to", count=found.complete_to)
    return material.t(f"compare.loops.stopped.{found.stopped_by}", count=found.complete_to)


def _loop(material: Material, found: JointLoops, one: JointLoop) -> Native:
    t = material.t
    links = [found.map.link(str(link)) for link in one.loop.links]
    return element(
        "li",
        element("p", element("b", t(f"compare.loops.kind.{kind_of(one)}")), class_="wm-loop-kind"),
        element("p", loop_sentence(found.map, links, material.looking.language), class_="wm-text"),
        element("p", _closed_by(material, found, one)),
        element("p", _hinges(material, found, one), class_="wm-hint") if one.hinges else None,
        element("p", t("compare.loops.contested"), class_="wm-hint") if one.contested else None,
        disclosure(
            t("compare.loops.links"),
            element(
                "ul",
                [
                    element(
                        "li",
                        element("a", material.sentence(link), href=f"#links/{link.id}"),
                        " ",
                        material.chips(agencies),
                    )
                    for link, agencies in zip(links, one.asserted_by, strict=True)
                ],
                class_="wm-plain",
            ),
            button(
                t("compare.loops.light"),
                change="set_spotlight",
                fields={
                    "target_kind": "loop",
                    "target": f"{one.loop.polarity if one.loop.polarity != '?' else 'U'}{one.loop.length}",
                    "links": [link.id for link in links],
                },
            )
            if material.leads
            else None,
        ),
    )


def kind_of(one: JointLoop) -> str:
    """Return ``reinforcing``, ``balancing`` or ``unknown``."""
    return {"R": "reinforcing", "B": "balancing"}.get(one.loop.polarity, "unknown")


def _closed_by(material: Material, found: JointLoops, one: JointLoop) -> str:
    """Return who comes closest, and by whose link the loop closes."""
    t = material.t
    if not one.closings:
        return ""
    nearest = one.closings[0]
    missing = [
        t("compare.loops.by", sentence=material.sentence(found.map.link(link)), names=material.names(holders))
        for link, holders in nearest.missing
    ]
    return t(
        "compare.loops.closed",
        count=len(missing),
        agency=material.short(nearest.agency),
        held=one.loop.length - len(missing),
        length=one.loop.length,
        links=" ".join(missing),
    )


def _hinges(material: Material, found: JointLoops, one: JointLoop) -> str:
    t = material.t
    link, agency = one.hinges[0]
    return t(
        "compare.loops.hinge",
        agency=material.short(agency),
        sentence=material.sentence(found.map.link(link)),
    )
