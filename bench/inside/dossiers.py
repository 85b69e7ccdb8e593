"""Fill the desk: dossiers that wait at the counter, and some that the handler has in hand."""

import sys

from bench.inside import answering
from bench.inside.lives import Life, holder
from cuaso.services.procedures import api as procedures

SERIAL = 700
EACH_RECEIVED = 3


def main() -> None:
    life = Life(serial=SERIAL)
    answering.ready()
    ids = [life.submit(number) for number in range(int(sys.argv[1]))]
    received = ids[::EACH_RECEIVED]
    for id in received:
        procedures.receive(id=id, actor=holder("reception"))
    answering.tell({"ids": [str(id) for id in ids], "received": [str(id) for id in received]})


main()
