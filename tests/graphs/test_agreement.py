from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap import CausalMap
from wickedmap.graphs.agreement import (
    fleiss_kappa,
    group_informed_consensus,
    krippendorff_alpha,
    representativeness,
    saturation_curve,
)

value = st.one_of(st.none(), st.integers(1, 4))
tables = st.integers(1, 5).flatmap(
    lambda units: st.lists(st.lists(value, min_size=units, max_size=units), min_size=1, max_size=5)
)


def alpha_by_pairs(rows: list[list[int | None]], level: str) -> float | None:
    """Alpha as one minus the mean distance within units over the mean distance of all values."""
    units = [[v for v in unit if v is not None] for unit in zip(*rows, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    pool = [v for unit in units for v in unit]

    def distance(x: int, y: int) -> float:
        if level == "nominal":
            return float(x != y)
        if level == "interval":
            return float((x - y) ** 2)
        low, high = min(x, y), max(x, y)
        between = sum(pool.count(g) for g in range(low, high + 1))
        return (between - (pool.count(x) + pool.count(y)) / 2) ** 2

    if len(set(pool)) < 2:
        return None
    observed = sum(
        sum(distance(x, y) for x, y in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(pool)
    expected = sum(distance(x, y) for x, y in itertools.permutations(pool, 2)) / (len(pool) * (len(pool) - 1))
    return 1 - observed / expected


@given(tables, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_is_what_the_definition_gives_pair_by_pair(rows: list[list[int | None]], level: str) -> None:
    found = krippendorff_alpha(rows, level)  # type: ignore[arg-type]
    assert found.value == pytest.approx(alpha_by_pairs(rows, level))
    assert (found.value is None) == bool(found.reason)


@given(tables)
def test_alpha_does_not_change_with_the_order_of_raters_or_units(rows: list[list[int | None]]) -> None:
    turned = [row[::-1] for row in rows[::-1]]
    assert krippendorff_alpha(rows).value == pytest.approx(krippendorff_alpha(turned).value)


def test_alpha_reads_lists_arrays_and_data_frames_alike() -> None:
    rows = [[1, 2, 2, None], [1, 2, 1, 3], [2, 2, None, 3]]
    expected = krippendorff_alpha(rows).value
    assert krippendorff_alpha(np.array(rows, dtype=float)).value == expected
    assert krippendorff_alpha(pd.DataFrame(rows)).value == expected
    assert krippendorff_alpha(pd.DataFrame(rows, dtype="Int64")).value == expected


def test_alpha_of_one_value_ever_used_is_undefined_and_not_1() -> None:
    found = krippendorff_alpha([[1, 1, 1], [1, 1, 1]])
    assert (found.value, found.n, found.why) == (None, 6, "one_value")


def test_alpha_without_anything_rated_twice_is_undefined() -> None:
    for rows in ([], [[]], [[1, 2, 3]], [[1, None], [None, 2]], [[None, None]]):
        assert krippendorff_alpha(rows).why == "no_pairs"


def test_alpha_takes_words_only_at_the_nominal_level() -> None:
    assert krippendorff_alpha([["+", "-", "+"], ["+", "-", "-"]]).value is not None
    with pytest.raises(ValueError, match="'\\+' is not a finite number"):
        krippendorff_alpha([["+", "-"], ["+", "-"]], "ordinal")


def test_alpha_refuses_ragged_rows_and_unknown_levels() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 values, row 1 has 2"):
        krippendorff_alpha([[1, 2], [1]])
    with pytest.raises(ValueError, match="level: 'ratio'"):
        krippendorff_alpha([[1]], "ratio")  # type: ignore[arg-type]


def test_fleiss_kappa_refuses_items_with_different_numbers_of_raters() -> None:
    with pytest.raises(ValueError, match=r"row 2 has 3 raters, row 1 has 2.*krippendorff_alpha"):
        fleiss_kappa([[1, 1], [2, 1]])


def test_fleiss_kappa_is_undefined_where_chance_is_complete_or_nobody_can_agree() -> None:
    assert fleiss_kappa([[3, 0], [3, 0]]).why == "one_value"
    assert fleiss_kappa([[1, 0], [0, 1]]).why == "few_raters"
    assert fleiss_kappa([]).why == "no_items"
    assert fleiss_kappa([[0, 2], [2, 0]]).value == 1


def test_one_large_group_cannot_outvote_the_others() -> None:
    one_sided = group_informed_consensus({"a": (100, 100), "b": (0, 10)})
    shared = group_informed_consensus({"a": (60, 100), "b": (6, 10)})
    assert float(one_sided) < float(shared)


def test_groups_that_have_not_seen_the_item_are_left_out_and_named() -> None:
    found = group_informed_consensus({"a": (5, 15), "b": (10, 20), "c": (0, 0)})
    assert found.left_out == ("c",)
    assert found.measure.n == 2
    assert group_informed_consensus({"a": (1, 2), "b": (3, 4), "c": (3, 4)}, minimum=3).left_out == ("a",)


def test_one_group_is_not_consensus() -> None:
    assert group_informed_consensus({"a": (5, 5)}).measure.why == "one_group"
    assert group_informed_consensus({"a": (0, 0)}).geometric_mean.why == "no_votes"


def test_more_agreeing_than_seeing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"votes\['a'\]: 3 of 2"):
        group_informed_consensus({"a": (3, 2), "b": (1, 1)})


def test_representativeness_compares_one_group_with_the_rest() -> None:
    found = representativeness({"a": (8, 10), "b": (1, 5), "c": (1, 5)}, "a")
    assert float(found.ratio) == pytest.approx((9 / 12) / (3 / 12))
    # Two-proportion z: 0.8 against 0.2, pooled 0.5, ten in each.
    assert float(found.z) == pytest.approx(0.6 / math.sqrt(0.25 * 0.2))
    assert representativeness({"a": (2, 2), "b": (2, 2)}, "a").z.why == "one_value"
    assert representativeness({"a": (2, 2), "b": (0, 0)}, "a").ratio.why == "one_group"


@given(st.lists(st.frozensets(st.sampled_from("abcdef")), max_size=5))
def test_the_saturation_curve_is_the_mean_over_all_orders(framings: list[frozenset[str]]) -> None:
    curve = saturation_curve({str(number): framing for number, framing in enumerate(framings)})
    for k in range(1, len(framings) + 1):
        sizes = [len(frozenset().union(*chosen)) for chosen in itertools.combinations(framings, k)]
        assert curve.expected[k - 1] == pytest.approx(sum(sizes) / len(sizes))
    assert sum(curve.new) == pytest.approx(len(frozenset().union(*framings)))
    assert all(later <= earlier + 1e-9 for earlier, later in itertools.pairwise(curve.new))


def test_the_saturation_curve_reads_maps() -> None:
    maps = {
        "a": CausalMap.from_links([("x", "y", 1)]),
        "b": CausalMap.from_links([("x", "y", -1), ("y", "z", 1)]),
    }
    assert saturation_curve(maps).in_order == (3, 5)
    assert saturation_curve(maps, of="factors").in_order == (2, 3)
    assert saturation_curve(maps, of="links").named_once == 1
    assert list(saturation_curve(maps).to_pandas()["name"]) == ["a", "b"]
    assert saturation_curve({}).expected == ()
