"""People before a running house: signed in through its real doors, acting over HTTP."""

import html
import re
from collections.abc import Mapping

import httpx

from cuaso.wiring.running_house import RunningHouse

PASSWORD = re.compile(r"dùng chung mật khẩu (\S+)")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
ACTION = re.compile(r'<form method="post" action="(/(?:login|consent)/[^"]+)"')
PATIENCE_SECONDS = 60.0
File = tuple[str, bytes, str]


def guest(house: RunningHouse) -> httpx.Client:
    """Return somebody at the house's door: cookies are kept, redirects are followed."""
    return httpx.Client(base_url=house.url, follow_redirects=True, timeout=PATIENCE_SECONDS)


def official(house: RunningHouse, username: str) -> httpx.Client:
    """Return an official of the demonstration, signed in with the password that `up` told."""
    person = guest(house)
    values = {"login": username, "password": password(house)}
    answer = post(person, "/dang-nhap/can-bo/", values)
    return _let_in(person, answer, username)


def password(house: RunningHouse) -> str:
    """Return the password of all officials of the demonstration, as `up` told it."""
    told = PASSWORD.search(house.said())
    return told[1] if told else ""


def citizen(house: RunningHouse, number: str) -> httpx.Client:
    """Return an invented citizen, signed in through the identity provider's own pages."""
    person = guest(house)
    answer = post(person, "/tai-khoan/vneid/", {}, read_from="/dang-nhap/")
    answer = _answer(person, answer, {"personal_number": number})
    answer = _answer(person, answer, {"personal_number": number, "level": "2", "answer": "yes"})
    return _let_in(person, answer, number)


def _let_in(person: httpx.Client, answer: httpx.Response, name: str) -> httpx.Client:
    if "sessionid" not in person.cookies:
        person.close()
        message = f"{name} was not let in: {answer.status_code} at {answer.url}"
        raise RuntimeError(message)
    return person


def _answer(
    person: httpx.Client, shown: httpx.Response, values: Mapping[str, str]
) -> httpx.Response:
    found = ACTION.search(shown.text)
    if found is None:
        message = f"no form at {shown.url}: {shown.status_code}"
        raise RuntimeError(message)
    return person.post(shown.url.join(html.unescape(found[1])), data=dict(values))


def post(
    person: httpx.Client,
    path: str,
    values: Mapping[str, str | list[str]],
    *,
    read_from: str = "",
    files: Mapping[str, File] | None = None,
) -> httpx.Response:
    """Post a form as its page would, with the token that the page carries."""
    page = person.get(read_from or path).raise_for_status()
    return post_from(page, person, path, values, files=files)


def post_from(
    page: httpx.Response,
    person: httpx.Client,
    path: str,
    values: Mapping[str, str | list[str]],
    *,
    files: Mapping[str, File] | None = None,
) -> httpx.Response:
    """Post a form of a page that was read already."""
    found = TOKEN.search(page.text)
    data = {"csrfmiddlewaretoken": found[1] if found else "", **values}
    headers = {"Referer": str(page.url), "Origin": str(person.base_url).rstrip("/")}
    return person.post(path, data=data, files=files, headers=headers)


class Api:
    """One signed-in person at the REST API."""

    def __init__(self, person: httpx.Client) -> None:
        self.person = person
        self._token = ""

    def get(self, path: str, **parameters: str) -> httpx.Response:
        return self.person.get(f"/api/v1{path}", params=parameters)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        files: Mapping[str, File] | None = None,
        data: Mapping[str, str] | None = None,
        **headers: str,
    ) -> httpx.Response:
        """Write something; the anti-forgery token is asked for once. `If_Match` is `If-Match`."""
        if not self._token:
            self._token = str(self.get("/me").raise_for_status().json()["csrf_token"])
        origin = str(self.person.base_url).rstrip("/")
        fixed = {"X-CSRFToken": self._token, "Origin": origin, "Referer": f"{origin}/"}
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.person.request(
            method,
            f"/api/v1{path}",
            json=body,
            files=files,
            data=data,
            headers={**fixed, **told},
        )

    def begin(self, code: str, values: Mapping[str, str], papers: Mapping[str, bytes]) -> str:
        """Begin a draft, fill it, attach a paper for each component; return the draft's id."""
        begun = self.send("POST", "/drafts", {"procedure_code": code}).raise_for_status()
        id = str(begun.json()["id"])
        self.send("PUT", f"/drafts/{id}/values", {"values": dict(values)}).raise_for_status()
        for component, content in papers.items():
            self.attach(id, component, content)
        return id

    def attach(self, id: str, component: str, content: bytes) -> httpx.Response:
        file = ("giay-to.pdf", content, "application/pdf")
        answer = self.send(
            "POST", f"/drafts/{id}/papers", files={"file": file}, data={"component": component}
        )
        return answer.raise_for_status()

    def submit(self, id: str) -> httpx.Response:
        """Submit a draft; asked again with the same draft, the answer is the same."""
        return self.send("POST", f"/drafts/{id}/submit", Idempotency_Key=f"draft-{id}")

    def act(self, id: str, act: str, body: object = None, *, version: str = "*") -> httpx.Response:
        """Do an official's act on a dossier."""
        return self.send("POST", f"/dossiers/{id}/{act}", body, If_Match=version)
