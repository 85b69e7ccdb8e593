"""What the simulator answers."""

from collections.abc import Mapping

from cuaso_simulators.loopback import Answer, Request
from cuaso_simulators.population.people import Person
from cuaso_simulators.population.registrar import Conflict, Registrar

KEY = "idempotency-key"


class Population:
    """GET /people/{personal_number} · POST /personal-numbers (header Idempotency-Key)."""

    def __init__(self, *, people: Mapping[str, Person], registrar: Registrar, token: str) -> None:
        self._people = people
        self._registrar = registrar
        self._token = token

    def answer(self, request: Request) -> Answer:
        if not request.bears(self._token):
            return Answer(status=401, body={"error": "token"})
        match (request.method, *request.path):
            case ("GET", "people", number):
                return self._person(number)
            case ("POST", "personal-numbers"):
                return self._number(request)
            case ("GET", "sample"):
                sample = [p.facts() for _, p in zip(range(20), self._people.values(), strict=False)]
                return Answer(status=200, body={"people": sample})
        return Answer(status=404, body={"error": "not found"})

    def _person(self, number: str) -> Answer:
        person = self._people.get(number)
        if person is not None:
            return Answer(status=200, body=person.facts())
        for child in self._registrar.children():
            if child["personal_number"] == number:
                facts = {name: value for name, value in child.items() if name != "key"}
                return Answer(status=200, body={**facts, "invented": True})
        return Answer(status=404, body={"error": "no such person"})

    def _number(self, request: Request) -> Answer:
        key = request.headers.get(KEY, "")
        if not key:
            return Answer(status=400, body={"error": "Idempotency-Key is wanted"})
        try:
            number = self._registrar.number_for(key=key, child=request.body)
        except Conflict:
            return Answer(status=409, body={"error": "this key was used for another child"})
        except ValueError as error:
            return Answer(status=400, body={"error": str(error)})
        return Answer(status=200, body={"personal_number": number})
