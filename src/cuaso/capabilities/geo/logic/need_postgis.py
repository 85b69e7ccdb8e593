"""Whether the database can work with geometry by itself."""

from django.db import connection

from cuaso.kernel.errors import Unavailable


def has_postgis() -> bool:
    """Say whether PostGIS stands in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')")
        row = cursor.fetchone()
    return bool(row and row[0])


def need_postgis() -> None:
    """Raise Unavailable, in words for who runs the house, where PostGIS is missing."""
    if not has_postgis():
        raise Unavailable(
            code="geo.no_postgis",
            what="Chưa tìm được theo vùng trên bản đồ.",
            why="Cơ sở dữ liệu chưa có PostGIS.",
            mend="Người vận hành hãy cài gói postgis của PostgreSQL rồi chạy lại “cuaso up”;"
            " các việc khác vẫn chạy bình thường.",
        )
