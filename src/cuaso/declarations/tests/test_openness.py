"""A pack's author declares what everybody may read, and is refused where it is personal."""

import pytest

from cuaso.declarations.packs.openness_proof import openness_faults, reference_faults
from cuaso.declarations.registries import Registry

FIELDS = {
    "number": {"title": "Số", "type": "code"},
    "secret": {"title": "Mã", "type": "code"},
    "name": {"title": "Họ tên", "personal": "yes"},
    "owner": {"title": "Chủ", "type": "person"},
    "owner_number": {"title": "Số định danh", "type": "code", "number": "personal"},
    "sex": {"title": "Giới tính", "codes": "sex", "element": "person.sex"},
    "size": {"title": "Cỡ", "type": "integer"},
    "scan": {"title": "Bản quét", "type": "file"},
    "said": {"title": "Ghép", "is": "number + name", "as": "text"},
    "again": {"title": "Ghép nữa", "is": "said + number", "as": "text"},
    "twice": {"title": "Hai lần", "is": "size * 2", "as": "integer"},
    "crowd": {"title": "Số người", "is": "size(crew)", "as": "integer"},
    "until": {"title": "Hạn", "type": "date"},
    "state": {"title": "Tình trạng", "codes": "state"},
    "other": {"title": "Sổ khác", "to": "people"},
}
GROUPS = {"crew": {"title": "Người", "fields": {"who": {"title": "Ai", "personal": "yes"}}}}
VERIFY = {"by": ["number", "secret"], "shows": ["number"], "say": "Số in trên giấy, mã dưới QR."}


def registry(**changed):
    given = {
        "title": "Sổ thử",
        "owner": "so-thu",
        "legal": [{"source": "Luật thử nghiệm"}],
        "key": "number",
        "fields": FIELDS,
        "groups": GROUPS,
        "lists": {"default": {"columns": ["number"]}},
        "masks": {"secret": {"roles": ["handler"]}},
    }
    return Registry.model_validate(given | changed)


def whats(**changed):
    return [what for _place, what, _mend in openness_faults(registry(**changed))]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("name", "là dữ liệu cá nhân"),
        ("owner", "là dữ liệu cá nhân"),
        ("owner.birth_date", "là dữ liệu cá nhân"),
        ("owner_number", "là dữ liệu cá nhân"),
        ("sex", "là dữ liệu cá nhân"),
        ("secret", "được che với một số người đọc"),
        ("scan", "là tệp, không phải cột dữ liệu"),
        ("said", "là dữ liệu cá nhân"),
        ("again", "là dữ liệu cá nhân"),
        ("crowd", "là dữ liệu cá nhân"),
    ],
)
def test_an_author_opens_what_is_personal_masked_or_made_of_it_and_is_refused(path, why):
    sharing = {"default": "mở", "open": ["number", "size", "twice", "until", path]}
    assert whats(sharing=sharing) == [f"Ô “{path}” {why} nên không bao giờ là dữ liệu mở."]


def test_an_author_says_open_and_names_no_column():
    assert whats(sharing={"default": "mở"}) == ["Sổ mở mà không nêu cột nào được mở."]
    assert whats(sharing={"default": "tỉnh"}) == []


def test_an_author_opens_a_reference_whose_key_is_personal():
    people = registry(key="owner_number")
    one = registry(sharing={"default": "mở", "open": ["other"]})
    found = list(reference_faults(one, pack="thu", registries={"thu/people": people}))
    what = "Cột “other” nêu khóa của sổ “Sổ thử”, mà khóa ấy là dữ liệu cá nhân."
    assert [(place, said) for place, said, _ in found] == [(("sharing", "open", 0), what)]
    plain = {"thu/people": registry()}
    assert list(reference_faults(one, pack="thu", registries=plain)) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({}, ""),
        ({"by": ["name", "secret"]}, "Ô “name” chưa nhận ra đúng một bản ghi."),
        (
            {"by": ["number", "number"]},
            "Ô “number” là số ai cũng biết nên không giữ được việc dò tìm.",
        ),
        ({"shows": ["secret"]}, "Ô “secret” được giữ kín, người xác minh không được đọc."),
        ({"shows": ["scan"]}, "Ô “scan” là tệp, không đưa ra khi xác minh."),
        ({"stands": {"size": ["1"]}}, "Ô “size” không phải ô chọn."),
        ({"until": "size"}, "Ô “size” không phải một ngày."),
    ],
)  # fmt: skip
def test_an_author_lets_records_be_verified_and_is_told_what_would_let_them_be_guessed(
    changed, what
):
    assert next(iter(whats(verify=VERIFY | changed)), "") == what


def test_an_author_shows_the_secret_in_a_list():
    shown = {"default": {"columns": ["number", "secret"]}}
    assert whats(verify=VERIFY, lists=shown) == ["Mã bí mật “secret” đứng trong một danh sách."]


def test_an_author_names_somebody_by_what_is_no_number():
    rights = [{"may": ["view"], "of": "bản thân", "person": "name", "say": "Chủ xem của mình."}]
    (what,) = whats(rights=rights)
    assert what == "Ô “name” không chỉ một người hay một tổ chức bằng số của họ."
    rights[0]["person"] = "owner"
    assert whats(rights=rights) == []
