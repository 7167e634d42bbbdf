"""Numbers of the eight-concept example that FCMpy and the R package "fcm" share.

Source: Mkhitaryan, S., Giabbanelli, P. J., Wozniak, M. K., de Vries, N. K., Napoles, G. &
Crutzen, R. (2022). FCMpy: a Python module for constructing and analyzing fuzzy cognitive
maps. PeerJ Computer Science 8, e1078; the figures are those of its documentation
(simulator.md, intervention.md) and tests, which check them against Dikopoulou & Papageorgiou's
R package "fcm" (2017). Their runs stop when no concept moves by more than 0.001.
"""

import networkx as nx
import numpy as np
import pytest

from wickedmap.graphs import Scenario, scenarios, simulate

CONCEPTS = [f"C{number}" for number in range(1, 9)]
WEIGHTS = [
    [0.0, 0.0, 0.6, 0.9, 0.0, 0.0, 0.0, 0.8],
    [0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.5],
    [0.0, 0.7, 0.0, 0.0, 0.9, 0.0, 0.4, 0.1],
    [0.4, 0.0, 0.0, 0.0, 0.0, 0.9, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, -0.9, 0.0, 0.3],
    [-0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.8, 0.4, 0.9],
    [0.1, 0.0, 0.0, 0.0, 0.0, 0.1, 0.6, 0.0],
]
START = {"C1": 1, "C2": 1}
PUBLISHED_COURSE = [
    [1.000000, 1.000000, 0.000000, 0.000000, 0.000000, 0.000000, 0.000000, 0.000000],
    [0.750260, 0.731059, 0.645656, 0.710950, 0.500000, 0.500000, 0.549834, 0.785835],
    [0.738141, 0.765490, 0.749475, 0.799982, 0.746700, 0.769999, 0.838315, 0.921361],
    [0.730236, 0.784168, 0.767163, 0.812191, 0.805531, 0.829309, 0.898379, 0.950172],
    [0.727059, 0.789378, 0.769467, 0.812967, 0.816974, 0.838759, 0.908173, 0.954927],
    [0.726125, 0.790510, 0.769538, 0.812650, 0.818986, 0.839860, 0.909707, 0.955666],
    [0.725885, 0.790706, 0.769451, 0.812473, 0.819294, 0.839901, 0.909940, 0.955774],
]
PUBLISHED_ENDS = {
    "modified": (6, [0.7258851, 0.7907061, 0.7694508, 0.8124733, 0.8192938, 0.8399006, 0.9099403, 0.9557739]),
    "kosko": (6, [0.5481291, 0.6004012, 0.5814756, 0.620872, 0.6279569, 0.6653852, 0.7617789, 0.8416584]),
    "rescaled": (48, [0.4998427, 0.4985174, 0.4989474, 0.4984212, 0.4980938, 0.4885541, 0.4855651, 0.4853266]),
}
PUBLISHED_INTERVENTIONS = [
    (
        {"C1": -0.3, "C2": 0.5},
        [0.644651, 0.870060, 0.758786, 0.798947, 0.817735, 0.838350, 0.911004, 0.954652],
    ),
    ({"C4": -0.5}, [0.715704, 0.790580, 0.768132, 0.699316, 0.819160, 0.823430, 0.909917, 0.955427]),
    ({"C5": -1.0}, [0.723417, 0.790708, 0.769141, 0.812073, 0.563879, 0.871834, 0.909778, 0.952199]),
]


@pytest.fixture
def example() -> nx.DiGraph:
    graph = nx.DiGraph()
    graph.add_nodes_from(CONCEPTS)
    for cause, row in zip(CONCEPTS, WEIGHTS, strict=True):
        for effect, weight in zip(CONCEPTS, row, strict=True):
            if weight:
                graph.add_edge(cause, effect, weight=weight)
    return graph


def test_the_course_under_the_modified_rule_is_the_published_one(example):
    simulation = simulate(example, rule="modified", initial=START)
    assert simulation.trajectory[:7] == pytest.approx(np.array(PUBLISHED_COURSE), abs=5e-7)


@pytest.mark.parametrize("rule", PUBLISHED_ENDS)
def test_each_rule_gives_the_published_state_at_the_published_step(example, rule):
    step, state = PUBLISHED_ENDS[rule]
    simulation = simulate(example, rule=rule, initial=START)
    assert simulation.trajectory[step] == pytest.approx(state, abs=6e-8)


@pytest.mark.parametrize("rule", PUBLISHED_ENDS)
def test_the_published_state_is_not_yet_a_fixed_point_and_ours_is(example, rule):
    step, state = PUBLISHED_ENDS[rule]
    simulation = simulate(example, rule=rule, initial=START)
    one_more = simulate(example, steps=1, rule=rule, initial=state).trajectory[1]
    assert np.max(np.abs(one_more - state)) > 1e-5
    assert simulation.certificate.kind == "fixed_point"
    assert simulation.certificate.residual <= 1e-10
    assert simulation.certificate.steps > step


def test_under_the_rescaled_rule_everything_ends_in_the_neutral_state(example):
    simulation = simulate(example, rule="rescaled", initial=START)
    assert list(simulation.equilibrium.values()) == pytest.approx([0.5] * 8, abs=1e-9)


@pytest.mark.parametrize(("pushes", "published"), PUBLISHED_INTERVENTIONS)
def test_interventions_give_the_published_states(example, pushes, published):
    baseline = simulate(example, rule="modified", initial=START).trajectory[6]
    changed = simulate(example, rule="modified", initial=baseline, pushes=pushes)
    assert changed.trajectory[5] == pytest.approx(published, abs=5e-7)


def test_a_scenario_without_spread_is_the_difference_of_two_equilibria(example):
    pushes = PUBLISHED_INTERVENTIONS[0][0]
    compared = scenarios(example, Scenario("first", pushes=pushes), rule="modified", draws=1, spread=0.0)
    before = simulate(example, rule="modified").equilibrium
    after = simulate(example, rule="modified", pushes=pushes).equilibrium
    for concept in CONCEPTS:
        difference = after[concept] - before[concept]
        assert compared.of("first").of(concept).median == pytest.approx(difference, abs=1e-8)
