"""Pure analysis of causal maps: no people, no files, no screens."""

from .loop_results import FoundLoops, Loop, LoopCount
from .loops import LoopStream, count_loops, find_loops, iter_loops, loops_through

__all__ = [
    "FoundLoops",
    "Loop",
    "LoopCount",
    "LoopStream",
    "count_loops",
    "find_loops",
    "iter_loops",
    "loops_through",
]
