"""The top of the console: the agenda's step, and the way back."""

from __future__ import annotations

from datetime import UTC, datetime

from ...agenda import AGENDAS, Step, step_at
from ...changes import Refused
from ...state import last_redoable, last_undoable
from ..context import Looking
from ..elements import Native, button, element
from .console_history import sentence_of
from .console_pieces import lead


def step_of(looking: Looking) -> tuple[int, Step, int]:
    """Return the number of the agenda's step at hand, the step, and how many there are."""
    template = looking.state.setting("agenda")
    count = len(AGENDAS[template])
    number = max(0, min(int(looking.state.setting("step")), count - 1))
    return number, step_at(template, number), count


def agenda(looking: Looking) -> list[Native | None]:
    """Return the step at hand: what it is for, what to say, how long, and the way on."""
    t = looking.t
    number, step, count = step_of(looking)
    begun = bool(looking.state.setting("step_since"))
    forward = (
        lead(t("console.agenda.next"), "set_step", {"step": number + 1}, kind="primary", data_key="forward")
        if begun and number + 1 < count
        else lead(t("console.agenda.begin"), "set_step", {"step": 0}, kind="primary", data_key="forward")
        if not begun
        else None
    )
    back = lead(t("console.agenda.previous"), "set_step", {"step": max(0, number - 1)}, data_key="back")
    return [
        element(
            "div",
            element(
                "h2",
                element(
                    "span",
                    t("console.agenda.place", number=number + 1, count=count),
                    class_="wm-kicker",
                ),
                " ",
                t(f"agenda.step.{step.name}.title"),
            ),
            _clock(looking, step),
            element(
                "div",
                button(t("console.agenda.all"), kind="link", data_opens="console-steps", data_key="all"),
                back if begun and number else None,
                forward,
                class_="wm-actions",
            ),
            class_="wm-console-step",
        ),
        element(
            "div",
            element("p", t(f"agenda.step.{step.name}.script"), class_="wm-console-script"),
            element(
                "p",
                element("strong", t("console.agenda.purpose")),
                " ",
                t(f"agenda.step.{step.name}.purpose"),
                " ",
                element("strong", t(f"agenda.who.{step.writes}")),
                ". ",
                f"{t('agenda.private')}. " if step.private else None,
                class_="wm-quiet-text wm-console-purpose",
            ),
            class_="wm-console-words",
            tabindex=0,
            role="region",
            aria_label=t("console.agenda.script"),
        ),
    ]


def _clock(looking: Looking, step: Step) -> Native:
    """Return the time of a step; ``assets/47-console.js`` counts, and nothing ever stops."""
    t = looking.t
    since = looking.state.setting("step_since")
    return element(
        "div",
        element(
            "p",
            role="timer",
            class_="wm-console-clock",
            data_since=since or None,
            data_now=datetime.now(UTC).isoformat(timespec="seconds"),
            data_minutes=step.minutes,
            data_planned=t("console.agenda.planned", minutes=step.minutes),
            data_running=t("console.agenda.running", elapsed="%e", minutes="%m"),
            data_over=t("console.agenda.over", elapsed="%e", minutes="%m"),
        ),
        button(t("console.agenda.extend"), kind="link", data_extend="5") if since else None,
        class_="wm-row wm-console-time",
    )


def all_steps(looking: Looking) -> list[Native]:
    """Return the agenda's lengths, and every step to go to."""
    t = looking.t
    chosen = looking.state.setting("agenda")
    number, _, _ = step_of(looking)
    lengths = [
        lead(t("console.agenda.length", minutes=name), "set_agenda", {"template": name}, pressed=name == chosen)
        for name in AGENDAS
    ]
    steps = [
        element(
            "li",
            button(
                f"{place + 1}. {t(f'agenda.step.{step.name}.title')}",
                kind="link",
                change="set_step",
                fields={"step": place},
                data_quiet=True,
                data_closes=True,
                aria_current="step" if place == number else None,
            ),
            " ",
            element("small", t("console.agenda.minutes", minutes=step.minutes)),
        )
        for place, step in enumerate(AGENDAS[chosen])
    ]
    return [
        element("div", lengths, class_="wm-actions", role="group", aria_label=t("console.agenda.lengths")),
        element("ol", steps, class_="wm-plain"),
    ]


def clear_row(looking: Looking) -> list[Native]:
    """Return the ways back to the whole map in its usual places, while there are any."""
    state, t = looking.state, looking.t
    clear = []
    if state.setting("spotlight"):
        clear.append(lead(t("console.clear_spotlight"), "set_spotlight", {}))
    if state.setting("centre"):
        clear.append(lead(t("console.clear_centre"), "set_centre", {}))
    return clear


def undo_row(looking: Looking) -> list[Native]:
    """Return undo and redo, each naming in words what it would take back or bring back."""
    undo, redo = (
        last(looking.workshops.state(looking.state.workshop), looking.actor.person)
        for last in (last_undoable, last_redoable)
    )
    return [
        _back(looking, "undo", undo),
        _back(looking, "redo", redo),
    ]


def _back(looking: Looking, key: str, of: int | None) -> Native:
    t = looking.t
    if of is None:
        return button(t(f"console.{key}.nothing"), disabled=True, class_="wm-console-undo")
    # What a redo brings back is what the undo took away.
    done = looking.state.done.get(of)
    named = done.of if done is not None and done.kind == "undo" and done.of is not None else of
    what = _what(looking, named)
    return button(
        [element("span", t(f"console.{key}.short")), element("span", what, class_="wm-console-undone")],
        change="undo",
        fields={"of": of},
        class_="wm-console-undo",
        title=what,
    )


def _what(looking: Looking, seq: int) -> str:
    try:
        found = looking.workshops.changes_since(looking.actor, seq - 1, 1)
    except Refused:
        found = []
    return sentence_of(looking, found[0]) if found else ""
