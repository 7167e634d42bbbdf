"""What somebody sees of a file before it is used: what it is, what was understood, and what is doubtful."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from ..causal_map import CausalMap
from ..formats import Notice, Reading
from ..formats.words import notice_text, notice_title, place_text
from ..graphs.checks import suggest_merges
from ..importing import ALIKE_UP_TO, ImportPreview
from ..sentences import link_sentence
from ..texts import text
from .elements import Child, Native, button, disclosure, element, notice, shown, whole

UNDERSTOOD: Final = frozenset(
    [
        "columns",
        "columns-guessed",
        "separator",
        "encoding-guessed",
        "matrix-direction",
        "sign-column",
        "strengths-scaled",
        "list",
    ]
)
"""Notices that say how a file was understood; all others say what was repaired, left out or is doubtful."""
_NAMED_ELSEWHERE: Final = frozenset({"possible-duplicate", "alike-not-searched"})
_MORE: Final = re.compile(r"(\d+) more of the same kind")
_FIRST: Final = 5
_LISTED: Final = 200
_PARTS: Final = ("factors", "links")


class Taken(NamedTuple):
    """A factor of the file that somebody has said is one that is here: their ids and wordings."""

    in_file: str
    here: str
    label: str
    label_here: str


def before_opening(reading: Reading, file: str, language: str, picture: str = "") -> Native:
    """Return what stands on the front page before a workshop is opened from a file.

    Parameters
    ----------
    picture : str
        Where the map is drawn; nothing when it is not.
    """
    t = partial(text, language)
    m = reading.map
    return whole(
        _heading(t("import.before.title")),
        element("p", t("import.before.lead"), class_="wm-hint"),
        _facts(_about_file(t, reading, file)),
        _picture(t, m, picture, "before"),
        element("div", _map_as_lists(t, m, language), class_="wm-import-folds"),
        _understood(t, reading.report, language),
        _doubtful(t, reading.report, language),
        _alike_in(t, m, reading.report, language),
        element(
            "div",
            button(t("import.before.open"), kind="primary", data_import_go=True),
            button(t("import.again"), data_import_again=True),
            class_="wm-actions",
        ),
        tag="section",
        id="import-view",
        class_="wm-stack wm-import-view",
    )


def before_adding(
    found: ImportPreview,
    file: str,
    language: str,
    *,
    aliases: bool = False,
    taken: Sequence[Taken] = (),
    picture: str = "",
) -> Native:
    """Return what stands on the console before a file is added to the map.

    Parameters
    ----------
    taken : sequence of Taken
        What somebody has ticked as the same already.
    picture : str
        Where the map as it would be is drawn; nothing when it is not.
    """
    t = partial(text, language)
    plan = found.plan
    said = found.to_json(language)
    notices = (*plan.notices, *found.report)
    adds = [t(f"import.adds.{name}", count=count) for name, count in said["adds"].items() if count]
    kept = [
        t(f"import.known.{name}", count=count)
        for name, count in (("factors", len(plan.recognised)), ("links", len(plan.known_links)))
        if count
    ]
    return whole(
        _heading(t("import.adding.title")),
        element("p", t("import.adding.lead"), class_="wm-hint"),
        _problems(t, plan.problems, language),
        notice(t("import.adding.nothing")) if plan.adds_nothing and not plan.problems else None,
        _facts(
            [
                (t("import.file"), [shown(file), " – ", _format_name(t, found.format)]),
                (
                    t("import.read"),
                    _joined(_amount(t, name, found.read[name]) for name in ("factors", "links")),
                ),
                (t("import.added"), _joined(adds) or t("import.none")),
                (t("import.here"), _joined(kept) or t("import.none")),
                (t("import.taken"), t("import.taken_none")),
            ],
        ),
        _drawn(t, picture, "adding") if picture else None,
        element("div", _changes_as_lists(t, said), class_="wm-import-folds"),
        _alike_added(t, said["alike"], taken),
        _understood(t, notices, language),
        _doubtful(t, notices, language),
        element(
            "label",
            element("input", type="checkbox", checked=aliases, data_import_aliases=True),
            element("span", t("import.adding.aliases")),
            class_="wm-option",
        ),
        element("p", t("import.adding.undo"), class_="wm-hint") if found.possible else None,
        element(
            "div",
            button(t("import.adding.go"), kind="primary", data_import_go=True) if found.possible else None,
            button(t("import.again"), data_import_again=True),
            class_="wm-actions",
        ),
        id="import-view",
        class_="wm-stack wm-stack-tight wm-import-view",
    )


def after_adding(found: ImportPreview, seq: int, language: str) -> Native:
    """Return what stands on the console once a file has been added, with the way back."""
    t = partial(text, language)
    adds = found.to_json(language)["adds"]
    told = _joined(t(f"import.adds.{name}", count=count) for name, count in adds.items() if count)
    return whole(
        _heading(t("import.done.title")),
        notice(
            element("p", t("import.done.added", what=told)), element("p", t("import.done.undo")), kind="good"
        ),
        element(
            "div",
            button(t("import.done.close"), data_closes=True, kind="primary"),
            button(t("import.done.back"), change="undo", fields={"of": seq}, data_import_undo=True),
            button(t("import.again"), data_import_again=True),
            class_="wm-actions",
        ),
        id="import-view",
        class_="wm-stack wm-stack-tight wm-import-view",
    )


def _heading(words: str) -> Native:
    return element("h3", words, tabindex=-1, data_import_title=True)


def _format_name(t: Any, name: str) -> str:
    name = {"tables": "csv-zip"}.get(name, name).replace("-", "_")
    try:
        return str(t(f"export.form.{name}.title"))
    except KeyError:
        # A format that is only read has no place among those that are written.
        return str(t(f"import.only_read.{name}"))


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words)


def _amount(t: Any, name: str, count: int) -> str:
    return str(t(f"common.{name}", count=count))


def _facts(rows: Iterable[tuple[str, Child]]) -> Native:
    return element(
        "dl", [[element("dt", name), element("dd", value)] for name, value in rows], class_="wm-import-facts"
    )


def _about_file(t: Any, reading: Reading, file: str) -> list[tuple[str, Child]]:
    m = reading.map
    marks = Counter(link.mark for link in m.links)
    signs = _joined(f"{count} {mark}" for mark, count in sorted(marks.items()))
    links = _amount(t, "links", len(m.links))
    held = [t(f"import.held.{name}", count=count) for name, count in reading.held().items()]
    rows: list[tuple[str, Child]] = [
        (t("import.file"), shown(file)),
        (t("import.format"), _format_name(t, reading.format)),
    ]
    if m.title:
        rows.append((t("import.map_title"), shown(m.title)))
    rows += [
        (t("import.factors"), _amount(t, "factors", len(m.factors))),
        (t("import.links"), f"{links} ({signs})" if signs else links),
    ]
    return [*rows, (t("import.also"), _joined(held))] if held else rows


def _picture(t: Any, m: CausalMap, address: str, what: str) -> Native | None:
    if not m.factors:
        return notice(t("import.before.empty"), kind="attention")
    if not address:
        return element("p", t("import.before.too_large"), class_="wm-hint")
    return _drawn(t, address, what)


def _drawn(t: Any, address: str, what: str) -> Native:
    return element(
        "figure",
        element(
            "img", src=address, alt=t(f"import.{what}.picture"), class_="wm-import-picture", loading="lazy"
        ),
        element(
            "figcaption",
            element("span", t("import.adding.pale")) if what == "adding" else None,
            element("a", t("import.larger"), href=address, target="_blank", rel="noopener"),
            class_="wm-hint wm-import-caption",
        ),
    )


def _map_as_lists(t: Any, m: CausalMap, language: str) -> list[Native]:
    if not m.factors:
        return []
    labels = [factor.labels.in_language(language) for factor in m.factors]
    links = [link_sentence(m, link, language) for link in m.links[:_LISTED]]
    return [
        disclosure(f"{t('import.factors')} ({len(labels)})", _list(t, labels, len(labels))),
        disclosure(f"{t('import.links')} ({len(m.links)})", _list(t, links, len(m.links))),
    ]


def _changes_as_lists(t: Any, said: dict[str, Any]) -> list[Native]:
    factors = [one["label"] for one in said["factors"]]
    links = [f"{one['source']} → {one['target']} ({one['mark']})" for one in said["links"]]
    known = [
        one["label"]
        if one["label"] == one["here"]
        else t("import.known.as", label=one["label"], here=one["here"])
        for one in said["recognised"]
    ]
    folds = (
        ("new_factors", factors),
        ("new_links", links),
        ("new_agencies", said["agencies"]),
        ("here", known),
    )
    return [
        disclosure(f"{t(f'import.{name}')} ({len(lines)})", _list(t, lines, len(lines)))
        for name, lines in folds
        if lines
    ]


def _list(t: Any, lines: Sequence[str], whole_number: int) -> list[Native | None]:
    more = whole_number - min(len(lines), _LISTED)
    return [
        element("ul", [element("li", shown(line)) for line in lines[:_LISTED]], class_="wm-import-list"),
        element("p", t("import.more", count=more), class_="wm-hint") if more else None,
    ]


def _where(found: Notice, language: str) -> str:
    # Here the place is a list of the map, which the sentence names.
    place = "" if found.code == "said-elsewhere" else place_text(found.place, language)
    return place.replace(" -> ", " → ")


def _line(found: Notice, language: str) -> Native:
    place, said = _where(found, language), notice_text(found, language)
    if not place:
        return element("li", shown(said[:1].upper() + said[1:]))
    return element("li", element("b", shown(f"{place}: ")), shown(said))


def _understood(t: Any, report: Iterable[Notice], language: str) -> Native | None:
    lines = [_line(one, language) for one in report if one.code in UNDERSTOOD]
    if not lines:
        return None
    return element(
        "section",
        element("h4", t("import.understood")),
        element("ul", lines, class_="wm-import-list"),
    )


def _doubtful(t: Any, report: Iterable[Notice], language: str) -> Native:
    groups: dict[str, list[Notice]] = {}
    for one in report:
        if one.code not in UNDERSTOOD and one.code not in _NAMED_ELSEWHERE:
            groups.setdefault(one.code, []).append(one)
    if not groups:
        return element("p", t("import.no_doubt"), class_="wm-hint")
    return element(
        "section",
        element("h4", t("import.doubtful")),
        [_group(t, code, found, language) for code, found in groups.items()],
        class_="wm-import-doubts",
    )


def _group(t: Any, code: str, found: Sequence[Notice], language: str) -> Native:
    # A reader names the first hundred of a kind, and then only how many more there are.
    unnamed = sum(int(more.group(1)) for one in found if (more := _MORE.fullmatch(one.text)))
    named = [one for one in found if not _MORE.fullmatch(one.text)]
    said = {notice_text(one, language) for one in named}
    places = [_where(one, language) for one in named]
    same = len(said) == 1 and len(named) > 1 and all(places)
    lines = [element("li", shown(one)) for one in places] if same else [_line(one, language) for one in named]
    rest = lines[_FIRST:]
    if unnamed:
        rest.append(element("li", t("import.more", count=unnamed)))
    kind = "wm-import-list wm-import-places" if same else "wm-import-list"
    return element(
        "div",
        element(
            "h5",
            notice_title(code, language),
            " ",
            element("span", f"({len(lines) + unnamed})", class_="wm-quiet"),
        ),
        [element("p", shown(one[:1].upper() + one[1:])) for one in said] if same else None,
        element("ul", lines[:_FIRST], class_=kind),
        disclosure(t("import.show_all", count=len(lines) + unnamed - _FIRST), element("ul", rest, class_=kind))
        if rest
        else None,
    )


def _problems(t: Any, problems: Sequence[Notice], language: str) -> Native | None:
    if not problems:
        return None
    lines = [_line(one, language) for one in problems[:_LISTED]]
    return notice(
        element("ul", lines, class_="wm-import-list"), kind="problem", title=t("import.adding.problems")
    )


def _alike_in(t: Any, m: CausalMap, report: Iterable[Notice], language: str) -> Native | None:
    """Return factors of the file that may mean the same; they can be merged once the workshop is open."""
    lines = [_line(one, language) for one in report if one.code == "possible-duplicate"]
    if len(m.factors) > ALIKE_UP_TO:
        lines.append(element("li", t("import.alike.not_searched", count=ALIKE_UP_TO)))
    else:
        for pair in suggest_merges(m, max_pairs=20).pairs:
            first, second = (m.factor(str(one)).label for one in (pair.first, pair.second))
            lines.append(_pair(t, first, second, str(pair.likeness)))
    return _alike(t, lines)


def _alike_added(t: Any, pairs: Sequence[dict[str, Any]], taken: Sequence[Taken]) -> Native | None:
    """Return what may mean the same; what is here already can be ticked, and is then not added."""
    ticked = [_same(t, one.in_file, one.here, one.label, one.label_here, chosen=True) for one in taken]
    open_ones = [one for one in pairs if one["here"]]
    ticked += [
        _same(t, one["in_file"], one["first"], one["second_label"], one["first_label"])
        for one in open_ones[:_LISTED]
    ]
    others = [
        _pair(t, one["first_label"], one["second_label"], one["likeness"]) for one in pairs if not one["here"]
    ]
    if not ticked:
        return _alike(t, others)
    return element(
        "section",
        element("h4", t("import.alike.title")),
        element("p", t("import.alike.tick"), class_="wm-hint"),
        element("div", ticked, class_="wm-stack wm-stack-tight"),
        _alike(t, others, titled=False),
    )


def _same(t: Any, in_file: str, here: str, label: str, label_here: str, *, chosen: bool = False) -> Native:
    return element(
        "label",
        element("input", type="checkbox", checked=chosen, data_import_same=in_file, value=here),
        element("span", shown(t("import.alike.same", label=label, here=label_here))),
        class_="wm-option",
    )


def _pair(t: Any, first: str, second: str, likeness: str) -> Native:
    names = t("merging.pair", first=first, second=second)
    return element("li", element("b", names), ". ", t(f"merging.likeness.{likeness}"))


def _alike(t: Any, lines: Sequence[Native], *, titled: bool = True) -> Native | None:
    if not lines:
        return None
    return element(
        "section",
        element("h4", t("import.alike.title")) if titled else None,
        element("p", t("import.alike.hint"), class_="wm-hint"),
        element("ul", lines, class_="wm-import-list"),
    )
