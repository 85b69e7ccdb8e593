"""A printed register keeps each word within its column."""

from cuaso.capabilities.registries.logic.printing.widths import widths

TITLES = ["Mã", "Tên khoản viện trợ", "Nhà tài trợ chính", "Ngày bắt đầu", "Ngày kết thúc"]
ROW = ["VT-121421", "Trồng rừng ngập mặn đầm Thị Nại", "Tổ chức Nước sạch Xanh"]
DAYS = ["27/10/2028", "03/02/2029"]


def test_a_clerk_prints_codes_and_days_that_do_not_run_into_the_next_column():
    found = widths(TITLES, [[*ROW, *DAYS]], landscape=False)
    assert round(sum(found)) == 94
    assert (found[0], found[3], found[4]) == (11.8, 12.0, 12.0)
    assert found[1] == found[2] * 1.4 or found[1] > found[2] > 20


def test_a_clerk_prints_a_register_without_records():
    found = widths(TITLES, [], landscape=True)
    assert round(sum(found)) == 146
    assert len(set(found)) == 1


def test_a_clerk_prints_more_long_words_than_the_page_has_room_for():
    found = widths(["Địa chỉ"] * 5, [["https://example.org/mot-trang"] * 5], landscape=False)
    assert found == [26.0] * 5
