"""Whoever is signed in finds the way out on every page (ASVS 7.4.4)."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[3]
TEMPLATES = {
    str(path.relative_to(folder)): path
    for folder in SOURCE.glob("*/*/templates")
    for path in folder.rglob("*.html")
}
FRAMES = ("portal.html", "desk.html")
# The pages of a broken house and of a request that cannot be read ask nothing of the house; the
# other is a file that a person takes home.
WITHOUT = frozenset({"broken.html", "unreadable.html", "accounts/archive.html"})
EXTENDS = re.compile(r'{%\s*extends\s+"([^"]+)"')
INCLUDES = re.compile(r'{%\s*include\s+"([^"]+)"')


def text_of(name):
    return TEMPLATES[name].read_text(encoding="utf-8")


def frame_of(name):
    """Return the template that a page stands in, through all that it extends."""
    while found := EXTENDS.search(text_of(name)):
        name = found.group(1)
    return name


def test_every_page_stands_in_a_frame_of_the_house():
    whole = {name for name in TEMPLATES if "<html" in text_of(name)}
    assert whole == {*FRAMES, *WITHOUT}
    pages = {name for name in TEMPLATES if EXTENDS.search(text_of(name))}
    assert len(pages) > 100
    assert {frame_of(name) for name in pages} == set(FRAMES)


@pytest.mark.parametrize("frame", FRAMES)
def test_the_frame_has_the_button_that_signs_out(frame):
    parts = [text_of(one) for one in INCLUDES.findall(text_of(frame))]
    assert any('action="{{ to_sign_out }}"' in one for one in parts)
