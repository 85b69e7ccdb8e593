"""A registry by the million: fishing vessels written by SQL within changes, one in five twice.

Rows come in ranges, by as many connections as there are cores and within the triggers of every
day; indexes are taken away before and built again after, exactly as they were. The vessels are as
uneven as real ones: gears, states and names that many have and that hardly any has.
"""

import os
import random
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

LIVE: Final = "r_agriculture_fishing_vessel"
PAST: Final = "h_agriculture_fishing_vessel"
SHOWN: Final = 200
# Vessels of one bulk, and the number from which they go: those of sheets begin at 50,000.
MANY: Final = 100
FIRST_OF_MANY: Final = 20_000
AT_ONCE: Final = max(2, os.cpu_count() or 2)
RANGE: Final = 100_000
# How many days ago all were registered, and one in five changed: an as-of list lies between.
ADDED_DAYS, CHANGED_DAYS = 30, 10
_WRITING: LiteralString = "set work_mem = '256MB'"
_BUILDING: LiteralString = "set maintenance_work_mem = '768MB'"
_CHANGE: LiteralString = """
insert into registries_change (id, registry_id, version, at, act, actor_kind, actor_name, origin,
  origin_id, reason, records)
select gen_random_uuid(), r.id, v.number, now() - make_interval(days => %(days)s), %(act)s,
  'system', 'Thử tải', 'sample', '', 'Dữ liệu thử tải, không có thật', %(count)s
from registries_registry r join registries_version v on v.registry_id = r.id
where r.key = 'agriculture/fishing_vessel' and v.state = 'published'
returning id, at
"""
_COMMUNES: LiteralString = """
drop table if exists bench_commune;
create unlogged table bench_commune as
select id, place_code, row_number() over (order by key) - 1 as place from directory_agency
where kind = 'committee' and level = 'commune' and until_date is null;
analyze bench_commune
"""
_NAMES: LiteralString = """row_id, row_agency, number, vessel_name, vessel_name_order, owner_name,
  owner_name_order, owner_number, owner_phone, commune, "case", registered, built, hull, length,
  width, power, gear, zone, tracker, last_seen, licence, licence_to, risk, engines,
  row_words"""
