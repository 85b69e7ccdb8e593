"""Steps of `./cuaso up` after the migrations: what packs declare goes to engines that run it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.messages.contracts import Template
from cuaso.capabilities.payments import api as payments
from cuaso.capabilities.payments.contracts import CollectionAccountRow
from cuaso.capabilities.registries import api as registries
from cuaso.capabilities.signing import api as signing
from cuaso.capabilities.workflow import api as workflow
from cuaso.declarations import packs
from cuaso.declarations.messages import CONTEXT, Message, without_marks
from cuaso.foundation.access import api as access
from cuaso.foundation.access.contracts import RolePairRow
from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Holder
from cuaso.foundation.identity import api as identity
from cuaso.kernel import clock, tables
from cuaso.kernel.actors import system
from cuaso.services.planning import api as planning
from cuaso.services.procedures import api as procedures
from cuaso.wiring.words import say

INSTALLER = system("Cài đặt")
DEMONSTRATION_BEGINS = datetime(2025, 7, 1, tzinfo=clock.VIETNAM)


def install_everything() -> int:
    """Do every step for a house of demonstration or tests, in order; return how much is new."""
    return sum(
        step()
        for step in (
            install_codes,
            install_province,
            install_role_pairs,
            install_packs,
            install_plans,
            install_demonstration_people,
            install_demonstration_accounts,
            issue_demonstration_keys,
            install_collection_accounts,
        )
    )


def install_province() -> int:
    """Install places and agencies with what came before and after each."""
    return directory.install_packs()


def install_role_pairs() -> int:
    """Install the pairs of roles that nobody holds together; return how many are new."""
    known = {(one.one, one.other) for one in access.pairs()}
    files = sorted(Path(settings.PACKS).glob("*/data/role_pairs.csv"))
    rows = [row for file in files for row in tables.read(file, RolePairRow)]
    for row in rows:
        access.declare_pair(
            one=row.one,
            other=row.other,
            reason=row.reason,
            source=row.source,
            unverified=row.unverified,
            actor=INSTALLER,
        )
    return len({(one.one, one.other) for one in access.pairs()} - known)


def install_codes() -> int:
    """Install the dated code lists of every pack, their mappings, and the data elements."""
    codes = dictionary.install_packs()
    return codes + dictionary.install_mapping_packs() + dictionary.install_element_packs()


def install_packs() -> int:
    """Install flows, texts, registries and procedures of every pack; return how much is new.

    Says which registries keep the version that they had, since their records do not allow another.
    """
    every = {pack.id: pack for pack in loaded()}
    fresh = sum(_install(pack, every) for pack in every.values())
    for title, why in registries.held_back(actor=INSTALLER):
        say(f"! Sổ “{title}” vẫn dùng phiên bản trước. {why}")
    return fresh


def loaded() -> Iterator[packs.Pack]:
    """Yield every pack of the packs' folder; raises BadDeclaration with file, line and remedy."""
    for manifest in sorted(Path(settings.PACKS).glob("*/pack.yaml")):
        yield packs.load(manifest.parent)


def _install(pack: packs.Pack, every: Mapping[str, packs.Pack]) -> int:
    deployed = [
        workflow.deploy(key=f"{pack.id}.{name}", xml=flow.xml, actor=INSTALLER)
        for name, flow in pack.flows.items()
    ]
    texts = [text for name, message in pack.messages.items() for text in _texts(name, message)]
    fresh = messages.install(templates=texts, actor=INSTALLER)
    fresh += procedures.install(
        pack.procedures.values(),
        surroundings=_surroundings(pack, every),
        actor=INSTALLER,
    )
    fresh += registries.install(pack.id, dict(pack.registries), actor=INSTALLER)
    return fresh + sum(version.fresh for version in deployed)


def _surroundings(pack: packs.Pack, every: Mapping[str, packs.Pack]) -> procedures.Surroundings:
    around = (*(every[name] for name in pack.manifest.needs if name in every), pack)
    return procedures.Surroundings(
        pack=pack.id,
        templates={p.name: p.read_text() for each in around for p in each.templates.values()},
        law={name: value for each in around for name, value in each.manifest.law.items()},
    )


def _texts(name: str, message: Message) -> Iterator[Template]:
    for language in ("vi", "en"):
        wording = message.wording(language)
        template = partial(Template, id=name, names=frozenset(CONTEXT), language=language)
        yield template(channel="email", subject=wording.subject, body=wording.body)
        if wording.sms:
            yield template(channel="sms", body=_spoken(message, wording.sms))


def _spoken(message: Message, sms: str) -> str:
    return without_marks(sms) if message.sms_plain else sms


def install_plans() -> int:
    """Install the data plan of every pack, and the applications that it registers."""
    return planning.install_packs(actor=INSTALLER)


def install_demonstration_people() -> int:
    """Install the invented people, their posts and ties."""
    return directory.install_demonstration()


def install_collection_accounts() -> int:
    """Install the invented bank accounts into which agencies of the demonstration collect."""
    files = sorted(Path(settings.PACKS).glob("*/data/collection_accounts.csv"))
    rows = [row for file in files for row in tables.read(file, CollectionAccountRow)]
    return payments.install_accounts(rows, actor=INSTALLER)


def install_demonstration_accounts() -> int:
    """Give every demonstration post an account."""
    identity.install_demonstration(actor=INSTALLER)
    return len(identity.demonstration_accounts())


def issue_demonstration_keys() -> int:
    """Give each leader a signing key and each sealing agency a seal, from the demonstration CA."""
    known = {key.label for key in signing.keys()}  # noqa: SIM118 a function of the door
    province = directory.province().committee_id
    leaders = directory.holders_below(province, "leader")
    sealing = sorted({clerk.agency_id for clerk in directory.holders_below(province, "clerk")})
    # As of the first day of the two-level government: invented dossiers begin then.
    with clock.at(DEMONSTRATION_BEGINS):
        people = [_issue_person(one) for one in leaders if person_key(one.post.id) not in known]
        seals = [_issue_seal(agency) for agency in sealing if agency_key(agency) not in known]
    return len(people) + len(seals)


def person_key(post_id: UUID) -> str:
    return f"post-{post_id}"


def agency_key(agency_id: UUID) -> str:
    return f"agency-{agency_id}"


def _issue_person(leader: Holder) -> signing.KeyInfo:
    return signing.issue_key(
        label=person_key(leader.post.id),
        kind="person",
        subject_name=leader.person.name,
        organisation=directory.agency(leader.agency_id).name,
        title=leader.post.title,
        owner_id=leader.post.id,
        actor=INSTALLER,
    )


def _issue_seal(agency_id: UUID) -> signing.KeyInfo:
    agency = directory.agency(agency_id)
    return signing.issue_key(
        label=agency_key(agency_id),
        kind="agency",
        subject_name=agency.name,
        organisation=agency.name,
        owner_id=agency_id,
        actor=INSTALLER,
    )
