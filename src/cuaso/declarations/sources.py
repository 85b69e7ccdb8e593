"""Where a form may be filled from before a person types: the names that `from:` takes."""

from collections.abc import Mapping
from typing import Final

SOURCES: Final[Mapping[str, str]] = {
    "population.full_name": "Họ tên trong CSDL quốc gia về dân cư",
    "population.personal_number": "Số định danh trong CSDL quốc gia về dân cư",
    "population.birth_date": "Ngày sinh trong CSDL quốc gia về dân cư",
    "population.sex": "Giới tính trong CSDL quốc gia về dân cư",
    "population.ethnic_group": "Dân tộc trong CSDL quốc gia về dân cư",
    "population.nationality": "Quốc tịch trong CSDL quốc gia về dân cư",
    "population.birth_place": "Nơi sinh trong CSDL quốc gia về dân cư",
    "population.home_town": "Quê quán trong CSDL quốc gia về dân cư",
    "population.residence": "Nơi cư trú trong CSDL quốc gia về dân cư",
    "population.residence_commune": "Xã, phường cư trú trong CSDL quốc gia về dân cư",
    "population.marital_status": "Tình trạng hôn nhân trong CSDL quốc gia về dân cư",
    "account.full_name": "Họ tên của tài khoản",
    "account.personal_number": "Số định danh của tài khoản",
    "account.phone": "Số điện thoại của tài khoản",
    "account.email": "Thư điện tử của tài khoản",
}
