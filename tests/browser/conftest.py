"""A real Chromium for the tests, and pages that watch themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
PHONE = {"width": 390, "height": 844}
PATIENCE = 30_000
"""Milliseconds to wait for what must happen; only a failing test ever waits so long."""
NARROW = {"width": 320, "height": 640}
WALL = {"width": 1920, "height": 1080}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; the path comes from WICKEDMAP_CHROMIUM."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("WICKEDMAP_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page as somebody new: a context, cookies and storage of their own.

    ``new_page(beside=page)`` opens another tab of the same person. When the test is
    over, each page must have thrown no error, broken no content policy and asked no
    other host for anything.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def watch(page: Page) -> Page:
        page.on("pageerror", lambda error: wrong.append(f"error on the page: {error}"))
        page.on(
            "console",
            lambda message: (
                wrong.append(f"console: {message.text}") if "Content Security Policy" in message.text else None
            ),
        )
        page.on("request", lambda request: wrong.extend(_elsewhere(request.url)))
        page.set_default_timeout(PATIENCE)
        return page

    def open_page(beside: Page | None = None, **options: Any) -> Page:
        if beside is not None:
            return watch(beside.context.new_page())
        context = browser.new_context(
            **{"viewport": PHONE, "locale": "nb-NO", "reduced_motion": "reduce", **options}
        )
        contexts.append(context)
        return watch(context.new_page())

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def _elsewhere(url: str) -> list[str]:
    parts = urlsplit(url)
    ours = parts.scheme in ("data", "blob", "about") or parts.hostname in ("127.0.0.1", "localhost")
    return [] if ours else [f"a request to another host: {url}"]
