"""The history: who did what, and when, in sentences; each change with its undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..context import Looking
from ..elements import Native, button, element, empty_state, shown
from .console_pieces import factor_name, link_name, view_name, who

AT_ONCE: Final = 40


def history(looking: Looking, before: int) -> list[Native]:
    """Return one page of the history, the newest first.

    Parameters
    ----------
    before : int
        Show changes up to this place in the log; 0 for the newest.
    """
    t, state = looking.t, looking.state
    upto = min(before, state.seq) if before > 0 else state.seq
    since = max(0, upto - AT_ONCE)
    found = looking.workshops.changes_since(looking.actor, since, upto - since)
    rows = [_row(looking, change) for change in reversed(found)]
    if not rows:
        return [empty_state(t("console.history.empty"))]
    pages = [
        button(t("console.history.newest"), data_sets="console-before", data_value="0")
        if upto < state.seq
        else None,
        button(t("console.history.older"), data_sets="console-before", data_value=str(since))
        if since > 0
        else None,
    ]
    return [
        element("ol", rows, class_="wm-plain wm-console-history"),
        element("div", pages, class_="wm-actions"),
    ]


def _row(looking: Looking, change: Mapping[str, Any]) -> Native:
    t = looking.t
    seq = int(change["seq"])
    done = looking.state.done.get(seq)
    end: Native | None = None
    if done is not None and done.effects:
        if done.undone_by is not None:
            end = element("small", t("console.history.undone"))
        else:
            key = "console.history.redo" if done.kind == "undo" else "console.history.undo"
            end = button(t(key), kind="link", change="undo", fields={"of": seq})
    by = change["by"]
    person = who(looking, by["person"], by["agency"]) if by.get("role") != "system" else ""
    return element(
        "li",
        element("time", shown(change["at"])[11:16], date_time=change["at"], data_clock=True),
        element(
            "span",
            element("strong", shown(person), " ") if person else None,
            sentence_of(looking, change),
        ),
        end,
        data_key=str(seq),
    )


def sentence_of(looking: Looking, change: Mapping[str, Any]) -> str:
    """Return what a change did, without who did it: "la til faktoren «Ventetid»"."""
    kind, fields = str(change["kind"]), change["fields"]
    detail = _DETAILS.get(kind)
    values = detail(looking, fields) if detail is not None else {}
    variant = values.pop("variant", "")
    return looking.t(f"console.did.{kind}{'.' + variant if variant else ''}", **values)


Detail = Callable[[Looking, Mapping[str, Any]], dict[str, Any]]


def _factor(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": factor_name(looking, fields["factor"])}


def _link(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": link_name(looking, fields["link"])}


def _label(_looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": fields["label"]}


def _ends(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"source": factor_name(looking, fields["source"]), "target": factor_name(looking, fields["target"])}


def _moved(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    moved = list(fields["positions"])
    if len(moved) == 1:
        return {"name": factor_name(looking, moved[0]), "variant": "single"}
    return {"count": len(moved), "variant": "many"}


def _target(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    kind, target = fields.get("target_kind"), fields.get("target") or ""
    if kind == "factor":
        return {"name": factor_name(looking, target)}
    return {"name": link_name(looking, target) if kind == "link" else target}


def _proposal(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    row = looking.state.row("proposals", fields["proposal"])
    if row is not None and row.link is not None:
        return {"name": link_name(looking, row.id)}
    return {"name": factor_name(looking, fields["proposal"])}


def _spotlight(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    if not fields.get("target_kind"):
        return {"variant": "off"}
    return {**_target(looking, fields), "variant": "on"}


def _centre(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**_factor(looking, fields), "variant": "on"} if fields.get("factor") else {"variant": "off"}


def _on_or_off(name: str) -> Detail:
    return lambda _looking, fields: {"variant": "on" if fields[name] else "off"}


def _revealed(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    names = [looking.t(f"console.reveal.{name}.name") for name in fields]
    return {"what": ", ".join(names), "variant": "on" if all(fields.values()) else "off"}


def _joined(_looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"variant": "lead" if fields.get("role") == "facilitator" else "in"}


def _person(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    row = looking.state.person_row(fields["person"])
    return {"name": who(looking, row.id, row.agency) if row else looking.t("console.something")}


def _undone(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    found = looking.workshops.changes_since(looking.actor, int(fields["of"]) - 1, 1)
    if not found:
        return {"what": "", "variant": "undo"}
    first = found[0]
    if first["kind"] == "undo":
        original = looking.workshops.changes_since(looking.actor, int(first["fields"]["of"]) - 1, 1)
        return {"what": sentence_of(looking, original[0]) if original else "", "variant": "redo"}
    return {"what": sentence_of(looking, first), "variant": "undo"}


def _view(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": view_name(looking, fields)}


def _room(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was set, in the words of the buttons that set it."""
    t = looking.t
    said = []
    for name, value in fields.items():
        if name == "show_join":
            said.append(t(f"console.wall_setting.show_join.{'on' if value else 'off'}"))
        else:
            key = f"common.languages.{value}" if name == "language" else f"console.room.{name}_{value}"
            said.append(t(f"console.wall_setting.{name}", value=t(key)))
    return {"what": ", ".join(said)}


def _stage(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"number": fields["stage"], "name": looking.t(f"console.stage_name.{fields['stage']}")}


def _merged(looking: Looking, fields: Mapping[str, Any]) -> dict[str, Any]:
    others = ", ".join(f"«{factor_name(looking, one)}»" for one in fields["others"])
    return {"others": others, "name": factor_name(looking, fields["keep"])}


_DETAILS: Final[Mapping[str, Detail]] = {
    "join": _joined,
    "end_attendance": _person,
    "add_factor": _label,
    "edit_factor": _factor,
    "remove_factor": _factor,
    "move_factors": _moved,
    "add_link": _ends,
    "edit_link": _link,
    "remove_link": _link,
    "adopt_suggestion": _factor,
    "accept_proposal": _proposal,
    "decline_proposal": _proposal,
    "propose_factor": _label,
    "propose_link": _ends,
    "annotate": _target,
    "take_stance": _link,
    "withdraw_stance": _link,
    "rate_factor": _factor,
    "withdraw_rating": _factor,
    "set_stage": _stage,
    "set_centre": _centre,
    "set_spotlight": _spotlight,
    "set_wall": _view,
    "reveal": _revealed,
    "show_names": _on_or_off("shown"),
    "hide_contribution": _on_or_off("hidden"),
    "set_room": _room,
    "set_doors": _on_or_off("open"),
    "release_private": _on_or_off("released"),
    "set_agenda": lambda _looking, fields: {"minutes": fields["template"]},
    "set_step": lambda _looking, fields: {"number": int(fields["step"]) + 1},
    "conclude": _link,
    "merge_factors": _merged,
    "unmerge_factor": _factor,
    "park": lambda _looking, fields: {"text": _short(fields["text"])},
    "rename": lambda _looking, fields: {"title": fields["title"]},
    "undo": _undone,
}


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"
