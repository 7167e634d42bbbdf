"""Scenarios: the difference is that of the intervention and of nothing else."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from wickedmap import CausalMap
from wickedmap.graphs import Scenario, scenarios, simulate, simulate_batch
from wickedmap.model import Effect, Intervention
from wickedmap.text import Texts

PAIR = CausalMap.from_links([("housing", "crime", -1, 3), ("crime", "housing", -1, 2), ("crime", "debt", 1)])


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.sampled_from([1, -1, None])), max_size=10
    ),
    st.sampled_from(["kosko", "modified", "rescaled"]),
    st.integers(0, 5),
)
@settings(max_examples=50, deadline=None)
def test_a_scenario_without_changes_differs_by_exactly_nothing(rows, rule, seed):
    m = CausalMap.from_links(rows, factors="abcd")
    result = scenarios(m, Scenario("nothing"), rule=rule, draws=30, seed=seed).of("nothing")
    assert np.all(result.differences == 0.0)
    assert result.draws + result.unsettled == 30
    if result.draws:
        assert all((one.median, one.unchanged) == (0.0, 1.0) for one in result.changes)


def test_links_left_as_they_are_change_nothing_either():
    result = scenarios(PAIR, Scenario("same", links={"L1": 1.0}), draws=50).of("same")
    assert np.all(result.differences == 0.0)


def test_without_spread_the_difference_is_that_of_two_simulations():
    compared = scenarios(PAIR, Scenario("homes", clamped={"housing": 0.9}), draws=3, spread=0.0)
    before, after = simulate(PAIR).equilibrium, simulate(PAIR, clamped={"housing": 0.9}).equilibrium
    for factor in ("housing", "crime", "debt"):
        assert compared.of("homes").of(factor).median == pytest.approx(after[factor] - before[factor], abs=1e-8)
        assert compared.baseline[factor] == pytest.approx(before[factor], abs=1e-8)


def test_a_link_left_at_nothing_is_a_link_taken_away():
    removed = PAIR.replace(links=PAIR.links[1:])
    off = scenarios(PAIR, Scenario("off", links={"L1": 0.0}), draws=1, spread=0.0).of("off")
    alone, together = simulate(removed).equilibrium, simulate(PAIR).equilibrium
    for factor in ("housing", "crime", "debt"):
        assert off.of(factor).median == pytest.approx(alone[factor] - together[factor], abs=1e-8)


def test_a_link_turned_round_and_a_link_added():
    turned = scenarios(PAIR, Scenario("turned", links={"L3": -1.0}), draws=20).of("turned")
    assert turned.of("debt").down == 1.0
    assert turned.of("housing").unchanged == 1.0
    added = scenarios(PAIR, Scenario("added", added=[("housing", "debt", -1.0)]), draws=20).of("added")
    assert added.of("debt").down == 1.0
    assert added.of("crime").unchanged == 1.0


def test_differences_are_those_of_two_batches_on_the_same_random_numbers():
    pushes = {"housing": 0.5}
    compared = scenarios(PAIR, Scenario("homes", pushes=pushes), draws=60, seed=8).of("homes")
    without = simulate_batch(PAIR, draws=60, seed=8).final
    with_push = simulate_batch(PAIR, draws=60, seed=8, pushes=pushes).final
    assert compared.differences == pytest.approx(with_push - without, abs=1e-8)


def test_common_random_numbers_give_a_smaller_error_than_independent_ones():
    pushes = {"housing": 0.5}
    common = scenarios(PAIR, Scenario("homes", pushes=pushes), draws=400, seed=1).of("homes").of("crime")
    without = simulate_batch(PAIR, draws=400, seed=1).final[:, 0]
    with_push = simulate_batch(PAIR, draws=400, seed=2, pushes=pushes).final[:, 0]
    assert common.standard_error < 0.7 * np.std(with_push - without, ddof=1) / 20


def test_an_intervention_pushes_what_its_effects_say():
    intervention = Intervention("hf", Texts(nb="Bolig først"), (Effect("housing", 1), Effect("crime", -1)))
    by_intervention = scenarios(PAIR, [intervention], draws=25, push=0.3).of("hf")
    by_pushes = scenarios(PAIR, Scenario("hf", pushes={"housing": 0.3, "crime": -0.3}), draws=25).of("hf")
    assert np.array_equal(by_intervention.differences, by_pushes.differences)


def test_every_intervention_of_the_default_map_can_be_compared():
    m = wickedmap.default_map().without_focal()
    compared = scenarios(m, m.instruments.interventions, draws=100)
    assert [one.name for one in compared.results] == [one.id for one in m.instruments.interventions]
    first = compared.of("housing_first")
    assert first.of("bolig").up == 1.0
    assert first.of("kriminalitet").down == 1.0
    sizes = [abs(one.median) for one in first.changes]
    assert sizes == sorted(sizes, reverse=True)
    frame = compared.to_pandas()
    assert len(frame) == len(compared.results) * len(m.factors)
    assert not frame.isna().any().any()


def test_the_same_seed_gives_the_same_bytes():
    first, again = (scenarios(PAIR, Scenario("x", pushes={"debt": 1}), draws=64, seed=3) for _ in range(2))
    assert first.of("x").differences.tobytes() == again.of("x").differences.tobytes()


def test_one_more_link_leaves_the_draws_of_the_others():
    more = CausalMap.from_links(
        [("housing", "crime", -1, 3), ("crime", "housing", -1, 2), ("crime", "debt", 1), ("debt", "tail", 1)]
    )
    few = scenarios(PAIR, Scenario("x", pushes={"housing": 1}), draws=10).of("x").differences
    many = scenarios(more, Scenario("x", pushes={"housing": 1}), draws=10).of("x").differences
    assert np.allclose(few, many[:, :3], atol=1e-8)


def test_draws_that_do_not_settle_are_left_out_and_counted():
    turning = nx.DiGraph([("a", "b", {"weight": 1.0}), ("b", "a", {"weight": -1.0})])
    compared = scenarios(
        turning, Scenario("x"), squash="tanh", steepness=6, initial={"a": 1}, draws=12, spread=0
    )
    result = compared.of("x")
    assert (result.draws, result.unsettled, result.reason) == (0, 12, "no_draw_settled")
    assert result.of("a").median is None
    assert compared.baseline["a"] is None


def test_one_draw_has_no_standard_error():
    assert scenarios(PAIR, Scenario("x"), draws=1).of("x").of("debt").standard_error is None


def test_a_cancelled_comparison_says_so():
    compared = scenarios(PAIR, Scenario("x"), cancelled=lambda: True)
    assert compared.stopped_by == "cancelled"
    assert compared.of("x").reason == "no_draw_finished"


def test_an_empty_map_has_nothing_to_change():
    assert scenarios(CausalMap(), Scenario("x"), draws=3).of("x").changes == ()


@pytest.mark.parametrize(
    ("wanted", "settings_", "named"),
    [
        (Scenario("x", pushes={"nobody": 1}), {}, "pushes of 'x'"),
        (Scenario("x", clamped={"nobody": 1}), {}, "clamped of 'x'"),
        (Scenario("x", clamped={"debt": 2}), {}, "clamped"),
        (Scenario("x", links={"L9": 0.5}), {}, "links of 'x'"),
        (Scenario("x", links={"L1": float("nan")}), {}, "links of 'x'"),
        (Scenario("x", added=[("debt", "nobody", 1)]), {}, "added of 'x'"),
        (Scenario("x", added=[("debt", "crime", 3)]), {}, "added of 'x'"),
        ([Scenario("x"), Scenario("x")], {}, "same name"),
        (["housing_first"], {}, "interventions"),
        (Intervention("y", Texts(nb="y"), (Effect("nobody", 1),)), {}, "nobody"),
        (Scenario("x"), {"draws": 0}, "draws"),
        (Scenario("x"), {"draws": 10**8}, "draws"),
        (Scenario("x"), {"steps": 0}, "steps"),
        (Scenario("x"), {"push": float("nan")}, "push"),
    ],
)
def test_bad_scenarios_are_refused_by_name(wanted, settings_, named):
    with pytest.raises(ValueError, match=named):
        scenarios(PAIR, wanted, **settings_)
