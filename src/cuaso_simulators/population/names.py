"""Words from which invented names and addresses are made."""

FAMILIES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Phan", "Trương", "Đinh", "Đoàn", "Mai", "Tô", "Châu",
)  # fmt: skip
MALE_MIDDLES = ("Văn", "Quốc", "Minh", "Đức", "Hữu", "Thanh", "Công", "Xuân", "Gia", "Trọng")
FEMALE_MIDDLES = ("Thị", "Ngọc", "Thị Thu", "Thị Mỹ", "Thanh", "Bích", "Kim", "Thị Hồng", "Diệu")
MALE_NAMES = (
    "An", "Bảo", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hùng", "Khoa", "Lâm", "Long", "Nam",
    "Nghĩa", "Phúc", "Quân", "Sơn", "Tài", "Thịnh", "Toàn", "Trí", "Tuấn", "Vinh", "Vũ", "Ý",
)  # fmt: skip
FEMALE_NAMES = (
    "Ánh", "Châu", "Dung", "Giang", "Hà", "Hạnh", "Hiền", "Hoa", "Hương", "Lan", "Linh", "Ly",
    "Mai", "My", "Nga", "Ngân", "Nhung", "Oanh", "Phượng", "Quyên", "Thảo", "Trang", "Tuyết", "Yến",
)  # fmt: skip
VILLAGES = (
    "thôn An Lộc", "thôn Bình An", "thôn Cẩm Văn", "thôn Đại Hòa", "thôn Hưng Thịnh",
    "thôn Kim Tây", "tổ dân phố 3", "tổ dân phố 7", "thôn Phú Mỹ", "thôn Vĩnh Hòa",
)  # fmt: skip
