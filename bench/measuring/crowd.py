"""A province's dossiers by the million: real ones multiplied in SQL, spread over its communes."""

from collections.abc import Mapping
from typing import LiteralString

import psycopg
from psycopg import sql

from cuaso.kernel import text

# How the copies are spread: one in EACH_HERE belongs to the commune whose desk is measured.
EACH_HERE, EACH_OPEN, YEARS = 11, 50, 3
# As often as people bear them, roughly: half the province shares three family names.
FAMILIES = (
    *("Nguyễn",) * 30,
    *("Trần",) * 11,
    *("Lê",) * 10,
    *("Phạm",) * 7,
    *("Huỳnh", "Phan", "Võ") * 5,
    *("Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý") * 2,
)
MIDDLES = (*("Văn",) * 8, *("Thị",) * 10, "Minh", "Ngọc", "Thanh", "Quốc", "Hữu", "Xuân", "Thu")
GIVEN = (
    *("An", "Bình", "Châu", "Cường", "Dũng", "Đông", "Đức", "Giang", "Hà", "Hải"),
    *("Hạnh", "Hiền", "Hiếu", "Hoa", "Hòa", "Hùng", "Hương", "Khánh", "Khoa", "Lan"),
    *("Linh", "Loan", "Long", "Mai", "Mỹ", "Nam", "Nga", "Nhân", "Phúc", "Phương"),
    *("Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Thắng", "Thủy", "Toàn", "Trang", "Trung"),
    *("Tú", "Tuấn", "Tùng", "Vân", "Vinh", "Vy", "Yến", "Kiều", "Lộc", "Tiến"),
)
_AGENCIES: LiteralString = """
create temporary table crowd_agency as
select a.id as committee, row_number() over (order by a.key) - 1 as place,
  coalesce((select c.id from directory_agency c where c.parent_id = a.id
    and c.kind = 'one_stop_centre' and c.until_date is null), a.id) as centre
from directory_agency a
where a.kind = 'committee' and a.level = 'commune' and a.until_date is null
"""
_TEMPLATES: LiteralString = """
create temporary table crowd_template as
select d.*, d.finished_at is null as open,
  row_number() over (partition by d.finished_at is null order by d.id) - 1 as place
from procedures_dossier d where d.id = any(%(templates)s::uuid[])
"""
_NUMBERS: LiteralString = """
create temporary table crowd_number as
select n, md5('crowd dossier ' || n)::uuid as id, n %% %(open)s = %(open)s - 1 as open,
  case when n %% %(each_here)s = 0 then (select place from crowd_agency where committee = %(here)s)
    else n * 7919::bigint %% (select count(*) from crowd_agency) end as agency,
  n %% (select count(*) from crowd_template where open) as open_place,
  n %% (select count(*) from crowd_template where not open) as done_place,
  now() - (n::float8 / %(count)s) * %(years)s * interval '1 year' as at
from generate_series(1, %(count)s::int) as n
"""
# Who applies: one person in three dossiers, their name by the draw of their number.
_NAMES: LiteralString = """
create temporary table crowd_name as
with given as (
  select * from unnest(%(names)s::text[], %(folded)s::text[])
    with ordinality as given (name, folded, place))
select n, name || ' ' || n / 3 as name, folded || ' ' || n / 3 as folded
from crowd_number
join given
  on given.place = 1 + abs(hashint4((n / 3)::int)::bigint) %% cardinality(%(names)s::text[])
"""
_CHOSEN: LiteralString = """
create temporary table crowd_chosen as
select n.n, n.id, n.at, n.open, t.id as template, t.agency_id as template_agency,
  a.committee, a.centre, w.name, w.folded
from crowd_number n
join crowd_name w on w.n = n.n
join crowd_agency a on a.place = n.agency
join crowd_template t
  on t.open = n.open and t.place = case when n.open then n.open_place else n.done_place end
"""
_DUE: LiteralString = "now() + (c.n % 200 - 20) * interval '1 hour'"
_DOSSIER: Mapping[str, LiteralString] = {
    "id": "c.id",
    "key": "'crowd-' || c.n",
    "tracking_code": "'CROWD-' || c.n",
    "dossier_code": "'CROWD-' || to_char(c.at, 'YYMMDD') || '-' || c.n",
    "agency_id": "c.committee",
    "received_agency_id": "c.centre",
    "person_id": "md5('crowd person ' || c.n / 3)::uuid",
    "party_id": "md5('crowd person ' || c.n / 3)::uuid",
    "subject_id": "null",
    "applicant_name": "c.name",
    "submitted_at": "c.at",
    "received_at": "c.at",
    "due_at": f"case when c.open then {_DUE} else c.at + interval '3 days' end",
    "finished_at": "case when c.open then null else c.at + interval '2 days' end",
    "been_at_ids": "array[c.committee, c.centre]",
    "words": "to_tsvector('simple', concat_ws(' ', 'crowd-' || c.n, 'crowd-' || "
    "to_char(c.at, 'YYMMDD') || '-' || c.n, c.folded, '1.004873'))",
}
_WORK: Mapping[str, LiteralString] = {
    "id": "md5('crowd work ' || c.n || t.id)::uuid",
    "task_id": "md5('crowd task ' || c.n || t.id)::uuid",
    "dossier_id": "c.id",
    "post_id": "null",
    "agency_id": "case when t.agency_id is null then null when t.agency_id = c.template_agency "
    "then c.committee else c.centre end",
    "submitted_at": "c.at",
    "since_at": "c.at",
    "due_at": f"case when t.done_at is null then {_DUE} else c.at + interval '1 day' end",
    "done_at": "case when t.done_at is null then null else c.at + interval '1 day' end",
}


