from cuaso.foundation.dictionary import api as dictionary
from cuaso.foundation.dictionary.contracts import Code
from cuaso.services.procedures.logic.matter.status import CLOSED, NAMES, PLAIN, PUBLIC, Status


def test_the_ten_statuses_are_those_of_the_national_list(working_morning, db):
    listed: tuple[Code, ...] = dictionary.codes("dossier_status")
    assert {code.code: code.label for code in listed} == {
        str(int(status)): name for status, name in NAMES.items()
    }


def test_every_status_is_said_in_a_full_sentence():
    assert set(PLAIN) == set(Status)
    assert all(sentence.endswith(".") for sentence in (*PLAIN.values(), *PUBLIC.values()))


def test_a_public_sentence_never_points_to_what_only_the_applicant_sees():
    for status in Status:
        assert "ở dưới" not in PUBLIC.get(status, PLAIN[status])
    assert Status.DELIVERED in CLOSED
