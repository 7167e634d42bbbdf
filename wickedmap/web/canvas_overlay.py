"""What the agencies hold of each link, as the map draws it: a width, a pattern, a count on the line."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..causal_map import CausalMap
from ..graphs.overlay import overlay
from ..model import Sign
from ..perspective import agencies_in


@dataclass(frozen=True, slots=True)
class Held:
    """What the agencies hold about one link: how many assert it with which sign, and how many do not.

    Attributes
    ----------
    asserting : int
        Agencies that assert it, with whatever sign.
    positive, negative, rejecting, unsure : int
        Agencies of which someone holds this. One whose people differ counts in several.
    contested : bool
    """

    asserting: int
    positive: int
    negative: int
    rejecting: int
    unsure: int
    contested: bool

    @property
    def kind(self) -> str:
        """``"disputed"``, ``"agreed"``, ``"rejected"``, ``"unsure"`` or ``"silent"``."""
        if self.contested:
            return "disputed"
        if self.asserting:
            return "agreed"
        return "rejected" if self.rejecting else "unsure" if self.unsure else "silent"

    @property
    def label(self) -> str:
        """How many agencies, as written on the line; a ≠ between those who hold different things.

        Examples
        --------
        >>> Held(2, 2, 0, 1, 0, True).label, Held(2, 1, 1, 0, 0, True).label, Held(0, 0, 0, 1, 0, False).label
        ('2≠1', '1≠1', '×1')
        """
        if self.contested:
            signed = [count for count in (self.positive, self.negative) if count] or [self.asserting]
            return "≠".join(map(str, [*signed, self.rejecting] if self.rejecting else signed))
        if self.asserting:
            return str(self.asserting)
        return f"×{self.rejecting}" if self.rejecting else f"?{self.unsure}" if self.unsure else ""

    def sign(self, drawn: Sign | None) -> Sign | None:
        """Return the sign that is held; the one of the map, `drawn`, where both are held or none is."""
        if bool(self.positive) == bool(self.negative):
            return drawn
        return 1 if self.positive else -1

    @property
    def width(self) -> float:
        """Line width: 3 pixels for one agency, and 2 more for each further one."""
        if self.asserting:
            return min(3.0 + 2.0 * (self.asserting - 1), 15.0)
        return 3.0 if self.rejecting else 1.6


def held_links(m: CausalMap, agencies: Collection[str] | None = None) -> dict[str, Held]:
    """Return what the agencies, or the chosen ones, hold, by link: the counts of the table beside the map.

    See `wickedmap.graphs.overlay` for who asserts a link and when it is contested;
    "unsure" and silence object to nothing.
    """
    chosen = None if agencies is None else [one for one in agencies_in(m) if one in set(agencies)]
    return {
        row.link: Held(
            len(row.asserting),
            len(row.holding(1)),
            len(row.holding(-1)),
            len(row.rejecting),
            len(row.unsure),
            row.contested,
        )
        for row in overlay(m, chosen).links
    }
