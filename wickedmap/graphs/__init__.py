"""Pure analysis of causal maps: no people, no files, no screens."""

from .agreement import (
    fleiss_kappa,
    group_informed_consensus,
    krippendorff_alpha,
    representativeness,
    saturation_curve,
)
from .comparison import (
    Comparison,
    compare,
    edit_distance,
    jaccard,
    ruzicka,
    sign_disagreement,
    sorensen,
)
from .consensus import cultural_consensus
from .loop_results import FoundLoops, Loop, LoopCount
from .loops import LoopStream, count_loops, find_loops, iter_loops, loops_through
from .map_distance import langfield_smith_wirth, markoczy_goldberg
from .measure import Measure, UndefinedMeasureError
from .pairwise_matrix import pairwise
from .path_agreement import path_agreement, rank_agreement

__all__ = [
    "Comparison",
    "FoundLoops",
    "Loop",
    "LoopCount",
    "LoopStream",
    "Measure",
    "UndefinedMeasureError",
    "compare",
    "count_loops",
    "cultural_consensus",
    "edit_distance",
    "find_loops",
    "fleiss_kappa",
    "group_informed_consensus",
    "iter_loops",
    "jaccard",
    "krippendorff_alpha",
    "langfield_smith_wirth",
    "loops_through",
    "markoczy_goldberg",
    "pairwise",
    "path_agreement",
    "rank_agreement",
    "representativeness",
    "ruzicka",
    "saturation_curve",
    "sign_disagreement",
    "sorensen",
]
