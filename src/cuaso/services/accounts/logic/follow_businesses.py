"""Let the directory follow the business register: who represents which business today."""

from typing import Final

from django.db import transaction

from cuaso.capabilities.exchange import api as exchange
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.kernel import clock
from cuaso.kernel.actors import Actor

BASIS: Final = "Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp"
PURPOSE: Final = "Xác định doanh nghiệp mà chủ tài khoản là người đại diện theo pháp luật"


def follow_businesses(person: Person, *, actor: Actor) -> int:
    """Tie the person to the businesses that the register names, untie from those it no longer
    does; return how many stand. Raises Unavailable when the register does not answer.
    """
    found = exchange.businesses.represented_by(
        personal_number=person.personal_number,
        person_id=person.id,
        purpose=PURPOSE,
        actor=actor,
    )
    with transaction.atomic():
        held = directory.ties_of(person.id, "representative")
        named = {
            directory.ensure_business(
                name=one.name,
                tax_code=one.tax_code,
                address=one.address,
                invented=one.invented,
                actor=actor,
            ).id
            for one in found
        }
        for business_id in named - held.keys():
            directory.tie(
                kind="representative",
                person_id=person.id,
                other_id=business_id,
                basis=BASIS,
                start=clock.today(),
                actor=actor,
            )
        for business_id in held.keys() - named:
            directory.untie(tie_id=held[business_id], end=clock.today(), actor=actor, reason=BASIS)
    return len(named)
