"""Press perturbation by hand, by sums over paths, and by recomputation."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wickedmap
from wickedmap import CausalMap
from wickedmap.graphs import deciding_links, paths_between, press, response_matrix
from wickedmap.graphs.weighted import read_weighted, weight_source


@st.composite
def maps(draw, acyclic=False, unknown=False):
    names = "abcdef"[: draw(st.integers(2, 6))]
    signs = st.sampled_from([1, -1, None] if unknown else [1, -1])
    rows = []
    for _ in range(draw(st.integers(0, 12))):
        source, target = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        if acyclic and source >= target:
            continue
        rows.append((source, target, draw(signs), draw(st.sampled_from([1, 2, 3]))))
    return CausalMap.from_links(rows, factors=names)


@given(maps(), st.floats(0.1, 0.95))
@settings(max_examples=100, deadline=None)
def test_the_response_matrix_is_the_inverse_it_claims_to_be(m, damping):
    _, responses = response_matrix(m, damping=damping)
    links = read_weighted(m)
    weights = links.matrix(links.weights)
    radius = max(np.abs(np.linalg.eigvals(np.abs(links.matrix(links.sizes)))))
    a = damping / radius if radius > 1e-2 else 1.0
    assert responses @ (np.eye(len(responses)) - a * weights) == pytest.approx(np.eye(len(responses)), abs=1e-8)


@given(maps(acyclic=True))
@settings(max_examples=100, deadline=None)
def test_without_loops_the_response_is_the_sum_over_all_paths(m):
    factors, responses = response_matrix(m)
    strength = {link.id: (link.sign or 0) * link.strength / 3 for link in m.links}
    for i, source in enumerate(factors):
        for j, target in enumerate(factors):
            if i == j:
                expected = 1.0
            else:
                paths = paths_between(m, source, target, max_paths=None).paths
                expected = sum(np.prod([strength[link] for link in path.links]) for path in paths)
            assert responses[i, j] == pytest.approx(expected, abs=1e-12)


def test_two_factors_by_hand():
    # W = [[0, w], [v, 0]]: R = 1 / (1 - a^2 w v) * [[1, a w], [a v, 1]].
    w, v = 0.8, -0.2
    graph = nx.DiGraph([("a", "b", {"weight": w}), ("b", "a", {"weight": v})])
    _, responses = response_matrix(graph, a=1.5)
    scale = 1 / (1 - 1.5**2 * w * v)
    assert responses == pytest.approx(np.array([[1, 1.5 * w], [1.5 * v, 1]]) * scale, abs=1e-12)
    # rho(|W|) = sqrt(0.8 * 0.2) = 0.4, so a = 0.85 / 0.4.
    pressed = press(graph, "a", draws=10, spread=0.0)
    a = 0.85 / 0.4
    assert pressed.radius == pytest.approx(0.4)
    assert pressed.a == pytest.approx(a)
    assert pressed.of("b").response == pytest.approx(a * w / (1 - a * a * w * v))
    assert pressed.of("b").median == pytest.approx(pressed.of("b").response)


def test_pushing_down_turns_every_response_round():
    m = wickedmap.default_map()
    up, down = press(m, "rus", 1, draws=50), press(m, "rus", -1, draws=50)
    for one, other in zip(up.responses, down.responses, strict=True):
        assert one.response == pytest.approx(-other.response, abs=1e-12)
        assert (one.positive, one.negative) == (other.negative, other.positive)


@given(maps(unknown=True), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_every_draw_is_the_solution_for_its_own_weights(m, seed):
    start = m.factors[0].id
    pressed = press(m, start, draws=6, seed=seed)
    links = read_weighted(m)
    draws = weight_source(links, seed=seed, spread=1 / 6)(6)
    expected = []
    for weights in draws.T:
        system = np.eye(links.size) - pressed.a * links.matrix(weights)
        expected.append(np.linalg.solve(system.T, np.eye(links.size)[links.graph.index_of(start)]))
    for position, response in enumerate(pressed.responses):
        values = np.array(expected)[:, position]
        assert response.median == pytest.approx(np.median(values), abs=1e-9)
        assert response.positive == pytest.approx(np.mean(values >= 1e-9))
        assert response.positive + response.negative + response.none == pytest.approx(1.0)


def test_two_opposed_chains_of_equal_strength_leave_it_open():
    rows = [("a", "b", 1, 2), ("b", "d", 1, 2), ("a", "c", 1, 2), ("c", "d", -1, 2)]
    pressed = press(CausalMap.from_links(rows), "a", draws=4000)
    assert pressed.of("d").verdict == "cannot_say"
    assert pressed.of("d").positive == pytest.approx(0.5, abs=0.03)
    assert pressed.of("b").verdict == "up"


def test_an_unknown_sign_on_the_way_gives_no_stated_response():
    pressed = press(CausalMap.from_links([("a", "b", None), ("b", "c", 1), ("a", "d", 1)]), "a", draws=2000)
    assert (pressed.of("b").response, pressed.of("b").reason) == (None, "unknown_sign")
    assert pressed.of("c").response is None
    assert pressed.of("d").response == pytest.approx(1 / 3)
    assert pressed.of("b").verdict == pressed.of("c").verdict == "cannot_say"
    assert pressed.unknown_sign == ("L1",)


def test_the_share_of_people_can_settle_an_unknown_sign():
    m = CausalMap.from_links([("a", "b", None)])
    assert press(m, "a", draws=500, positive_share={"L1": 0.95}).of("b").verdict == "up"
    assert press(m, "a", draws=500, positive_share={"L1": 0.3}).of("b").verdict == "leaning_down"


def test_what_cannot_be_reached_does_not_respond():
    response = press(CausalMap.from_links([("a", "b", 1)]), "b").of("a")
    assert (response.verdict, response.response, response.none) == ("unreached", 0.0, 1.0)


def test_a_map_without_links_responds_in_the_pushed_factor_alone():
    pressed = press(CausalMap.from_links([], factors=["a", "b"]), "a", draws=5)
    assert pressed.a == 1.0
    assert [(one.factor, one.verdict) for one in pressed.responses] == [("a", "up"), ("b", "unreached")]


def test_the_same_seed_gives_the_same_answer():
    m = wickedmap.default_map()
    assert press(m, "gjeld", draws=30, seed=5) == press(m, "gjeld", draws=30, seed=5)
    assert press(m, "gjeld", draws=30, seed=5) != press(m, "gjeld", draws=30, seed=6)


def test_a_verdict_that_hangs_on_the_damping_is_not_robust():
    pressed = press(wickedmap.default_map().without_focal(), "bolig", draws=500)
    assert pressed.of("kriminalitet").verdict == "down"
    assert pressed.of("kriminalitet").robust
    assert not pressed.of("gjeld").robust


def test_a_cancelled_press_says_so_and_claims_no_shares():
    pressed = press(CausalMap.from_links([("a", "b", 1)]), "a", cancelled=lambda: True)
    assert (pressed.stopped_by, pressed.draws) == ("cancelled", 0)
    assert pressed.of("b").positive is None
    assert pressed.of("b").verdict == "cannot_say"


def test_a_large_map_gives_what_its_small_part_gives():
    generator = np.random.default_rng(1)
    small = nx.gnp_random_graph(30, 0.1, seed=2, directed=True)
    for edge in small.edges:
        small.edges[edge]["weight"] = float(generator.uniform(0.2, 1) * generator.choice([-1, 1]))
    large = small.copy()
    # A long tail, so that more factors lie downstream than plain matrices are used for.
    nx.add_path(large, [29, *range(30, 360)], weight=0.5)
    few, many = press(small, 0, draws=4), press(large, 0, draws=4)
    assert many.radius == pytest.approx(few.radius)
    for one, other in zip(few.responses, many.responses[:30], strict=True):
        assert other.median == pytest.approx(one.median, abs=1e-10)


def weak_loop_and_long_chain(size):
    graph = nx.DiGraph([("a", "b", {"weight": 1e-6}), ("b", "a", {"weight": 1e-6})])
    nx.add_path(graph, ["b", *(f"n{number:03}" for number in range(size))], weight=1.0)
    return graph


@pytest.mark.parametrize("size", [100, 400])
def test_responses_too_large_for_a_number_are_refused(size):
    with pytest.raises(ValueError, match="too large"):
        press(weak_loop_and_long_chain(size), "a", draws=2, spread=0.0)


def test_more_draws_than_fit_are_refused():
    with pytest.raises(ValueError, match="draws"):
        press(wickedmap.default_map(), "bolig", draws=10**8)


def test_a_map_too_large_for_all_responses_at_once_is_refused():
    path = nx.path_graph(2500, create_using=nx.DiGraph)
    with pytest.raises(ValueError, match="2500 factors"):
        response_matrix(path)
    with pytest.raises(ValueError, match="2500 factors"):
        deciding_links(path, 0, 1)


def test_the_table_has_a_row_per_factor():
    frame = press(CausalMap.from_links([("a", "b", -1)]), "a", draws=20).to_pandas()
    assert frame[["factor", "verdict"]].to_numpy().tolist() == [["a", "up"], ["b", "down"]]


@pytest.mark.parametrize(
    ("arguments", "settings_", "named"),
    [
        (("nobody",), {}, "factor"),
        (("a", 0), {}, "sign"),
        (("a", True), {}, "sign"),
        (("a",), {"draws": 0}, "draws"),
        (("a",), {"damping": 1.0}, "damping"),
        (("a",), {"damping": float("nan")}, "damping"),
        (("a",), {"spread": -0.1}, "spread"),
        (("a",), {"time_limit": -1}, "time_limit"),
        (("a",), {"positive_share": {"L9": 0.5}}, "positive_share"),
    ],
)
def test_bad_arguments_are_refused_by_name(arguments, settings_, named):
    with pytest.raises(ValueError, match=named):
        press(CausalMap.from_links([("a", "b", 1)]), *arguments, **settings_)


@given(maps(unknown=True))
@settings(max_examples=80, deadline=None)
def test_taking_a_link_away_equals_computing_anew(m):
    start, end = m.factors[0].id, m.factors[-1].id
    links = read_weighted(m)
    a = press(m, start, draws=1).a
    found = {one.link: one for one in deciding_links(m, start, end)}
    i, j = links.graph.index_of(start), links.graph.index_of(end)

    def response(weights):
        return np.linalg.inv(np.eye(links.size) - a * links.matrix(weights))[i, j]

    base = response(links.weights)
    for row, link in enumerate(links.graph.links):
        tried = []
        for sign in (0,) if link.sign else (1, -1):
            weights = links.weights.copy()
            weights[row] = sign * links.sizes[row]
            tried.append(response(weights))
        if link.id in found:
            assert found[link.id].response == pytest.approx(base, abs=1e-10)
            assert found[link.id].alternatives == pytest.approx(tried, abs=1e-10)
        else:
            compared = tried if link.sign == 0 else [base, *tried]
            assert max(compared) - min(compared) <= 1e-8


def test_a_link_that_carries_the_response_decides_it():
    rows = [("a", "b", 1, 3), ("a", "c", 1, 2), ("c", "b", -1, 2)]
    found = deciding_links(CausalMap.from_links(rows), "a", "b")
    assert [(one.link, one.decides) for one in found] == [("L1", True), ("L2", False), ("L3", False)]
    assert found[0].response == pytest.approx(1 - 4 / 9)
    assert found[0].alternatives == pytest.approx((-4 / 9,))


def test_an_unknown_sign_that_turns_the_response_decides_it():
    (only,) = deciding_links(CausalMap.from_links([("a", "b", None, 3)]), "a", "b")
    assert (only.known, only.alternatives, only.decides) == (False, (1.0, -1.0), True)


def test_where_the_formula_breaks_down_the_inverse_is_computed_anew():
    # 1 - a delta R[target, source] is 0 for the self-link of weight 1 at a = 1/(1 - w).
    from wickedmap.graphs.deciding import _changed, _inverse

    graph = nx.DiGraph([("a", "a", {"weight": 0.5}), ("a", "b", {"weight": 1.0}), ("b", "a", {"weight": 0.5})])
    links = read_weighted(graph)
    inverse = _inverse(links, 0.5)
    rows = {link.id: row for row, link in enumerate(links.graph.links)}
    row = rows["a", "a"]
    delta = 1 / (0.5 * inverse[0, 0])
    nearly = _changed(links, inverse, 0.5, row, delta * (1 - 1e-9), 0, 1)
    weights = links.weights.copy()
    weights[row] += delta * (1 - 1e-9)
    anew = np.linalg.inv(np.eye(2) - 0.5 * links.matrix(weights))[0, 1]
    assert nearly == pytest.approx(anew, rel=1e-5)


def test_an_a_without_inverse_is_refused():
    graph = nx.DiGraph([("a", "a", {"weight": 0.5})])
    with pytest.raises(ValueError, match="a: I - a W has no inverse"):
        response_matrix(graph, a=2.0)
