"""Where the files that come with the package are, installed or in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource_dir(name: str) -> Path:
    """Return the folder ``data`` or ``assets``.

    A wheel carries them inside the package; an editable install and a checkout
    have them beside it. The second place counts only when it is this project's
    own: ``site-packages/assets`` may belong to a stranger.

    Raises
    ------
    FileNotFoundError
        When the installation lacks the folder.
    """
    inside = _PACKAGE / f"_{name}"
    if inside.is_dir():
        return inside
    beside = _PACKAGE.parent / name
    if beside.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file():
        return beside
    raise FileNotFoundError(
        f"the folder {name!r} is missing from this installation of wickedmap; install it again"
    )