# Every number follows from i alone: h is i well mixed, so that what two fields hold is independent
# of each other but for what belongs together (long vessels go far out and carry a tracker).
_VESSELS: LiteralString = """
select i, md5('vessel ' || i)::uuid as row_id, a.id as row_agency,
  'BĐ-' || lpad(i::text, 8, '0') || '-TS' as number,
  'Minh Hoạ ' || h %% 5000 as vessel_name, 'MINH HOA ' || lpad((h %% 5000)::text, 4, '0')
    as vessel_name_order,
  n.said as owner_name, upper(n.folded) as owner_name_order,
  '052' || lpad(i::text, 9, '0') as owner_number, '09' || lpad(i::text, 8, '0') as owner_phone,
  a.place_code as commune, 'new' as "case", date '2015-01-01' + (h %% 4000)::int as registered,
  1990 + h %% 35 as built, 'wood' as hull, l.length, 2.5 as width, 60 as power,
  case when h %% 50000 = 7 then 'farming' else (array['trawl', 'trawl', 'trawl', 'gillnet',
    'gillnet', 'seine', 'seine', 'line', 'tuna', 'trap'])[1 + h %% 10] end as gear,
  case when l.length >= 15 then 'offshore' when l.length >= 10 then 'inshore' else 'coastal' end
    as zone,
  case when h %% 1000 = 3 then 'nhon_chau' else (array['quy_nhon', 'quy_nhon', 'tam_quan',
    'de_gi'])[1 + h / 16 %% 4] end as port,
  case when l.length < 15 then 'none' when h %% 40 = 1 then 'lost' when h %% 40 = 2 then 'broken'
    else 'on' end as tracker,
  case when l.length >= 15 then timestamptz '2026-01-01' - make_interval(secs => h %% 9000000) end
    as last_seen,
  case when h %% 5 < 4 then 'GP-' || lpad((h %% 100000)::text, 5, '0') || '/26' end as licence,
  case when h %% 5 < 4 then date '2026-01-01' + (h %% 1900)::int end as licence_to,
  h %% 200 = 9 as risk,
  case when h %% 2000 = 5 then 'struck' when h %% 25 = 5 then 'laid_up' else 'active' end as state,
  '[]'::jsonb as engines,
  ('''bd'' ''' || lpad(i::text, 8, '0') || ''' ''ts'' ''minh'' ''hoa'' ''' || h %% 5000 || ''' '''
    || replace(n.folded, ' ', ''' ''') || '''')::tsvector as row_words
from (select i, i * 2654435761 %% 4294967296 / 64 as h
  from generate_series(%(first)s::bigint, %(last)s::bigint) i
  where (i %% 5 = 0) = %(again)s offset 0) as drawn
join lateral (select 6 + h / 7 %% 250 / 10.0 as length offset 0) l on true
join lateral (
  select case when h %% 100000 = 11 then 'Âu' else (array['Nguyễn', 'Nguyễn', 'Trần', 'Lê', 'Võ',
      'Phạm', 'Hồ', 'Đặng', 'Bùi', 'Đỗ', 'Huỳnh', 'Phan'])[1 + h / 3 %% 12] end || ' '
    || (array['Văn', 'Văn', 'Thị', 'Quốc', 'Minh', 'Đức'])[1 + h / 36 %% 6] || ' '
    || (array['An', 'Bình', 'Dũng', 'Hoa', 'Lan', 'Mai', 'Nam', 'Sơn'])[1 + h / 216 %% 8] as said,
  case when h %% 100000 = 11 then 'au' else (array['nguyen', 'nguyen', 'tran', 'le', 'vo', 'pham',
      'ho', 'dang', 'bui', 'do', 'huynh', 'phan'])[1 + h / 3 %% 12] end || ' '
    || (array['van', 'van', 'thi', 'quoc', 'minh', 'duc'])[1 + h / 36 %% 6] || ' '
    || (array['an', 'binh', 'dung', 'hoa', 'lan', 'mai', 'nam', 'son'])[1 + h / 216 %% 8] as folded
  offset 0
) n on true
join bench_commune a on a.place = h / 16 %% (select count(*) from bench_commune)
"""
_LIVE: LiteralString = f"""
insert into r_agriculture_fishing_vessel (row_revision, row_change, row_since, port, state,
  {_NAMES})
select %(revision)s, %(change)s, %(at)s, port, state, {_NAMES} from ({_VESSELS}) v
"""
_PAST: LiteralString = f"""
insert into h_agriculture_fishing_vessel (row_revision, row_change, row_since, row_until,
  row_ended, port, state, {_NAMES})
select 1, %(change)s, %(at)s, %(until)s, %(ended)s, 'quy_nhon', 'active', {_NAMES}
from ({_VESSELS}) v
"""
_INDEXES: LiteralString = """
select i.indrelid::regclass::text, c.relname, i.indisprimary,
  case when i.indisprimary then pg_get_constraintdef(k.oid) else pg_get_indexdef(i.indexrelid) end
from pg_index i join pg_class c on c.oid = i.indexrelid
left join pg_constraint k on k.conindid = i.indexrelid and k.contype = 'p'
where i.indrelid = any(array[%s, %s]::regclass[])
order by c.relname like '%%_words' desc, i.indrelid, c.relname
"""
Owner = psycopg.Connection[Any]
Change = tuple[UUID, Any]


@dataclass(frozen=True, kw_only=True)
class Index:
    """An index as it stands: its table, its name, and what makes it again."""

    table: str
    name: str
    primary: bool
    made: str

    def taking(self) -> sql.Composed:
        if self.primary:
            text = sql.SQL("alter table {} drop constraint {}")
            return text.format(sql.Identifier(self.table), sql.Identifier(self.name))
        return sql.SQL("drop index {}").format(sql.Identifier(self.name))

    def making(self) -> str:
        if self.primary:
            return f'alter table {self.table} add constraint "{self.name}" {self.made}'
        return self.made


def fresh(number: int) -> dict[str, object]:
    """Return a vessel as a program adds it, with a number that none of the others has."""
    engines = [{"make": "YANMAR 6HA", "number": "M01234567", "power": "150"}]
    return {"values": {**values(number), "engines": engines}, "reason": "Thử tải"}


def fresh_many(number: int) -> dict[str, object]:
    """Return some vessels as a program adds them at once; numbers follow those of `fresh`."""
    first = FIRST_OF_MANY + number * MANY
    engines = [{"make": "YANMAR 6HA", "number": "M01234567", "power": "150"}]
    records = [{**values(one), "engines": engines} for one in range(first, first + MANY)]
    return {"records": records, "reason": "Thử tải"}


