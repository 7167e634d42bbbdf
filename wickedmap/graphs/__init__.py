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
from .map_distance import langfield_smith_wirth, markoczy_goldberg
from .measure import Measure, UndefinedMeasureError
from .pairwise_matrix import pairwise
from .path_agreement import path_agreement, rank_agreement

__all__ = [
    "Comparison",
    "Measure",
    "UndefinedMeasureError",
    "compare",
    "cultural_consensus",
    "edit_distance",
    "fleiss_kappa",
    "group_informed_consensus",
    "jaccard",
    "krippendorff_alpha",
    "langfield_smith_wirth",
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
