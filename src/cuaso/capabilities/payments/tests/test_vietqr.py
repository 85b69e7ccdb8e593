import pytest

from cuaso.capabilities.payments.logic import vietqr
from cuaso.kernel.errors import Invalid


def test_the_checksum_is_that_of_the_standard_check_word():
    assert vietqr.crc("123456789") == "29B1"


def test_the_code_is_that_of_napas_example_of_a_transfer_to_an_account():
    told = vietqr.encode(
        bank_bin="970403",
        account="0011012345678",
        amount_vnd=180_000,
        purpose="thanh toan don hang",
        bill="NPS6869",
    )
    assert told == (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA"
        "530370454061800005802VN62340107NPS68690819thanh toan don hang63042E2E"
    )


def test_the_code_without_a_bill_number_has_only_the_purpose():
    told = vietqr.encode(
        bank_bin="970415", account="0011001932418", amount_vnd=120_000, purpose="ủng hộ lũ lụt"
    )
    assert told == (
        "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA"
        "530370454061200005802VN62170813ung ho lu lut6304C15C"
    )


def test_a_purpose_is_written_plainly_and_cut_to_what_banks_take():
    assert vietqr.plain("Lệ phí: hồ sơ H21.35/2026 của bà Võ Thị Hạ Lam") == (
        "le phi ho so h21 35 2026"
    )
    assert vietqr.plain("PHI7K2MNPQRST34") == "PHI7K2MNPQRST34"


@pytest.mark.parametrize(
    ("bank_bin", "account", "amount_vnd"),
    [("97040", "001", 1), ("97040x", "001", 1), ("970403", "", 1), ("970403", "0" * 20, 1),
     ("970403", "00 1", 1), ("970403", "001", 0), ("970403", "001", -5)],
)  # fmt: skip
def test_what_no_bank_reads_is_refused(bank_bin, account, amount_vnd):
    with pytest.raises(Invalid) as refused:
        vietqr.encode(bank_bin=bank_bin, account=account, amount_vnd=amount_vnd, purpose="PHI")
    assert refused.value.code == "payments.vietqr_unfit"
