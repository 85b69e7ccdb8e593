"""In which capacities an account may act today, by the directory alone."""

from collections.abc import Iterator
from uuid import UUID

from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import Person, Post
from cuaso.foundation.identity.contracts import Capacity
from cuaso.foundation.identity.models import Account
from cuaso.kernel.actors import Actor
from cuaso.kernel.clock import today
from cuaso.kernel.errors import NotFound


class Stock:
    """What an account may act as today; each capacity is looked up when it is first wanted."""

    def __init__(self, account: Account) -> None:
        self._found: list[Capacity] = []
        self._coming = _each(account)

    def __iter__(self) -> Iterator[Capacity]:
        yield from self._found
        for one in self._coming:
            self._found.append(one)
            yield one

    def find(self, *, key: str) -> Capacity | None:
        """Return the capacity of that key, the first one for an empty or lost key, or none."""
        wanted = (one for one in self if not key or one.key == key)
        return next(wanted, None) or next(iter(self), None)


def capacities(account: Account) -> tuple[Capacity, ...]:
    """Return what the account may act as; the first is the one to begin with.

    A password proves a post, VNeID proves a person: an official's account has posts only, a
    citizen's account has oneself, wards and businesses only.
    """
    return tuple(Stock(account))


def find(account: Account, *, key: str) -> Capacity | None:
    """Return the capacity of that key, the first one for an empty or lost key, or none."""
    return Stock(account).find(key=key)


def _each(account: Account) -> Iterator[Capacity]:
    if not account.is_active:
        return
    if account.kind == Account.Kind.OFFICIAL:
        yield from (_post(post) for post in directory.posts_of(account.person_id, today()))
    else:
        yield from _own(account)


def _own(account: Account) -> Iterator[Capacity]:
    try:
        person = directory.person(account.person_id)
    except NotFound:
        return
    yield Capacity(
        key="self",
        kind="citizen",
        title=person.name,
        detail="Công dân",
        actor=Actor(kind="citizen", name=person.name, person_id=person.id),
    )
    wards, businesses = directory.acts_for(person.id)
    for ward in wards:
        yield _for_other(person, ward, kind="guardian")
    for business in businesses:
        yield _for_other(person, business, kind="business")


def _for_other(person: Person, other: Person, *, kind: str) -> Capacity:
    guardian = kind == "guardian"
    return Capacity(
        key=f"{'ward' if guardian else 'business'}:{other.id}",
        kind="guardian" if guardian else "business",
        title=other.name,
        detail="Giám hộ cho" if guardian else "Đại diện cho",
        actor=Actor(
            kind="guardian" if guardian else "business",
            name=person.name,
            person_id=person.id,
            for_id=other.id,
        ),
    )


def _post(post: Post) -> Capacity:
    return Capacity(
        key=post_key(post.id),
        kind="official",
        title=post.title,
        detail=directory.agency(post.agency_id).name,
        actor=directory.actor_for_post(post.id),
    )


def post_key(post_id: UUID) -> str:
    return f"post:{post_id}"
