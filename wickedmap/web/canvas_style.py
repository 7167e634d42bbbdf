"""How the map looks on the canvas: the style sheet of each theme, from the palette's tokens."""

from __future__ import annotations

from typing import Any, Final

from ..graphs.label_boxes import LINE_HEIGHT
from .palette import FONT_STACK, TOKENS, Theme

DIM_CARD: Final = 0.64
"""Opacity of tag and band behind a dimmed label: quiet, and still 3:1."""


def stylesheet(theme: Theme = "light", text_scale: float = 1.0) -> list[dict[str, Any]]:
    """Return the cytoscape style sheet of a theme.

    `text_scale` enlarges signs, delay bars and line widths together with the labels:
    the label size of the arrangement divided by `LABEL_PX`.
    """
    tokens = TOKENS[theme]
    sign_px = round(30 * text_scale, 1)
    border = 3.0 if theme == "contrast" else 1.6
    factor = {
        "shape": "round-rectangle",
        "width": "data(w)",
        "height": "data(h)",
        "background-color": tokens["surface"],
        "background-image": "data(card)",
        "background-fit": "none",
        "background-width": "100%",
        "background-height": "100%",
        "background-image-containment": "inside",
        "border-width": border,
        "border-color": tokens["outline"],
        "label": "data(label)",
        "font-family": FONT_STACK,
        "font-size": "data(font)",
        "font-weight": 600,
        "line-height": LINE_HEIGHT,
        "color": tokens["ink"],
        "text-wrap": "wrap",
        "text-max-width": "4000px",
        "text-valign": "center",
        "text-halign": "center",
        "text-margin-x": "data(shift_x)",
        "text-margin-y": "data(shift_y)",
        "overlay-opacity": 0,
        "transition-property": "opacity, border-color, border-width, color, underlay-opacity",
        "transition-duration": "0.2s",
    }
    link = {
        "curve-style": "unbundled-bezier",
        "edge-distances": "node-position",
        "control-point-distances": "data(bend)",
        "control-point-weights": 0.5,
        "source-endpoint": "data(start)",
        "target-endpoint": "data(end)",
        "width": "data(width)",
        "line-color": tokens["unknown"],
        "line-cap": "butt",
        "target-arrow-shape": "triangle",
        "target-arrow-color": tokens["unknown"],
        "arrow-scale": round(1.5 * text_scale, 2),
        "target-distance-from-node": 3,
        "target-label": "data(mark)",
        "target-text-offset": "data(away)",
        "label": "data(middle)",
        "text-rotation": "autorotate",
        "target-text-rotation": "none",
        "font-family": FONT_STACK,
        "font-size": sign_px,
        "font-weight": 700,
        "color": tokens["unknown"],
        "text-background-color": tokens["canvas"],
        "text-background-opacity": 1,
        "text-background-shape": "round-rectangle",
        "text-background-padding": "2px",
        "overlay-opacity": 0,
        "transition-property": "line-color, target-arrow-color, color, opacity",
        "transition-duration": "0.2s",
    }
    rules: list[tuple[str, dict[str, Any]]] = [
        ("node.factor", factor),
        ("edge.link", link),
    ]
    for name, dashes in (("plus", None), ("minus", [11, 6]), ("unknown", [2, 7])):
        colour = tokens[name]
        style: dict[str, Any] = {
            "line-color": colour,
            "target-arrow-color": colour,
            "color": colour,
        }
        if dashes:
            style |= {"line-style": "dashed", "line-dash-pattern": dashes}
        rules.append((f"edge.{name}", style))
        rules.append(
            (f"edge.hue-{name}", {"line-color": colour, "target-arrow-color": colour, "color": colour})
        )
    rules += [
        ("edge.self", {"curve-style": "bezier", "loop-direction": "-45deg", "loop-sweep": "60deg"}),
        ("edge.proposed", {"target-arrow-fill": "hollow"}),
        ("edge.contested", {"font-size": round(sign_px * 0.76, 1)}),
        (
            "edge.silent",
            {"line-color": tokens["dim-line"], "target-arrow-color": tokens["dim-line"], "target-label": ""},
        ),
        ("edge.disputed", {"line-style": "dashed", "line-dash-pattern": [16, 9]}),
        ("edge.rejected", {"line-style": "dashed", "line-dash-pattern": [3, 9], "target-label": ""}),
        ("edge.unsure", {"target-label": ""}),
        ("edge.quiet", {"target-label": "", "label": "", "width": 1.6, "arrow-scale": 1.0}),
        ("node.focal", {"border-width": border + 3.4, "border-color": tokens["ink"]}),
        ("node.proposed", {"border-style": "dashed", "border-width": border + 1.4}),
        # The spotlight: one factor, its causes and effects; the rest stays legible.
        (
            "node.dim",
            {
                "color": tokens["dim-ink"],
                "background-color": tokens["dim-surface"],
                "background-image-opacity": DIM_CARD,
                "border-color": tokens["dim-line"],
                "z-index": 0,
            },
        ),
        (
            "edge.dim",
            {
                "line-color": tokens["dim-line"],
                "target-arrow-color": tokens["dim-line"],
                "target-label": "",
                "label": "",
                "width": 1.6,
                "z-index": 0,
            },
        ),
        ("node.spot", {"border-width": border + 4.4, "border-color": tokens["accent"], "z-index": 20}),
        (
            "node.cause, node.effect",
            {"border-width": border + 1.4, "border-color": tokens["ink"], "z-index": 10},
        ),
        (
            "edge.lit",
            {"target-label": "data(mark)", "label": "data(middle)", "width": "data(width)", "z-index": 15},
        ),
        # A loop, and the link that is being told.
        ("node.loop", {"border-width": border + 2.4, "border-color": tokens["trace"], "z-index": 18}),
        (
            "edge.loop",
            {
                "line-color": tokens["trace"],
                "target-arrow-color": tokens["trace"],
                "color": tokens["trace"],
                "target-label": "data(mark)",
                "label": "data(middle)",
                "width": "data(width)",
                "z-index": 18,
            },
        ),
        (
            "edge.trace",
            {
                "underlay-color": tokens["trace"],
                "underlay-opacity": 0.28,
                "underlay-padding": 9,
                "z-index": 19,
            },
        ),
        (
            "node.trace",
            {
                "underlay-color": tokens["trace"],
                "underlay-opacity": 0.28,
                "underlay-padding": 10,
                "underlay-shape": "round-rectangle",
            },
        ),
        (
            "node.arrived",
            {
                "underlay-color": tokens["ring"],
                "underlay-opacity": 0.38,
                "underlay-padding": 11,
                "underlay-shape": "round-rectangle",
            },
        ),
        (
            "edge.arrived",
            {"underlay-color": tokens["ring"], "underlay-opacity": 0.32, "underlay-padding": 7},
        ),
        (
            "node.focus",
            {
                "outline-width": 5,
                "outline-color": tokens["accent"],
                "outline-offset": 4,
                "outline-opacity": 1,
                "z-index": 30,
            },
        ),
        ("edge:selected, edge.chosen", {"target-label": "data(mark)", "label": "data(middle)", "z-index": 16}),
        (
            "edge.chosen",
            {"underlay-color": tokens["accent"], "underlay-opacity": 0.25, "underlay-padding": 8},
        ),
        (
            "edge.draft",
            {
                "curve-style": "straight",
                "line-color": tokens["accent"],
                "target-arrow-color": tokens["accent"],
                "width": 4,
                "z-index": 40,
            },
        ),
        ("node.draft", {"width": 1, "height": 1, "opacity": 0, "events": "no"}),
    ]
    return [{"selector": selector, "style": style} for selector, style in rules]
