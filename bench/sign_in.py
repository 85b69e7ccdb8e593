"""Central sign-in: password log-ins, introspection, userinfo, refresh, and what is read first."""

import base64
import hashlib
import http.client
import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from bench.measuring import asking, children, effort, entering, figures
from cuaso.foundation.identity.hashing import AT_ONCE as AT_ONCE_IN_ONE_PROCESS
from cuaso.foundation.identity.hashing import BoundedArgon2
from cuaso.wiring.environment import web_workers
from cuaso.wiring.running_house import RunningHouse
from tests.support import people

SOURCE = "issue 5"
SECONDS = 5.0
AT_ONCE = 8
BACK = "https://he-thong.example/nhan"
CLIENT = "do-tai"
OFFICIAL = "tiepnhan.quynhon"
OFFICIALS = re.compile(r"^ +([a-z]+\.[a-z]+) {2,}\S", re.MULTILINE)
FORM = "application/x-www-form-urlencoded"
Words = dict[str, str]


def run(house: RunningHouse) -> dict[str, object]:
    """Return how many of each a second, how long each took, and who worked for it."""
    made = children.ask(house, "connected_system", CLIENT, BACK)
    pair = base64.b64encode(f"{CLIENT}:{made['secret']}".encode()).decode()
    basic = f"Basic {pair}"
    person = people.official(house, OFFICIAL)
    hands = [_enter(house, person, basic) for _ in range(AT_ONCE)]
    person.close()
    access, refresh = ([one[name] for one in hands] for name in ("access_token", "refresh_token"))
    found: dict[str, object] = {
        "what": f"over HTTP, {AT_ONCE} connections; the load's own processor time is in the share",
        "log_ins": _log_ins(house),
    }
    wanted = {"introspection": 1000, "userinfo": 800, "refresh": 300}
    works: dict[str, Callable[[int], Callable[[http.client.HTTPConnection], None]]] = {
        "introspection": lambda n: _introspecting(access[n], basic),
        "userinfo": lambda n: _userinfo(access[n]),
        "refresh": lambda n: _refreshing(refresh[n], basic),
    }
    for name, work in works.items():
        found[name] = _measured(house, work, wanted=wanted[name])
    for path in ("/oidc/jwks", "/.well-known/openid-configuration"):
        with effort.watched(house) as worked:
            took = asking.times(house, [path], seconds=SECONDS, at_once=AT_ONCE)
        found[path] = _told(took, worked)
    return {**found, "database": figures.durability(house), "machine": figures.machine()}


def _log_ins(house: RunningHouse) -> dict[str, object]:
    """Officials sign in at their own browsers again and again, as over a morning."""
    accounts = [(name, people.password(house)) for name in OFFICIALS.findall(house.said())]
    at_home, strangers = (
        [
            entering.Person(
                house.url, accounts[n % len(accounts)], number=begin + n, known=begin == 0
            )
            for n in range(AT_ONCE)
        ]
        for begin in (0, AT_ONCE)
    )
    # The first time makes the browser known, and the process ready.
    for one in at_home:
        one.enter()
    return {
        **_measured(house, lambda n: at_home[n].work(), wanted=45),
        "from_new_browsers_which_is_told": _measured(house, lambda n: strangers[n].work()),
        "within_one_process": _within(house, accounts[0]),
        "hashing_at_once": _hashing(),
    }


def _within(house: RunningHouse, account: tuple[str, str]) -> dict[str, object]:
    """One process a core signs in without pause: the web's work without the web's server."""
    cores = os.cpu_count() or 1
    working = [children.Child(house, "log_ins", *account, n) for n in range(cores)]
    for one in working:
        one.wait()
    also = {f"log-ins {n}": one.number for n, one in enumerate(working)}
    with effort.watched(house, also=also) as worked:
        for one in working:
            one.go()
        said = [one.end() for one in working]
    return _told([each for one in said for each in one["took"]], worked)


def _hashing() -> dict[str, object]:
    """Every process of the house that checks passwords has its own bounded number at once."""
    processes = web_workers() + 2
    each = BoundedArgon2.memory_cost / 1024
    most = round(processes * AT_ONCE_IN_ONE_PROCESS * each, 1)
    return figures.at_most(most, 256, unit="MiB", source=SOURCE)


