"""Pure analysis of causal maps: no people, no files, no screens."""

from .agreement import (
    fleiss_kappa,
    group_informed_consensus,
    krippendorff_alpha,
    representativeness,
    saturation_curve,
)
from .centrality import Centralities, FactorCentrality, centralities
from .certificate import Certificate
from .checks import MergeSuggestion, MergeSuggestions, ValenceCheck, suggest_merges, valence_check
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
from .deciding import LinkInfluence, deciding_links, response_matrix
from .distance_picture import DistancePicture, distance_picture, ordered_distances
from .feedback import FeedbackFactors, feedback_factors
from .fuzzy import Batch, Simulation, simulate, simulate_batch
from .joint_loops import Closing, JointLoop, JointLoops, joint_loops
from .loop_basis import LoopBasis, loop_basis, shortest_loops
from .loop_results import FoundLoops, Loop, LoopCount
from .loops import LoopStream, count_loops, find_loops, iter_loops, loops_through
from .map_distance import langfield_smith_wirth, markoczy_goldberg
from .measure import Measure, UndefinedMeasureError
from .merging import MergePreview, preview_merge
from .movement import LinkMovement, Move, Movement, movement
from .overlay import FactorOpinions, LinkOpinions, Overlay, overlay
from .pairwise_matrix import pairwise
from .path_agreement import path_agreement, rank_agreement
from .paths import ChainPath, Paths, paths_between
from .perspectives import (
    Perspective,
    PerspectiveRule,
    Support,
    convergence,
    group_weights,
    perspective_maps,
    take_perspective,
)
from .press import Press, Response, press
from .quadrants import FactorQuadrant, Quadrants, quadrants
from .reach import Components, Reach, Reached, components, reach
from .scenarios import FactorChange, Scenario, ScenarioComparison, ScenarioResult, scenarios

__all__ = [
    "Batch",
    "Centralities",
    "Certificate",
    "ChainPath",
    "Closing",
    "Comparison",
    "Components",
    "DistancePicture",
    "FactorCentrality",
    "FactorChange",
    "FactorOpinions",
    "FactorQuadrant",
    "FeedbackFactors",
    "FoundLoops",
    "JointLoop",
    "JointLoops",
    "LinkInfluence",
    "LinkMovement",
    "LinkOpinions",
    "Loop",
    "LoopBasis",
    "LoopCount",
    "LoopStream",
    "Measure",
    "MergePreview",
    "MergeSuggestion",
    "MergeSuggestions",
    "Move",
    "Movement",
    "Overlay",
    "Paths",
    "Perspective",
    "PerspectiveRule",
    "Press",
    "Quadrants",
    "Reach",
    "Reached",
    "Response",
    "Scenario",
    "ScenarioComparison",
    "ScenarioResult",
    "Simulation",
    "Support",
    "UndefinedMeasureError",
    "ValenceCheck",
    "centralities",
    "compare",
    "components",
    "convergence",
    "count_loops",
    "cultural_consensus",
    "deciding_links",
    "distance_picture",
    "edit_distance",
    "feedback_factors",
    "find_loops",
    "fleiss_kappa",
    "group_informed_consensus",
    "group_weights",
    "iter_loops",
    "jaccard",
    "joint_loops",
    "krippendorff_alpha",
    "langfield_smith_wirth",
    "loop_basis",
    "loops_through",
    "markoczy_goldberg",
    "movement",
    "ordered_distances",
    "overlay",
    "pairwise",
    "path_agreement",
    "paths_between",
    "perspective_maps",
    "press",
    "preview_merge",
    "quadrants",
    "rank_agreement",
    "reach",
    "representativeness",
    "response_matrix",
    "ruzicka",
    "saturation_curve",
    "scenarios",
    "shortest_loops",
    "sign_disagreement",
    "simulate",
    "simulate_batch",
    "sorensen",
    "suggest_merges",
    "take_perspective",
    "valence_check",
]
