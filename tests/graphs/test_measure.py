from __future__ import annotations

import pytest

from wickedmap.graphs.measure import REASONS, Measure, UndefinedMeasureError, fraction, undefined
from wickedmap.text import LANGUAGES
from wickedmap.texts import text


def test_a_defined_measure_is_a_number_with_its_parts() -> None:
    measure = fraction(10, 80, n=5, excluded=2)
    assert (float(measure), measure.n, measure.excluded) == (0.125, 5, 2)
    assert (measure.numerator, measure.denominator, measure.reason) == (10, 80, "")


def test_an_undefined_measure_says_why_and_never_becomes_a_number() -> None:
    for why, reason in REASONS.items():
        measure = undefined(why)
        assert (measure.value, measure.reason, measure.why, measure.defined) == (None, reason, why, False)
        with pytest.raises(UndefinedMeasureError, match=reason):
            float(measure)
    assert Measure(0.0, 1).defined


def test_every_reason_can_be_said_in_every_language() -> None:
    for language in LANGUAGES:
        sentences = [text(language, f"undefined.{why}") for why in (*REASONS, "alike")]
        assert len(set(sentences)) == len(sentences)
        assert all(sentence.endswith(".") for sentence in sentences)
