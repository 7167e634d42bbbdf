"""A number together with what it rests on, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass

REASONS: dict[str, str] = {
    "both_empty": "neither map has anything to compare",
    "few_shared_factors": "the maps share fewer than two factors",
    "no_shared_links": "no link is drawn in both maps",
    "no_known_signs": "no link has a known sign to compare",
    "no_possible_difference": "maps of this size leave no room for a difference",
    "no_connected_pair": "no pair of shared factors is connected in either map",
    "not_connected_in_both": "no pair of shared factors is connected in both maps",
    "few_shared_ranks": "fewer than five factors are shared, too few to rank",
    "constant_rank": "in one of the maps all shared factors rank the same",
    "no_pairs": "nothing was rated by two or more people",
    "one_value": "everybody gave one and the same value, so chance agreement is complete",
    "few_raters": "fewer than two raters",
    "no_items": "there is nothing rated",
    "one_group": "one group is not consensus between groups",
    "no_votes": "nobody has voted",
    "few_people": "fewer than six people whose answers vary",
    "few_items": "fewer than three items",
    "missing_answers": "somebody has not answered everything; the model needs a closed list",
    "one_dimension": "only one dimension is left, so there is no ratio",
    "no_first_dimension": "the answers have no common dimension",
    "few_maps": "fewer than two maps",
}
"""Every reason a measure can be undefined for: code to English sentence."""


class UndefinedMeasureError(ValueError):
    """``float()`` was asked of a measure that is undefined; the text says why."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One statistic with its n, or the reason why it is undefined.

    Attributes
    ----------
    value : float or None
        None when undefined: never 0, 1 or NaN instead.
    n : int
        How many things the value rests on; each function says which.
    reason : str
        Why it is undefined, as an English sentence; ``""`` when it is defined.
    why : str
        The same as a code of `REASONS`, for looking up a translation.
    excluded : int
        Links left out because their sign is unknown or both signs are claimed.
    numerator, denominator : float or None
        The two parts of the fraction, where the value is one.

    Examples
    --------
    >>> float(Measure(0.25, n=8))
    0.25
    >>> undefined("no_shared_links").reason
    'no link is drawn in both maps'
    """

    value: float | None
    n: int
    reason: str = ""
    why: str = ""
    excluded: int = 0
    numerator: float | None = None
    denominator: float | None = None

    @property
    def defined(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    def __float__(self) -> float:
        """Return the value; raise `UndefinedMeasureError` when there is none."""
        if self.value is None:
            raise UndefinedMeasureError(f"undefined: {self.reason}")
        return self.value


def undefined(why: str, n: int = 0, excluded: int = 0) -> Measure:
    """Return a measure without a value, for the reason with the code `why`."""
    return Measure(None, n, REASONS[why], why, excluded)


def fraction(numerator: float, denominator: float, n: int, excluded: int = 0) -> Measure:
    """Return `numerator` / `denominator` as a measure; the denominator is not 0."""
    return Measure(numerator / denominator, n, "", "", excluded, float(numerator), float(denominator))
