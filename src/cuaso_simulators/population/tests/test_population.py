"""The simulator of the population database, over its socket."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import httpx
import pytest

from cuaso.kernel.numbers import PersonalNumber
from cuaso_simulators.population.people import population
from cuaso_simulators.process import free_port, running

MODULE = "cuaso_simulators.population"
CHILD = {"name": "Trần Minh Khôi", "birth_date": "2025-07-02", "sex": "male"}
TOKEN = {"Authorization": "Bearer test"}


def start(folder: Path, people: Path | None = None) -> AbstractContextManager[str]:
    given = ("--people", str(people)) if people else ("--people", str(folder / "none.csv"))
    return running(
        MODULE,
        "--folder",
        str(folder),
        "--seed",
        "7",
        *given,
        port=free_port(),
        environment={"CUASO_POPULATION_TOKEN": "test"},
    )


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[str]:
    with start(tmp_path) as address:
        yield address


def ask_number(address: str, key: str, child: dict[str, str] = CHILD) -> httpx.Response:
    headers = {**TOKEN, "Idempotency-Key": key}
    return httpx.post(f"{address}/personal-numbers", json=child, headers=headers)


def test_the_same_seed_invents_the_same_people() -> None:
    first, second = population(seed=7, people_csv=None), population(seed=7, people_csv=None)
    assert first == second
    assert len(first) == 2400
    assert first != population(seed=8, people_csv=None)
    for person in first.values():
        assert person.invented
        number = PersonalNumber.parse(person.personal_number)
        assert number.agrees_with(
            birth_date=date.fromisoformat(person.birth_date),
            sex=person.sex,  # type: ignore[arg-type]
        )
    married = [p for p in first.values() if p.spouse_number]
    assert all(first[p.spouse_number].spouse_number == p.personal_number for p in married)


def test_people_of_the_pack_are_known(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "key,kind,name,personal_number,tax_code,birth_date,sex,place_code,address\n"
        "lam,person,Võ Thị Hạ Lam,052196000122,,1996-05-04,female,21583,12 đường Minh Hoạ\n"
        "mau,person,Trần Văn Mẫu,052094000123,,1994-08-16,male,21583,12 đường Minh Hoạ\n"
        "firm,business,Công ty,,4199990019,,,21583,\n"
    )
    (tmp_path / "ties.csv").write_text(
        "kind,person_key,other_key\nguardian,lam,vy\nguardian,mau,vy\n"
    )
    with start(tmp_path, people) as address:
        seen = httpx.get(f"{address}/people/052196000122", headers=TOKEN).json()
    assert (seen["name"], seen["marital_status"]) == ("Võ Thị Hạ Lam", "married")
    assert seen["spouse_number"] == "052094000123"
    assert seen["place_code"] == "21583"


def test_asking_without_the_token_is_refused(simulator: str) -> None:
    assert httpx.get(f"{simulator}/people/052196000122").status_code == 401


def test_asking_for_nobody_says_so(simulator: str) -> None:
    assert httpx.get(f"{simulator}/people/052196999999", headers=TOKEN).status_code == 404


def test_the_same_key_gives_the_same_number_even_after_a_restart(tmp_path: Path) -> None:
    with start(tmp_path) as address:
        number = ask_number(address, "k1").json()["personal_number"]
        assert ask_number(address, "k1").json()["personal_number"] == number
        assert ask_number(address, "k2").json()["personal_number"] != number
    with (tmp_path / "numbers.jsonl").open("a") as torn:
        torn.write('{"key": "k3", "perso')
    with start(tmp_path) as address:
        assert ask_number(address, "k1").json()["personal_number"] == number
        child = httpx.get(f"{address}/people/{number}", headers=TOKEN).json()
    assert child["name"] == "Trần Minh Khôi"
    read = PersonalNumber.parse(number)
    assert (read.place_code, read.sex, read.birth_year) == ("052", "male", 2025)


def test_a_key_used_for_another_child_is_refused(simulator: str) -> None:
    ask_number(simulator, "k1")
    assert ask_number(simulator, "k1", {**CHILD, "name": "Khác"}).status_code == 409


@pytest.mark.parametrize("change", [{"birth_date": "hôm qua"}, {"sex": "?"}, {"name": ""}])
def test_unfit_facts_are_refused(simulator: str, change: dict[str, str]) -> None:
    assert ask_number(simulator, "k1", {**CHILD, **change}).status_code == 400


def test_faults_come_and_go_on_request(simulator: str) -> None:
    def fault(mode: str) -> int:
        return httpx.post(f"{simulator}/faults", json={"mode": mode}).status_code

    assert fault("down") == 200
    assert ask_number(simulator, "k1").status_code == 503
    assert httpx.get(f"{simulator}/healthz").status_code == 200
    assert fault("garbage") == 200
    assert "personal_number" not in ask_number(simulator, "k1").text
    assert fault("slow") == 200
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{simulator}/people/1", headers=TOKEN, timeout=0.3)
    assert fault("nothing") == 400
    assert fault("ok") == 200
    assert ask_number(simulator, "k1").status_code == 200
