"""Fuzzy cognitive maps against plain loops, hand-worked cases and their own certificates."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from wickedmap import CausalMap
from wickedmap.graphs import simulate, simulate_batch
from wickedmap.graphs.fuzzy_rules import squashed
from wickedmap.graphs.weighted import read_weighted, spectral_radius, weight_source

TURNING = nx.DiGraph([("a", "b", {"weight": 1.0}), ("b", "a", {"weight": -1.0})])


def one_step(weights, state, rule, squash, steepness):
    """The same step with nothing but loops and `math`."""
    moved = []
    for i in range(len(state)):
        total = 0.0
        for j in range(len(state)):
            total += weights[j][i] * ((2 * state[j] - 1) if rule == "rescaled" else state[j])
        total += {"kosko": 0.0, "modified": state[i], "rescaled": 2 * state[i] - 1}[rule]
        if squash == "sigmoid":
            moved.append(1 / (1 + math.exp(-steepness * total)))
        elif squash == "tanh":
            moved.append(math.tanh(steepness * total))
        elif squash == "bivalent":
            moved.append(1.0 if total > 1e-12 else 0.0)
        else:
            moved.append(0.0 if abs(total) <= 1e-12 else math.copysign(1.0, total))
    return moved


def graph_of(weights) -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(weights)))
    graph.add_edges_from(
        (j, i, {"weight": weight}) for j, row in enumerate(weights) for i, weight in enumerate(row) if weight
    )
    return graph


@st.composite
def weight_tables(draw, largest=1.0):
    size = draw(st.integers(1, 5))
    weight = st.one_of(st.just(0.0), st.floats(-largest, largest).map(lambda value: round(value, 3)))
    return [[draw(weight) for _ in range(size)] for _ in range(size)]


RULES = st.sampled_from(
    [
        *(
            (rule, squash)
            for rule in ("kosko", "modified")
            for squash in ("sigmoid", "tanh", "bivalent", "trivalent")
        ),
        ("rescaled", "sigmoid"),
        ("rescaled", "bivalent"),
    ]
)


@given(weight_tables(), RULES, st.floats(0.1, 5), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_every_rule_moves_as_plain_loops_do(weights, chosen, steepness, random):
    rule, squash = chosen
    state = [random.choice([0.0, 0.25, 1.0]) for _ in weights]
    simulation = simulate(graph_of(weights), 12, rule, squash, steepness, initial=state)
    for reached in simulation.trajectory[:-1]:
        assert list(reached) == pytest.approx(state, abs=1e-9)
        state = one_step(weights, state, rule, squash, steepness)


@given(weight_tables(largest=0.9), st.sampled_from(["kosko", "modified", "rescaled"]), st.floats(0.1, 2))
@settings(max_examples=100, deadline=None)
def test_a_map_proven_to_have_one_fixed_point_reaches_it_from_anywhere(weights, rule, steepness):
    graph = graph_of(weights)
    from_below = simulate(graph, 20_000, rule, steepness=steepness, initial=[0.0] * len(weights))
    from_above = simulate(graph, 20_000, rule, steepness=steepness, initial=[1.0] * len(weights))
    certificate = from_below.certificate
    if certificate.proof == "row_sums" and certificate.contraction <= 0.99:
        assert certificate.kind == from_above.certificate.kind == "fixed_point"
    if certificate.unique and certificate.kind == from_above.certificate.kind == "fixed_point":
        gap = np.max(np.abs(from_below.trajectory[-1] - from_above.trajectory[-1]))
        known = [one.certificate.error for one in (from_below, from_above)]
        assert gap <= (1e-6 if None in known else sum(known) + 1e-12)


@given(weight_tables(), RULES, st.floats(0.2, 8))
@settings(max_examples=150, deadline=None)
def test_a_fixed_point_stays_and_a_limit_cycle_returns(weights, chosen, steepness):
    rule, squash = chosen
    simulation = simulate(graph_of(weights), 400, rule, squash, steepness)
    certificate = simulation.certificate
    state = list(simulation.trajectory[-1])
    if certificate.kind == "fixed_point":
        moved = one_step(weights, state, rule, squash, steepness)
        assert max(abs(a - b) for a, b in zip(moved, state, strict=True)) <= 1.1e-10
        assert simulation.cycle is None
    elif certificate.kind == "limit_cycle":
        assert simulation.equilibrium is None
        assert simulation.cycle.shape == (certificate.period, len(weights))
        for _ in range(certificate.period):
            state = one_step(weights, state, rule, squash, steepness)
        assert state == pytest.approx(list(simulation.trajectory[-1]), abs=1e-6)
        assert np.ptp(simulation.cycle, axis=0).max() > 1e-7
    else:
        assert simulation.equilibrium is None
        assert simulation.cycle is None
        assert len(certificate.ranges) == len(weights)


def test_a_cause_moves_its_effect_and_not_the_other_way():
    simulation = simulate(
        nx.DiGraph([("cause", "effect", {"weight": 1.0})]), 1, squash="tanh", initial={"cause": 1.0}
    )
    assert dict(zip(simulation.factors, simulation.trajectory[1], strict=True)) == {
        "cause": 0.0,
        "effect": pytest.approx(math.tanh(1.0)),
    }


def test_one_factor_that_feeds_itself_by_hand():
    equilibrium = simulate(nx.DiGraph([("a", "a", {"weight": 1.0})])).equilibrium["a"]
    assert equilibrium == pytest.approx(0.6590460684074, abs=1e-12)
    assert 1 / (1 + math.exp(-equilibrium)) == pytest.approx(equilibrium, abs=1e-12)


def test_two_factors_that_turn_each_other_cycle_with_period_four():
    simulation = simulate(TURNING, squash="trivalent", initial={"a": 1})
    assert simulation.certificate.kind == "limit_cycle"
    assert simulation.certificate.period == 4
    assert sorted(map(tuple, simulation.cycle)) == [(-1, 0), (0, -1), (0, 1), (1, 0)]


def test_the_same_pair_cycles_when_the_curve_is_steep_and_smooth():
    certificate = simulate(TURNING, squash="tanh", steepness=5, initial={"a": 1}).certificate
    assert (certificate.kind, certificate.period, certificate.unique) == ("limit_cycle", 4, False)


def test_the_neutral_state_is_a_fixed_point_of_the_rescaled_rule():
    simulation = simulate(TURNING, rule="rescaled", initial=[0.5, 0.5])
    assert simulation.certificate.kind == "fixed_point"
    assert simulation.equilibrium == {"a": 0.5, "b": 0.5}


def test_small_steps_are_not_taken_for_rest():
    # x' = tanh(x) creeps towards 0 like 1/sqrt(t): steps fall below 0.001 long before.
    simulation = simulate(nx.DiGraph([("a", "a", {"weight": 1.0})]), squash="tanh")
    assert abs(simulation.trajectory[-1][0] - simulation.trajectory[-2][0]) < 0.001
    assert simulation.certificate.kind == "not_settled"
    assert simulation.equilibrium is None
    low, high = simulation.certificate.ranges[0]
    assert 0 < low < high < 0.1


def test_an_unstable_fixed_point_is_called_unstable():
    certificate = simulate(nx.DiGraph([("a", "a", {"weight": 1.0})]), squash="tanh", steepness=2, initial=[0.0])
    assert certificate.certificate.kind == "fixed_point"
    assert certificate.certificate.stable is False


def test_the_contraction_bound_is_the_one_worked_by_hand():
    graph = nx.DiGraph([("a", "c", {"weight": 0.5}), ("b", "c", {"weight": -0.7}), ("c", "a", {"weight": 0.2})])
    for rule, bound in (("kosko", 0.25 * 1.2), ("modified", 0.25 * 2.2), ("rescaled", 0.5 * 2.2)):
        assert simulate(graph, rule=rule).certificate.contraction == pytest.approx(bound)
    assert simulate(graph, squash="tanh").certificate.contraction == pytest.approx(1.2)
    # With a and b held only c is free, and nothing free moves it.
    assert simulate(graph, squash="tanh", clamped={"a": 1, "b": 1}).certificate.contraction == 0.0


def test_a_map_without_loops_has_one_fixed_point_under_koskos_rule_however_steep():
    chain = nx.DiGraph([("a", "b", {"weight": 1.0}), ("b", "c", {"weight": -1.0})])
    for squash in ("sigmoid", "tanh", "bivalent", "trivalent"):
        certificate = simulate(chain, squash=squash, steepness=50).certificate
        assert (certificate.kind, certificate.unique, certificate.proof) == ("fixed_point", True, "acyclic")


def test_clamps_hold_from_the_first_state_on():
    simulation = simulate(TURNING, clamped={"a": 0.8})
    assert set(simulation.trajectory[:, 0]) == {0.8}
    assert simulation.equilibrium["b"] == pytest.approx(1 / (1 + math.exp(-0.8)), abs=1e-12)


def test_a_push_is_a_clamped_cause_of_that_weight():
    graph = TURNING.copy()
    graph.add_edge("z", "b", weight=0.4)
    pushed = simulate(TURNING, pushes={"b": 0.4}).equilibrium
    caused = simulate(graph, clamped={"z": 1.0}).equilibrium
    assert pushed == pytest.approx({name: caused[name] for name in ("a", "b")}, abs=1e-12)


def test_rounding_errors_do_not_switch_a_factor_on():
    # 0.1 + 0.2 - 0.3 is 5.6e-17 in floating point.
    graph = nx.DiGraph([("a", "d", {"weight": 0.1}), ("b", "d", {"weight": 0.2}), ("c", "d", {"weight": -0.3})])
    held = {"a": 1, "b": 1, "c": 1}
    assert simulate(graph, squash="bivalent", clamped=held).equilibrium["d"] == 0.0


def test_huge_sums_do_not_overflow():
    assert squashed(np.array([-1e308, -800.0, 0.0, 1e308]), "sigmoid", 1.0).tolist() == [0.0, 0.0, 0.5, 1.0]


def test_a_map_and_its_graph_give_the_same_course():
    m = wickedmap.default_map()
    assert np.array_equal(simulate(m).trajectory, simulate(m.to_networkx()).trajectory)


def test_strengths_of_a_map_are_thirds_and_weights_of_a_graph_are_used_as_they_are():
    m = CausalMap.from_links([("a", "b", 1, 2)])
    of_map = simulate(m, 1, squash="tanh", initial={"a": 1}).trajectory[1]
    assert of_map.tolist() == [0.0, pytest.approx(math.tanh(2 / 3))]
    weighted = nx.DiGraph([("a", "b", {"weight": 2.0})])
    assert simulate(weighted, 1, squash="tanh", initial={"a": 1}).trajectory[1][1] == pytest.approx(
        math.tanh(2)
    )
    assert simulate(m, 1, squash="tanh", initial={"a": 1}, full_strength=1).trajectory[1][1] == pytest.approx(
        math.tanh(2)
    )


def test_links_of_unknown_sign_are_left_out_and_named():
    simulation = simulate(CausalMap.from_links([("a", "b", None), ("b", "c", 1)]))
    assert simulation.unknown_sign == ("L1",)
    assert simulation.without_causes == ("a", "b")


def test_an_empty_map_is_at_rest():
    simulation = simulate(CausalMap())
    assert simulation.equilibrium == {}
    assert simulation.certificate.kind == "fixed_point"
    assert simulation.to_pandas().shape == (2, 0)


def test_the_course_as_a_table_has_one_column_per_factor():
    frame = simulate(TURNING, 3).to_pandas()
    assert list(frame.columns) == ["a", "b"]
    assert frame.index.name == "step"
    assert len(frame) == 4


def test_a_cancelled_simulation_says_so_and_claims_nothing():
    simulation = simulate(TURNING, squash="tanh", steepness=5, initial={"a": 1}, cancelled=lambda: True)
    assert simulation.certificate.stopped_by == "cancelled"
    assert simulation.certificate.kind == "not_settled"


def test_a_time_limit_ends_a_long_simulation():
    simulation = simulate(
        TURNING, 5_000_000, squash="tanh", steepness=1.01, initial={"a": 0.3}, time_limit=0.02
    )
    assert simulation.certificate.stopped_by == "time"


def test_a_large_sparse_map_settles_as_a_dense_one_does():
    generator = np.random.default_rng(3)
    small = nx.gnp_random_graph(40, 0.08, seed=5, directed=True)
    for edge in small.edges:
        small.edges[edge]["weight"] = float(generator.uniform(-1, 1))
    large = small.copy()
    large.add_nodes_from(range(40, 400))
    for rule in ("kosko", "modified"):
        dense, sparse = simulate(small, rule=rule), simulate(large, rule=rule)
        assert sparse.certificate.kind == "fixed_point"
        assert sparse.trajectory[-1][:40] == pytest.approx(dense.trajectory[-1], abs=1e-11)


@pytest.mark.parametrize(
    ("settings_", "named"),
    [
        ({"steps": 0}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"steps": 10**9}, "steps"),
        ({"rule": "other"}, "rule"),
        ({"squash": "other"}, "squash"),
        ({"rule": "rescaled", "squash": "tanh"}, "squash"),
        ({"rule": "rescaled", "squash": "trivalent"}, "squash"),
        ({"steepness": 0}, "steepness"),
        ({"steepness": float("nan")}, "steepness"),
        ({"initial": {"nobody": 1}}, "initial"),
        ({"initial": {"a": 2}}, "initial"),
        ({"initial": [1, 1, 1]}, "initial"),
        ({"initial": [1, -1]}, "initial"),
        ({"initial": [1, float("nan")]}, "initial"),
        ({"clamped": {"nobody": 1}}, "clamped"),
        ({"clamped": {"a": "high"}}, "clamped"),
        ({"clamped": {"a": 1.5}}, "clamped"),
        ({"pushes": {"a": float("inf")}}, "pushes"),
        ({"full_strength": 0}, "full_strength"),
        ({"time_limit": 0}, "time_limit"),
    ],
)
def test_bad_settings_are_refused_by_name(settings_, named):
    with pytest.raises(ValueError, match=named):
        simulate(TURNING, **settings_)


def test_a_weight_that_is_not_a_number_is_refused():
    with pytest.raises(ValueError, match="weight of 'a' -> 'b'"):
        simulate(nx.DiGraph([("a", "b", {"weight": float("nan")})]))


def test_a_batch_without_spread_repeats_the_simulation():
    m = wickedmap.default_map()
    batch = simulate_batch(m, draws=7, spread=0.0, rule="modified")
    single = simulate(m, rule="modified")
    assert batch.unsettled == 0
    for final in batch.final:
        assert final == pytest.approx(single.trajectory[-1], abs=1e-8)


def test_every_run_of_a_batch_is_the_simulation_of_its_own_weights():
    m = CausalMap.from_links([("a", "b", 1, 2), ("b", "c", -1, 3), ("c", "a", None, 1), ("a", "b", -1, 1)])
    batch = simulate_batch(m, draws=1500, seed=4, squash="tanh", steps=30, tolerance=0.0, initial=[1, 0, 0])
    weights = weight_source(read_weighted(m), seed=4, spread=1 / 6)(1500)
    for draw in (0, 999, 1000, 1499):
        first, second, third, fourth = weights[:, draw]
        graph = graph_of([[0, first + fourth, 0], [0, 0, second], [third, 0, 0]])
        alone = simulate(graph, 30, squash="tanh", initial=[1, 0, 0])
        assert batch.final[draw] == pytest.approx(alone.trajectory[-1], abs=1e-6)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    m = wickedmap.default_map()
    first, again = simulate_batch(m, draws=50, seed=1), simulate_batch(m, draws=50, seed=1)
    assert first.final.tobytes() == again.final.tobytes()
    assert first.final.tobytes() != simulate_batch(m, draws=50, seed=2).final.tobytes()


def test_taking_a_link_away_leaves_the_draws_of_the_others():
    rows = [("a", "b", 1, 2), ("b", "c", None, 1), ("c", "a", -1, 3)]
    whole = CausalMap.from_links(rows)
    part = whole.replace(links=whole.links[1:])
    all_draws = weight_source(read_weighted(whole), seed=9, spread=0.2)(20)
    some_draws = weight_source(read_weighted(part), seed=9, spread=0.2)(20)
    assert np.array_equal(all_draws[1:], some_draws)


def test_draws_stay_in_their_band_and_do_not_depend_on_how_many_are_taken_at_once():
    m = CausalMap.from_links([("a", "b", 1, 1), ("b", "c", -1, 2), ("c", "a", 1, 3), ("a", "c", None, 2)])
    whole = weight_source(read_weighted(m), seed=0, spread=1 / 6)(1000)
    take = weight_source(read_weighted(m), seed=0, spread=1 / 6)
    assert np.array_equal(whole, np.concatenate([take(300), take(700)], axis=1))
    assert 1 / 6 <= whole[0].min() < 0.2 < 0.45 < whole[0].max() <= 1 / 2
    assert -5 / 6 <= whole[1].min() < whole[1].max() <= -1 / 2
    assert 5 / 6 <= whole[2].min() < whole[2].max() <= 1
    assert 0.4 < np.mean(whole[3] > 0) < 0.6


def test_the_share_of_people_decides_how_often_an_unknown_sign_is_positive():
    m = CausalMap.from_links([("a", "b", None)])
    always = weight_source(read_weighted(m), seed=0, spread=0.1, positive_share={"L1": 1.0})(200)
    assert always.min() > 0


def test_runs_that_do_not_settle_are_counted_and_left_out_of_the_summary():
    batch = simulate_batch(TURNING, draws=20, squash="tanh", steepness=5, initial={"a": 1})
    assert batch.unsettled == 20
    frame = batch.to_pandas()
    assert frame["draws"].tolist() == [0, 0]
    assert frame["median"].isna().all()


def test_a_cancelled_batch_says_so():
    batch = simulate_batch(TURNING, draws=20, cancelled=lambda: True)
    assert batch.stopped_by == "cancelled"
    assert batch.final.shape == (0, 2)


@pytest.mark.parametrize(
    ("settings_", "named"),
    [
        ({"draws": 0}, "draws"),
        ({"draws": 10**8}, "draws"),
        ({"spread": -1}, "spread"),
        ({"seed": 1.5}, "seed"),
        ({"tolerance": -1}, "tolerance"),
        ({"positive_share": {"nothing": 0.5}}, "positive_share"),
        ({"positive_share": {("a", "b"): 2}}, "positive_share"),
    ],
)
def test_bad_batch_settings_are_refused_by_name(settings_, named):
    with pytest.raises(ValueError, match=named):
        simulate_batch(TURNING, **settings_)


@given(weight_tables())
@settings(max_examples=80, deadline=None)
def test_the_spectral_radius_is_that_of_the_matrix_of_sizes(weights):
    links = read_weighted(graph_of(weights))
    expected = np.max(np.abs(np.linalg.eigvals(np.abs(np.array(weights)))))
    found = spectral_radius(links.size, links.sources, links.targets, links.sizes)
    # Defective matrices of acyclic maps make the expected value itself noisy.
    assert found == pytest.approx(expected, abs=2e-3 if found < 1e-2 else 1e-9)


def test_an_acyclic_map_has_a_spectral_radius_of_exactly_zero():
    links = read_weighted(nx.DiGraph([(i, j, {"weight": 1.0}) for i in range(12) for j in range(i)]))
    assert spectral_radius(links.size, links.sources, links.targets, links.sizes) == 0.0


def test_the_bound_for_large_components_meets_the_spectral_radius():
    ring = nx.DiGraph([(i, (i + 1) % 400, {"weight": 0.5}) for i in range(400)])
    links = read_weighted(ring)
    assert spectral_radius(links.size, links.sources, links.targets, links.sizes) == pytest.approx(
        0.5, rel=1e-9
    )
