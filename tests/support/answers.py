"""What invented people answer and hand in: plain data, read before any house is set up."""

QUY_NHON = "21583"
MOTHER = "052196000122"
FATHER = "052094000123"

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)

BIRTH = {
    "request.office": "21583",
    "requester.full_name": "Võ Thị Hạ Lam",
    "requester.personal_number": "052196000122",
    "requester.relationship": "mother",
    "requester.residence.commune": "21583",
    "requester.residence.street": "12 Nguyễn Huệ",
    "requester.phone": "0900000122",
    "child.full_name": "Trần Võ An Nhiên",
    "child.birth_date": "02/10/2026",
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

MARITAL = {
    "request.office": "21583",
    "request.purpose": "other",
    "request.purpose_text": "Bổ túc hồ sơ mua nhà ở",
    "request.copies": "1",
    "request.again": "no",
    "request.exemption": "none",
    "requester.full_name": "Võ Thị Hạ Lam",
    "requester.personal_number": "052196000122",
    "requester.relationship": "self",
    "requester.phone": "0900000122",
    "subject.full_name": "Võ Thị Hạ Lam",
    "subject.birth_date": "04/05/1996",
    "subject.sex": "female",
    "subject.ethnic_group": "01",
    "subject.nationality": "VN",
    "subject.personal_number": "052196000122",
    "subject.residence.commune": "21583",
    "subject.residence.street": "12 Nguyễn Huệ",
    "subject.status": "single",
    "pledge.agreed": "yes",
}

COPY = {
    "request.office": "21583",
    "requester.full_name": "Võ Thị Hạ Lam",
    "requester.personal_number": "052196000122",
    "requester.phone": "0900000122",
    "papers.0.kind": "degree",
    "papers.0.name": "Bằng tốt nghiệp đại học",
    "papers.0.issuer": "Trường Đại học Quy Nhơn",
    "papers.0.foreign": "no",
    "papers.0.pages": "5",
    "papers.0.copies": "2",
    "pledge.sound": "yes",
}
