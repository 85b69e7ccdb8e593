"""Parts that are drawn once: they never show what is old, or what is another's."""

from dataclasses import dataclass

import pytest
from django.middleware.csrf import get_token
from django.template import Context, TemplateSyntaxError, engines
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from cuaso.channels.design.templatetags import keeping


def page(words):
    return engines["django"].from_string("{% load i18n keeping %}" + words)


def drawn(template, request=None, **shown):
    return template.render(shown, request)


@pytest.fixture
def count(monkeypatch):
    """How often a part was really drawn."""
    times = []
    draw = keeping.Kept._draw

    def counted(self, *given):
        times.append(1)
        return draw(self, *given)

    monkeypatch.setattr(keeping.Kept, "_draw", counted)
    return lambda: len(times)


def test_a_part_is_drawn_once_for_what_it_shows_and_anew_for_anything_else(count):
    template = page("{% kept name=name number=page.count %}{{ name }}: {{ number }}{% endkept %}")
    said = [
        drawn(template, name=name, page={"count": number})
        for name, number in [("A", 1), ("A", 1), ("B", 1), ("A", 2), ("A", 1)]
    ]
    assert said == ["A: 1", "A: 1", "B: 1", "A: 2", "A: 1"]
    assert count() == 3


def test_a_part_knows_no_name_that_it_is_not_kept_under():
    template = page("{% kept name=name %}{{ name }}{{ secret }}{{ request.path }}{% endkept %}")
    assert drawn(template, name="A", secret="B") == "A"


def test_words_that_are_safe_and_the_same_words_of_a_person_are_not_mixed_up():
    template = page("{% kept name=name %}{{ name }}{% endkept %}")
    said = [drawn(template, name=name) for name in (SafeString("<b>"), "<b>", SafeString("<b>"))]
    assert said == ["<b>", "&lt;b&gt;", "<b>"]
    assert [drawn(template, name=one) for one in (1, True, 1)] == ["1", "True", "1"]
    assert [drawn(template, name=one) for one in ([1, True], [1, 1])] == ["[1, True]", "[1, 1]"]


def test_each_language_has_its_own_part():
    template = page('{% kept name=name %}{{ name }} {% translate "Đăng xuất" %}{% endkept %}')
    vietnamese = drawn(template, name="A")
    with translation.override("en"):
        english = drawn(template, name="A")
    assert (vietnamese, drawn(template, name="A")) == ("A Đăng xuất", "A Đăng xuất")
    assert english != vietnamese


def test_a_hole_is_filled_anew_each_time_and_escaped(count):
    template = page("{% kept name=name holes rows=rows %}{{ name }}[{{ rows }}]{% endkept %}")
    said = [drawn(template, name="A", rows=rows) for rows in ("<1>", SafeString("<2>"), "")]
    assert said == ["A[&lt;1&gt;]", "A[<2>]", "A[]"]
    assert count() == 1


def test_each_form_brings_the_token_of_who_asks(rf, count):
    template = page("{% kept name=name %}<form>{% csrf_token %}{{ name }}</form>{% endkept %}")
    requests = [rf.get("/"), rf.get("/")]
    tokens = [get_token(request) for request in requests]
    for request in requests:
        request.user = None
    said = [
        template.template.render(Context({"name": "A", "csrf_token": token})) for token in tokens
    ]
    assert tokens[0] != tokens[1]
    assert said == [
        f'<form><input type="hidden" name="csrfmiddlewaretoken" value="{token}">A</form>'
        for token in tokens
    ]
    assert count() == 1
    # Where nobody has a token, no form carries another's.
    assert drawn(template, name="A") == "<form>A</form>"


def test_what_is_looked_up_late_is_asked_once_and_not_held():
    @dataclass(frozen=True)
    class Seat:
        name: str

    template = page("{% kept seat=seat %}{{ seat.name }}{% endkept %}")
    assert drawn(template, seat=SimpleLazyObject(lambda: Seat("A"))) == "A"
    assert drawn(template, seat=SimpleLazyObject(lambda: Seat("B"))) == "B"
    (node,) = template.template.nodelist.get_nodes_by_type(keeping.Kept)
    kept = [value for *_ground, (_type, value) in node._drawn]
    assert kept == [Seat("A"), Seat("B")]


def test_a_part_inside_a_part_is_filled_by_the_outer_one():
    template = page(
        "{% kept name=name holes rows=rows %}{% kept name=name holes rows=rows %}"
        "{{ name }}{{ rows }}{% csrf_token %}{% endkept %}{% endkept %}"
    )
    for rows, token in (("1", "x" * 64), ("2", "y" * 64)):
        said = template.template.render(Context({"name": "A", "rows": rows, "csrf_token": token}))
        assert said.startswith(f"A{rows}<input")
        assert token in said


def test_no_more_parts_are_kept_than_promised(monkeypatch):
    monkeypatch.setattr(keeping, "MOST_KEPT", 3)
    template = page("{% kept name=name %}{{ name }}{% endkept %}")
    assert [drawn(template, name=n) for n in range(9)] == [str(n) for n in range(9)]
    (node,) = template.template.nodelist.get_nodes_by_type(keeping.Kept)
    assert len(node._drawn) == 3


@pytest.mark.parametrize("given", ["", "name", "holes rows=rows", "name=name rows"])
def test_a_tag_that_names_nothing_is_refused(given):
    with pytest.raises(TemplateSyntaxError):
        page("{% kept " + given + " %}{% endkept %}")
