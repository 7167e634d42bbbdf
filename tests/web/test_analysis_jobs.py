"""Analyses in the background: answered once, told how far, stopped when nobody waits."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap, default_map
from wickedmap.graphs import deciding_links, find_loops, loops_through, response_matrix
from wickedmap.web import analysis_jobs
from wickedmap.web.analysis_answers import answer
from wickedmap.web.analysis_jobs import Analyses, Job
from wickedmap.web.analysis_questions import (
    BehindAnswer,
    BehindQuestion,
    HeldQuestion,
    LeverageAnswer,
    LeverageQuestion,
    LoopsAnswer,
    LoopsQuestion,
    Question,
    ReachAnswer,
    ReachQuestion,
    Skeleton,
    WhatIfAnswer,
    WhatIfQuestion,
)
from wickedmap.web.analysis_worker import Worker, WorkerLost

WEB = Skeleton.of(default_map().at_stage(4))
QUESTIONS: list[Question] = [
    LoopsQuestion(),
    LoopsQuestion(None, "B", "gjeld"),
    LeverageQuestion(),
    ReachQuestion("gjeld", "indirect", "gjeld", "utkastelse"),
    HeldQuestion(),
    WhatIfQuestion((("gjeld", 1),)),
    WhatIfQuestion((("bolig", 1), ("rus", -1))),
    BehindQuestion((("bolig", 1), ("rus", -1)), "gjeld"),
]


def complete(size: int) -> Skeleton:
    ids = [f"f{n:03}" for n in range(size)]
    return Skeleton.of(CausalMap.from_links([(u, v, 1) for u in ids for v in ids if u != v]))


@pytest.fixture
def analyses() -> Iterator[Analyses]:
    opened = Analyses()
    yield opened
    opened.close()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# --- answers ------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: type(one).__name__)
def test_every_answer_can_be_sent_between_processes_and_is_the_same_there(question: Question) -> None:
    found = answer(question, WEB, 5.0)
    assert found.stopped_by is None
    assert pickle.loads(pickle.dumps(found)) == found


def test_filters_change_no_name() -> None:
    everything = answer(LoopsQuestion(6), WEB, 5.0)
    filtered = answer(LoopsQuestion(6, "B", "gjeld"), WEB, 5.0)
    assert isinstance(everything, LoopsAnswer)
    assert isinstance(filtered, LoopsAnswer)
    names = {one.loop.links: one.name for one in everything.loops}
    assert filtered.loops
    for one in filtered.loops:
        assert one.loop.polarity == "B"
        assert "gjeld" in one.loop.factors
        if one.loop.links in names:
            assert names[one.loop.links] == one.name


def test_the_number_that_fits_is_exact() -> None:
    found = answer(LoopsQuestion(8, "", "gjeld"), WEB, 5.0)
    assert isinstance(found, LoopsAnswer)
    assert found.matching == len(loops_through(WEB.to_map(), "gjeld", max_length=8))


def test_longer_loops_leave_the_names_of_shorter_ones_alone() -> None:
    short, long = (answer(LoopsQuestion(length), WEB, 5.0) for length in (4, 6))
    assert isinstance(short, LoopsAnswer)
    assert isinstance(long, LoopsAnswer)
    assert long.loops[: len(short.loops)] == short.loops


def test_a_full_web_says_at_least_and_is_right_as_far_as_it_says() -> None:
    found = answer(LoopsQuestion(None), complete(12), 5.0)
    assert isinstance(found, LoopsAnswer)
    assert found.completeness == "at_least"
    assert len(find_loops(complete(12).to_map(), found.complete_to)) <= found.total


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.sampled_from([1, -1, None]))))
def test_a_skeleton_has_the_loops_of_its_map(rows: list[tuple[str, str, int | None]]) -> None:
    m = CausalMap.from_links(rows, factors="abcde")
    assert find_loops(Skeleton.of(m).to_map(), None).loops == find_loops(m, None).loops


def test_links_behind_several_pushes_are_those_of_each_push_added_up() -> None:
    m = WEB.to_map()
    pushes = (("bolig", 1), ("rus", -1))
    found = answer(BehindQuestion(pushes, "gjeld"), WEB, 5.0)
    assert isinstance(found, BehindAnswer)
    both = {f: {one.link: one for one in deciding_links(m, f, "gjeld")} for f, _ in pushes}
    first = found.links[0].link
    moved = sum(
        sign * (both[f][first].alternatives[0] - both[f][first].response)
        for f, sign in pushes
        if first in both[f]
    )
    assert found.links[0].change == pytest.approx(abs(moved))
    assert found.response == pytest.approx(
        sum(sign * next(iter(both[f].values())).response for f, sign in pushes)
    )


def test_one_push_turns_where_its_deciding_link_says_so() -> None:
    m = CausalMap.from_links([("a", "b", 1, 3), ("a", "c", 1, 1), ("c", "b", -1, 1)])
    found = answer(BehindQuestion((("a", 1),), "b"), Skeleton.of(m), 5.0)
    assert isinstance(found, BehindAnswer)
    assert [(one.link, one.decides) for one in found.links] == [("L1", True), ("L2", False), ("L3", False)]
    assert response_matrix(m)[0] == ("a", "b", "c")


@pytest.mark.parametrize(
    "m",
    [CausalMap(), CausalMap.from_links([], factors=["a"]), CausalMap.from_links([("a", "b", None)])],
    ids=["empty", "one factor", "one link"],
)
def test_maps_with_nothing_to_find_are_answered(m: CausalMap) -> None:
    skeleton = Skeleton.of(m)
    loops = answer(LoopsQuestion(), skeleton, 1.0)
    leverage = answer(LeverageQuestion(), skeleton, 1.0)
    assert isinstance(loops, LoopsAnswer)
    assert isinstance(leverage, LeverageAnswer)
    assert (loops.has_loops, loops.completeness, leverage.feedback.factors) == (False, "all", ())
    for factor in m.factors:
        assert isinstance(answer(ReachQuestion(factor.id), skeleton, 1.0), ReachAnswer)
        assert isinstance(answer(WhatIfQuestion(((factor.id, 1),)), skeleton, 1.0), WhatIfAnswer)


@pytest.mark.parametrize("question", [LoopsQuestion(6, "", "nobody"), ReachQuestion("nobody")])
def test_a_factor_that_is_not_there_is_named(question: Question) -> None:
    with pytest.raises(ValueError, match="nobody"):
        answer(question, WEB, 1.0)


# --- jobs ----------------------------------------------------------------------


def test_the_same_question_about_the_same_map_is_answered_once(analyses: Analyses) -> None:
    first = analyses.ask("w", "kari", WEB, LoopsQuestion())
    second = analyses.ask("w", "ola", Skeleton.of(default_map().at_stage(4)), LoopsQuestion())
    assert first is second
    assert first.result.result(20).stopped_by is None


def test_another_workshop_another_map_and_another_question_are_others(analyses: Analyses) -> None:
    jobs = [
        analyses.ask("w", "kari", WEB, LoopsQuestion()),
        analyses.ask("x", "kari", WEB, LoopsQuestion()),
        analyses.ask("w", "kari", WEB, LoopsQuestion(4)),
        analyses.ask("w", "kari", complete(3), LoopsQuestion()),
    ]
    assert len({id(job) for job in jobs}) == 4


def test_a_question_the_map_does_not_allow_is_refused_and_not_kept(analyses: Analyses) -> None:
    job = analyses.ask("w", "kari", WEB, ReachQuestion("nobody"))
    with pytest.raises(ValueError, match="nobody"):
        job.result.result(20)
    assert analyses.ask("w", "kari", WEB, ReachQuestion("nobody")) is not job


def test_long_work_goes_to_the_process_and_comes_back(
    analyses: Analyses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_jobs, "SMALL", 0)
    job = analyses.ask("w", "kari", WEB, LoopsQuestion())
    assert job.result.result(30) == answer(LoopsQuestion(), WEB, 5.0)


def test_giving_up_stops_the_work_and_leaves_room_for_the_next(
    analyses: Analyses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analysis_jobs, "SMALL", 0)
    monkeypatch.setattr(analysis_jobs, "SLOW_LIMIT", 60.0)
    job = analyses.ask("w", "kari", _endless(), LeverageQuestion())
    analyses.cancel("kari")
    with pytest.raises(WorkerLost):
        job.result.result(30)
    after = analyses.ask("w", "kari", WEB, LoopsQuestion())
    assert after.result.result(30).stopped_by is None


def _endless() -> Skeleton:
    """A map whose smallest cut is not found in any time people would wait."""
    steps = [(n, (n * k + k) % 400) for n in range(400) for k in range(2, 12)]
    return Skeleton.of(CausalMap.from_links([(f"f{u:03}", f"f{v:03}", 1) for u, v in steps if u != v]))


def test_work_goes_on_as_long_as_somebody_else_waits(analyses: Analyses) -> None:
    waits = Job(("w", WEB, LoopsQuestion()))
    analyses._kept[waits.key] = waits  # under way: nobody answers it here
    assert analyses.ask("w", "kari", WEB, LoopsQuestion()) is waits
    assert analyses.ask("w", "ola", WEB, LoopsQuestion()) is waits
    analyses.cancel("kari")
    assert not waits.stop.is_set()
    analyses.ask("w", "ola", WEB, HeldQuestion())
    assert waits.stop.is_set()


def test_a_process_that_has_died_is_replaced() -> None:
    worker = Worker()
    worker.start()
    worker._process.kill()
    worker._process.join()
    try:
        found = worker.answer(HeldQuestion(), WEB, 5.0, lambda: False, lambda loops, length: None)
        assert found.stopped_by is None
    finally:
        worker.stop()


def test_work_whose_process_dies_is_said_to_be_lost() -> None:
    worker = Worker()
    worker.start()

    def die() -> bool:
        worker._process.kill()
        return False

    try:
        with pytest.raises(WorkerLost):
            worker.answer(LeverageQuestion(), _endless(), 30.0, die, lambda loops, length: None)
    finally:
        worker.stop()


def test_an_error_of_the_question_comes_through_the_process() -> None:
    worker = Worker()
    try:
        with pytest.raises(ValueError, match="nobody"):
            worker.answer(ReachQuestion("nobody"), WEB, 5.0, lambda: False, lambda loops, length: None)
    finally:
        worker.stop()


def test_closing_ends_the_process() -> None:
    opened = Analyses()
    opened._worker.start()
    process = opened._worker._process
    assert process.is_alive()
    opened.close()
    assert opened._worker._process is None
