"""What the simulator answers."""

from collections.abc import Mapping
from dataclasses import replace

from cuaso_simulators.loopback import Answer, Request
from cuaso_simulators.population.businesses import Business, represented_by
from cuaso_simulators.population.people import Person
from cuaso_simulators.population.registrar import Conflict, Registrar

KEY = "idempotency-key"


class Population:
    """GET /people/{personal_number} · POST /personal-numbers (header Idempotency-Key) ·
    GET /businesses/{tax_code} · GET /people/{personal_number}/businesses ·
    POST /businesses/{tax_code}/representatives {numbers}: a change of the register.
    """

    def __init__(
        self,
        *,
        people: Mapping[str, Person],
        registrar: Registrar,
        token: str,
        businesses: Mapping[str, Business] | None = None,
    ) -> None:
        self._people = people
        self._businesses = dict(businesses or {})
        self._registrar = registrar
        self._token = token

    def answer(self, request: Request) -> Answer:
        if not request.bears(self._token):
            return Answer(status=401, body={"error": "token"})
        if "businesses" in request.path:
            return self._registered(request)
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

    def _registered(self, request: Request) -> Answer:
        match (request.method, *request.path):
            case ("GET", "people", number, "businesses"):
                found = represented_by(number, self._businesses)
                return Answer(status=200, body={"personal_number": number, "businesses": found})
            case ("GET", "businesses", tax_code):
                return self._business(tax_code)
            case ("POST", "businesses", tax_code, "representatives"):
                return self._represented(tax_code, request)
        return Answer(status=404, body={"error": "not found"})

    def _business(self, tax_code: str) -> Answer:
        business = self._businesses.get(tax_code)
        if business is None:
            return Answer(status=404, body={"error": "no such business"})
        return Answer(status=200, body=business.facts())

    def _represented(self, tax_code: str, request: Request) -> Answer:
        business = self._businesses.get(tax_code)
        numbers = request.body.get("numbers")
        if business is None or not isinstance(numbers, list):
            return Answer(status=404, body={"error": "no such business"})
        changed = replace(business, representatives=tuple(str(one) for one in numbers))
        self._businesses[tax_code] = changed
        return Answer(status=200, body=changed.facts())

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
