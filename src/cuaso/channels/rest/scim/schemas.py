"""What SCIM knows of a person and of a unit here: RFC 7643, as far as the house holds it.

A password is not among it: a system never learns or sets one.
"""

from typing import Annotated, Any, Final, Union

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    EnterpriseUser,
    ETag,
    Extension,
    External,
    Filter,
    Mutability,
    Pagination,
    Patch,
    Reference,
    Required,
    Resource,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models import Email as AnyEmail
from scim2_models import PhoneNumber as AnyPhoneNumber

MOST_RESULTS: Final = 500
MOST_OPERATIONS: Final = 100
MOST_BYTES: Final = 1_048_576
CURSOR_SECONDS: Final = 3600


class Name(ComplexAttribute):
    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None
    middle_name: str | None = None


class Membership(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    ref: Annotated[Reference["Group"] | None, Mutability.read_only] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    display: Annotated[str | None, Mutability.read_only] = None
    type: Annotated[str | None, Mutability.read_only] = Field(None, examples=["direct"])


class HeldPost(ComplexAttribute):
    """`value` is the post's id, `display` its title, `type` the agency's code."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    display: Annotated[str | None, Mutability.read_only] = None
    type: Annotated[str | None, Mutability.read_only] = None


class Picture(ComplexAttribute):
    """`value` is where the same token gets the JPEG."""

    value: Annotated[Reference[External] | None, Mutability.read_only, CaseExact.true] = None
    type: Annotated[str | None, Mutability.read_only] = Field(None, examples=["photo"])
    primary: Annotated[bool | None, Mutability.read_only] = None


class User(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    title: str | None = None
    active: bool | None = None
    emails: list[AnyEmail] | None = None
    phone_numbers: list[AnyPhoneNumber] | None = None
    photos: Annotated[list[Picture] | None, Mutability.read_only] = None
    """The photograph, where its owner consented."""
    groups: Annotated[list[Membership] | None, Mutability.read_only] = None
    roles: Annotated[list[HeldPost] | None, Mutability.read_only] = None
    """The posts that a person holds today, as decisions gave them."""


class Enterprise(Extension):
    __schema__ = URN(str(EnterpriseUser.__schema__))

    employee_number: str | None = None
    organization: Annotated[str | None, Mutability.read_only] = None
    department: Annotated[str | None, Mutability.read_only] = None


class Member(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference[Union["User", "Group"]] | None, Mutability.immutable] = Field(
        None, serialization_alias="$ref", validation_alias="$ref"
    )
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User", "Group"])


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None


class Organisation(Extension):
    """What an agency or unit is called for short, and the agency's code."""

    __schema__ = URN("urn:cuaso:params:scim:schemas:extension:organisation:2.0:Group")

    short_name: str | None = None
    code: Annotated[str | None, Mutability.read_only] = None


USER: Final = User[Enterprise]  # type: ignore[misc] # generic by its parent alone
GROUP: Final = Group[Organisation]  # type: ignore[misc] # as above

CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=True, max_operations=MOST_OPERATIONS, max_payload_size=MOST_BYTES),
    filter=Filter(supported=True, max_results=MOST_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=True),
    pagination=Pagination(
        cursor=True,
        index=True,
        default_pagination_method=Pagination.DefaultPaginationMethod.index,
        default_page_size=100,
        max_page_size=MOST_RESULTS,
        cursor_timeout=CURSOR_SECONDS,
    ),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer",
            description="Mã truy cập mà quản trị viên của tỉnh cấp cho hệ thống.",
            primary=True,
        )
    ],
)

PROVIDER: Final = ScimProvider(
    models=[User, Enterprise, Group, Organisation],
    resource_types=[ResourceType.from_resource(USER), ResourceType.from_resource(GROUP)],
    config=CONFIG,
    # Entra ID changes the mobile number of a person who has none yet.
    policy=ScimPolicy(unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create),
)
