"""One link on the phone: what it says, what speaks for and against it, and what I hold."""

from __future__ import annotations

from dataclasses import replace

from ...model import Evidence, Link, Stance
from ...perspective import by_side
from ..elements import Native, button, change_form, choice, disclosure, element, shown, text_input
from .me_factor import sign
from .me_notes import notes_section
from .me_phone import Phone, address, back, heading, locked, panel

STANCES = ("asserts", "rejects", "unsure")


def link_panel(phone: Phone, link_id: str) -> Native:
    """Return a link's screen; when it is not there (any more, or yet), what to do instead."""
    if not phone.shown.has_link(link_id):
        removed = phone.looking.state.row("removed", link_id) is not None
        return panel(
            phone,
            "link",
            link_id,
            back(phone),
            heading(phone.t("phone.link.unknown")),
            element("p", phone.t("phone.link.removed" if removed else "phone.link.unknown_explained")),
        )
    link = phone.shown.link(link_id)
    return panel(
        phone,
        "link",
        link_id,
        back(phone),
        element(
            "div",
            heading(sign(link), element("span", shown(phone.sentence(link)))),
            _ends(phone, link),
            _rationale(phone, link),
            _evidence(phone, link),
            class_="wm-stack wm-stack-tight",
        ),
        stance_section(phone, link),
        others_section(phone, link),
        notes_section(phone, "link", link_id),
    )


def _ends(phone: Phone, link: Link) -> Native:
    t = phone.t
    strength = ("weak", "medium", "strong")[min(2, max(0, round(link.strength) - 1))]
    facts = [t("common.strength.label") + ": " + t(f"common.strength.{strength}").lower()]
    if link.delay:
        facts.append(t(f"common.delay.{link.delay}").lower())
    if link.contested:
        facts.append(phone.t("phone.link.contested"))
    return element(
        "p",
        element("a", shown(phone.label(link.source)), href=address("factor", link.source)),
        " → ",
        element("a", shown(phone.label(link.target)), href=address("factor", link.target)),
        element("span", " · ".join(facts), class_="me-facts"),
        class_="me-ends",
    )


def _rationale(phone: Phone, link: Link) -> Native | None:
    why = link.rationale.in_language(phone.language)
    return element("p", shown(why), class_="wm-text") if why else None


def _evidence(phone: Phone, link: Link) -> Native | None:
    if not (link.evidence or link.counter_evidence):
        return None
    return disclosure(
        phone.t("phone.link.evidence"),
        _sources(phone, phone.t("phone.link.evidence_for"), link.evidence),
        _sources(phone, phone.t("phone.link.evidence_against"), link.counter_evidence),
    )


def _sources(phone: Phone, title: str, rows: tuple[Evidence, ...]) -> Native | None:
    if not rows:
        return None
    known = {one.id: one for one in phone.shown.instruments.references}
    entries = [
        element(
            "li",
            element("span", shown(row.finding)) if row.finding else None,
            element("small", shown(known[row.reference].citation if row.reference in known else row.reference)),
            class_="me-source",
        )
        for row in rows
    ]
    return element("div", element("h3", title), element("ul", entries, class_="wm-plain"))


# --- what I hold ------------------------------------------------------------


def stance_section(phone: Phone, link: Link) -> Native:
    """Return the three answers; a touch is the answer, the rest is optional."""
    row = phone.stance_on(link.id)
    fields = stance_fields(link, row, phone.language)
    buttons = [
        button(
            phone.t(f"common.stance.{stance}"),
            change="take_stance",
            fields={**fields[stance], "stance": stance},
            disabled=phone.closed,
            aria_pressed=row is not None and row.stance == stance,
            data_on=row is not None and row.stance == stance,
        )
        for stance in STANCES
    ]
    return element(
        "section",
        element(
            "div",
            element("h2", phone.t("phone.stance.title"), id="~title"),
            element(
                "div",
                buttons,
                class_="me-stances",
                role="group",
                aria_labelledby="~title",
                data_pick=True,
                data_seq=phone.seq,
            ),
            element("p", phone.who_sees("stances"), class_="wm-hint"),
            class_="wm-stack wm-stack-tight",
            own_ids=True,
        ),
        locked(phone, *_details(phone, link, row)) if row is not None else None,
        class_="wm-section",
    )


