"""What never changes in a template is drawn once a language, and always says what Django says."""

from pathlib import Path

import pytest
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.base import NodeList, Template
from django.template.loader_tags import BlockNode
from django.test import override_settings
from django.urls import set_script_prefix
from django.utils.translation import override

from cuaso.channels.design import folding

OURS = "cuaso.channels.design.folding.Loader"
DJANGOS = "django.template.loaders.cached.Loader"
PIECES = """{% load i18n static plainly %}
<title>{% translate "Thủ tục" %} & {% icon "search" "big" %}</title>
<link href="{% static 'cuaso/tokens.css' %}">{# never shown #}
<a href="{% url 'desk:home' %}">{% blocktranslate %}{{ name }}: một{% endblocktranslate %}</a>
{% blocktranslate trimmed %}
  Trang sau
{% endblocktranslate %}{% translate "Lọc" as filter %}{{ filter }}{% url 'desk:home' as home %}
{% if name %}{% translate "Lọc" %} {{ name }}{% else %}{% comment %}x{% endcomment %}{% endif %}
{% for one in many %}{% icon one %}{% translate one %}{% translate "Lưu" %}{% endfor %}
{% autoescape off %}{% icon "x" %}{{ name }}{% endautoescape %}"""


def engine(loader: str) -> Engine:
    here = ("django.template.loaders.locmem.Loader", {"page.html": PIECES})
    configured = Engine.get_default()
    return Engine(
        loaders=[(loader, [here])],
        libraries=configured.libraries,
        builtins=configured.builtins,
    )


def said(template: Template, language: str) -> str:
    with override(language):
        return template.render(Context({"name": "<b>An</b>", "many": ["check", "Trang sau"]}))


def test_a_folded_page_says_in_each_language_what_django_says():
    folded, plain = (engine(loader).get_template("page.html") for loader in (OURS, DJANGOS))
    for language in ("vi", "en", "vi"):
        assert said(folded, language) == said(plain, language)
    assert said(folded, "vi") != said(folded, "en")


def test_what_never_changes_is_one_piece_and_is_made_once(monkeypatch):
    page = engine(OURS).get_template("page.html")
    pieces = [type(node).__name__ for node in page.nodelist]
    assert pieces == [
        *("Folded", "BlockTranslateNode", "Folded", "TranslateNode", "VariableNode", "URLNode"),
        *("TextNode", "IfNode", "TextNode", "ForNode", "TextNode", "AutoEscapeControlNode"),
    ]
    first = said(page, "vi")
    drawn = []
    monkeypatch.setattr(
        "django.templatetags.static.StaticNode.render", lambda *given: drawn.append(given)
    )
    assert said(page, "vi") == first
    assert drawn == []


def test_addresses_follow_the_place_at_which_the_house_is_served():
    page = engine(OURS).get_template("page.html")
    plain = engine(DJANGOS).get_template("page.html")
    root = said(page, "vi")
    set_script_prefix("/tinh/")
    try:
        assert said(page, "vi") == said(plain, "vi") != root
        assert 'href="/tinh/ban-lam-viec/"' in said(page, "vi")
    finally:
        set_script_prefix("/")
    with override_settings(STATIC_URL="/elsewhere/"):
        assert "/elsewhere/cuaso/tokens.css" in said(page, "vi")
    assert said(page, "vi") == root


def test_every_template_of_the_house_still_compiles():
    house = Path(folding.__file__).parents[2]
    names = [
        path.relative_to(root).as_posix()
        for root in house.glob("**/templates")
        for path in root.rglob("*.html")
    ]
    compiled = 0
    for name in names:
        try:
            Engine.get_default().get_template(name)
        except TemplateDoesNotExist as missing:  # a folder of templates that no app names
            pytest.fail(f"{name}: {missing}")
        compiled += 1
    assert compiled > 200


def test_a_page_knows_its_blocks_as_django_finds_them() -> None:
    for name in ("desk.html", "portal.html", "desk/base.html"):
        page = Engine.get_default().get_template(name)
        found = page.nodelist.get_nodes_by_type(BlockNode)
        assert found == NodeList.get_nodes_by_type(page.nodelist, BlockNode)
        assert found
        assert page.nodelist.get_nodes_by_type(BlockNode) is not found