def values(number: int) -> dict[str, object]:
    """Return the fields of a new vessel by name, without its rows."""
    return {
        "number": f"BĐ-{number % 100_000:05d}-TS",
        "vessel_name": "Hải Âu Minh Hoạ",
        "owner_name": "Nguyễn Văn Minh Hoạ",
        "owner_number": "052080000001",
        "owner_phone": "0900000001",
        "commune": "21583",
        "case": "new",
        "registered": "2020-03-02",
        "built": "2014",
        "hull": "wood",
        "length": "10.8",
        "width": "3.2",
        "power": "150",
        "gear": "seine",
        "zone": "coastal",
        "port": "quy_nhon",
        "tracker": "none",
        "risk": False,
    }


def launch(owner_url: str, *, count: int) -> list[UUID]:
    """Write vessels over all communes until there are `count`; return the ids of some, by chance
    but the same.

    owner_url: a connection of the tables' owner. Nobody may work in the registry meanwhile.
    """
    with psycopg.connect(owner_url, autocommit=True) as owner:
        held = _held(owner)
        if held >= count:
            return _some(owner, count)
        for statement in _COMMUNES.split(";"):
            owner.execute(statement)
        added = _change(owner, "added", days=ADDED_DAYS, count=count - held)
        changed = _change(owner, "changed", days=CHANGED_DAYS, count=(count - held) // 5)
        indexes = _indexes(owner)
        for index in indexes:
            owner.execute(index.taking())
        ranges = range(held + 1, count + 1, RANGE)
        _share(owner_url, ranges, lambda one, first: _write(one, first, count, added, changed))
        _share(owner_url, indexes, _build)
        for table in (LIVE, PAST):
            owner.execute(sql.SQL("vacuum (analyze, freeze) {}").format(sql.Identifier(table)))
        owner.execute("drop table bench_commune")
        return _some(owner, count)


def _held(owner: Owner) -> int:
    """Return how many of our vessels are there already."""
    found = owner.execute(
        "select coalesce(sum(records), 0)::bigint from registries_change"
        " where act = 'added' and actor_name = 'Thử tải'"
    ).fetchone()
    return int(found[0]) if found else 0


def _some(owner: Owner, count: int) -> list[UUID]:
    dice = random.Random(1)
    numbers = [dice.randint(1, count) for _ in range(SHOWN)]
    rows = owner.execute(
        "select md5('vessel ' || n)::uuid from unnest(%s::int[]) as n", [numbers]
    ).fetchall()
    return [row[0] for row in rows]


def _change(owner: Owner, act: str, *, days: int, count: int) -> Change:
    found = owner.execute(_CHANGE, {"act": act, "days": days, "count": count}).fetchone()
    if found is None:
        raise RuntimeError("agriculture/fishing_vessel is not published here")
    return found[0], found[1]


def _indexes(owner: Owner) -> list[Index]:
    found = owner.execute(_INDEXES, [LIVE, PAST]).fetchall()
    return [Index(table=row[0], name=row[1], primary=row[2], made=row[3]) for row in found]


def _share(owner_url: str, parts: Iterable[Any], act: Callable[[Owner, Any], None]) -> None:
    """Do the act with every part, by some connections at once; raise what one of them raises."""

    def one(part: Any) -> None:  # noqa: ANN401 a part of any kind
        with psycopg.connect(owner_url, autocommit=True) as owner:
            act(owner, part)

    with ThreadPoolExecutor(AT_ONCE) as hands:
        list(hands.map(one, parts))


def _write(owner: Owner, first: int, count: int, added: Change, changed: Change) -> None:
    owner.execute(_WRITING)
    numbers = {"first": first, "last": min(first + RANGE - 1, count)}
    for (change, at), again in ((added, False), (changed, True)):
        given = {**numbers, "change": change, "at": at, "again": again, "revision": 1 + again}
        with owner.transaction():
            owner.execute("select set_config('cuaso.change', %s, true)", [str(change)])
            owner.execute(_LIVE, given)
    ended = {"change": added[0], "at": added[1], "ended": changed[0], "until": changed[1]}
    ended["again"] = True
    owner.execute(_PAST, {**numbers, **ended})


def _build(owner: Owner, index: Index) -> None:
    owner.execute(_BUILDING)
    owner.execute("set max_parallel_maintenance_workers = 0")
    owner.execute(index.making())
