"""Answering what is asked on the page of analyses, within a time limit and able to be cancelled."""

from __future__ import annotations

from typing import Final

import numpy as np

from .. import graphs
from ..causal_map import CausalMap
from ..graphs.loop_limits import Cancelled, Clock, StopReason
from ..graphs.loop_results import Polarity
from ..graphs.signed import read_signed
from ..model import Effect, Intervention
from ..text import Texts
from .analysis_questions import (
    LISTED,
    Answer,
    Bearing,
    BehindAnswer,
    BehindQuestion,
    Change,
    HeldAnswer,
    HeldQuestion,
    LeverageAnswer,
    LeverageQuestion,
    LoopsAnswer,
    LoopsQuestion,
    NamedLoop,
    Progress,
    Push,
    Question,
    ReachAnswer,
    ReachQuestion,
    Skeleton,
    WhatIfAnswer,
    WhatIfQuestion,
)

_HELD: Final = 200_000
_ALTERNATIVES: Final = 4
_DRAWS: Final = 1000
_BEHIND: Final = 12
_PATHS: Final = 20
_MANY_LINKS: Final = 2000
_SIGN_OF: Final[dict[Polarity, int]] = {"R": 1, "B": -1, "?": 0}


def answer(
    question: Question,
    skeleton: Skeleton,
    time_limit: float,
    cancelled: Cancelled | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Answer a question about a map within `time_limit` seconds.

    The answer's ``stopped_by`` says what ended the work early, if anything did.

    Raises
    ------
    ValueError
        When the question names a factor that the map lacks, or the map is too large for it.
    """
    m = skeleton.to_map()
    clock = Clock(time_limit, cancelled)
    match question:
        case LoopsQuestion():
            return _loops(m, question, clock, progress)
        case LeverageQuestion():
            return _leverage(m, clock)
        case ReachQuestion():
            return _reach(m, question, clock)
        case HeldQuestion():
            return _held(m, clock)
        case WhatIfQuestion():
            return _what_if(m, question, clock)
        case BehindQuestion():
            return _behind(m, question)


def _left(clock: Clock) -> float:
    return max(0.001, clock.remaining())


def _loops(m: CausalMap, question: LoopsQuestion, clock: Clock, progress: Progress | None) -> LoopsAnswer:
    share = _left(clock) * (0.6 if question.factor else 0.85)
    found = graphs.find_loops(
        m, question.max_length, share, _HELD, cancelled=clock.cancelled, progress=progress
    )
    through = ""
    searched = found
    if question.factor and not m.has_factor(question.factor):
        raise ValueError(f"factor: there is no factor {question.factor!r} in the map")
    if question.factor and found.stopped_by == "time":
        # The search through one factor alone comes further in the same time.
        through = question.factor
        searched = graphs.loops_through(
            m,
            question.factor,
            max_length=question.max_length,
            time_limit=_left(clock) * 0.85,
            max_loops=_HELD,
            cancelled=clock.cancelled,
            progress=progress,
        )
    named, matching = _fitting(m, searched, question, numbered=not through)
    return LoopsAnswer(
        loops=tuple(named),
        matching=matching,
        total=len(searched),
        polarities=searched.polarities,
        complete_to=searched.complete_to,
        completeness=searched.completeness,
        stopped_by=searched.stopped_by,
        searched_through=through,
        has_loops=bool(len(found)) or any(part for part in graphs.components(m).on_loop),
    )


def _fitting(
    m: CausalMap, found: graphs.FoundLoops, question: LoopsQuestion, *, numbered: bool
) -> tuple[list[NamedLoop], int]:
    """Return the first loops that fit, and how many do; all in NumPy, which lets other threads on."""
    graph = read_signed(m)
    source = np.array([link.source for link in graph.links], dtype=np.intp)
    sign = np.array([link.sign for link in graph.links], dtype=np.int8)
    counts: dict[Polarity, int] = {"R": 0, "B": 0, "?": 0}
    named: list[NamedLoop] = []
    matching = before = 0
    for length in found.lengths:
        rows = found.loops.rows(length)
        signs = np.prod(sign[rows], axis=1, dtype=np.int8)
        fits = np.ones(len(rows), dtype=bool)
        if question.polarity:
            fits &= signs == _SIGN_OF[question.polarity]
        if question.factor:
            fits &= (source[rows] == graph.index_of(question.factor)).any(axis=1)
        for place in np.flatnonzero(fits)[: LISTED - len(named)].tolist():
            loop = found.loops[before + place]
            same = int(np.count_nonzero(signs[: place + 1] == _SIGN_OF[loop.polarity]))
            name = f"{loop.polarity}{counts[loop.polarity] + same}" if numbered else loop.polarity
            named.append(NamedLoop(name, loop))
        matching += int(np.count_nonzero(fits))
        for polarity, value in _SIGN_OF.items():
            counts[polarity] += int(np.count_nonzero(signs == value))
        before += len(rows)
    return named, matching


def _leverage(m: CausalMap, clock: Clock) -> LeverageAnswer:
    feedback = graphs.feedback_factors(
        m, _left(clock) * 0.7, alternatives=_ALTERNATIVES, cancelled=clock.cancelled
    )
    basis = graphs.loop_basis(m, _left(clock), cancelled=clock.cancelled)
    shortest = graphs.shortest_loops(m) if len(m.links) <= _MANY_LINKS or not clock.stop() else {}
    return LeverageAnswer(feedback, basis, dict(shortest), feedback.stopped_by or basis.stopped_by)


def _reach(m: CausalMap, question: ReachQuestion, clock: Clock) -> ReachAnswer:
    reached = graphs.reach(m, question.factor)
    central = graphs.centralities(m, time_limit=_left(clock) * 0.7, cancelled=clock.cancelled)
    try:
        sorted_ = graphs.quadrants(
            m,
            question.method,
            time_limit=_left(clock),
            cancelled=clock.cancelled,
        )
    except (TimeoutError, OverflowError):
        sorted_ = None
    stopped = next((one for one in central.reasons.values() if one in ("time", "cancelled")), None)
    return ReachAnswer(
        reached,
        central,
        sorted_,
        graphs.components(m),
        _shortest_paths(m, question, clock),
        stopped or (clock.stop() if sorted_ is None else None),  # type: ignore[arg-type]
    )


def _shortest_paths(m: CausalMap, question: ReachQuestion, clock: Clock) -> graphs.Paths | None:
    if not question.start or question.start == question.end:
        return None
    steps = {one.factor: one.steps for one in graphs.reach(m, question.start).downstream}.get(question.end)
    if steps is None:
        return None
    return graphs.paths_between(
        m,
        question.start,
        question.end,
        steps,
        max_paths=_PATHS,
        time_limit=_left(clock),
        cancelled=clock.cancelled,
    )


def _held(m: CausalMap, clock: Clock) -> HeldAnswer:
    check = graphs.valence_check(m)
    balancing: tuple[NamedLoop, ...] = ()
    stopped: StopReason | None = None
    if check.links_on_loops and not check.all_reinforcing:
        found = _loops(m, LoopsQuestion(8, "B"), clock, None)
        balancing, stopped = found.loops[:5], found.stopped_by
    return HeldAnswer(check, balancing, stopped if not balancing else None)


def _what_if(m: CausalMap, question: WhatIfQuestion, clock: Clock) -> WhatIfAnswer:
    if len(question.pushes) == 1:
        return _press(m, question.pushes[0], clock)
    done = Intervention("what_if", Texts(nb="-"), tuple(Effect(one, sign) for one, sign in question.pushes))  # type: ignore[arg-type]
    compared = graphs.scenarios(m, done, draws=_DRAWS, time_limit=_left(clock), cancelled=clock.cancelled)
    result = compared.results[0]
    changes = tuple(
        Change(str(one.factor), one.up, one.down, one.unchanged, one.median or 0.0, _verdict(one), None)
        for one in result.changes
    )
    return WhatIfAnswer(changes, result.draws, result.unsettled, result.reason, compared.stopped_by)


def _verdict(change: graphs.FactorChange) -> str:
    """Return the same verdicts as a press: 80 % solid, 60 % leaning."""
    if change.up is None or change.down is None or change.unchanged is None:
        return "cannot_say"
    for share, word in ((change.up, "up"), (change.down, "down")):
        if share >= 0.8:
            return word
        if share >= 0.6:
            return f"leaning_{word}"
    return "no_response" if change.unchanged >= 0.8 else "cannot_say"


def _press(m: CausalMap, push: Push, clock: Clock) -> WhatIfAnswer:
    pressed = graphs.press(
        m, push[0], push[1], draws=_DRAWS, time_limit=_left(clock), cancelled=clock.cancelled
    )
    changes = [
        Change(
            str(one.factor),
            one.positive,
            one.negative,
            one.none,
            one.median or 0.0,
            one.verdict,
            one.robust,
        )
        for one in pressed.responses
    ]
    changes.sort(key=lambda change: -round(abs(change.size), 12))
    reason = "" if pressed.draws else "no_draw_finished"
    return WhatIfAnswer(tuple(changes), pressed.draws, 0, reason, pressed.stopped_by)


def _behind(m: CausalMap, question: BehindQuestion) -> BehindAnswer:
    """Add up what each link does to the response to each push: responses to pushes add."""
    deltas: dict[str, list[float]] = {}
    total = 0.0
    for factor, sign in question.pushes:
        influences = graphs.deciding_links(m, factor, question.target)
        total += sign * (influences[0].response if influences else float(factor == question.target))
        for one in influences:
            moved = [sign * (value - one.response) for value in one.alternatives]
            before = deltas.setdefault(str(one.link), [0.0] * len(moved))
            deltas[str(one.link)] = [a + b for a, b in zip(before, moved, strict=True)]
    rows = [
        Bearing(link, max(map(abs, moved)), any(_turns(total, one) for one in moved))
        for link, moved in deltas.items()
        if max(map(abs, moved)) > 1e-9
    ]
    rows.sort(key=lambda row: -round(row.change, 12))
    return BehindAnswer(tuple(rows[:_BEHIND]), max(0, len(rows) - _BEHIND), total)


def _turns(response: float, moved: float) -> bool:
    return (response > 1e-9) != (response + moved > 1e-9) or (response < -1e-9) != (response + moved < -1e-9)
