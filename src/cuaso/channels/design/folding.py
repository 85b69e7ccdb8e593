"""What a template says to every reader of a language is drawn once, not at each request.

More than half of the pieces of a page are words to translate, addresses and icons that never
change. When a template is compiled, neighbours among them become one piece, which keeps what it
said for each language.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, ParamSpec, TypeVar

from django.conf import settings
from django.template import Context, Origin, Template, Variable
from django.template.base import FilterExpression, Node, NodeList, TextNode, TokenType
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.library import SimpleNode
from django.template.loader_tags import BlockNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django_cotton.nested_tag_support import enable_nested_tag_support
from django_cotton.templatetags._component import CottonComponentNode

# Tags inside the attributes of components; what django-cotton does beside taking over the loader.
enable_nested_tag_support()

Given = ParamSpec("Given")
Said = TypeVar("Said")
# Languages, each with a few ways to make addresses (tests have ways of their own).
_MOST_WAYS: Final = 32
_tags: set[Callable[..., object]] = set()


def unvaried(tag: Callable[Given, Said]) -> Callable[Given, Said]:
    """Declare that a simple tag answers by its arguments and the language alone."""
    _tags.add(tag)
    return tag


class _Compiling(base.Loader):
    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        template = super().get_template(template_name, skip)
        fold(template.nodelist)
        template.nodelist = _Known(template.nodelist)
        return template


class _Known(NodeList):
    """The nodes of a whole template, which knows its blocks: Django looks for those of the
    outermost template at each request, through every piece of it.
    """

    def __init__(self, nodes: Iterable[Node]) -> None:
        super().__init__(nodes)
        self._blocks = super().get_nodes_by_type(BlockNode)

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Node]:
        return list(self._blocks) if nodetype is BlockNode else super().get_nodes_by_type(nodetype)


class Loader(cached.Loader, _Compiling):
    """Django's loader that keeps compiled templates; these are folded before they are kept."""


class Folded(Node):
    """Neighbouring pieces that say the same to every reader of a language."""

    child_nodelists = ()

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = tuple(nodes)
        self._leads = any(isinstance(node, URLNode) for node in self._nodes)
        self._said: dict[object, SafeString] = {}

    def render_annotated(self, context: Context) -> SafeString:
        way: tuple[object, ...] = (get_language(), settings.STATIC_URL, context.autoescape)
        if self._leads:
            way = (*way, get_script_prefix(), get_urlconf())
        said = self._said.get(way)
        if said is None:
            said = SafeString("".join(str(node.render_annotated(context)) for node in self._nodes))
            if len(self._said) >= _MOST_WAYS:
                self._said.clear()
            self._said[way] = said
        return said

    render = render_annotated


def fold(nodes: NodeList) -> None:
    """Fold the nodes of a fresh template, and what they hold, in place."""
    for node in nodes:
        for held in _held(node):
            fold(held)
    nodes[:] = [
        piece
        for same, group in groupby(nodes, key=_is_unvaried)
        for piece in (_folded(list(group)) if same else group)
    ]


def _folded(nodes: list[Node]) -> Iterable[Node]:
    # What stands before `extends` may only be text.
    if all(isinstance(node, TextNode) for node in nodes):
        return nodes
    return [Folded(nodes)]


def _held(node: Any) -> Iterator[NodeList]:  # noqa: ANN401 nodes name what they hold each in their way
    for name in node.child_nodelists:
        if isinstance(held := getattr(node, name, None), NodeList):
            yield held
    if isinstance(node, IfNode):
        yield from (held for _condition, held in node.conditions_nodelists)
    if isinstance(node, CottonComponentNode):
        for given in node._prepared_attrs:  # noqa: SLF001 no public door
            if isinstance(given.compiled, Template):
                yield given.compiled.nodelist


def _is_unvaried(node: Any) -> bool:  # noqa: ANN401 any node
    judge = _JUDGES.get(type(node))
    return bool(judge and judge(node))


def _is_one_word(node: Any) -> bool:  # noqa: ANN401 Django's node has no declared attributes
    return not node.asvar and not node.message_context and _is_plain(node.filter_expression)


def _is_file(node: Any) -> bool:  # noqa: ANN401 Django's node has no declared attributes
    return node.varname is None and _is_plain(node.path)


def _is_address(node: Any) -> bool:  # noqa: ANN401 Django's node has no declared attributes
    given = node.args or node.kwargs or node.asvar
    return not given and _is_plain(node.view_name)


def _is_one_sentence(node: Any) -> bool:  # noqa: ANN401 Django's node has no declared attributes
    named = node.extra_context or node.countervar or node.plural or node.message_context
    texts = all(token.token_type is TokenType.TEXT for token in node.singular)
    return texts and not named and not node.asvar


def _is_unvaried_tag(node: Any) -> bool:  # noqa: ANN401 Django's node has no declared attributes
    given = [*node.args, *node.kwargs.values()]
    kept = node.target_var is not None or node.takes_context
    return node.func in _tags and not kept and all(_is_plain(one) for one in given)


def _is_plain(said: FilterExpression) -> bool:
    """Say whether words stand there as they are, and not what a page knows under a name."""
    named = isinstance(said.var, Variable) and said.var.lookups is not None
    return not named and not said.filters


def _always(_node: Node) -> bool:
    return True


# How each kind of piece tells that it says the same to everybody; other kinds never do.
_JUDGES: Final[Mapping[type[Node], Callable[[Any], bool]]] = {
    TextNode: _always,
    LoadNode: _always,
    CommentNode: _always,
    TranslateNode: _is_one_word,
    BlockTranslateNode: _is_one_sentence,
    StaticNode: _is_file,
    URLNode: _is_address,
    SimpleNode: _is_unvaried_tag,
}
