"""My problem description on the phone: private until it is sent, and changed as often as one likes."""

from __future__ import annotations

from ...model import Link
from ..elements import (
    Native,
    button,
    change_form,
    choice,
    disclosure,
    element,
    notice,
    shown,
    text_area,
)
from .me_phone import Phone, locked
from .me_terms import words

QUESTIONS = ("problem", "causes", "judgement", "remedy")
STRATEGIES = ("authoritative", "competitive", "collaborative")


def framing_view(phone: Phone) -> Native:
    """Return the state of the description and the form for it."""
    framing = phone.framing
    key = framing.id if framing else f"framing-{phone.person}"
    mark = phone.looking.state.mark("framings", key) if framing else None
    texts = {name: getattr(framing, name).in_language(phone.language) if framing else "" for name in QUESTIONS}
    send = phone.t("phone.framing.send_again" if framing else "phone.framing.send")
    return element(
        "div",
        element(
            "div",
            notice(
                phone.t("phone.framing.sent" if framing else "phone.framing.not_sent"),
                " ",
                phone.who_sees("framings"),
            ),
            role="status",
        ),
        locked(
            phone,
            change_form(
                "write_framing",
                {"language": phone.language, "base_seq": mark.seq if mark else phone.seq},
                [_question(phone, name, texts[name]) for name in QUESTIONS],
                element("div", _factors(phone)),
                element("div", _links(phone)),
                _belief(phone),
                _strategies(phone),
                button(send, kind="primary", type="submit", disabled=phone.closed),
                draft="framing",
                keep=True,
            ),
        ),
        words(phone),
        class_="wm-stack",
        data_seq=phone.seq,
    )


def _question(phone: Phone, name: str, value: str) -> Native:
    hint = phone.t(f"phone.framing.{name}_hint")
    return text_area(phone.t(f"phone.framing.{name}"), name, value=value, hint=hint)


def _factors(phone: Phone) -> Native:
    chosen = set(phone.framing.factors) if phone.framing else set()
    gone = [one for one in chosen if not phone.shown.has_factor(one)]
    options = [(factor.id, phone.label(factor.id)) for factor in phone.shown.factors]
    options += [(one, phone.t("phone.off_map", label=phone.label(one))) for one in sorted(gone)]
    return _searchable(phone, "factors", phone.t("phone.framing.factors"), options, chosen)


def _links(phone: Phone) -> Native | None:
    chosen = set(phone.framing.links) if phone.framing else set()
    links = {link.id: link for link in phone.shown.links}
    options = [(link.id, phone.sentence(link)) for link in links.values()]
    for one in sorted(chosen - links.keys()):
        row: Link | None = phone.link_row(one)
        options.append(
            (one, phone.t("phone.off_map", label=phone.sentence(row) if row else phone.t("phone.gone_link")))
        )
    if not options:
        return None
    return _searchable(phone, "links", phone.t("phone.framing.links"), options, chosen)


def _searchable(
    phone: Phone, name: str, legend: str, options: list[tuple[str, str]], chosen: set[str]
) -> Native:
    boxes = [
        element(
            "label",
            element(
                "input", type="checkbox", name=name, value=value, data_type="list", checked=value in chosen
            ),
            element("span", shown(label)),
            class_="wm-option",
            data_search_text=label,
        )
        for value, label in options
    ]
    return disclosure(
        legend,
        element(
            "fieldset",
            element("legend", legend, class_="wm-visually-hidden"),
            element("label", phone.t("common.search"), for_=f"me-search-{name}", class_="wm-label"),
            element(
                "input",
                type="search",
                id=f"me-search-{name}",
                class_="wm-input",
                autocomplete="off",
                data_search_target=f"#me-options-{name}",
                data_search_count=f"#me-found-{name}",
            ),
            element("p", id=f"me-found-{name}", role="status", class_="wm-hint"),
            element("div", boxes, id=f"me-options-{name}", class_="wm-options"),
            class_="wm-field",
        ),
    )


def _belief(phone: Phone) -> Native:
    framing = phone.framing
    value = None if framing is None else str(framing.belief or "")
    ends = {1: "phone.framing.belief_low", 5: "phone.framing.belief_high"}
    options = [
        (str(step), f"{step} – {phone.t(ends[step])}" if step in ends else str(step)) for step in range(1, 6)
    ]
    options.append(("", phone.t("phone.importance.undecided")))
    return choice(phone.t("phone.framing.belief"), "belief", options, value=value, row=True, data_type="int")


def _strategies(phone: Phone) -> Native:
    framing = phone.framing
    now = None if framing is None else framing.strategy_now
    wanted = None if framing is None else framing.strategy_wanted
    options = [
        (
            name,
            element(
                "span",
                element("strong", phone.t(f"phone.strategy.{name}.name")),
                element("span", phone.t(f"phone.strategy.{name}.explained"), class_="me-facts"),
            ),
        )
        for name in STRATEGIES
    ]
    options.append(("", element("span", phone.t("phone.importance.undecided"))))
    return element(
        "div",
        choice(phone.t("phone.framing.strategy_now"), "strategy_now", options, value=now),
        choice(phone.t("phone.framing.strategy_wanted"), "strategy_wanted", options, value=wanted),
        class_="wm-stack",
    )
