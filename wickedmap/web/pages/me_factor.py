"""One factor on the phone: what it means, its causes and effects, how important it is to me."""

from __future__ import annotations

from ...model import Factor, Link
from ..elements import Native, button, element, shown
from .me_notes import notes_section
from .me_phone import Phone, address, back, heading, panel
from .me_proposals import proposal_forms


def factor_panel(phone: Phone, factor_id: str) -> Native:
    """Return a factor's screen; when it is not there (any more, or yet), what to do instead."""
    if not phone.shown.has_factor(factor_id):
        return _not_there(phone, factor_id)
    factor = phone.shown.factor(factor_id)
    definition = factor.definitions.in_language(phone.language)
    return panel(
        phone,
        "factor",
        factor_id,
        back(phone),
        element(
            "div",
            _domain(phone, factor),
            heading(shown(phone.label(factor_id))),
            element("p", shown(definition), class_="wm-text") if definition else None,
            _owners(phone, factor),
            class_="wm-stack wm-stack-tight",
        ),
        rating(phone, factor),
        _links(
            phone,
            phone.t("phone.factor.causes"),
            phone.shown.causes_of(factor_id),
            phone.t("phone.factor.no_causes"),
        ),
        _links(
            phone,
            phone.t("phone.factor.effects"),
            phone.shown.effects_of(factor_id),
            phone.t("phone.factor.no_effects"),
        ),
        notes_section(phone, "factor", factor_id),
        proposal_forms(phone, factor),
    )


def _not_there(phone: Phone, factor_id: str) -> Native:
    removed = isinstance(phone.looking.state.row("removed", factor_id), Factor)
    return panel(
        phone,
        "factor",
        factor_id,
        back(phone),
        heading(phone.label(factor_id) if removed else phone.t("phone.factor.unknown")),
        element("p", phone.t("phone.factor.removed" if removed else "phone.factor.unknown_explained")),
    )


def _domain(phone: Phone, factor: Factor) -> Native | None:
    domain = next((one for one in phone.shown.domains if one.id == factor.domain), None)
    if domain is None:
        return None
    style = {"--domain": f"var(--wm-domain-{factor.domain}, var(--wm-outline))"}
    return element("p", domain.labels.in_language(phone.language), class_="wm-tag", style=style)


def _owners(phone: Phone, factor: Factor) -> Native | None:
    if not factor.agencies:
        return None
    chips = [element("li", phone.chip(agency)) for agency in factor.agencies]
    return element(
        "div",
        element("h2", phone.t("phone.factor.owners"), class_="me-small-title"),
        element("ul", chips, class_="wm-plain wm-row"),
    )


def rating(phone: Phone, factor: Factor) -> Native:
    """Return the five steps of importance and "undecided"; a touch is the answer."""
    row = phone.rating_of(factor.id)
    steps: list[tuple[str, dict[str, object], bool]] = [
        (str(step), {"factor": factor.id, "importance": step}, row is not None and row.importance == step)
        for step in range(1, 6)
    ]
    undecided = row is not None and row.importance is None
    steps.append((phone.t("phone.importance.undecided"), {"factor": factor.id}, undecided))
    buttons = [
        button(
            words,
            change="rate_factor",
            fields=fields,
            disabled=phone.closed,
            aria_pressed=on,
            data_on=on,
            aria_label=phone.t("phone.importance.step", step=words) if "importance" in fields else None,
        )
        for words, fields, on in steps
    ]
    return element(
        "section",
        element("h2", phone.t("phone.importance.title"), id="~title"),
        element("p", phone.t("phone.importance.hint"), class_="wm-hint"),
        element(
            "div",
            buttons,
            class_="me-steps",
            role="group",
            aria_labelledby="~title",
            data_pick=True,
            data_seq=phone.seq,
        ),
        element("p", phone.who_sees("ratings"), class_="wm-hint"),
        button(
            phone.t("phone.withdraw_answer"),
            kind="link",
            change="withdraw_rating",
            fields={"factor": factor.id},
        )
        if row is not None and not phone.closed
        else None,
        class_="wm-section",
        own_ids=True,
    )


def _links(phone: Phone, title: str, links: tuple[Link, ...], none: str) -> Native:
    if not links and phone.stage == 1:
        none = phone.t("phone.factor.links_later")
    inside = (
        element("ul", [link_line(phone, link) for link in links], class_="wm-list")
        if links
        else element("p", none, class_="wm-quiet-text")
    )
    return element(
        "section",
        element("h2", f"{title} ({len(links)})" if links else title),
        inside,
        class_="wm-section",
    )


def link_line(phone: Phone, link: Link) -> Native:
    """Return a link as a sentence that opens it, with its sign before and my stance after."""
    stance = phone.stance_on(link.id)
    said = phone.t("phone.link.mine", stance=phone.t(f"common.stance.{stance.stance}")) if stance else ""
    return element(
        "li",
        element(
            "a",
            sign(link),
            element(
                "span",
                shown(phone.sentence(link)),
                element("span", said, class_="me-facts") if said else None,
            ),
            href=address("link", link.id),
            class_="wm-sentence",
        ),
    )


def sign(link: Link) -> Native:
    """Return a link's sign as the wall has it; its sentence says the same in words."""
    mark = {"−": "-"}.get(link.mark, link.mark)
    return element("span", link.mark, class_="wm-sign", data_sign=mark, aria_hidden=True)
