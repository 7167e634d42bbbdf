"""The map as a list on the phone: my agency's factors first, then the rest by domain."""

from __future__ import annotations

from ...model import Factor
from ..elements import Native, element, empty_state, shown
from .me_phone import Phone, address


def outline(phone: Phone) -> Native:
    """Return the list, group by group."""
    propose = element("a", phone.t("phone.propose.factor"), href=address("propose"), class_="wm-button")
    way = None if phone.closed else element("p", propose)
    if not phone.shown.factors:
        return empty_state(phone.t("phone.map.empty"), way)
    groups = [
        element(
            "section",
            element("h2", title, class_="me-group-title"),
            element("ul", [_line(phone, factor) for factor in factors], class_="wm-list me-outline"),
            class_="me-group",
            data_key=title,
        )
        for title, factors in _groups(phone)
        if factors
    ]
    return element("div", element("div", groups, id="me-list", class_="wm-stack"), way, class_="wm-stack")


def _groups(phone: Phone) -> list[tuple[str, list[Factor]]]:
    own = [factor for factor in phone.shown.factors if phone.agency in factor.agencies]
    left = [factor for factor in phone.shown.factors if phone.agency not in factor.agencies]
    groups = [(phone.t("phone.map.own", agency=phone.agency_name(phone.agency)), own)]
    for domain in phone.shown.domains:
        title = domain.labels.in_language(phone.language)
        groups.append((title, [factor for factor in left if factor.domain == domain.id]))
    known = {domain.id for domain in phone.shown.domains}
    rest = [factor for factor in left if factor.domain not in known]
    focal = [factor for factor in rest if factor.id == phone.shown.focal]
    others = [factor for factor in rest if factor.id != phone.shown.focal]
    return [(phone.t("phone.map.focal"), focal), *groups, (phone.t("phone.map.others"), others)]


def _line(phone: Phone, factor: Factor) -> Native:
    label = phone.label(factor.id)
    domain = next((one for one in phone.shown.domains if one.id == factor.domain), None)
    named = [label, *factor.labels.values(), *factor.aliases]
    named += [domain.labels.in_language(phone.language)] if domain else []
    return element(
        "li",
        element(
            "a",
            element("span", shown(label), class_="me-name"),
            element("span", said_of(phone, factor), class_="me-facts"),
            href=address("factor", factor.id),
        ),
        class_="me-line",
        data_key=factor.id,
        data_search_text=" ".join(dict.fromkeys(named)),
        style={"--domain": f"var(--wm-domain-{factor.domain}, var(--wm-outline))"} if domain else None,
    )


def said_of(phone: Phone, factor: Factor) -> str:
    """Return a factor's facts in words: causes, effects, notes, and my own rating."""
    t = phone.t
    facts = []
    if phone.stage > 1 or phone.shown.causes_of(factor.id) or phone.shown.effects_of(factor.id):
        facts.append(
            t("common.causes", count=len(phone.shown.causes_of(factor.id)))
            + ", "
            + t("common.effects", count=len(phone.shown.effects_of(factor.id)))
        )
    notes = phone.looking.state.totals.get(f"notes/factor/{factor.id}", 0)
    if notes:
        facts.append(t("common.notes", count=notes))
    rating = phone.rating_of(factor.id)
    if rating is not None:
        facts.append(phone.t("phone.map.rated", importance=importance(phone, rating.importance)))
    return " · ".join(facts)


def importance(phone: Phone, value: int | None) -> str:
    """Return a rating in words, the undecided one too."""
    return phone.t("phone.importance.undecided") if value is None else str(value)
