"""A registry by the million: fishing vessels written by SQL within one change, triggers and all."""

import random
from typing import LiteralString
from uuid import UUID

import psycopg

TABLE = "r_agriculture_fishing_vessel"
SHOWN = 200
_CHANGE: LiteralString = """
insert into registries_change (id, registry_id, version, at, act, actor_kind, actor_name, origin,
  origin_id, reason, records)
select gen_random_uuid(), r.id, v.number, now() - interval '30 days', 'added', 'system', 'Thử tải',
  'sample', '', 'Dữ liệu thử tải, không có thật', %(count)s
from registries_registry r join registries_version v on v.registry_id = r.id
where r.key = 'agriculture/fishing_vessel' and v.state = 'published'
returning id, at
"""
_ROWS: LiteralString = """
insert into r_agriculture_fishing_vessel (row_id, row_agency, row_change, row_since, number,
  vessel_name, vessel_name_order, owner_name, owner_name_order, owner_number, owner_phone, commune,
  "case", registered, built, hull, length, width, power, gear, zone, port, tracker, risk, state,
  engines, crew, row_words)
select md5('vessel ' || i)::uuid, a.id, %(change)s, %(at)s, 'BĐ-' || lpad(i::text, 8, '0') || '-TS',
  'Minh Hoạ ' || i, 'MINH HOA ' || lpad(i::text, 8, '0'), n.said, n.said,
  '052' || lpad(i::text, 9, '0'), '09' || lpad(i::text, 8, '0'), a.place_code, 'new',
  date '2015-01-01' + (i %% 4000), 1990 + i %% 35, 'wood', 6 + (i %% 250) / 10.0, 2.5, 60,
  (array['trawl', 'seine', 'gillnet', 'line'])[1 + i %% 4],
  (array['coastal', 'inshore', 'offshore'])[1 + i %% 3], 'quy_nhon', 'none', false, 'active',
  '[]', '[]', to_tsvector('simple', 'bd ' || lpad(i::text, 8, '0') || ' ts minh hoa ' || i || ' '
  || n.folded)
from generate_series(1, %(count)s::int) i
join lateral (
  select (array['Nguyễn', 'Trần', 'Lê', 'Võ', 'Phạm'])[1 + i / 7 %% 5] || ' '
    || (array['Văn', 'Thị', 'Quốc', 'Minh'])[1 + i / 3 %% 4] || ' '
    || (array['An', 'Bình', 'Dũng', 'Hoa', 'Lan', 'Mai', 'Nam', 'Sơn'])[1 + i %% 8] as said,
  (array['nguyen', 'tran', 'le', 'vo', 'pham'])[1 + i / 7 %% 5] || ' '
    || (array['van', 'thi', 'quoc', 'minh'])[1 + i / 3 %% 4] || ' '
    || (array['an', 'binh', 'dung', 'hoa', 'lan', 'mai', 'nam', 'son'])[1 + i %% 8] as folded
) n on true
join bench_commune a on a.place = i %% (select count(*) from bench_commune)
"""
_COMMUNES: LiteralString = """
create temporary table bench_commune as
select id, place_code, row_number() over (order by key) - 1 as place from directory_agency
where kind = 'committee' and level = 'commune' and until_date is null
"""


def launch(owner: psycopg.Connection, *, count: int) -> list[UUID]:
    """Write `count` vessels over all communes; return the ids of some, by chance but the same."""
    with owner.transaction():
        owner.execute(_COMMUNES)
        change, at = owner.execute(_CHANGE, {"count": count}).fetchone() or (None, None)
        owner.execute("select set_config('cuaso.change', %s, true)", [str(change)])
        owner.execute(_ROWS, {"count": count, "change": change, "at": at})
    owner.execute("vacuum analyze r_agriculture_fishing_vessel")
    dice = random.Random(1)
    numbers = [dice.randint(1, count) for _ in range(SHOWN)]
    rows = owner.execute(
        "select md5('vessel ' || n)::uuid from unnest(%s::int[]) as n", [numbers]
    ).fetchall()
    return [row[0] for row in rows]
