"""The literal table of verbs."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One verb. Its module has `arguments(parser)` and `run(given) -> int` (the exit code).

    needs: "nothing"; "database" (DATABASE_URL is filled in and the private cluster runs);
    "apps" (Django is up before the module is imported, no database); "django" (both).
    """

    module: str
    vietnamese: str
    english: str
    needs: str = "nothing"
    hidden: bool = False


VERBS = {
    "up": Verb(
        module="up",
        vietnamese="dựng và chạy cả ngôi nhà: cơ sở dữ liệu, gói khai báo, mọi tiến trình",
        english="start everything on this machine",
    ),
    "test": Verb(
        module="tests",
        vietnamese="chạy mọi phép thử, phép thử chậm nhất in ở cuối",
        english="run every check and test",
    ),
    "bench": Verb(
        module="bench",
        vietnamese="đo tốc độ, in kết quả JSON",
        english="measure, print JSON",
    ),
    "soak": Verb(
        module="soak",
        vietnamese="thử ngẫu nhiên kéo dài",
        english="long fuzzing",
    ),
    "doctor": Verb(
        module="doctor",
        vietnamese="khám hệ thống: nói điều gì sai và cách sửa",
        english="tell an administrator what is wrong",
        needs="django",
    ),
    "backup": Verb(
        module="backup",
        vietnamese="sao lưu cơ sở dữ liệu, tệp và khóa, có mã hóa",
        english="encrypted backup of database, files and keys",
        needs="django",
    ),
    "restore": Verb(
        module="restore",
        vietnamese="khôi phục bản sao lưu vào nơi trống và chứng minh sổ cái nguyên vẹn",
        english="restore into an empty place and prove the ledger",
        needs="django",
    ),
    "packs": Verb(
        module="packs",
        vietnamese="packs check|document|xlsform: kiểm tra gói, kể bằng lời, lập từ khảo sát",
        english="check the declared packs, tell them in words, draft one from a survey",
        needs="apps",
    ),
    "procedures": Verb(
        module="procedures",
        vietnamese="procedures import TỆP: nhập danh mục thủ tục của Cổng quốc gia",
        english="bring the national catalogue of procedures in",
        needs="django",
    ),
    "registries": Verb(
        module="registries",
        vietnamese="registries sample|import|export: điền mẫu, nhập, xuất, ghi sổ về gói",
        english="invented records, sheets in and out, a registry back into its pack",
        needs="django",
    ),
    "directory": Verb(
        module="directory",
        vietnamese="directory open|follow|standing|ldap-rebuild…: hệ thống khác dùng danh bạ",
        english="systems that read and keep the directory by SCIM, and LDAP",
        needs="django",
    ),
    "audit": Verb(
        module="audit",
        vietnamese="audit verify: kiểm chứng toàn bộ sổ cái",
        english="verify the whole ledger",
        needs="django",
    ),
    "migrate": Verb(
        module="migrate",
        vietnamese="đưa cấu trúc cơ sở dữ liệu lên phiên bản này",
        english="bring the database up to this version",
        needs="database",
    ),
    "install": Verb(
        module="install",
        vietnamese="cài gói khai báo và dữ liệu trình diễn đã thay đổi",
        english="install packs and demonstration data that changed",
        needs="django",
    ),
}
