from __future__ import annotations

import numpy as np
import pytest

from wickedmap.graphs.consensus import cultural_consensus


def shared_answers(people: int, noise: float, seed: int = 7) -> np.ndarray:
    rng = np.random.default_rng(seed)
    truth = rng.integers(1, 6, 40)
    return np.array([truth + rng.normal(0, noise, 40) for _ in range(people)])


def test_people_who_share_an_answer_key_are_found_to() -> None:
    found = cultural_consensus(shared_answers(8, 0.6))
    assert found.verdict == "consensus"
    assert float(found.ratio) >= 3
    assert found.key is not None
    truth = np.random.default_rng(7).integers(1, 6, 40)
    assert np.corrcoef(found.key, truth)[0, 1] > 0.98


def test_who_knows_more_gets_more_competence() -> None:
    answers = shared_answers(7, 0.4)
    answers[3] += np.random.default_rng(1).normal(0, 2.5, 40)
    found = cultural_consensus(answers)
    assert min(found.competence, key=lambda row: found.competence[row]) == 3


def test_unrelated_answers_name_no_key() -> None:
    found = cultural_consensus(np.random.default_rng(3).normal(size=(8, 40)))
    assert found.verdict == "not met"
    assert found.key is None


def test_somebody_who_answers_the_opposite_way_breaks_the_model() -> None:
    answers = shared_answers(7, 0.3)
    answers[0] = 6 - answers[0]
    found = cultural_consensus(answers)
    assert found.verdict == "not met"
    assert found.competence[0] < 0


def test_identical_answers_leave_one_dimension_and_no_ratio() -> None:
    found = cultural_consensus(shared_answers(1, 0)[[0] * 6])
    assert found.verdict == "consensus"
    assert (found.ratio.value, found.ratio.why) == (None, "one_dimension")
    assert float(found.mean_competence) == pytest.approx(1)


def test_somebody_who_gives_one_answer_throughout_is_set_aside_and_counted() -> None:
    answers = shared_answers(7, 0.5)
    answers[2] = 3
    found = cultural_consensus(answers)
    assert found.set_aside == (2,)
    assert found.ratio.n == 6
    assert 2 not in found.competence


def test_too_few_people_items_or_answers_give_no_result_and_the_reason() -> None:
    answers = shared_answers(6, 0.5)
    assert cultural_consensus(answers[:5]).ratio.why == "few_people"
    assert cultural_consensus(answers[:, :2]).ratio.why == "few_items"
    assert cultural_consensus([]).ratio.why == "few_people"
    answers[0, 0] = np.nan
    found = cultural_consensus(answers)
    assert (found.verdict, found.ratio.why, found.key) == ("undefined", "missing_answers", None)
    assert found.reason


def test_the_order_of_people_changes_nothing() -> None:
    answers = shared_answers(7, 1.0)
    one, other = cultural_consensus(answers), cultural_consensus(answers[::-1])
    assert float(one.ratio) == pytest.approx(float(other.ratio))
    assert one.key == pytest.approx(other.key)