def gather(
    owner: "psycopg.Connection[tuple[object, ...]]", *, count: int, templates: list[str], here: str
) -> None:
    """Add `count` copies of the templates (some open, some finished) with their steps.

    owner: an autocommitting connection that may write everything. here: the committee to which
    one copy in EACH_HERE belongs; the others go to all communes alike. One in EACH_OPEN is open.
    """
    given = {"count": count, "templates": templates, "here": here, "each_here": EACH_HERE}
    names = [
        f"{family} {middle} {own}" for family in FAMILIES for middle in MIDDLES for own in GIVEN
    ]
    given |= {"open": EACH_OPEN, "years": YEARS, "names": names, "folded": _folded(names)}
    for statement in (_AGENCIES, _TEMPLATES, _NUMBERS, _NAMES, _CHOSEN):
        owner.execute(statement, given)
    owner.execute("analyze crowd_chosen")
    with owner.transaction():
        # Neither triggers nor foreign keys: the copies' flows are not there.
        owner.execute("set local session_replication_role = replica")
        _copy(owner, "procedures_dossier", _DOSSIER, "t.id = c.template")
        _copy(owner, "procedures_work", _WORK, "t.dossier_id = c.template")
    owner.execute("vacuum (analyze) procedures_dossier")
    owner.execute("vacuum (analyze) procedures_work")


def _folded(names: list[str]) -> list[str]:
    return [text.fold(name) for name in names]


def _copy(
    owner: "psycopg.Connection[tuple[object, ...]]",
    table: LiteralString,
    changed: Mapping[str, LiteralString],
    joined: LiteralString,
) -> None:
    cursor = owner.execute(sql.SQL("select * from {} limit 0").format(sql.Identifier(table)))
    columns = [column.name for column in cursor.description or ()]
    values = [
        sql.SQL(changed[name]) if name in changed else sql.Identifier("t", name) for name in columns
    ]
    owner.execute(
        sql.SQL("insert into {} ({}) select {} from crowd_chosen c join {} t on {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(values),
            sql.Identifier(table),
            sql.SQL(joined),
        )
    )