def stance_fields(link: Link, row: Stance | None, language: str) -> dict[str, dict[str, object]]:
    """Return for each answer what is sent beside it, so that changing one's mind keeps the reason."""
    kept: dict[str, object] = {"link": link.id, "language": language}
    if row is not None and row.reason:
        kept["reason"] = row.reason
    own = dict(kept)
    if row is not None and row.sign is not None:
        own["sign"] = "+" if row.sign == 1 else "-"
    if row is not None and row.strength is not None:
        own["strength"] = int(row.strength)
    return {"asserts": own, "rejects": kept, "unsure": kept}


def _details(phone: Phone, link: Link, row: Stance) -> list[Native | None]:
    t = phone.t
    own = None
    if row.stance == "asserts":
        signs = [
            ("", phone.t("phone.stance.as_map")),
            ("+", t("common.sign.plus")),
            ("-", t("common.sign.minus")),
        ]
        strengths = [("", phone.t("phone.stance.as_map"))]
        strengths += [
            (str(number), t(f"common.strength.{name}"))
            for number, name in enumerate(("weak", "medium", "strong"), start=1)
        ]
        own = disclosure(
            phone.t("phone.stance.own"),
            choice(
                phone.t("phone.stance.sign"),
                "sign",
                signs,
                value={1: "+", -1: "-", None: ""}[row.sign],
                row=True,
            ),
            choice(
                t("common.strength.label"),
                "strength",
                strengths,
                value=str(int(row.strength)) if row.strength is not None else "",
                row=True,
                data_type="int",
            ),
            open_=row.sign is not None or row.strength is not None,
        )
    form = change_form(
        "take_stance",
        {"link": link.id, "stance": row.stance, "language": phone.language},
        text_input(
            phone.t("phone.stance.why"),
            "reason",
            value=row.reason,
            limit=2000,
            hint=phone.t("phone.no_clients"),
            data_empty="text",
        ),
        element("div", own),
        button(phone.t("common.save"), type="submit", disabled=phone.closed),
        draft=f"stance-{link.id}",
        keep=True,
    )
    withdraw = button(
        phone.t("phone.withdraw_answer"), kind="link", change="withdraw_stance", fields={"link": link.id}
    )
    return [form, None if phone.closed else withdraw]


# --- what others hold --------------------------------------------------------


def others_section(phone: Phone, link: Link) -> Native:
    """Return what others answered, as far as it is shown, by answer and agency."""
    rows = [
        row for row in phone.looking.state.rows("stances") if row.link == link.id and row.person != phone.person
    ]
    lines = []
    for side, sign_, group in by_side(rows, link):
        turned = phone.sentence(replace(link, sign=sign_, both_signs=False)).rstrip(".")
        said = turned if side == "other_way" else phone.t(f"common.stance.{side}")
        lines.append(_answer(phone, said, group))
    revealed = bool(phone.looking.state.setting("stances_revealed"))
    none = phone.t("phone.others.none" if revealed else "phone.others.later")
    return element(
        "section",
        element("h2", phone.t("phone.others.title")),
        element("ul", [line for line in lines if line is not None], class_="wm-plain") if rows else None,
        None if rows and revealed else element("p", none, class_="wm-quiet-text"),
        class_="wm-section",
    )


def _answer(phone: Phone, said: str, rows: list[Stance]) -> Native | None:
    if not rows:
        return None
    agencies = list(dict.fromkeys(row.agency for row in rows))
    reasons = [
        element("blockquote", shown(row.reason), lang=row.language or None) for row in rows if row.reason
    ]
    return element(
        "li",
        element(
            "p",
            element("strong", f"{shown(said)}: {len(rows)}"),
            [phone.chip(agency) for agency in agencies],
            class_="wm-row me-byline",
        ),
        reasons,
        class_="wm-entry",
    )
