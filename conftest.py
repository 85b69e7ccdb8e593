"""Fixtures of the whole house: the database, a running house, a browser with axe."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection, connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django import DjangoDbBlocker

from cuaso.wiring.running_house import RunningHouse, running_house

pytest_plugins = [
    "tests.support.house",
    "tests.support.kept",
    "tests.support.outside",
    "tests.support.national",
    "tests.support.vessels",
]

CHROMIUM = os.environ.get("CUASO_CHROMIUM", "/usr/bin/chromium")
CHROMIUM_WORDS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

hypothesis_settings.register_profile("house", deadline=None, derandomize=True)
hypothesis_settings.register_profile(
    "soak",
    deadline=None,
    max_examples=int(os.environ.get("CUASO_SOAK_EXAMPLES", "5000")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
hypothesis_settings.load_profile("soak" if "CUASO_SOAK_EXAMPLES" in os.environ else "house")


def pytest_configure() -> None:
    """Make the folder of static files, which a house has before its first request."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # Playwright's plain interface keeps an event loop in this thread; our code is not in it.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the test database made for tests that copy it: pytest-django goes by the mark."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if {"live_house", "new_ground"} & fixtures:
            item.add_marker(pytest.mark.django_db)
        if {"live_house", "browser"} & fixtures:
            item.add_marker(pytest.mark.live)
    # Playwright's loop stays in this thread once it runs, and signing starts a loop of its own.
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def live_house(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[RunningHouse]:
    """Yield a whole running house, packs and demonstration data in, on a copy of the test database.

    Processes are real and connect as the app role; nothing of it is rolled back between tests.
    """
    del django_db_setup
    with django_db_blocker.unblock():
        template = str(connection.settings_dict["NAME"])
        connection.close()
    var = Path(settings.VAR)
    surroundings = {**os.environ, "CUASO_VAR": str(var)}
    with running_house(surroundings, template=template, furnished_in=var) as house:
        yield house


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield the system's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_WORDS))
        yield chromium
        # What was opened while Playwright's loop ran is not seen by the teardown otherwise.
        connections.close_all()
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Yield a fresh browser: no cookies, Vietnamese, a laptop's window."""
    fresh = browser.new_context(locale="vi-VN", viewport={"width": 1280, "height": 900})
    fresh.set_default_timeout(15_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


class Accessibility:
    """Asks axe about a page."""

    def violations(self, page: Page) -> list[str]:
        """Return WCAG 2.2 A and AA violations as `rule: help (first place)`."""
        found = Axe().run(page, options=AXE_RULES).response["violations"]
        return [f"{v['id']}: {v['help']} ({v['nodes'][0]['target']})" for v in found]


@pytest.fixture(scope="session")
def accessibility() -> Accessibility:
    return Accessibility()


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parent
