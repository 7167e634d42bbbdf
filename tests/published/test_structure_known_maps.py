"""Structure of two known networks.

The kite: Krackhardt, D. (1990). Assessing the political landscape. Administrative Science
Quarterly 35, 342-369: Heather has the highest betweenness, Fernando and Garth the highest
closeness, Diane the highest degree; the values are those usually reported for it.

The default map: the check numbers stated with its content (21 factors, 72 links).
"""

import networkx as nx
import pytest

import wickedmap
from wickedmap.graphs import centralities, components


@pytest.fixture
def kite() -> nx.DiGraph:
    names = ["Andre", "Beverley", "Carol", "Diane", "Ed", "Fernando", "Garth", "Heather", "Ike", "Jane"]
    graph = nx.krackhardt_kite_graph()
    return nx.relabel_nodes(graph, dict(enumerate(names))).to_directed()


def test_the_kite_has_its_known_betweenness(kite):
    found = centralities(kite)
    known = {"Heather": 0.388889, "Fernando": 0.231481, "Garth": 0.231481, "Ike": 0.222222, "Diane": 0.101852}
    for name, value in known.items():
        assert found.of(name).betweenness == pytest.approx(value, abs=1e-6)
    assert found.of("Jane").betweenness == 0.0


def test_the_kite_has_its_known_closeness(kite):
    found = centralities(kite)
    known = {"Fernando": 0.642857, "Garth": 0.642857, "Diane": 0.6, "Heather": 0.6, "Jane": 0.310345}
    for name, value in known.items():
        assert found.of(name).closeness_in == pytest.approx(value, abs=1e-6)
        assert found.of(name).closeness_out == pytest.approx(value, abs=1e-6)


def test_diane_is_the_kites_centre_by_degree(kite):
    assert centralities(kite).top("out_degree", 1) == (("Diane", 6.0),)


def test_the_default_map_has_its_check_numbers():
    m = wickedmap.default_map().without_focal()
    found = centralities(m)
    top = found.top("betweenness", 4)
    assert [name for name, _ in top] == ["bolig", "rus", "arbeidsloshet", "kriminalitet"]
    assert [round(value, 3) for _, value in top] == [0.178, 0.130, 0.129, 0.094]
    assert found.density == pytest.approx(0.171, abs=5e-4)
    assert [(found.of(name).out_degree, found.of(name).in_degree) for name in ("rus", "bolig")] == [
        (9, 7),
        (8, 11),
    ]
    assert found.of("psykiatri").in_degree == 7


def test_fourteen_factors_of_the_default_map_move_each_other():
    parts = components(wickedmap.default_map().without_focal())
    assert len(parts.strong[0]) == 14
    outside = {factor for part in parts.strong[1:] for factor in part}
    assert outside == {
        "antisosial_atferd",
        "laerevansker",
        "oppvekstvilkar",
        "skilsmisse",
        "utlosende_faktorer",
        "utskriving_fosterhjem",
        "vold_mishandling",
    }
    assert parts.on_loop == set(parts.strong[0])
