"""The control with which a file is chosen, what is said while it is read, and where the preview stands."""

from __future__ import annotations

from typing import Any

from ..formats.errors import MAX_BYTES, MAX_OWN_BYTES
from .context import translator
from .elements import Native, button, element

ACCEPT = (
    ".json,.wickedmap,.yaml,.yml,.csv,.tsv,.tab,.txt,.xlsx,.zip,.graphml,.gexf,.net,.paj,.dot,.gv,.gml,"
    ".loopy,.mmp,.mdl,.xmile,.stmx,.itmx,.prsm,.xml,.cyjs,.jgf,.canvas,.jsonl,.ods,.sif"
)
_MB = MAX_BYTES // 10**6
_OWN_MB = MAX_OWN_BYTES // 10**6


def file_field(language: str) -> Native:
    """Return the choice of a file: a button of ours over the browser's own, whose words we cannot choose."""
    t = translator(language)
    return element(
        "div",
        element("span", t("import.file"), id="~name", class_="wm-label"),
        element(
            "p", t("import.hint", limit=_MB, own=_OWN_MB), " ", t("import.drop"), id="~hint", class_="wm-hint"
        ),
        element(
            "div",
            element(
                "input",
                type="file",
                name="file",
                id="~file",
                accept=ACCEPT,
                class_="wm-visually-hidden wm-import-input",
                aria_labelledby="~choose ~chosen",
                aria_describedby="~hint ~error",
            ),
            element("label", t("import.choose"), for_="~file", id="~choose", class_="wm-button"),
            element("span", t("import.none_chosen"), id="~chosen", data_import_name=t("import.none_chosen")),
            class_="wm-import-choice",
        ),
        element(
            "div",
            element("p", id="~error", class_="wm-import-wrong", data_import_error=True),
            role="alert",
            class_="wm-import-errors",
        ),
        class_="wm-field wm-import-field",
        own_ids=True,
    )


def waiting(language: str) -> Native:
    """Return what stands while a file is sent and read: how far, and the way to stop it."""
    t = translator(language)
    return element(
        "div",
        element("p", role="status", data_import_doing=True),
        element("progress", max=100, aria_label=t("import.progress"), data_import_progress=True),
        button(t("import.stop"), data_import_stop=True),
        hidden=True,
        class_="wm-import-wait",
        data_import_wait=True,
    )


def words(language: str) -> dict[str, Any]:
    """Return what the script says, as attributes of the form."""
    t = translator(language)
    return {
        "data_said_sending": t("import.sending"),
        "data_said_reading": t("import.reading"),
        "data_said_opening": t("import.opening"),
        "data_said_stopped": t("import.stopped"),
        "data_said_missing": t("import.missing"),
        "data_said_pasted": t("import.pasted"),
        "data_largest": MAX_OWN_BYTES,
        "data_said_large": t("import.large", limit=_OWN_MB),
        "data_said_unreadable": t("import.gone"),
    }
