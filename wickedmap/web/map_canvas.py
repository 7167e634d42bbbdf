"""The canvas component: the one place that names dash-cytoscape, so that it can be swapped.

What is on it is `web/canvas.py`; drawing, walking and dragging is ``assets/40-canvas.js``.
"""

from __future__ import annotations

from typing import Any

import dash_cytoscape as cyto


def map_canvas(*, panning: bool = True, zooming: bool = True) -> Any:
    """Return an empty canvas; the asset script fills it from the address on its box.

    Its elements are never read back and its layout never runs by itself: places come
    from the server, and changes are applied to the picture by id.
    """
    return cyto.Cytoscape(
        id="wm-canvas",
        elements=[],
        stylesheet=[],
        layout={"name": "preset", "fit": False},
        autoRefreshLayout=False,
        userPanningEnabled=panning,
        userZoomingEnabled=zooming,
        boxSelectionEnabled=False,
        style={"width": "100%", "height": "100%"},
    )
