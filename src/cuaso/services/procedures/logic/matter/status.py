"""The ten national statuses of a dossier and how they are said."""

from enum import IntEnum


class Status(IntEnum):
    """Codes of the national public-service portal; names come from the dictionary."""

    SUBMITTED = 1
    RECEIVED = 2
    NOT_RECEIVED = 3
    IN_PROCESS = 4
    SUPPLEMENT_ASKED = 5
    PAYMENT_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    DELIVERED = 10


NAMES = {
    Status.SUBMITTED: "Mới đăng ký",
    Status.RECEIVED: "Được tiếp nhận",
    Status.NOT_RECEIVED: "Không được tiếp nhận",
    Status.IN_PROCESS: "Đang xử lý",
    Status.SUPPLEMENT_ASKED: "Yêu cầu bổ sung giấy tờ",
    Status.PAYMENT_ASKED: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.DONE: "Đã xử lý xong",
    Status.DELIVERED: "Đã trả kết quả",
}

PLAIN = {
    Status.SUBMITTED: "Hồ sơ đã đến cơ quan, đang chờ cán bộ một cửa kiểm tra.",
    Status.RECEIVED: "Hồ sơ đã được tiếp nhận. Bạn đã có giấy hẹn trả kết quả.",
    Status.NOT_RECEIVED: "Cơ quan không tiếp nhận hồ sơ. Lý do ghi ở dưới.",
    Status.IN_PROCESS: "Cơ quan đang giải quyết hồ sơ của bạn.",
    Status.SUPPLEMENT_ASKED: "Cơ quan cần bạn bổ sung. Danh sách đầy đủ ghi ở dưới.",
    Status.PAYMENT_ASKED: "Hồ sơ chờ bạn nộp phí, lệ phí.",
    Status.WITHDRAWN: "Bạn đã rút hồ sơ. Không cần làm gì thêm.",
    Status.STOPPED: "Cơ quan đã dừng xử lý hồ sơ. Lý do ghi ở dưới.",
    Status.DONE: "Kết quả đã ký và đóng dấu, đang chờ trả cho bạn.",
    Status.DELIVERED: "Kết quả đã trả. Bản điện tử có trong kho giấy tờ của bạn.",
}

# What a public look-up says instead, because reasons and lists are shown to the applicant only.
PUBLIC = {
    Status.NOT_RECEIVED: "Cơ quan không tiếp nhận hồ sơ. Người nộp đăng nhập để xem lý do.",
    Status.SUPPLEMENT_ASKED: "Cơ quan cần người nộp bổ sung. Đăng nhập để xem danh sách đầy đủ.",
    Status.WITHDRAWN: "Người nộp đã rút hồ sơ.",
    Status.STOPPED: "Cơ quan đã dừng xử lý hồ sơ. Người nộp đăng nhập để xem lý do.",
    Status.DELIVERED: "Kết quả đã trả cho người nộp.",
}

CLOSED = frozenset({Status.NOT_RECEIVED, Status.WITHDRAWN, Status.STOPPED, Status.DELIVERED})
