"""A map from a file, taken into the workshop: chosen, looked at, and added in one change."""

from __future__ import annotations

from ..context import Looking
from ..elements import Native, button, dialog, element
from ..import_form import file_field, waiting, words

DIALOG = "console-import"


def way_in(looking: Looking) -> Native:
    """Return what opens the dialog, with what it is for."""
    t = looking.t
    return element(
        "section",
        element("h2", t("import.adding.title")),
        element("p", t("import.adding.hint"), class_="wm-hint"),
        button(t("import.adding.open"), data_opens=DIALOG),
        class_="wm-stack wm-stack-tight",
    )


def import_dialog(looking: Looking) -> Native:
    """Return the dialog; what a file would do is drawn into it by ``assets/51-import.js``."""
    t, language = looking.t, looking.language
    return dialog(
        DIALOG,
        t("import.adding.dialog"),
        element(
            "div",
            element(
                "form",
                file_field(language),
                button(t("import.look"), type="submit"),
                data_import=f"/api/v1/workshops/{looking.state.workshop}/import",
                **words(language),
                class_="wm-stack wm-stack-tight",
            ),
            waiting(language),
            element("div", id="import-view"),
            class_="wm-import wm-import-console",
        ),
    )
