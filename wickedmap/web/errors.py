"""Every error answer: a status, and JSON with ``code``, ``message`` and ``field``."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from starlette.responses import JSONResponse

from ..texts import text

_CODES_OF_STATUS: Final[dict[int, str]] = {
    400: "bad_request wrong_host",
    401: "not_joined expired",
    403: "not_allowed doors_closed wrong_code wrong_key cross_site",
    404: (
        "not_found unknown_workshop unknown_factor unknown_link unknown_agency unknown_annotation"
        " unknown_change"
    ),
    409: "finished stale already_undone cannot_undo nothing_to_undo duplicate_label same_link not_proposed",
    413: "too_large",
    415: "not_json",
    422: (
        "empty too_long not_text bad_character national_number self_link bad_sign bad_strength bad_value"
        " missing_field unknown_field too_many bad_file"
        " unknown_format nothing_new two_agencies"
    ),
    429: "too_many_tries rate_limited",
    500: "server_error",
    503: "database_busy",
}
STATUS_OF: Final = MappingProxyType(
    {code: status for status, codes in _CODES_OF_STATUS.items() for code in codes.split()}
)
"""The HTTP status of each error code."""

_CODE_FOR_STATUS: Final = {
    401: "not_joined",
    403: "not_allowed",
    404: "not_found",
    413: "too_large",
    429: "rate_limited",
}


def code_for(status: int) -> str:
    """Return the code that says best what a bare HTTP status means.

    Examples
    --------
    >>> code_for(404), code_for(405), code_for(502)
    ('not_found', 'bad_request', 'server_error')
    """
    return _CODE_FOR_STATUS.get(status, "server_error" if status >= 500 else "bad_request")


def error_body(code: str, language: str, field: str | None = None, /, **values: object) -> dict[str, Any]:
    """Return what every error answer holds.

    Parameters
    ----------
    code : str
        The last part of a key under ``errors`` in the catalogue.
    language : str
        The language of the person who will read it.
    field : str or None
        The field of the request that was at fault.
    **values : object
        What the sentence needs, such as `limit` or `label`.

    Raises
    ------
    KeyError
        When there is no such code, or a value is missing.
    """
    return {"code": code, "message": text(language, f"errors.{code}", **values), "field": field}


def error_response(
    code: str,
    language: str,
    field: str | None = None,
    /,
    *,
    status: int | None = None,
    headers: dict[str, str] | None = None,
    details: dict[str, Any] | None = None,
    **values: object,
) -> JSONResponse:
    """Return the answer to a request that failed with `code`.

    `details`, such as the two texts of a stale edit, stand beside the code.
    """
    body = {**(details or {}), **error_body(code, language, field, **values)}
    return JSONResponse(body, STATUS_OF[code] if status is None else status, headers)
