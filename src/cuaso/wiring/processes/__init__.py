"""The literal table of the house's processes, in the order in which they start."""

import os

from cuaso.wiring.declared import Process

OUTSIDE = frozenset({"demo", "test"})
SIM_PIN = "2468"  # of every simulated SIM

PROCESSES = (
    Process(
        name="vneid",
        title="Giả lập VNeID",
        argv=(
            *("{python}", "-m", "cuaso_simulators.vneid", "--port", "{port}"),
            *("--folder", "{var}/simulators/vneid", "--secret-file", "{var}/keys/vneid.secret"),
            *("--people", "{packs}/province/data/people.csv", "--product", "{public_url}"),
        ),
        modes=OUTSIDE,
        port=11,
        health="/.well-known/openid-configuration",
        # The issuer's name is part of its tokens: localhost, not the number.
        tells={"CUASO_VNEID_URL": "http://localhost:{port}"},
    ),
    Process(
        name="population",
        title="Giả lập CSDL quốc gia về dân cư",
        argv=(
            *("{python}", "-m", "cuaso_simulators.population", "--port", "{port}"),
            *("--folder", "{var}/simulators/population"),
            *("--people", "{packs}/province/data/people.csv"),
        ),
        modes=OUTSIDE,
        port=12,
        health="/healthz",
        tells={
            "CUASO_POPULATION_URL": "http://127.0.0.1:{port}",
            "CUASO_BUSINESSES_URL": "http://127.0.0.1:{port}",
        },
        secrets=("CUASO_POPULATION_TOKEN",),
    ),
    Process(
        name="timestamp",
        title="Giả lập dịch vụ cấp dấu thời gian",
        argv=(
            *("{python}", "-m", "cuaso_simulators.timestamp", "--port", "{port}"),
            *("--folder", "{var}/simulators/timestamp"),
        ),
        modes=OUTSIDE,
        port=13,
        health="/healthz",
        tells={
            "CUASO_TSA_URL": "http://127.0.0.1:{port}",
            "CUASO_TRUST_FOLDER": (
                "{var}/simulators/timestamp/trust:{var}/simulators/cipher_authority/trust"
            ),
        },
    ),
    Process(
        name="cipher_authority",
        title="Giả lập cơ quan chứng thực số chuyên dùng công vụ",
        argv=(
            *("{python}", "-m", "cuaso_simulators.cipher_authority", "--port", "{port}"),
            *("--folder", "{var}/simulators/cipher_authority"),
        ),
        modes=OUTSIDE,
        port=10,
        health="/healthz",
        tells={"CUASO_CIPHER_URL": "http://127.0.0.1:{port}"},
    ),
    Process(
        name="remote_signing",
        title="Giả lập ký số từ xa trên điện thoại",
        argv=(
            *("{python}", "-m", "cuaso_simulators.remote_signing", "--port", "{port}"),
            *("--folder", "{var}/simulators/remote_signing"),
        ),
        modes=OUTSIDE,
        port=9,
        health="/healthz",
        tells={"CUASO_CSC_URL": "http://127.0.0.1:{port}"},
        secrets=("CUASO_CSC_TOKEN",),
    ),
    Process(
        name="mobile_signature",
        title="Giả lập ký số qua SIM",
        argv=(
            *("{python}", "-m", "cuaso_simulators.mobile_signature", "--port", "{port}"),
            *("--folder", "{var}/simulators/mobile_signature"),
        ),
        modes=OUTSIDE,
        port=8,
        health="/healthz",
        tells={"CUASO_MSS_URL": "http://127.0.0.1:{port}"},
        secrets=("CUASO_MSS_AP_PASSWORD",),
    ),
    Process(
        name="sms",
        title="Giả lập cổng tin nhắn và hộp thư",
        argv=(
            *("{python}", "-m", "cuaso_simulators.sms", "--port", "{port}"),
            *("--smtp-port", "{second_port}"),
            *("--callback", "{public_url}/api/v1/message-receipts"),
        ),
        modes=OUTSIDE,
        port=14,
        second_port=15,
        health="/healthz",
        tells={
            "CUASO_SMS_URL": "http://127.0.0.1:{port}",
            "CUASO_SMTP": "127.0.0.1:{second_port}",
        },
        secrets=("CUASO_SMS_SECRET", "CUASO_SMS_TOKEN"),
    ),
    Process(
        name="national_portal",
        title="Giả lập Cổng Dịch vụ công quốc gia",
        argv=(
            *("{python}", "-m", "cuaso_simulators.national_portal", "--port", "{port}"),
            *("--folder", "{var}/simulators/national_portal", "--province", "{public_url}"),
        ),
        modes=OUTSIDE,
        port=17,
        health="/healthz",
        tells={"CUASO_NATIONAL_URL": "http://127.0.0.1:{port}"},
        secrets=("CUASO_NATIONAL_SECRET",),
    ),
    Process(
        name="officials",
        title="Giả lập CSDL quốc gia về cán bộ, công chức, viên chức",
        argv=(
            *("{python}", "-m", "cuaso_simulators.officials", "--port", "{port}"),
            *("--folder", "{var}/simulators/officials"),
        ),
        modes=OUTSIDE,
        port=19,
        health="/healthz",
        tells={"CUASO_OFFICIALS_URL": "http://127.0.0.1:{port}"},
        secrets=("CUASO_OFFICIALS_SECRET",),
    ),
    Process(
        name="payments",
        title="Giả lập cổng thanh toán",
        argv=(
            *("{python}", "-m", "cuaso_simulators.payments", "--port", "{port}"),
            *("--folder", "{var}/simulators/payments"),
            *("--callback", "{public_url}/api/v1/payment-callbacks"),
        ),
        modes=OUTSIDE,
        port=16,
        health="/healthz",
        tells={"CUASO_PAYMENTS_URL": "http://127.0.0.1:{port}"},
        secrets=("CUASO_PAYMENTS_SECRET", "CUASO_PAYMENTS_TOKEN"),
    ),
    Process(
        name="web",
        title="Cổng dịch vụ và bàn làm việc",
        argv=(
            *("{python}", "-m", "granian", "--interface", "wsgi", "--host", "{host}"),
            *("--port", "{port}", "--workers", "{web_workers}", "--blocking-threads", "4"),
            *("--no-ws", "--workers-kill-timeout", "10", "--respawn-failed-workers"),
            "cuaso.wiring.wsgi:application",
        ),
        port=0,
        health="/healthz",
        public=True,
        # Where the web server's workers add up what they count, and how busy each one is.
        tells={
            "PROMETHEUS_MULTIPROC_DIR": "{var}/figures",
            "CUASO_WEB_SHARES": "{var}/web.shares",
        },
    ),
    Process(
        name="worker",
        title="Công việc nền",
        argv=("{python}", "-m", "cuaso.wiring.processes.worker"),
    ),
    Process(
        name="ldap",
        title="Danh bạ LDAP",
        argv=(
            *("{python}", "-m", "cuaso.wiring.processes.ldap"),
            *("--port", "{port}", "--tls-port", "{second_port}", "--folder", "{var}/ldap"),
        ),
        port=18,
        second_port=7,
        wanted_by="CUASO_LDAP",
    ),
)


def of_mode(mode: str) -> tuple[Process, ...]:
    """Return the processes that run in this mode."""
    return tuple(
        process
        for process in PROCESSES
        if mode in process.modes and (not process.wanted_by or os.environ.get(process.wanted_by))
    )
