from cuaso.services.procedures import api as procedures


def test_a_citizen_finds_birth_registration_without_diacritics(working_morning, db):
    found = procedures.search(text="lam giay khai sinh cho con")
    assert found[0].code == "1.001193"
    assert found[0].title == "Thủ tục đăng ký khai sinh"
