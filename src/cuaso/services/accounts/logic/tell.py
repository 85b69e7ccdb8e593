"""Tell a person what happened to their account, at every address that the house knows."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cuaso.capabilities.messages import api as messages
from cuaso.capabilities.messages.contracts import Recipient
from cuaso.foundation.directory import api as directory
from cuaso.foundation.identity import api as identity
from cuaso.kernel.errors import NotFound
from cuaso.kernel.subjects import Subject

TEMPLATE: Final = "account_notice"


def tell(*, account_id: UUID, sentence: str, key: str) -> None:
    """Queue the sentence for the person's own addresses and for the account's, once a key."""
    known = identity.addresses_of(account_id)
    if known is None:
        return
    person_id, email = known
    try:
        person = directory.person(person_id)
    except NotFound:
        return
    context = {
        "applicant_name": person.name,
        "reason": sentence,
        "link": f"{settings.PUBLIC_URL}/bao-mat/",
    }
    about = Subject(kind="identity.account", id=account_id)
    with transaction.atomic():
        own = Recipient(
            name=person.name, person_id=person.id, email=person.email, phone=person.phone
        )
        messages.send(template=TEMPLATE, to=own, context=context, subject=about, key=key)
        if email and email != person.email:
            work = Recipient(name=person.name, person_id=person.id, email=email)
            messages.send(
                template=TEMPLATE, to=work, context=context, subject=about, key=f"{key}:2"
            )
