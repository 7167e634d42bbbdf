"""Agreement statistics on tables with published results."""

from __future__ import annotations

import pytest

from wickedmap.graphs.agreement import fleiss_kappa, group_informed_consensus, krippendorff_alpha

# K. Krippendorff (2011), Computing Krippendorff's alpha-reliability; 3 raters, 15 units.
RATERS = (".....34121133.3", "1.213343.......", "..21344.21133.4")
KRIPPENDORFF = [[None if mark == "." else int(mark) for mark in row] for row in RATERS]

# J. Fleiss (1971), Measuring nominal scale agreement among many raters, in the form of the
# widely used table of 10 items, 14 raters and 5 categories.
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.691), ("interval", 0.811)])
def test_krippendorffs_own_example(level: str, alpha: float) -> None:
    found = krippendorff_alpha(KRIPPENDORFF, level)  # type: ignore[arg-type]
    assert round(float(found), 3) == alpha
    assert found.n == 26


def test_fleiss_table() -> None:
    found = fleiss_kappa(FLEISS)
    assert round(float(found), 3) == 0.210
    assert found.n == 10


def test_group_informed_consensus_of_two_groups() -> None:
    # C. Small et al. (2021), Polis: product of (agree + 1) / (seen + 2).
    found = group_informed_consensus({"a": (5, 15), "b": (10, 20)})
    assert float(found) == pytest.approx(6 / 17 * 11 / 22)
    assert round(float(found), 4) == 0.1765
    assert round(float(found.geometric_mean), 4) == 0.4201
