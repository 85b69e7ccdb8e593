"""An official at the desk's own pages: what is typed is posted, what is told is read off the page.

Nothing here calls an engine: a scenario that uses these walks where a person walks.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from lxml import html

from cuaso.kernel.actors import Actor
from cuaso.services.procedures import api as procedures
from tests.rest.conftest import signed_in
from tests.support.answers import PDF
from tests.support.pdf import text_of
from tests.support.permissions import CENTRE, COMMITTEE
from tests.support.registers import Rows, holder, invented
from tests.support.vessels import browser_of

Typed = dict[str, str | list[str]]
ID = re.compile(r"/([0-9a-f-]{36})/$")
SEEN, FORBIDDEN, REFUSED = 200, 403, 422
NOTICE = "//div[starts-with(@class,'notice')]"


class Desk:
    """The browser of who holds a role in an agency."""

    def __init__(self, agency: str, role: str) -> None:
        self.actor = holder(agency, role)
        self.client: Client = browser_of(self.actor)
        session = self.client.session
        session["identity_capacity"] = f"post:{self.actor.post_id}"
        session.save()

    def enters(
        self,
        key: str,
        *,
        seed: int = 1,
        rows: Mapping[str, Rows] | None = None,
        files: Mapping[str, str] | None = None,
        **said: str | list[str],
    ) -> str:
        """Fill in the form of a register and write it; return the address of the new record.

        Answers are invented, those of `said` stand in their place, groups are as in `rows`, files
        are attached by their names; an empty text leaves a field out, a part is written
        `residence__commune`.
        """
        attached = {
            f"tep.{path}": SimpleUploadedFile(name, PDF, content_type="application/pdf")
            for path, name in (files or {}).items()
        }
        given = typed(key, seed, rows or {}, said)
        answer = self.client.post(f"{_base(key)}them/", {**given, **attached})
        assert answer.status_code == 302, errors(answer)
        return str(answer["Location"])

    def is_refused(
        self,
        key: str,
        *,
        seed: int = 1,
        rows: Mapping[str, Rows] | None = None,
        **said: str | list[str],
    ) -> list[str]:
        """Fill in a form that is not written, see that nothing was; return what the page says:
        what is wrong in the form, or why there is none for this reader.
        """
        before = self._held(key)
        answer = self.client.post(f"{_base(key)}them/", typed(key, seed, rows or {}, said))
        assert answer.status_code in (FORBIDDEN, 409, REFUSED), answer.status_code
        assert self._held(key) == before
        if answer.status_code == FORBIDDEN:
            return [_text(one) for one in html.fromstring(answer.content.decode()).xpath("//h1")]
        return errors(answer)

    def _held(self, key: str) -> list[str]:
        """Return the addresses of the records that the register's own list shows."""
        answer = self.client.get(_base(key))
        if answer.status_code != SEEN:  # who owes a purpose sees no list
            return []
        page = html.fromstring(answer.content.decode())
        return [str(one) for one in page.xpath("//form[@data-queue]//tbody/tr/th/a/@href")]

    def says_why(self, address: str, why: str) -> None:
        """Open a page that owes a purpose and answer what the house asks first."""
        asked = self.client.get(address)
        assert asked.status_code == 302, asked.status_code
        done = self.client.post(str(asked["Location"]), {"purpose": why, "toi": address})
        assert done.status_code == 302, errors(done)

    def moves(self, record: str, step: str, *, why: str = "", **said: str | list[str]) -> None:
        """Take a step of status by the page that asks for what it needs."""
        answer = self._step(record, step, why, said)
        assert answer.status_code == 302, errors(answer)

    def may_not_move(
        self, record: str, step: str, *, why: str = "", **said: str | list[str]
    ) -> list[str]:
        """Take a step that is refused, see that nothing moved; return what the page says."""
        before = self.reads(record)
        answer = self._step(record, step, why, said)
        assert answer.status_code in (FORBIDDEN, 409, REFUSED), answer.status_code
        assert self.reads(record) == before
        return errors(answer)

    def _step(
        self, record: str, step: str, why: str, said: Mapping[str, str | list[str]]
    ) -> HttpResponse:
        asking = f"{record}chuyen/{step}/" if said else record
        given = _named({}, said) | {"revision": self.revision(asking), "reason": why}
        if said:
            return self.client.post(asking, given)
        return self.client.post(f"{record}chuyen/", {"to": step, **given})

    def changes(
        self, record: str, *, why: str, rows: Mapping[str, Rows] | None = None, **said: str
    ) -> None:
        """Open the form of a record, put other answers in, say why, and write it."""
        page = self._page(f"{record}sua/")
        (form,) = (one for one in page.forms if one.get("enctype"))
        given: Typed = {name: value for name, value in form.form_values() if name != "act"}
        given |= _named(rows or {}, said)
        answer = self.client.post(f"{record}sua/", {**given, "reason": why})
        assert answer.status_code == 302, errors(answer)

    def reads(self, record: str) -> dict[str, str]:
        """Return what the page of a record says: each field's title with its text, without the
        line that says where it came from.
        """
        lines = self._page(record).xpath("//main//dl/div")
        texts = ".//dd//text()[not(ancestor::span[@class='source'])]"
        return {
            _text(line.find("dt")): " ".join(" ".join(line.xpath(texts)).split()) for line in lines
        }

    def revision(self, record: str) -> str:
        """Return which writing of a record its page shows."""
        return str(self._page(record).xpath("//input[@name='revision']/@value")[0])

    def paper(self, record: str) -> str:
        """Return the address of the newest paper drawn from a record."""
        found = self._page(record).xpath("//a[contains(@href,'/giay/')]/@href")
        return str(found[0])

    def rows_of(self, record: str, group: str) -> list[tuple[str, ...]]:
        """Return the lines of a repeated group on the page of a record."""
        table = f"//section[@aria-labelledby='phan-{group}']//tbody/tr"
        return [_cells(row) for row in self._page(record).xpath(table)]

    def is_told(self, record: str) -> list[str]:
        """Return the titles of the notices on the page of a record."""
        return [_text(one) for one in self._page(record).xpath(f"{NOTICE}//p/b")]

    def lists(
        self, key: str, name: str = "default", *, day: str = "", **only: str
    ) -> list[tuple[str, ...]]:
        """Return a declared list as its table shows it, narrowed to the values asked for.

        With `day` it is the list as it was at the end of that day.
        """
        asked = [("ds", name), *((f"o.{path}", value) for path, value in only.items())]
        asked += [("luc", day)] if day else []
        page = self._page(f"{_base(key)}?{urlencode(asked)}")
        return [_cells(row) for row in page.xpath("//form[@data-queue]//tbody/tr")]

    def about(self, key: str) -> dict[str, str]:
        """Return what the page of a register says of it: owner, basis, sharing, retention."""
        page = self._page(_base(key))
        return {
            _text(line.find("dt")): _text(line.find("dd"))
            for line in page.xpath("//details//dl[@class='facts']/div")
        }

    def addresses(self, key: str, name: str = "default") -> list[str]:
        """Return the addresses of the records of a declared list."""
        page = self._page(f"{_base(key)}?ds={name}")
        return [str(one) for one in page.xpath("//form[@data-queue]//tbody/tr/th/a/@href")]

    def warned(self, key: str, name: str = "default", **only: str) -> dict[str, list[str]]:
        """Return which records of a list carry which notices, by the text of their first cell."""
        asked = [("ds", name), *((f"o.{path}", value) for path, value in only.items())]
        page = self._page(f"{_base(key)}?{urlencode(asked)}")
        return {
            _text(one.find("a")): [_text(told) for told in one.xpath("span")]
            for one in page.xpath("//form[@data-queue]//tbody/tr/th")
            if one.xpath("span")
        }

    def counts(self, key: str, name: str) -> dict[str, tuple[str, ...]]:
        """Return a declared figure: the numbers of each line by its label."""
        page = self._page(f"{_base(key)}so-lieu/{name}/")
        return {
            _text(row.find("th")): tuple(
                _text(cell) for cell in row.findall("td") if cell.get("class") != "bar"
            )
            for row in page.xpath("//section[@aria-labelledby='so']//tbody/tr")
        }

    def on_map(self, key: str, name: str, **only: str) -> dict[str, tuple[str, str]]:
        """Return what a map draws: of each record what it is told as and the kind of its shape."""
        asked = urlencode([(f"o.{path}", value) for path, value in only.items()])
        assert self.client.get(f"{_base(key)}ban-do/{name}/?{asked}").status_code == SEEN
        answer = self.client.get(f"{_base(key)}ban-do/{name}/diem.json?{asked}")
        return {
            one["properties"]["title"]: (one["properties"]["about"], one["geometry"]["type"])
            for one in json.loads(answer.content)["features"]
        }

    def places_on_map(self, key: str, name: str) -> list[list[float]]:
        """Return where a map draws its points: east, north."""
        answer = self.client.get(f"{_base(key)}ban-do/{name}/diem.json")
        return [one["geometry"]["coordinates"] for one in json.loads(answer.content)["features"]]

    def rows_at(self, key: str, query: str) -> list[tuple[str, ...]]:
        """Return the rows of a list under the conditions of an address."""
        page = self._page(f"{_base(key)}{query}")
        return [_cells(row) for row in page.xpath("//form[@data-queue]//tbody/tr")]

    def prints(self, key: str, name: str, **only: str) -> str:
        """Return what a printed register says."""
        asked = urlencode([(f"o.{path}", value) for path, value in only.items()])
        answer = self.client.get(f"{_base(key)}in/{name}/?{asked}")
        assert answer.status_code == SEEN, errors(answer)
        return text_of(b"".join(answer.streaming_content))

    def calendar(self, key: str, name: str, month: str) -> list[tuple[str, str]]:
        """Return the days of a month (as 2026-10) that hold something, and what."""
        page = self._page(f"{_base(key)}lich/{name}/?thang={month}")
        return [
            (str(day.xpath("time/@datetime")[0]), str(one.text))
            for day in page.xpath("//ol[@class='month']/li[ul]")
            for one in day.xpath(".//a")
        ]

    def sees(self, address: str) -> int:
        """Return how the house answers when a page is opened."""
        return self.client.get(address).status_code

    def _page(self, address: str) -> html.HtmlElement:
        answer = self.client.get(address)
        assert answer.status_code == SEEN, (address, answer.status_code)
        return html.fromstring(answer.content.decode())


