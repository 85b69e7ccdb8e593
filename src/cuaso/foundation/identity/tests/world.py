"""People, posts and browsers for the tests of identity."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from allauth.usersessions.models import UserSession
from django.db import connection

from cuaso.foundation.audit import api as audit
from cuaso.foundation.directory import api as directory
from cuaso.foundation.directory.contracts import AgencyRow
from cuaso.foundation.identity.logic.open_account import close_account, open_official_account
from cuaso.foundation.identity.models import Account
from cuaso.kernel import clock
from cuaso.kernel.actors import system
from cuaso.kernel.subjects import Subject

PASSWORD = "Mat-khau-rat-dai-2026"
HOA = "052190000001"
BINH = "052085000002"
TESTER = system("Bài thử")


@dataclass(frozen=True, kw_only=True)
class Official:
    person_id: UUID
    account_id: UUID
    post_ids: tuple[UUID, ...]


def official(*, username, roles, posts=1, number="052188000009"):
    person = directory.ensure_person(name="Lê Thị Tiếp Nhận", personal_number=number)
    titles = [f"Chức vụ {order}" for order in range(1, posts + 1)]
    made = tuple(add_post(person.id, title=title, roles=roles) for title in titles)
    account_id = open_official_account(
        actor=TESTER,
        person_id=person.id,
        name=person.name,
        username=username,
        password=PASSWORD,
    )
    return Official(person_id=person.id, account_id=account_id, post_ids=made)


def agency(*, key="quy-nhon", name="Ủy ban nhân dân phường Quy Nhơn", parent="", level="commune"):
    row = AgencyRow(
        key=key,
        code="",
        code_old_style="",
        name=name,
        name_en="",
        short_name=name,
        kind="committee",
        level=level,
        parent_key=parent,
        place_code="",
        seal_name="",
        from_=None,
        to=None,
        source="",
        unverified=True,
    )
    directory.install_agencies([row])
    return directory.agency_by_key(key).id


def add_post(person_id, *, title, roles, agency_id=None):
    return directory.appoint(
        agency_id=agency_id or agency(),
        person_id=person_id,
        title=title,
        roles=roles,
        start=clock.today() - timedelta(days=30),
        actor=TESTER,
    ).id


def close(account_id):
    close_account(actor=TESTER, account_id=account_id, reason="Bài thử")


def end_post(post_id):
    directory.end_post(post_id=post_id, end=clock.today(), actor=TESTER, reason="Chuyển công tác")


def add_ward(person_id, *, name):
    ward = directory.ensure_person(name=name, personal_number="052224000017")
    directory.tie(
        kind="guardian",
        person_id=person_id,
        other_id=ward.id,
        basis="Giấy khai sinh",
        start=clock.today(),
        actor=TESTER,
    )
    return ward


def sign_in(client, *, username="tiepnhan.quynhon", password=PASSWORD, ip="10.0.0.1", **words):
    return client.post(
        "/dang-nhap/can-bo/",
        {"login": username, "password": password, **words},
        REMOTE_ADDR=ip,
    )


def ask_vneid(client, **words):
    return client.post("/tai-khoan/vneid/", words)["Location"]


def consent(authorize, vneid, *, number=HOA, level="2", answer="yes"):
    """Walk the simulator's pages as a browser does; return the address it sends the browser to."""
    with httpx.Client(base_url=vneid.url, timeout=10) as browser:
        place = browser.get(authorize).headers["location"]
        page = browser.post(place, data={"personal_number": number}).text
        form = found(page, r'action="(/consent/[^"]+)"')
        words = {"personal_number": number, "level": level, "answer": answer}
        back = urlsplit(browser.post(form, data=words).headers["location"])
    return f"{back.path}?{back.query}"


def sign_in_by_vneid(client, vneid, **words):
    return client.get(consent(ask_vneid(client), vneid, **words))


def who(client):
    return client.get("/ai/").content.decode()


def acts():
    """Return the acts on all accounts, oldest first."""
    subjects = (Subject(kind="identity.account", id=row.id) for row in Account.objects.all())
    entries = (entry for subject in subjects for entry in audit.history(subject))
    return [entry.act for entry in sorted(entries, key=lambda entry: entry.at)]


def found(text, pattern):
    match = re.search(pattern, text)
    assert match is not None, text
    return match.group(1)


def person(number):
    known = directory.find_person(number)
    assert known is not None
    return known


def counts():
    return Account.objects.count(), len(acts()), UserSession.objects.count()


def events(topic):
    """Return what was published under a topic, oldest first."""
    statement = "select payload from audit_event where topic = %s order by position"
    with connection.cursor() as cursor:
        cursor.execute(statement, [topic])
        return [json.loads(row[0]) for row in cursor.fetchall()]


def entries():
    """Return how many acts the ledger holds."""
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_entry")
        return cursor.fetchone()[0]
