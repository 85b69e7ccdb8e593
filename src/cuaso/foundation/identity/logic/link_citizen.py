"""Link an identity provider's subject to one person, once; never let another take it over."""

from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person
from cuaso.foundation.identity.contracts import Claims
from cuaso.foundation.identity.models import Account
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import NotAllowed
from cuaso.kernel.identifiers import new_id
from cuaso.kernel.subjects import Subject

PROVIDER = "vneid"


def link_citizen(*, claims: Claims) -> Account:
    """Return the account of the claims' subject, made at the first sign-in.

    Raises NotAllowed, and keeps the attempt in the ledger, when the personal number already
    belongs to another subject's account or the subject now claims another number.
    """
    try:
        return _link(claims)
    except IntegrityError:
        # Two first sign-ins at the same moment: the second finds what the first has made.
        return _link(claims)


def _link(claims: Claims) -> Account:
    with transaction.atomic():
        person = directory.find_person(claims.personal_number)
        linked = _account_of_subject(claims.subject)
        if linked is not None and person is not None and person.id == linked.person_id:
            return linked
        held = linked or _citizen_account(person)
        if held is None:
            return _first_sign_in(claims)
        _keep_attempt(held, claims)
    raise NotAllowed(
        code="identity.link_refused",
        what="Không đăng nhập được bằng tài khoản VNeID này.",
        why="Số định danh và tài khoản VNeID không khớp với lần liên kết đầu tiên.",
        mend="Nếu bạn vừa đổi tài khoản VNeID, hãy tới bộ phận một cửa với thẻ căn cước "
        "để cán bộ kiểm tra và liên kết lại.",
    )


def _account_of_subject(subject: str) -> Account | None:
    return Account.objects.filter(
        socialaccount__provider=PROVIDER, socialaccount__uid=subject
    ).first()


def _citizen_account(person: Person | None) -> Account | None:
    if person is None:
        return None
    return Account.objects.filter(person_id=person.id, kind=Account.Kind.CITIZEN).first()


def _first_sign_in(claims: Claims) -> Account:
    person = directory.ensure_person(
        personal_number=claims.personal_number,
        name=claims.name,
        birth_date=claims.birth_date,
        sex=claims.sex,
        phone=claims.phone,
    )
    key = new_id()
    account = Account(
        id=key,
        kind=Account.Kind.CITIZEN,
        username=f"{PROVIDER}-{key.hex}",
        display_name=person.name,
        person_id=person.id,
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    SocialAccount.objects.create(user=account, provider=PROVIDER, uid=claims.subject)
    audit.record(
        actor=Actor(kind="citizen", name=person.name, person_id=person.id),
        act="identity.citizen_linked",
        subject=Subject(kind="identity.account", id=account.id),
        content={"provider": PROVIDER, "assurance": claims.assurance},
    )
    return account


def _keep_attempt(account: Account, claims: Claims) -> None:
    audit.record(
        actor=system("Đăng nhập VNeID"),
        act="identity.link_refused",
        subject=Subject(kind="identity.account", id=account.id),
        content={"provider": PROVIDER, "assurance": claims.assurance},
    )
