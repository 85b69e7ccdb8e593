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
from cuaso.kernel.text import fold

PROVIDER = "vneid"


def link_citizen(*, claims: Claims) -> Account:
    """Return the account of the claims' subject, made at the first sign-in.

    Raises NotAllowed, and keeps the attempt in the ledger, when the personal number already
    belongs to another subject's account, the subject now claims another number, or the number
    stands here for somebody of another name. A later change of name changes nothing here: the
    name is corrected by the register, not by a sign-in.
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
        if linked is None and held is not None and _was_freed(held):
            return _link_anew(held, claims)
        if held is None and (person is None or _is_same(person, claims)):
            return _first_sign_in(claims)
        if held is None:
            refused = _another_name(person, claims)
        else:
            _keep_attempt(held, claims)
            refused = _another_link()
    raise refused


def _was_freed(account: Account) -> bool:
    """Whether a recovery at the counter has taken the old link away."""
    return not SocialAccount.objects.filter(user=account, provider=PROVIDER).exists()


def _link_anew(account: Account, claims: Claims) -> Account:
    SocialAccount.objects.create(user=account, provider=PROVIDER, uid=claims.subject)
    audit.record(
        actor=Actor(kind="citizen", name=account.display_name, person_id=account.person_id),
        act="identity.citizen_linked",
        subject=Subject(kind="identity.account", id=account.id),
        content={"provider": PROVIDER, "assurance": claims.assurance, "anew": True},
    )
    return account


def refuse_second_person(current: Account, *, claims: Claims) -> None:
    """Refuse VNeID of one person in the session of another; nothing is linked then."""
    if current.kind != Account.Kind.CITIZEN or _account_of_subject(claims.subject) == current:
        return
    with transaction.atomic():
        _keep_attempt(current, claims)
    raise NotAllowed(
        code="identity.signed_in_as_another",
        what="Chưa đăng nhập bằng tài khoản VNeID này.",
        why="Trình duyệt đang mở tài khoản của một người khác.",
        mend="Hãy đăng xuất, rồi đăng nhập lại bằng VNeID của chính mình.",
    )


def _is_same(person: Person, claims: Claims) -> bool:
    """Whether the directory and VNeID speak of one person; what one does not know is no contrary.

    Somebody at a counter may have typed another person's number: what was entered under it
    must not open to whoever really has the number.
    """
    births = {person.birth_date, claims.birth_date} - {None}
    return fold(person.name) == fold(claims.name) and len(births) <= 1


def _another_name(person: Person | None, claims: Claims) -> NotAllowed:
    if person is not None:
        audit.record(
            actor=system("Đăng nhập VNeID"),
            act="identity.link_refused",
            subject=Subject(kind="directory.person", id=person.id),
            content={"provider": PROVIDER, "assurance": claims.assurance, "why": "name"},
        )
    return NotAllowed(
        code="identity.another_name",
        what="Chưa liên kết được tài khoản VNeID này.",
        why="Họ tên hoặc ngày sinh trong VNeID khác với thông tin đã ghi ở đây cho cùng số "
        "định danh.",
        mend="Hãy tới bộ phận một cửa với thẻ căn cước để cán bộ kiểm tra và sửa thông tin.",
    )


def _another_link() -> NotAllowed:
    return NotAllowed(
        code="identity.link_refused",
        what="Không đăng nhập được bằng tài khoản VNeID này.",
        why="Số định danh và tài khoản VNeID không khớp với lần liên kết đầu tiên.",
        mend="Nếu vừa đổi tài khoản VNeID, hãy tới bộ phận một cửa với thẻ căn cước "
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
    about = Subject(kind="identity.account", id=account.id)
    audit.record(
        actor=Actor(kind="citizen", name=person.name, person_id=person.id),
        act="identity.citizen_linked",
        subject=about,
        content={"provider": PROVIDER, "assurance": claims.assurance},
    )
    audit.publish(topic="identity.account_made", subject=about, payload={"kind": account.kind})
    return account


def _keep_attempt(account: Account, claims: Claims) -> None:
    audit.record(
        actor=system("Đăng nhập VNeID"),
        act="identity.link_refused",
        subject=Subject(kind="identity.account", id=account.id),
        content={"provider": PROVIDER, "assurance": claims.assurance},
    )