def _measured(
    house: RunningHouse,
    work: Callable[[int], Callable[[http.client.HTTPConnection], None]],
    *,
    wanted: float = 0,
) -> dict[str, object]:
    until = time.perf_counter() + SECONDS
    hands = [_Hand(house.url, work(number), until=until) for number in range(AT_ONCE)]
    with effort.watched(house) as worked:
        for one in hands:
            one.start()
        for one in hands:
            one.join()
            if one.trouble is not None:
                raise one.trouble
    took = [each for one in hands for each in one.took]
    rate = round(len(took) / worked.elapsed, 1)
    if not wanted:
        return {**_told(took, worked), "target": figures.no_target()}
    reached = figures.at_least(rate, wanted, unit="a second", source=SOURCE)
    return {**_told(took, worked), **reached}


def _told(took: list[float], worked: effort.Effort) -> dict[str, object]:
    rate = round(len(took) / worked.elapsed, 1)
    return {"per_second": rate, **figures.spread(took), **worked.told(len(took))}


class _Hand(threading.Thread):
    """One connection that does its work again and again."""

    def __init__(
        self, url: str, work: Callable[[http.client.HTTPConnection], None], *, until: float
    ) -> None:
        super().__init__(daemon=True)
        self.took: list[float] = []
        self.trouble: Exception | None = None
        self._place, self._work, self._until = urlsplit(url).netloc, work, until

    def run(self) -> None:
        connection = http.client.HTTPConnection(self._place, timeout=60)
        try:
            while (began := time.perf_counter()) < self._until:
                self._work(connection)
                self.took.append(time.perf_counter() - began)
        except Exception as error:  # noqa: BLE001 raised again in the thread that waits
            self.trouble = error
        finally:
            connection.close()


def _introspecting(token: str, basic: str) -> Callable[[http.client.HTTPConnection], None]:
    def work(connection: http.client.HTTPConnection) -> None:
        said = _post(connection, "/oidc/introspect", {"token": token}, basic)
        if said.get("active") is not True:
            raise RuntimeError(f"introspection answered {said}")

    return work


def _userinfo(token: str) -> Callable[[http.client.HTTPConnection], None]:
    headers = {"Authorization": f"Bearer {token}"}

    def work(connection: http.client.HTTPConnection) -> None:
        connection.request("GET", "/oidc/userinfo", headers=headers)
        _read(connection)

    return work


def _refreshing(token: str, basic: str) -> Callable[[http.client.HTTPConnection], None]:
    held = [token]

    def work(connection: http.client.HTTPConnection) -> None:
        words = {"grant_type": "refresh_token", "refresh_token": held[0]}
        held[0] = str(_post(connection, "/oidc/token", words, basic)["refresh_token"])

    return work


def _post(
    connection: http.client.HTTPConnection, path: str, words: Words, basic: str
) -> dict[str, object]:
    headers = {"Authorization": basic, "Content-Type": FORM}
    connection.request("POST", path, body=urlencode(words), headers=headers)
    return _read(connection)


def _read(connection: http.client.HTTPConnection) -> dict[str, object]:
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"answered {answer.status}: {said[:300]!r}")
    read: dict[str, object] = json.loads(said)
    return read


def _enter(house: RunningHouse, person: httpx.Client, basic: str) -> dict[str, str]:
    """Let the official enter the system; return its tokens."""
    verifier = secrets.token_urlsafe(48)
    hashed = hashlib.sha256(verifier.encode()).digest()
    words = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid profile",
        "code_challenge": base64.urlsafe_b64encode(hashed).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = f"/oidc/authorize?{urlencode(words)}"
    back = person.get(address, follow_redirects=False).headers["location"]
    sent = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "redirect_uri": BACK,
        "code_verifier": verifier,
    }
    answer = httpx.post(f"{house.url}/oidc/token", data=sent, headers={"Authorization": basic})
    tokens: dict[str, str] = answer.raise_for_status().json()
    return tokens
