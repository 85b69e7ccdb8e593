from collections.abc import Iterator, Mapping

from cuaso.capabilities.messages.contracts import Language, Template
from cuaso.capabilities.messages.logic.install import install
from cuaso.declarations.messages import CONTEXT, Message, Wording
from cuaso.kernel.actors import Actor

LANGUAGES: tuple[Language, ...] = ("vi", "en")


def install_pack(*, messages: Mapping[str, Message], actor: Actor) -> int:
    """Install a pack's messages by their ids; return how many texts changed."""
    return install(
        templates=[
            template
            for name, message in messages.items()
            for language in LANGUAGES
            for template in _templates(name, language, message.wording(language))
        ],
        actor=actor,
    )


def _templates(name: str, language: Language, wording: Wording) -> Iterator[Template]:
    names = frozenset(CONTEXT)
    yield Template(
        id=name,
        channel="email",
        language=language,
        subject=wording.subject,
        body=wording.body,
        names=names,
    )
    if wording.sms:
        yield Template(id=name, channel="sms", language=language, body=wording.sms, names=names)
