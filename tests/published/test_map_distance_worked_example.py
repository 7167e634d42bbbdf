"""The worked example of the project's analysis notes, by hand from the formulas of the two papers.

Langfield-Smith & Wirth (1992), Measuring differences between cognitive maps; Markoczy & Goldberg (1995), A
method for eliciting and comparing causal maps. Five factors, four of them shared.
"""

from __future__ import annotations

import pytest

from wickedmap import CausalMap
from wickedmap.graphs.comparison import compare, edit_distance, jaccard, ruzicka, sign_disagreement
from wickedmap.graphs.map_distance import langfield_smith_wirth, markoczy_goldberg
from wickedmap.graphs.path_agreement import path_agreement

A = CausalMap.from_links(
    [("rus", "bolig", -1, 3), ("gjeld", "bolig", -1, 2), ("bolig", "arbeid", 1, 2), ("arbeid", "krim", -1, 2)]
)
B = CausalMap.from_links(
    [("rus", "bolig", -1, 1), ("bolig", "arbeid", 1, 2), ("rus", "krim", 1, 3), ("arbeid", "krim", 1, 2)]
)
both_orders = pytest.mark.parametrize(("a", "b"), [(A, B), (B, A)], ids=["A-B", "B-A"])


@both_orders
def test_overlap_and_edits(a: CausalMap, b: CausalMap) -> None:
    assert jaccard(a, b, of="factors").value == 4 / 5
    assert jaccard(a, b, of="links").value == 3 / 5
    assert jaccard(a, b, of="shared_links").value == 3 / 4
    assert jaccard(a, b, of="signed_links").value == 2 / 6
    assert ruzicka(a, b).value == 3 / 12
    assert sign_disagreement(a, b).value == 1 / 3
    assert sign_disagreement(a, b).n == 3
    assert edit_distance(a, b).value == 4


@both_orders
@pytest.mark.parametrize(("formula", "parts"), [(12, (10, 80)), (4, (4, 40)), (6, (4, 32))])
def test_langfield_smith_and_wirth(a: CausalMap, b: CausalMap, formula: int, parts: tuple[int, int]) -> None:
    found = langfield_smith_wirth(a, b, formula)  # type: ignore[arg-type]
    assert (found.numerator, found.denominator) == parts


@both_orders
@pytest.mark.parametrize(
    ("parameters", "parts"),
    [({}, (10, 80)), ({"gamma": 0}, (9, 72)), ({"gamma": 2}, (17, 80)), ({"delta": 1}, (11, 92))],
)
def test_markoczy_and_goldberg(
    a: CausalMap, b: CausalMap, parameters: dict[str, int], parts: tuple[int, int]
) -> None:
    found = markoczy_goldberg(a, b, **parameters)  # type: ignore[arg-type]
    assert (found.numerator, found.denominator) == parts


@both_orders
def test_chains_of_influence(a: CausalMap, b: CausalMap) -> None:
    found = path_agreement(a, b)
    assert (found.connected.numerator, found.connected.denominator) == (6, 6)
    assert found.agree == (("bolig", "arbeid"), ("rus", "arbeid"), ("rus", "bolig"))
    assert found.opposite == (("arbeid", "krim"), ("bolig", "krim"))
    assert found.ambivalent == (("rus", "krim"),)


@both_orders
def test_one_call_gives_all_of_it(a: CausalMap, b: CausalMap) -> None:
    values = {name: measure.value for name, measure in compare(a, b).measures.items()}
    assert values == {
        "factor_jaccard": 4 / 5,
        "link_jaccard": 3 / 5,
        "shared_link_jaccard": 3 / 4,
        "signed_link_jaccard": 2 / 6,
        "ruzicka": 3 / 12,
        "factor_sorensen": 8 / 9,
        "link_sorensen": 6 / 8,
        "sign_disagreement": 1 / 3,
        "edit_distance": 4,
        "langfield_smith_wirth_4": 0.1,
        "langfield_smith_wirth_6": 0.125,
        "langfield_smith_wirth_12": 0.125,
        "markoczy_goldberg": 0.125,
        "connected_agreement": 1,
        "path_agreement": 0.5,
        "rank_agreement": None,
    }
