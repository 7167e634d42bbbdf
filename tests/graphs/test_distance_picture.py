from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wickedmap.graphs.distance_picture import distance_picture, ordered_distances


def distances_of(points: np.ndarray) -> pd.DataFrame:
    names = [f"agency{number}" for number in range(len(points))]
    table = np.linalg.norm(points[:, None] - points, axis=2)
    return pd.DataFrame(table, index=names, columns=names).astype("Float64")


PLANE = np.random.default_rng(4).normal(size=(7, 2))


def test_distances_that_fit_in_the_plane_are_shown_without_stress() -> None:
    picture = distance_picture(distances_of(PLANE))
    assert picture.stress == pytest.approx(0, abs=1e-6)
    places = np.array(list(picture.positions.values()))
    shown = np.linalg.norm(places[:, None] - places, axis=2)
    assert shown == pytest.approx(distances_of(PLANE).to_numpy(dtype=float), abs=1e-6)


def test_distances_that_do_not_fit_say_how_much_is_lost() -> None:
    picture = distance_picture(distances_of(np.random.default_rng(1).normal(size=(8, 6))))
    assert picture.stress is not None
    assert 0.05 < picture.stress < 0.5


def test_the_picture_is_the_same_every_time_and_stays_put_between_updates() -> None:
    first = distance_picture(distances_of(PLANE))
    assert distance_picture(distances_of(PLANE)) == first
    turn = np.array([[0.0, 1.0], [1.0, 0.0]])
    earlier = {name: tuple(np.array(place) @ turn + 5) for name, place in first.positions.items()}
    again = distance_picture(distances_of(PLANE), previous=earlier)
    for name, place in earlier.items():
        assert again.positions[name] == pytest.approx(place, abs=1e-6)
    moved = PLANE.copy()
    moved[0] += 0.1
    later = distance_picture(distances_of(moved), previous=earlier)
    shifts = [np.hypot(*np.subtract(later.positions[name], earlier[name])) for name in earlier]
    assert max(shifts) < 0.3


def test_few_maps_or_maps_all_alike_give_no_picture_and_the_reason() -> None:
    few = distance_picture(distances_of(PLANE[:5]))
    assert (few.positions, few.stress) == ({}, None)
    assert "5 maps" in few.reason
    assert distance_picture(distances_of(np.zeros((6, 2)))).why == "alike"


def test_a_map_without_a_distance_to_another_is_left_out_and_named() -> None:
    frame = distances_of(PLANE)
    frame.loc["agency2", "agency5"] = frame.loc["agency5", "agency2"] = pd.NA
    frame.loc["agency2", "agency4"] = frame.loc["agency4", "agency2"] = pd.NA
    picture = distance_picture(frame)
    assert picture.left_out == ("agency2",)
    assert len(picture.positions) == 6


def test_pairs_are_listed_nearest_first_and_undefined_last() -> None:
    frame = distances_of(np.array([[0, 0], [0, 3], [0, 1]]))
    frame.loc["agency1", "agency2"] = frame.loc["agency2", "agency1"] = pd.NA
    rows = ordered_distances(frame)
    assert rows["one"].tolist() == ["agency0", "agency0", "agency1"]
    assert rows["distance"].tolist()[:2] == [1, 3]
    assert rows["distance"].isna().tolist() == [False, False, True]


def test_a_table_that_is_no_distance_matrix_is_refused() -> None:
    frame = distances_of(PLANE)
    with pytest.raises(ValueError, match="same names"):
        distance_picture(frame.iloc[:, ::-1])
    lopsided = frame.copy()
    lopsided.iloc[0, 1] = 9.0
    with pytest.raises(ValueError, match="not symmetric"):
        distance_picture(lopsided)
    with pytest.raises(ValueError, match="below 0"):
        ordered_distances(-frame)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), min_size=6, max_size=9))
def test_points_on_top_of_each_other_never_break_the_picture(points: list[tuple[int, int, int]]) -> None:
    picture = distance_picture(distances_of(np.array(points, dtype=float)))
    if picture.stress is None:
        assert len(set(points)) == 1
    else:
        assert np.isfinite(list(picture.positions.values())).all()
        assert 0 <= picture.stress < 1
