"""The map as a picture in a notebook or a paper."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .causal_map import CausalMap
from .formats import FormatError
from .formats.picture_colours import Theme
from .formats.picture_pdf import pdf_of
from .formats.picture_png import png_of
from .formats.writing import write_whole

PNG_WIDTH: Final = 2400
_WIDEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of a map: shown by itself as the last line of a notebook's cell.

    Attributes
    ----------
    svg : str
        The picture as SVG text, without scripts.
    """

    svg: str = field(repr=False)
    description: str = ""

    def _repr_svg_(self) -> str:
        # A page that shows the picture as it is would cut it off at the cell's edge.
        return self.svg.replace("<svg ", '<svg style="max-width:100%;height:auto" ', 1)

    def save(self, path: str | os.PathLike[str], *, width: int = PNG_WIDTH) -> Path:
        """Write the picture to a ``.svg``, ``.png`` or ``.pdf`` file, whole or not at all.

        Parameters
        ----------
        path : path
        width : int
            Of a PNG, in pixels, from 16 to 10000; less where it would be too high.

        Raises
        ------
        FormatError
            For another suffix, or a place that cannot be written.
        ValueError
            For another width.
        """
        if isinstance(width, bool) or not isinstance(width, int) or not 16 <= width <= _WIDEST:
            raise ValueError(f"width: {width!r} is not a whole number from 16 to {_WIDEST}")
        place = Path(path)
        suffix = place.suffix.casefold()
        ways = {
            ".svg": lambda: self.svg.encode(),
            ".png": lambda: png_of(self.svg, width),
            ".pdf": lambda: pdf_of(self.svg),
        }
        if suffix not in ways:
            raise FormatError(
                "a picture is written as .svg, .png or .pdf", file=place.name, code="unknown-format"
            )
        data = ways[suffix]()
        try:
            write_whole(place, data)
        except OSError as error:
            raise FormatError(
                f"the file cannot be written ({error.strerror or error})", file=place.name, code="cannot-write"
            ) from None
        return place


def draw(
    m: CausalMap,
    *,
    stage: int | None = None,
    language: str = "",
    theme: Theme = "light",
    title: str | None = None,
    legend: bool = True,
) -> Drawing:
    """Return the map as a picture, drawn as on the wall.

    Factors stand where the map has them; those without a position are placed.

    Parameters
    ----------
    m : CausalMap
    stage : int, optional
        1-4: only what that stage of the reveal shows.
    language : str
        ``"nb"``, ``"nn"`` or ``"en"``; the map's own when empty.
    theme : {"light", "dark", "contrast"}
    title : str, optional
        Heading; the map's title when None, none when empty.
    legend : bool
        Whether signs, delays and domains are explained below.

    Raises
    ------
    ValueError
        For another language, theme or stage.
    TypeError
        When `m` is no map.

    Examples
    --------
    >>> m = CausalMap.from_links([("debt", "eviction", 1), ("eviction", "debt", 1)])
    >>> draw(m, title="Two factors")
    Drawing(description='2 factors, 2 links')
    """
    if not isinstance(m, CausalMap):
        raise TypeError(f"m: expected a CausalMap, got {type(m).__name__}; CausalMap.from_networkx makes one")
    # Drawing takes the layout and with it SciPy; whoever only reads a map need not wait for it.
    from .formats.picture import svg

    drawn = svg(m, stage=stage, language=language, theme=theme, title=title, legend=legend)
    return Drawing(drawn, f"{len(m.factors)} factors, {len(m.links)} links")
