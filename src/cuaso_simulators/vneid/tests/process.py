"""The simulator as a real process on a real socket, for tests here and of the product."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PEOPLE = """personal_number,name,birth_date,sex,phone
052190000001,Nguyễn Thị Hoa Mai,1990-03-14,female,0900000001
052085000002,Trần Văn Bình,1985-11-02,male,0900000002
052199000003,Đặng Ngọc Ánh,1999-07-21,female,
"""
PRODUCT = "http://testserver"
CALLBACK = f"{PRODUCT}/tai-khoan/vneid/tra-loi/"
SECRET = "bi-mat-cua-bai-thu"


@dataclass(frozen=True, kw_only=True)
class Running:
    url: str
    folder: Path


@contextmanager
def running(folder: Path, *, products: Sequence[str] = (PRODUCT,)) -> Iterator[Running]:
    people = folder / "people.csv"
    if not people.exists():
        people.write_text(PEOPLE, encoding="utf-8")
        (folder / "client.secret").write_text(SECRET, encoding="utf-8")
    words = [sys.executable, "-m", "cuaso_simulators.vneid", "--port", "0"]
    words += ["--folder", str(folder), "--people", str(people)]
    for product in products:
        words += ["--product", product]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            yield Running(url=line.split()[-1], folder=folder)
        finally:
            process.terminate()
            process.wait(timeout=10)
