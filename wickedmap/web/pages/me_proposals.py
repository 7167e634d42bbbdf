"""Proposing what the map lacks: a factor, or a link from or to the factor that is open."""

from __future__ import annotations

from ...model import Factor
from ..elements import (
    Native,
    button,
    change_form,
    choice,
    disclosure,
    element,
    field,
    select,
    text_area,
    text_input,
)
from .me_phone import Phone, back, heading, locked, panel


def proposal_forms(phone: Phone, factor: Factor) -> Native:
    """Return the two forms, folded, below a factor."""
    return element(
        "section",
        element("h2", phone.t("phone.propose.title")),
        element("p", phone.t("phone.propose.explained"), class_="wm-quiet-text"),
        disclosure(phone.t("phone.propose.link"), locked(phone, _link_form(phone, factor))),
        disclosure(phone.t("phone.propose.factor"), locked(phone, factor_form(phone, factor.id))),
        class_="wm-section me-propose",
    )


def propose_panel(phone: Phone, _target: str) -> Native:
    """Return the screen for proposing a factor when no other is open."""
    return panel(
        phone,
        "propose",
        "",
        back(phone),
        heading(phone.t("phone.propose.factor")),
        element("p", phone.t("phone.propose.explained"), class_="wm-quiet-text"),
        locked(phone, factor_form(phone, "map")),
    )


def factor_form(phone: Phone, where: str) -> Native:
    """Return the form for a factor that the map lacks; `where` tells its drafts apart."""
    domains = [(one.id, one.labels.in_language(phone.language)) for one in phone.shown.domains]
    return change_form(
        "propose_factor",
        {"language": phone.language},
        text_input(
            phone.t("phone.propose.label"),
            "label",
            hint=phone.t("phone.propose.label_hint"),
            limit=120,
            required=True,
        ),
        text_area(phone.t("phone.propose.definition"), "definition", rows=2),
        select(phone.t("phone.propose.domain"), "domain", domains, empty=phone.t("phone.propose.no_domain"))
        if domains
        else None,
        text_area(phone.t("phone.propose.why"), "reason", rows=2, hint=phone.t("phone.no_clients")),
        element("p", phone.who_sees("proposals"), class_="wm-hint"),
        button(phone.t("phone.propose.send"), type="submit", disabled=phone.closed),
        draft=f"propose-factor-{where}",
    )


def _link_form(phone: Phone, factor: Factor) -> Native:
    signs = [
        (value, element("span", phone.t(f"phone.propose.sign.{name}"), data_sign_words=value))
        for value, name in (("+", "plus"), ("-", "minus"), ("?", "unknown"))
    ]
    t = phone.t
    strengths = [
        (str(number), t(f"common.strength.{name}"))
        for number, name in enumerate(("weak", "medium", "strong"), start=1)
    ]
    delays = [
        ("", t("common.delay.none")),
        ("short", t("common.delay.short")),
        ("long", t("common.delay.long")),
    ]
    return change_form(
        "propose_link",
        {"language": phone.language},
        _end(phone, phone.t("phone.propose.source"), "source", factor.id),
        _end(phone, phone.t("phone.propose.target"), "target", ""),
        choice(phone.t("phone.propose.sign.title"), "sign", signs, value="?"),
        select(t("common.strength.label"), "strength", strengths, value="2", data_type="int"),
        select(phone.t("phone.propose.delay"), "delay", delays),
        text_area(phone.t("phone.propose.why"), "rationale", rows=2, hint=phone.t("phone.no_clients")),
        element("p", phone.who_sees("proposals"), class_="wm-hint"),
        button(phone.t("phone.propose.send"), type="submit", disabled=phone.closed),
        draft=f"propose-link-{factor.id}",
        # The script says the three answers with the names of the two that are chosen.
        data_link_words=phone.t("phone.propose.sign.sentence", cause="{cause}", effect="{effect}"),
        data_unknown_words=phone.t("phone.propose.sign.sentence_unknown", cause="{cause}", effect="{effect}"),
    )


def _end(phone: Phone, label: str, name: str, value: str) -> Native:
    drafts = [
        row.factor
        for row in phone.looking.state.rows("proposals")
        if row.factor and row.status == "open" and row.agency == phone.agency
    ]
    options = [_option(phone, factor) for factor in (*phone.shown.factors, *drafts)]
    first = element("option", phone.t("common.choose"), value="")
    return field(
        label, element("select", first, options, name=name, value=value, class_="wm-input", required=True)
    )


def _option(phone: Phone, factor: Factor) -> Native:
    label = phone.label(factor.id)
    words = {
        kind: (factor.phrases[kind].get(phone.language, "") if kind in factor.phrases else "")
        or phone.t(f"phone.propose.{kind}", label=label)
        for kind in ("more", "less", "name")
    }
    return element(
        "option",
        label,
        value=factor.id,
        data_more=words["more"],
        data_less=words["less"],
        data_name=words["name"],
    )