def typed(
    key: str, seed: int, rows: Mapping[str, Rows], said: Mapping[str, str | list[str]]
) -> Typed:
    """Return what is posted with the form of a new record."""
    found: Typed = {
        path: text
        for path, text in invented(key, seed).items()
        if path.partition(".")[0] not in rows
    }
    return found | _named(rows, said)


def _named(rows: Mapping[str, Rows], said: Mapping[str, str | list[str]]) -> Typed:
    """Return answers under the names of the form's inputs."""
    found: Typed = {f"record.{name.replace('__', '.')}": text for name, text in said.items()}
    for group, lines in rows.items():
        for number, line in enumerate(lines):
            found |= {f"{group}.{number}.{name}": text for name, text in line.items()}
    return found


def applies(citizen: Actor, code: str, *, seed: int = 5, **said: str | list[str]) -> str:
    """Submit a dossier by the API that the portal's own pages stand on; return its id.

    Answers are invented, those of `said` stand in their place (`holder__post` is `holder.post`);
    every paper that they call for is handed in.
    """
    caller = signed_in(citizen)
    begun = caller.post("/drafts", {"procedure_code": code}).json()["id"]
    values = procedures.sample_values(code=code, seed=seed)
    values |= {path.replace("__", "."): text for path, text in said.items()}
    saved = caller.send("PUT", f"/drafts/{begun}/values", {"values": values, "complete": True})
    assert saved.status_code == 200, saved.content.decode()
    for component in saved.json()["missing_components"]:
        assert caller.upload(f"/drafts/{begun}/papers", component=component).status_code == 200
    done = caller.post(f"/drafts/{begun}/submit", Idempotency_Key=begun)
    assert done.status_code in (200, 201), done.content.decode()
    return str(done.json()["dossier_id"])


