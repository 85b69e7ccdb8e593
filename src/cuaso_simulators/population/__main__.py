"""Run: python -m cuaso_simulators.population --port N --folder DIR --seed S [--people FILE]."""

import argparse
import os
import signal
from pathlib import Path

from cuaso_simulators.loopback import Server
from cuaso_simulators.population.businesses import businesses
from cuaso_simulators.population.people import population
from cuaso_simulators.population.registrar import Registrar
from cuaso_simulators.population.service import Population


def main() -> None:
    options = _options()
    people = population(seed=options.seed, people_csv=options.people)
    service = Population(
        people=people,
        registrar=Registrar(folder=options.folder, taken=set(people)),
        token=os.environ.get("CUASO_POPULATION_TOKEN", ""),
        businesses=businesses(options.people),
    )
    server = Server(port=options.port, service=service)
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument("--people", type=Path, default=Path("packs/province/data/people.csv"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
