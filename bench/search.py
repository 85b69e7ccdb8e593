"""Finding a procedure, with and without diacritics, in a catalogue of a province's size."""

import time
from urllib.parse import quote

import psycopg

from bench.measuring import asking, children, effort, figures
from cuaso.wiring.running_house import RunningHouse

PROCEDURES = 200
SECONDS = 3.0
TYPED = {
    "with_diacritics": ("đăng ký khai sinh", "chứng thực bản sao", "tình trạng hôn nhân"),
    "without_diacritics": ("dang ky khai sinh", "chung thuc ban sao", "tinh trang hon nhan"),
    "found_nothing": ("zzqqxx không có", "khongthe tim thay"),
}
# Words that nobody has typed before: nothing that the house remembers answers them.
NEW = "typed_by_nobody_before"
NEW_ONES = 4000
COPY = """
insert into procedures_procedureversion (id, code, from_date, until_date, decision, title,
  title_en, field, level, pack, declaration, templates, law, sha256, folded, words)
select gen_random_uuid(), '9.' || lpad(n::text, 6, '0'), from_date, until_date, decision,
  title || ' (phép đo ' || n || ')', title_en, field, level, pack, declaration, templates, law,
  md5(n::text || code), folded || ' phep do ' || n,
  setweight(to_tsvector('simple', '9.' || lpad(n::text, 6, '0') || ' ' || folded || ' so ' || n),
    'A')
from generate_series(1, %s) as n
join lateral (
  select * from procedures_procedureversion where code not like '9.%%'
  order by code offset n %% 3 limit 1) as source on true
"""


def run(house: RunningHouse) -> dict[str, object]:
    """Return p50 and p95 of the portal's page of finds, and of the engine's search alone."""
    with psycopg.connect(house.owner_url, autocommit=True) as owner:
        owner.execute(COPY, [PROCEDURES])
        owner.execute("analyze procedures_procedureversion")
    try:
        time.sleep(0.5)
        return _measure(house)
    finally:
        with psycopg.connect(house.owner_url, autocommit=True) as owner:
            owner.execute("delete from procedures_procedureversion where code like '9.%'")


def _measure(house: RunningHouse) -> dict[str, object]:
    found: dict[str, object] = {
        "what": f"GET /thu-tuc/?q=… among 3 real and {PROCEDURES} invented procedures",
        "target": figures.no_target(),
        "database": figures.durability(house),
    }
    for kind in (*TYPED, NEW):
        _ask(house, kind, at_once=1, seconds=0.5)
        for at_once in (1, 8):
            with effort.watched(house) as worked:
                times = _ask(house, kind, at_once=at_once, seconds=SECONDS)
            found[f"{kind}_{at_once}_at_once"] = {
                **figures.spread(times),
                "per_second": round(len(times) / worked.elapsed, 1),
                **worked.told(len(times)),
            }
    words = [word for typed in TYPED.values() for word in typed]
    found["engine_alone"] = children.ask(house, "search", *words)
    return {**found, "machine": figures.machine()}


def _ask(house: RunningHouse, kind: str, *, at_once: int, seconds: float) -> list[float]:
    typed = TYPED.get(kind) or [
        f"giay khai sinh {time.time_ns()} {number}" for number in range(NEW_ONES)
    ]
    paths = [f"/thu-tuc/?q={quote(words)}" for words in typed]
    return asking.times(house, paths, seconds=seconds, at_once=at_once)
