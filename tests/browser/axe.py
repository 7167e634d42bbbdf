"""Asking axe-core (vendored beside this file, MPL-2.0) what is not accessible on a page.

axe is a floor: it sees nothing of the canvas and knows no keyboard journey.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

_SCRIPT = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page, within: str | None = None, serious_only: bool = False) -> list[str]:
    """Return what axe finds wrong, one line for each element; empty when all is well.

    Parameters
    ----------
    within : str, optional
        Selector of the part to look at; the whole page when not given.
    serious_only : bool
        Whether to leave out what axe calls minor or moderate.
    """
    # Through the debugger, which the page's content policy does not bind.
    page.evaluate(_SCRIPT)
    found = page.evaluate(
        "([within, rules]) => axe.run(within ? document.querySelector(within) : document, {runOnly: rules})",
        [within, RULES],
    )
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for rule in found["violations"]
        if not serious_only or rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
