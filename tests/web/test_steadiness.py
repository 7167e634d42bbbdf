"""The server's chores: as before when it has stopped."""

from __future__ import annotations

import gc

from wickedmap.web.steadiness import steady


def test_garbage_is_collected_seldom_while_the_server_runs_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with steady():
        assert gc.get_threshold()[0] > before[0]
        assert gc.isenabled()
    assert gc.get_threshold() == before
