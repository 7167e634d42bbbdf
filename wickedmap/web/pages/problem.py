"""The page that says why another page cannot be shown, and where to go instead."""

from __future__ import annotations

from typing import Any

from ...changes import Refused
from ...texts import text
from ..context import translator
from ..elements import element, language_switch


def layout(refused: Refused, language: str) -> Any:
    """Return the page for a refusal."""
    t = translator(language)
    return element(
        "main",
        element(
            "div", element("p", "wickedmap", class_="wm-brand"), language_switch(language), class_="wm-top"
        ),
        element("h1", t("problem.title")),
        element("p", text(language, f"errors.{refused.code}", **refused.values)),
        element("p", element("a", t("problem.join"), href="/join", class_="wm-button wm-primary")),
        id="wm-main",
        class_="wm-page wm-narrow wm-stack",
    )
