"""What is not on a format's list of losses survives writing and reading."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from wickedmap import formats
from wickedmap.formats.aspects import ASPECTS, BY_KEY, losses_of, without

from .maps import clean_label, clean_text, maps, safe_id

BOTH_WAYS = [one.name for one in formats.FORMATS.values() if one.read and one.write]


@pytest.mark.parametrize("name", BOTH_WAYS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(m=maps(clean_text, clean_label, safe_id))
def test_what_is_not_listed_as_lost_survives(name, m):
    lost = formats.FORMATS[name].losses
    back = formats.read_bytes(formats.write_bytes(m, name), f"map{formats.FORMATS[name].suffixes[0]}")
    assert back.format == name
    assert without(back.map, lost) == without(m, lost)


@pytest.mark.parametrize("name", [one.name for one in formats.FORMATS.values() if one.write])
def test_every_declared_loss_is_a_known_aspect(name):
    assert formats.FORMATS[name].losses.keys() <= BY_KEY.keys()


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(m=maps(clean_text, clean_label, safe_id))
def test_an_aspect_counts_nothing_once_it_is_taken_away(m):
    for aspect in ASPECTS:
        if aspect.key not in ("odd_ids", "both_signs_links"):
            left = aspect.without(m)
            assert losses_of(left, {aspect.key: ""}) == []
            assert aspect.without(left) == left