def acts(actor: Actor, dossier: str, act: str, body: object = None) -> dict[str, Any]:
    """Do an official's act on a dossier by the API."""
    done = signed_in(actor).post(f"/dossiers/{dossier}/{act}", body, If_Match="*")
    assert done.status_code == 200, done.content.decode()
    return dict(done.json())


def decided(dossier: str, department: str) -> dict[str, Any]:
    """Bring a submitted dossier through its department to the committee's sealed decision."""
    acts(holder(CENTRE, "reception"), dossier, "receive")
    acts(holder(department, "handler"), dossier, "propose", {"values": {}, "note": ""})
    acts(holder(department, "leader"), dossier, "endorse")
    acts(holder(COMMITTEE, "leader"), dossier, "approve")
    return acts(holder(COMMITTEE, "clerk"), dossier, "seal")


def answered(dossier: str, department: str) -> dict[str, Any]:
    """Bring a submitted dossier through a department that signs and seals by itself."""
    acts(holder(CENTRE, "reception"), dossier, "receive")
    acts(holder(department, "handler"), dossier, "propose", {"values": {}, "note": ""})
    acts(holder(department, "leader"), dossier, "approve")
    return acts(holder(department, "clerk"), dossier, "seal")


def errors(answer: HttpResponse) -> list[str]:
    """Return what a page says is wrong."""
    page = html.fromstring(answer.content.decode())
    return [_text(one) for one in page.xpath("//*[contains(@class,'errors')]//li")] or [
        _text(one) for one in page.xpath("//*[contains(@class,'errors')]//p")
    ]


def open_data(client: Client, key: str) -> list[list[str]]:
    """Return a registry's open file as anybody downloads it, its head included."""
    answer = client.get(f"/du-lieu-mo/{key}/du-lieu.csv")
    assert answer.status_code == SEEN
    text = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [line.split(";") for line in text.decode("utf-8-sig").splitlines()]


def _base(key: str) -> str:
    return f"/ban-lam-viec/so/{key}/"


def _cells(row: html.HtmlElement) -> tuple[str, ...]:
    found = [one for one in row if "tight" not in (one.get("class") or "")]
    return tuple(_text(one.find("a") if one.tag == "th" else one) for one in found)


def _text(one: html.HtmlElement | None) -> str:
    return " ".join(one.text_content().split()) if one is not None else ""
