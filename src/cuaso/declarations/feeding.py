"""What the house takes from a registry that is its source: organisations, posts and accounts,
decisions that act on their day, what a national database is told, where places lie.

Names are fields of the registry; the directory follows every change of them within seconds, maps
by commune at once.
"""

from typing import Literal

from pydantic import Field as Key

from cuaso.declarations.shape import Declaration, FieldPath, Name, Names

Optional = Name | Literal[""]


class OrganisationsFrom(Declaration):
    """The registry of organisations. `inside` are the kinds that are sections within an agency."""

    code: Name
    name: Name
    short_name: Optional = ""
    kind: Name
    inside: Names = ()
    parent: Name = Key(description="Ô tham chiếu đến cơ quan cấp trên trong chính sổ này.")
    place: Optional = ""
    since: Name
    until: Name
    heir: Optional = Key(default="", description="Ô tham chiếu đến tổ chức kế thừa.")


class PostsFrom(Declaration):
    """The registry of officials. Whoever stands in one of `working` has an account and, from the
    day `since`, a post with the title of `post`, from which the roles follow; others have none, nor
    has who has no such day yet. `until` is the last day of who left.
    """

    person: Name
    organisation: Name
    post: Name
    since: Name = Key(
        description="Ô ghi ngày bắt đầu làm việc tại đơn vị; bỏ trống là chưa nhận việc."
    )
    until: Optional = Key(default="", description="Ô ghi ngày cuối cùng của người đã thôi việc.")
    email: Optional = Key(default="", description="Ô thư công vụ; tên đăng nhập lấy theo thư này.")
    working: dict[FieldPath, Names] = Key(min_length=1)
    roles: dict[Literal["leader", "handler", "clerk", "reception"], Names] = Key(min_length=1)


class DecisionsFrom(Declaration):
    """The registry of decisions on officials. The house takes the step `move` of a decision by
    itself when it stands in one of `issued` and its day `effective` has come.
    """

    official: Name = Key(description="Ô tham chiếu đến hồ sơ của người trong sổ cán bộ.")
    act: Name
    number: Name
    effective: Name
    issued: dict[FieldPath, Names] = Key(min_length=1)
    move: Name


class NationalFrom(Declaration):
    """What a national database is told of each record, and is compared with."""

    fields: Names = Key(min_length=1)


class PlacesFrom(Declaration):
    """The registry of administrative units: where each lies, for maps of what names a commune.

    A unit lies within its `boundary`, and while that is not drawn at its `position`.
    """

    place: Name
    boundary: Optional = ""
    position: Name


class Feeds(Declaration):
    """Which part of the house is taken from the registry."""

    organisations: OrganisationsFrom | None = None
    posts: PostsFrom | None = None
    places: PlacesFrom | None = None
    decisions: DecisionsFrom | None = None
    national: NationalFrom | None = None
