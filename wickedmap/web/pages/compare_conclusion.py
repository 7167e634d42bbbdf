"""From difference to conversation: what to ask about a contested link, and what the room concluded."""

from __future__ import annotations

from typing import Final

from ...graphs import LinkOpinions
from ...model import DELAYS, OUTCOMES, Conclusion, Link
from ..elements import Native, button, change_form, choice, disclosure, element, select, shown, text_area
from .compare_material import Material

QUESTIONS: Final = ("word", "time", "group", "evidence")
_SIGNS: Final = (("+", "plus"), ("-", "minus"), ("?", "unknown"))


def talk(material: Material, row: LinkOpinions) -> Native:
    """Return questions that a room may ask itself about a link it holds differently."""
    t = material.looking.t
    link = material.m.link(row.link)
    source, target = material.factor(link.source), material.factor(link.target)
    return element(
        "section",
        element("h3", t("compare.links.talk")),
        element(
            "ul",
            [
                element("li", t(f"compare.links.question.{one}", source=source, target=target))
                for one in QUESTIONS
            ],
        ),
        class_="wm-talk",
    )


def concluded(material: Material, row: LinkOpinions) -> Native | None:
    """Return what the room concluded, each time it did, and the facilitator's place to write it."""
    t, state = material.looking.t, material.looking.state
    found: list[Conclusion] = [one for one in state.rows("conclusions") if one.link == row.link]
    writes = material.leads and not state.setting("finished")
    if not found and not writes:
        return None
    return element(
        "section",
        element("h3", t("compare.links.concluded")),
        element("ul", [_conclusion(material, one) for one in reversed(found)], class_="wm-plain wm-said")
        if found
        else None,
        _two_links(material, row, writes) if found and found[-1].outcome == "two_links" else None,
        _conclude(material, row) if writes else None,
        class_="wm-talk",
    )


def _conclusion(material: Material, one: Conclusion) -> Native:
    return element(
        "li",
        element(
            "span",
            element("b", material.t(f"compare.links.outcome.{one.outcome}")),
            " ",
            element("time", shown(one.at[:16].replace("T", " ")), datetime=one.at, data_clock=True),
        ),
        element("blockquote", shown(one.text), lang=one.language or None) if one.text else None,
        data_key=one.id,
    )


def _conclude(material: Material, row: LinkOpinions) -> Native:
    t = material.looking.t
    return disclosure(
        t("compare.links.conclude"),
        change_form(
            "conclude",
            {"link": row.link, "language": material.looking.language},
            choice(
                t("compare.links.outcome_legend"),
                "outcome",
                [(one, t(f"compare.links.outcome.{one}")) for one in OUTCOMES],
                required=True,
                row=True,
            ),
            text_area(t("compare.links.conclusion_text"), "text", hint=t("compare.links.conclusion_hint")),
            button(t("compare.links.keep"), type="submit"),
            draft=f"conclude-{material.looking.state.workshop}-{row.link}",
            data_key=f"conclude-{row.link}",
        ),
    )


# --- two links instead of one ------------------------------------------------


def _two_links(material: Material, row: LinkOpinions, writes: bool) -> Native | None:
    """Return the other links between the same two factors, or the form that adds the second one."""
    t = material.looking.t
    link = material.m.link(row.link)
    others = [
        one for one in material.m.effects_of(link.source) if one.target == link.target and one.id != link.id
    ]
    if others:
        listed = [
            element("li", element("a", material.sentence(one), href=f"#links/{one.id}")) for one in others
        ]
        return element("div", element("p", t("conclusions.there")), element("ul", listed))
    return _second_link(material, link) if writes else None


def _second_link(material: Material, link: Link) -> Native:
    t = material.looking.t
    return disclosure(
        t("conclusions.second"),
        element("p", t("conclusions.second_hint"), class_="wm-hint"),
        change_form(
            "add_link",
            {"source": link.source, "target": link.target, "language": material.looking.language},
            choice(
                t("conclusions.sign"),
                "sign",
                [(sign, t(f"common.sign.{name}")) for sign, name in _SIGNS],
                required=True,
                row=True,
            ),
            select(
                t("conclusions.delay"),
                "delay",
                [(one, t(f"common.delay.{one}")) for one in DELAYS if one],
                empty=t("common.delay.none"),
            ),
            text_area(t("conclusions.rationale"), "rationale", rows=2),
            button(t("conclusions.add"), type="submit"),
            draft=f"second-{material.looking.state.workshop}-{link.id}",
            data_key=f"second-{link.id}",
        ),
        open_=True,
    )
