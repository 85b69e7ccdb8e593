"""Parts of pages that are drawn once for everything that they show.

`{% kept view=view count=page.count holes rows=rows %} … {% endkept %}` knows the names that it is
given and no other: whatever its words depend on is in what they are kept under, and an old part
cannot be shown. A hole is filled at each request with what is new each time; it is shown as it
is, without filters. The token of forms is such a hole by itself.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django import template
from django.conf import settings
from django.template import Context, Node, NodeList, TemplateSyntaxError
from django.template.base import (
    FilterExpression,
    Parser,
    Token,
    render_value_in_context,
    token_kwargs,
)
from django.urls import get_script_prefix, get_urlconf
from django.utils.functional import LazyObject, empty
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from cuaso.kernel.actors import Actor

register = template.Library()

# Drawn parts that a process keeps for each place in a template.
MOST_KEPT: Final = 500
_FORMS: Final = "csrf_token"
_PLAIN: Final = frozenset({str, SafeString, bool, int, type(None)})
# Nobody who types words can write this one.
_MARK: Final = secrets.token_hex(16)
_HOLE: Final = re.compile(rf"{_MARK}-(\d+)-")


class Kept(Node):
    """A part that is drawn once for the values of its names; see the module."""

    child_nodelists = ("nodelist",)

    def __init__(
        self,
        nodelist: NodeList,
        shown: Mapping[str, FilterExpression],
        holes: Mapping[str, FilterExpression],
    ) -> None:
        self.nodelist = nodelist
        self._shown, self._holes = dict(shown), dict(holes)
        self._drawn: dict[object, tuple[str, ...]] = {}

    def render(self, context: Context) -> SafeString:
        shown = {name: said.resolve(context) for name, said in self._shown.items()}
        # Which blocks stand inside is said by the page's own template.
        page = context.render_context.template
        under = (page, _ground(context), *map(_told, shown.values()))
        drawn = self._drawn.get(under)
        if drawn is None:
            drawn = tuple(_HOLE.split(self._draw(context, shown)))
            if len(self._drawn) >= MOST_KEPT:
                self._drawn.clear()
            self._drawn[under] = drawn
        return SafeString("".join(self._filled(drawn, context)))

    def _draw(self, context: Context, shown: Mapping[str, object]) -> str:
        holes = {
            name: SafeString(f"{_MARK}-{place}-") for place, name in enumerate(self._names(context))
        }
        return self.nodelist.render(context.new({**shown, **holes}))

    def _filled(self, drawn: Sequence[str], context: Context) -> Iterator[str]:
        names = self._names(context)
        # A hole that stands in several places says the same in each.
        holes = {said: self._hole(names[int(said)], context) for said in set(drawn[1::2])}
        for place, said in enumerate(drawn):
            yield holes[said] if place % 2 else said

    def _names(self, context: Context) -> list[str]:
        return [*self._holes, *([_FORMS] if _FORMS in context else [])]

    def _hole(self, name: str, context: Context) -> str:
        if name not in self._holes:
            # Asked for once; what is lazy is asked again for each thing that one does with it.
            return str(conditional_escape(str(context[name])))
        value = self._holes[name].resolve(context)
        kind = type(value)
        if kind is SafeString:
            return str(value)
        if kind is str or kind is UUID:
            return escape(str(value)) if context.autoescape else str(value)
        return render_value_in_context(value, context)


def _ground(context: Context) -> tuple[object, ...]:
    """Return what any part depends on: the language, where addresses begin, and whether a form's
    token is there.
    """
    places = (get_script_prefix(), get_urlconf(), settings.STATIC_URL)
    return (get_language(), *places, context.autoescape, _FORMS in context)


def _told(value: Any) -> object:  # noqa: ANN401 whatever a page knows
    """Return a value as something that only the same words are kept under."""
    kind = type(value)
    if kind in _PLAIN:
        return kind, value
    if isinstance(value, LazyObject):
        # Asked for once; what would be asked is not kept, for it holds the whole request.
        bool(value)
        wrapped = vars(value)["_wrapped"]
        return _told(None if wrapped is empty else wrapped)
    if isinstance(value, Mapping):
        return tuple((key, _told(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_told, value))
    # Safe words equal unsafe ones, and True equals 1: they are not shown alike.
    return kind, value


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    """Compile `{% kept name=value … holes name=value … %} … {% endkept %}`."""
    name, *words = token.split_contents()
    at = words.index("holes") if "holes" in words else len(words)
    named, open_ones = words[:at], words[at + 1 :]
    shown, holes = token_kwargs(named, parser), token_kwargs(open_ones, parser)
    if named or open_ones or not shown:
        message = f"{name} takes name=value pairs, those after 'holes' left open"
        raise TemplateSyntaxError(message)
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(nodelist, shown, holes)


@register.filter
def untraced(actor: Actor) -> Actor:
    """Return an actor without the trace of the request, which no page shows of them."""
    return replace(actor, trace="") if actor.trace else actor
