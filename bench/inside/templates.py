"""Some dossiers to multiply: half of them open at different steps, half of them finished."""

import sys

from bench.inside import answering
from bench.inside.lives import COMMUNE, Life, holder
from cuaso.foundation.directory import api as directory
from cuaso.services.procedures import api as procedures

SERIAL = 800


def main() -> None:
    count = int(sys.argv[1])
    life = Life(serial=SERIAL)
    answering.ready()
    ids = [life.submit(number) for number in range(count)]
    received, finished = ids[: count // 4], ids[count // 2 :]
    for id in received:
        procedures.receive(id=id, actor=holder("reception"))
    for id in finished:
        for _view in life.acts(id, signed=False):
            pass
    agency = directory.competent_agency(COMMUNE, "commune").id
    answering.tell({"ids": [str(id) for id in ids], "agency": str(agency)})


main()
