"""An invented dossier that a mother submits at the portal: the registration of a birth."""

from datetime import timedelta

from cuaso.kernel import clock

PROCEDURE = "1.001193"
APPLICANT = {
    "personal_number": "052196000122",
    "name": "Võ Thị Hạ Lam",
    "birth_date": "1996-05-04",
    "sex": "female",
    "phone": "0900000122",
}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


def values() -> dict[str, str]:
    """Return what the mother answered, of a child that was born ten days ago."""
    born = clock.today() - timedelta(days=10)
    return {
        "request.office": "21583",
        "requester.full_name": "Võ Thị Hạ Lam",
        "requester.personal_number": "052196000122",
        "requester.relationship": "mother",
        "requester.residence.commune": "21583",
        "requester.residence.street": "12 Nguyễn Huệ",
        "requester.phone": "0900000122",
        "child.full_name": "Trần Võ An Nhiên",
        "child.birth_date": f"{born:%d/%m/%Y}",
        "child.sex": "female",
        "child.ethnic_group": "01",
        "child.nationality": "VN",
        "child.birth_place": "Bệnh viện Minh Hoạ, phường Quy Nhơn",
        "child.home_town": "phường Quy Nhơn, tỉnh Gia Lai",
        "child.proof": "notice",
        "child.surrogacy": "no",
        "parents.known": "both",
        "parents.married": "yes",
        "parents.marriage_number": "45/2024",
        "parents.marriage_date": "12/03/2024",
        "parents.marriage_agency": "UBND phường Quy Nhơn",
        "mother.full_name": "Võ Thị Hạ Lam",
        "mother.birth_date": "14/05/1996",
        "mother.personal_number": "052196000122",
        "mother.ethnic_group": "01",
        "mother.nationality": "VN",
        "mother.residence.commune": "21583",
        "mother.residence.street": "12 Nguyễn Huệ",
        "father.full_name": "Trần Văn Mẫu",
        "father.birth_date": "09/09/1994",
        "father.personal_number": "052094000123",
        "father.ethnic_group": "01",
        "father.nationality": "VN",
        "father.residence.commune": "21583",
        "father.residence.street": "12 Nguyễn Huệ",
        "pledge.agreed": "yes",
    }
