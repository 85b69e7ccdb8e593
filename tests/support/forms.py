"""Data of the one-stop desk's papers as long as life makes it, for templates without a dossier."""

from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "packs" / "one-stop" / "templates"
BUSINESS = (
    "Công ty trách nhiệm hữu hạn một thành viên Đầu tư xây dựng, thương mại, dịch vụ và xuất nhập "
    "khẩu nông sản Huyền Trân – Chi nhánh Quy Nhơn"
)
ADDRESS = (
    "Số 1234/56/78 hẻm 9 đường Minh Hoạ nối dài, tổ dân phố số 15, khu phố Trần Quang Diệu, "
    "phường Quy Nhơn Đông, tỉnh Gia Lai (trước đây: phường Nhơn Bình, thành phố Quy Nhơn)"
)
TITLE = (
    "Thủ tục đăng ký biến động quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất trong các "
    "trường hợp chuyển đổi, chuyển nhượng, cho thuê, cho thuê lại, thừa kế, tặng cho, góp vốn"
)
PAPER = (
    "Bản gốc Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với "
    "đất đã cấp, hoặc bản sao kèm bản chính để đối chiếu"
)
REASON = "Bản chụp bị mờ ở trang 2 và trang 3, không đọc được số thửa, số tờ bản đồ của thửa đất. "
OFFICER = "Nguyễn Phan Trần Thị Huyền Trân"
TOGETHER = ["Trần Văn Đức", "Nguyễn Thị Ánh Nguyệt", "Lê Hoàng Phương Thảo", "Phạm Bảo Châu"]
MOMENT = "2025-07-01T14:59+07:00"
DUE = "2025-07-21T17:00+07:00"

CENTRE = {
    "name": "Trung tâm Phục vụ hành chính công phường Quy Nhơn Đông",
    "full_name": "Trung tâm Phục vụ hành chính công phường Quy Nhơn Đông, tỉnh Gia Lai",
    "parent": "Ủy ban nhân dân phường Quy Nhơn Đông",
    "short_name": "",
    "seal_name": "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG QUY NHƠN ĐÔNG",
    "kind": "centre",
    "place": "Quy Nhơn Đông",
}
COMMITTEE = {
    **CENTRE,
    "name": "Ủy ban nhân dân phường Quy Nhơn Đông",
    "full_name": "Ủy ban nhân dân phường Quy Nhơn Đông, tỉnh Gia Lai",
    "parent": "Ủy ban nhân dân tỉnh Gia Lai",
    "seal_name": "ỦY BAN NHÂN DÂN PHƯỜNG QUY NHƠN ĐÔNG – TỈNH GIA LAI",
    "kind": "committee",
}


def papers(count: int) -> list[dict[str, object]]:
    return [{"title": f"{PAPER}, tờ {number}", "said": "bản điện tử"} for number in range(count)]


def steps(count: int) -> list[dict[str, str]]:
    moments = dict.fromkeys(("since_at", "done_at", "due_at"), MOMENT)
    words = {
        "title": "Thẩm định hồ sơ, lấy ý kiến cơ quan phối hợp",
        "place": "Văn phòng Đăng ký đất đai – Chi nhánh khu vực Quy Nhơn",
        "who": OFFICER,
        "result": "Trước hạn",
        "note": "Trình dự thảo kết quả",
    }
    return [{**words, **moments} for _number in range(count)]


def rows(count: int) -> list[dict[str, str]]:
    return [
        {
            "code": f"H21.135.08-250701-{number:04d}",
            "procedure": TITLE,
            "sets": "01",
            "name": BUSINESS,
            "contact": ADDRESS,
            "agency": COMMITTEE["name"],
            "received_at": MOMENT,
            "due_at": DUE,
            "returned_at": MOMENT,
            "handover": "Kho giấy tờ điện tử",
            "note": f"Đúng hạn, dòng {number}.",
        }
        for number in range(count)
    ]


def long_data(**changed: object) -> dict[str, object]:
    """Return what any of the desk's templates asks for, with some of it changed."""
    return {
        "law": {},
        "made_on": MOMENT[:10],
        "made_at": MOMENT,
        "officer": OFFICER,
        "receiver": CENTRE["name"],
        "procedure": {"code": "1.012783", "title": TITLE},
        "dossier": {
            "code": "H21.135.08-250701-10234",
            "tracking_code": "ABCD-EFGH-JKLM",
            "received_at": MOMENT,
        },
        "agency": COMMITTEE,
        "received_agency": CENTRE,
        "applicant": {
            "name": "Võ Thị Hạ Lam",
            "party": BUSINESS,
            "together": TOGETHER,
            "phone": "0900000122",
            "address": ADDRESS,
        },
        "papers": papers(25),
        "items": [f"{PAPER}, tờ {number}" for number in range(25)],
        "due_at": DUE,
        "original_due_at": MOMENT,
        "new_due_at": DUE,
        "stopped_at": MOMENT,
        "late": True,
        "due_steps": ["Thời hạn giải quyết 14 ngày làm việc.", "Hạn hoàn thành là 21/7/2025."],
        "reason": REASON * 5,
        "case": "Phải niêm yết công khai",
        "limit": "20 ngày làm việc",
        "source": "Nghị định 101/2024/NĐ-CP",
        "ground": "Người nộp không bổ sung hồ sơ",
        "track_url": "https://dichvucong.gialai.example/tra-cuu/?ma=ABCD-EFGH-JKLM",
        "signer": {"authority": "TM. ỦY BAN NHÂN DÂN", "title": "Chủ tịch", "name": OFFICER},
        "steps": steps(25),
        "partners": ["Sở Xây dựng", "Chi cục Thuế khu vực"],
        "outcome": "Trước hạn",
        "since": "2025-07-01",
        "until": "2025-07-31",
        "rows": rows(25),
        "collector": CENTRE,
        "receipt": {
            "number": "0000001/2025",
            "payer": BUSINESS,
            "lines": [
                {
                    "title": f"Phí thẩm định hồ sơ, dòng {number}",
                    "kind": "phí",
                    "amount": "1.250.000 đồng",
                    "source": "Nghị quyết 12/2021/NQ-HĐND của Hội đồng nhân dân tỉnh",
                }
                for number in range(12)
            ],
            "amount": "15.000.000 đồng",
            "words": "Mười lăm triệu đồng",
            "method": "Tiền mặt tại quầy",
            "cashier": OFFICER,
            "refunded": "4.000 đồng",
            "verify_code": "ABCD-EFGH-JKLM",
            "verify_at": "https://dichvucong.gialai.example/xac-minh/",
        },
        **changed,
    }
