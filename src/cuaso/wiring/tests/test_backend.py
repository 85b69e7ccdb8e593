"""Moments come from PostgreSQL aware and in UTC, whichever cursor reads them."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection

from cuaso.foundation.audit import api as audit

pytestmark = pytest.mark.django_db
SAID = "select '2026-11-18 09:05:00+07'::timestamptz, '1944-03-15 00:00:00+00'::timestamptz"
READ = (datetime(2026, 11, 18, 2, 5, tzinfo=UTC), datetime(1944, 3, 15, tzinfo=UTC))


def test_every_cursor_reads_moments_aware_and_in_utc():
    assert settings.DATABASES["default"]["ENGINE"] == "cuaso.wiring.postgres.backend"
    for cursor in (connection.cursor(), audit.planned(), connection.chunked_cursor()):
        with cursor:
            cursor.execute(SAID)
            found = cursor.fetchone()
        assert found == READ
        assert [moment.tzinfo for moment in found] == [UTC, UTC]
