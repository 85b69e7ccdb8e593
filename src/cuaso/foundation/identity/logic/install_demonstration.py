"""Accounts that anybody may try: one for each invented official of the directory."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from django.conf import settings

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Agency, Holder, Post
from cuaso.foundation.identity.contracts import DemonstrationAccount
from cuaso.foundation.identity.logic.open_account import open_official_account
from cuaso.foundation.identity.models import Account
from cuaso.kernel.actors import Actor, system
from cuaso.kernel.errors import NotAllowed, NotFound
from cuaso.kernel.text import fold

PASSWORD: Final = "Dung-thu-Cua-So-2026"  # noqa: S105 public on purpose; production refuses it
INSTALLER: Final = system("Cài đặt dữ liệu trình diễn")

# A post with several roles is named by the first of these.
ROLE_WORDS: Final[Mapping[str, str]] = {
    "leader": "lanhdao",
    "clerk": "vanthu",
    "reception": "tiepnhan",
    "handler": "thuly",
    "admin": "quantri",
    "auditor": "kiemtra",
}


def install_demonstration(*, actor: Actor = INSTALLER) -> int:
    """Make the accounts that are missing; return how many. Doing it again changes nothing.

    Raises NotAllowed in production mode.
    """
    if settings.MODE == "production":
        raise NotAllowed(
            code="identity.no_demonstration_here",
            what="Không tạo tài khoản dùng thử ở chế độ chính thức.",
            mend="Hãy tạo tài khoản riêng cho từng cán bộ.",
        )
    having = set(
        Account.objects.filter(kind=Account.Kind.OFFICIAL).values_list("person_id", flat=True)
    )
    taken = set(Account.objects.values_list("username", flat=True))
    made = 0
    for holder in _invented_holders():
        if holder.person.id in having:
            continue
        username = _free(_username(holder.post), taken=taken)
        open_official_account(
            actor=actor,
            person_id=holder.person.id,
            name=holder.person.name,
            username=username,
            password=PASSWORD,
            is_demo=True,
        )
        having.add(holder.person.id)
        taken.add(username)
        made += 1
    return made


def demonstration_accounts() -> tuple[DemonstrationAccount, ...]:
    """Return the open demonstration accounts that have a post today, by user name."""
    rows = Account.objects.filter(is_demo=True, is_active=True).order_by("username")
    return tuple(
        DemonstrationAccount(
            username=row.username,
            password=PASSWORD,
            name=row.display_name,
            post=post.title,
            agency=directory.agency(post.agency_id).name,
        )
        for row in rows
        for post in directory.posts_of(row.person_id)[:1]
    )


def _invented_holders() -> Iterator[Holder]:
    """Return each invented holder once for the first of their roles, nearest the top first."""
    seen: set[UUID] = set()
    top = directory.province().committee_id
    for role in ROLE_WORDS:
        for holder in directory.holders_below(top, role):
            if holder.person.invented and holder.person.id not in seen:
                seen.add(holder.person.id)
                yield holder


def _username(post: Post) -> str:
    word = next(word for role, word in ROLE_WORDS.items() if role in post.roles)
    return f"{word}.{_agency_word(directory.agency(post.agency_id))}"


def _agency_word(agency: Agency) -> str:
    """`quynhon` for a commune's agency, `sotuphap` for a department."""
    name = agency.short_name or agency.name
    if agency.level == "commune":
        try:
            name = directory.place(agency.place_code).name
        except NotFound:
            name = agency.short_name or agency.name
    return "".join(letter for letter in fold(name) if letter.isascii() and letter.isalnum())


def _free(username: str, *, taken: set[str]) -> str:
    number, free = 1, username
    while free in taken:
        number += 1
        word, _, place = username.partition(".")
        free = f"{word}{number}.{place}"
    return free
