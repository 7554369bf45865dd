"""A browser for tests: skipped where there is none, required in CI."""

import contextlib
import importlib.util
import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")


def missing(what: str):
    """Ends a test for which something is missing: in CI it fails, elsewhere it is skipped."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(what)


def needed(*packages: str):
    """Passes over a test where a package is missing, except in CI."""
    for name in packages:
        if importlib.util.find_spec(name) is None:
            missing(f'{name} is not installed: pip install ".[test]"')


@contextlib.contextmanager
def chromium():
    """A headless Chromium: that of Playwright, or else the system's."""
    needed("playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
        if not os.path.exists(path):
            path = next(filter(None, map(shutil.which, NAMES)), None)
        if path is None:
            missing("there is no browser: playwright install chromium, or apt install chromium")
        sandbox = [] if os.getuid() else ["--no-sandbox"]  # which root cannot have
        quiet = ["--disable-background-networking", "--disable-component-update", *sandbox]
        browser = playwright.chromium.launch(executable_path=path, args=quiet)
        try:
            yield browser
        finally:
            browser.close()
