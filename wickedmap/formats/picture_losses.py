"""What a picture of the map does not show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .aspects import ASPECTS

_SHOWN: Final = frozenset(
    {
        *(
            "factor_order",
            "link_order",
            "parallel_links",
            "unlinked",
            "positions",
            "contested",
            "language",
            "title",
        ),
        *("both_signs", "both_signs_links", "unknown_signs", "same_labels", "odd_ids", "domains", "owners"),
        *("domains_of_factors", "rare_letters"),
    }
)
LOSSES: Final[Mapping[str, str]] = {
    **{aspect.key: "not in the picture" for aspect in ASPECTS if aspect.key not in _SHOWN},
    "delay_lengths": "only long delays are shown",
    "delays": "only long delays are shown",
    "strengths": "shown in three widths",
    "control_characters": "shown as U+FFFD",
}
PDF_LOSSES: Final[Mapping[str, str]] = {
    **LOSSES,
    "rare_letters": "shown as boxes; the text can still be copied",
}
