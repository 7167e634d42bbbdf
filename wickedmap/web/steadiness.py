"""Keep the interpreter's own chores from standing between people: collections of garbage, slow imports."""

from __future__ import annotations

import contextlib
import gc
import importlib
import threading
from collections.abc import Iterator
from typing import Final

_THRESHOLDS: Final = (20_000, 20, 50)
"""Python's own are (700, 10, 10): with 20,000 stances in memory, looking through all of them for
garbage took 0.2-0.3 s of standstill, once for nearly every view. What the server keeps is
immutable and in no cycles, so it is freed without; short-lived cycles are found by the quick
collections, which go on."""
_NEEDED_LATER: Final = ("pandas",)


@contextlib.contextmanager
def steady() -> Iterator[None]:
    """Collect garbage seldom, and import beforehand what some view needs, for as long as the server runs."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    threading.Thread(target=_import, name="imports", daemon=True).start()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _import() -> None:
    for name in _NEEDED_LATER:
        importlib.import_module(name)
