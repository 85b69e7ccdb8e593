"""The one literal table that joins engines: which apps there are and who hears which event.

Functions stand here by their dotted names: Django must not be up to read the table.
"""

from cuaso.wiring.declared import InstallStep, Loop

APPS = [
    "cuaso.foundation.audit.apps.AuditConfig",
    "cuaso.foundation.files.apps.FilesConfig",
    "cuaso.foundation.dictionary.apps.DictionaryConfig",
    "cuaso.foundation.directory.apps.DirectoryConfig",
    "cuaso.foundation.identity.apps.IdentityConfig",
    "cuaso.foundation.access.apps.AccessConfig",
    "cuaso.capabilities.workflow.apps.WorkflowConfig",
    "cuaso.capabilities.signing.apps.SigningConfig",
    "cuaso.capabilities.certificates.apps.CertificatesConfig",
    "cuaso.capabilities.messages.apps.MessagesConfig",
    "cuaso.capabilities.reports.apps.ReportsConfig",
    "cuaso.capabilities.payments.apps.PaymentsConfig",
    "cuaso.capabilities.geo.apps.GeoConfig",
    "cuaso.capabilities.exchange.apps.ExchangeConfig",
    "cuaso.capabilities.provisioning.apps.ProvisioningConfig",
    "cuaso.capabilities.registries.apps.RegistriesConfig",
    "cuaso.services.locker.apps.LockerConfig",
    "cuaso.services.catalogue.apps.CatalogueConfig",
    "cuaso.services.procedures.apps.ProceduresConfig",
    "cuaso.services.feedback.apps.FeedbackConfig",
    "cuaso.services.worklists.apps.WorklistsConfig",
    "cuaso.services.planning.apps.PlanningConfig",
    "cuaso.services.national_portal.apps.NationalPortalConfig",
    "cuaso.services.personnel.apps.PersonnelConfig",
    "cuaso.services.accounts.apps.AccountsConfig",
    "cuaso.oversight.operations.apps.OperationsConfig",
    "cuaso.channels.design.apps.DesignConfig",
    "cuaso.channels.portal.apps.PortalConfig",
    "cuaso.channels.desk.apps.DeskConfig",
    "cuaso.channels.rest.apps.RestConfig",
    "cuaso.channels.certificates.apps.CertificatePagesConfig",
]

# Topic of an event -> the functions of one argument (the event) that hear it.
SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    "workflow.service_wanted": ("cuaso.services.procedures.jobs.on_service_wanted",),
    "workflow.timer_fired": (
        "cuaso.services.procedures.jobs.on_flow_moved",
        "cuaso.capabilities.registries.jobs.on_flow_moved",
    ),
    **{
        f"signing.consent_{end}": ("cuaso.services.procedures.jobs.on_consent_over",)
        for end in ("signed", "refused", "late", "failed")
    },
    "directory.number_known": ("cuaso.services.procedures.jobs.on_person_known",),
    "procedures.issued": ("cuaso.services.procedures.jobs.on_result_issued",),
    "procedures.result_corrected": ("cuaso.services.procedures.jobs.on_result_issued",),
    "procedures.result_revoked": ("cuaso.services.procedures.jobs.on_result_revoked",),
    "procedures.moved": ("cuaso.services.national_portal.jobs.on_dossier_moved",),
    "exchange.personal_number_given": ("cuaso.services.procedures.jobs.on_personal_number_given",),
    "exchange.personal_number_refused": (
        "cuaso.services.procedures.jobs.on_personal_number_refused",
    ),
    "payments.obliged": ("cuaso.services.national_portal.jobs.on_obliged",),
    "payments.refund_asked": ("cuaso.services.national_portal.jobs.on_refund_asked",),
    **{
        f"payments.{change}": ("cuaso.services.procedures.jobs.on_money_moved",)
        for change in ("paid", "refunded", "waived", "cancelled")
    },
    **{
        f"procedures.{act}": ("cuaso.services.procedures.jobs.on_dossier_ended",)
        for act in ("withdrawn", "refused", "stopped")
    },
    "identity.account_made": ("cuaso.services.accounts.jobs.on_account_made",),
    "identity.device_new": ("cuaso.services.accounts.jobs.on_device_new",),
    "identity.factor_changed": ("cuaso.services.accounts.jobs.on_factor_changed",),
    "identity.recovery": ("cuaso.services.accounts.jobs.on_recovery",),
    "identity.certificate_ending": ("cuaso.services.accounts.jobs.on_person_certificate_ending",),
    "identity.known_certificate_ending": (
        "cuaso.services.accounts.jobs.on_known_certificate_ending",
    ),
    "certificates.ending": ("cuaso.services.accounts.jobs.on_system_certificate_ending",),
    "access.glass_broken": ("cuaso.services.accounts.jobs.on_glass_broken",),
    "identity.impersonated": ("cuaso.services.accounts.jobs.on_impersonated",),
    "procedures.delivered": ("cuaso.services.feedback.jobs.on_delivered",),
    "registries.source_changed": (
        "cuaso.capabilities.registries.jobs.on_changed",
        "cuaso.services.personnel.jobs.on_registry_changed",
    ),
    "registries.paper_filed": ("cuaso.services.locker.jobs.on_record_paper_filed",),
    **{
        f"registries.paper_{end}": ("cuaso.services.locker.jobs.on_record_paper_ended",)
        for end in ("replaced", "revoked")
    },
}

# What the worker repeats.
LOOPS = (
    Loop(
        name="deliver_events",
        call="cuaso.wiring.processes.events.deliver",
        every_seconds=5,
        wakes_on="cuaso_events",
        gathers_seconds=0.05,
    ),
    Loop(name="sequence_ledger", call="cuaso.foundation.audit.api.sequence", every_seconds=0.5),
    Loop(name="run_due_tasks", call="cuaso.capabilities.workflow.api.run_due", every_seconds=2),
    Loop(name="send_messages", call="cuaso.capabilities.messages.api.deliver_due", every_seconds=2),
    Loop(name="ask_population", call="cuaso.capabilities.exchange.api.retry_due", every_seconds=1),
    Loop(
        name="tell_national_portal",
        call="cuaso.services.national_portal.jobs.send_due",
        every_seconds=2,
    ),
    Loop(
        name="refund_at_national_portal",
        call="cuaso.services.national_portal.jobs.send_refunds_due",
        every_seconds=5,
    ),
    Loop(
        name="reconcile_national_portal",
        call="cuaso.services.national_portal.jobs.reconcile_due",
        every_seconds=300,
    ),
    Loop(
        name="ask_national_portal_again",
        call="cuaso.services.national_portal.jobs.ask_missing_due",
        every_seconds=30,
    ),
    Loop(
        name="act_on_decisions",
        call="cuaso.services.personnel.jobs.act_due",
        every_seconds=2,
    ),
    Loop(
        name="retry_personnel",
        call="cuaso.services.personnel.jobs.retry_due",
        every_seconds=60,
    ),
    Loop(
        name="tell_of_officials",
        call="cuaso.services.personnel.jobs.send_due",
        every_seconds=2,
    ),
    Loop(
        name="reconcile_officials",
        call="cuaso.services.personnel.jobs.reconcile_due",
        every_seconds=300,
    ),
    Loop(
        name="end_rights_for_a_time",
        call="cuaso.foundation.access.jobs.end_due",
        every_seconds=60,
    ),
    Loop(name="ask_gateway", call="cuaso.capabilities.payments.api.retry_due", every_seconds=5),
    Loop(
        name="archive_signed",
        call="cuaso.capabilities.signing.jobs.archive_due",
        every_seconds=20,
    ),
    Loop(
        name="collect_consents",
        call="cuaso.capabilities.signing.jobs.collect_consents",
        every_seconds=2,
    ),
    Loop(
        name="take_up_phone_keys",
        call="cuaso.wiring.demonstration.phones.take_up_phone_keys",
        every_seconds=10,
    ),
    Loop(
        name="refresh_revocations",
        call="cuaso.capabilities.signing.jobs.refresh_revocations",
        every_seconds=300,
    ),
    Loop(name="mend_signing", call="cuaso.services.procedures.jobs.mend", every_seconds=30),
    Loop(
        name="apologise_late",
        call="cuaso.services.procedures.jobs.apologise_late",
        every_seconds=300,
    ),
    Loop(
        name="hand_to_heirs",
        call="cuaso.services.procedures.jobs.hand_to_heirs",
        every_seconds=300,
    ),
    Loop(
        name="publish_registries",
        call="cuaso.capabilities.registries.jobs.publish_due",
        every_seconds=5,
    ),
    Loop(
        name="recompute_records",
        call="cuaso.capabilities.registries.jobs.recompute_due",
        every_seconds=5,
    ),
    Loop(
        name="keep_indexes",
        call="cuaso.capabilities.registries.jobs.keep_indexes",
        every_seconds=3600,
    ),
    Loop(
        name="empty_bins",
        call="cuaso.capabilities.registries.jobs.empty_bins",
        every_seconds=3600,
    ),
    Loop(
        name="remind_of_records",
        call="cuaso.capabilities.registries.jobs.remind_due",
        every_seconds=900,
    ),
    Loop(
        name="revise_entries",
        call="cuaso.capabilities.provisioning.jobs.revise",
        every_seconds=2,
    ),
    Loop(
        name="tell_followers",
        call="cuaso.capabilities.provisioning.jobs.tell_followers",
        every_seconds=2,
    ),
    Loop(
        name="check_accounts",
        call="cuaso.services.accounts.jobs.check_due",
        every_seconds=5,
    ),
    Loop(
        name="warn_of_certificates",
        call="cuaso.capabilities.certificates.jobs.warn_due",
        every_seconds=3600,
    ),
    Loop(
        name="tend_certificates",
        call="cuaso.foundation.identity.api.tend_certificates",
        every_seconds=900,
    ),
    Loop(
        name="warn_of_known_certificates",
        call="cuaso.foundation.identity.api.warn_of_ends",
        every_seconds=3600,
    ),
    Loop(
        name="end_certified_sessions",
        call="cuaso.foundation.identity.api.end_certified",
        every_seconds=10,
    ),
    Loop(name="scan_files", call="cuaso.foundation.files.api.scan_waiting", every_seconds=10),
    Loop(name="sweep_files", call="cuaso.foundation.files.api.gc", every_seconds=3600),
    Loop(
        name="forget_sessions",
        call="cuaso.foundation.identity.api.forget_ended",
        every_seconds=3600,
    ),
    Loop(name="tell_logouts", call="cuaso.foundation.identity.api.tell_logouts", every_seconds=1),
    Loop(name="tell_partners", call="cuaso.foundation.identity.api.tell_partners", every_seconds=1),
    Loop(
        name="tend_partners",
        call="cuaso.foundation.identity.api.tend_partners",
        every_seconds=3600,
    ),
    Loop(name="end_gone_sessions", call="cuaso.foundation.identity.api.end_gone", every_seconds=5),
    Loop(
        name="tend_provider",
        call="cuaso.foundation.identity.api.tend_provider",
        every_seconds=3600,
    ),
    Loop(name="demonstrate", call="cuaso.wiring.demonstration.telling.tell_next", every_seconds=60),
    Loop(
        name="fill_registries",
        call="cuaso.wiring.demonstration.filling.fill_next",
        every_seconds=3,
    ),
    Loop(name="beat", call="cuaso.wiring.processes.heart.beat", every_seconds=10),
)

# Who is asked what refers to a registry before it is taken out of use.
REGISTRY_USERS: tuple[str, ...] = (
    "cuaso.services.procedures.api.users_of_registry",
    "cuaso.services.planning.api.users_of_registry",
)

# Who is asked before somebody gets a post whether its roles may stand beside those they have.
ROLE_KEEPER = "cuaso.foundation.access.api.require_roles_apart"

# Who is asked whether the certificate of a person or a system is still good.
CERTIFICATE_JUDGE = "cuaso.capabilities.certificates.api.judge"

# What `./cuaso up` installs after the migrations, in this order.
INSTALL_STEPS: tuple[InstallStep, ...] = (
    InstallStep(
        name="codes",
        caption="Danh mục mã dùng chung",
        call="cuaso.wiring.installation.install_codes",
        watches=("packs",),
    ),
    InstallStep(
        name="province",
        caption="Địa bàn và cơ quan của tỉnh",
        call="cuaso.wiring.installation.install_province",
        watches=("packs/province/data",),
    ),
    InstallStep(
        name="role_pairs",
        caption="Vai trò không được kiêm",
        call="cuaso.wiring.installation.install_role_pairs",
        watches=("packs/province/data",),
    ),
    InstallStep(
        name="packs",
        caption="Thủ tục, quy trình, mẫu giấy và mẫu tin",
        call="cuaso.wiring.installation.install_packs",
        watches=("packs",),
    ),
    InstallStep(
        name="planning",
        caption="Quy hoạch dữ liệu và sổ đăng ký ứng dụng",
        call="cuaso.wiring.installation.install_plans",
        watches=("packs",),
    ),
    InstallStep(
        name="people",
        caption="Người minh hoạ (không có thật)",
        call="cuaso.wiring.installation.install_demonstration_people",
        watches=("packs/province/data",),
        demo_only=True,
    ),
    InstallStep(
        name="accounts",
        caption="Tài khoản trình diễn",
        call="cuaso.wiring.demonstration_accounts.install_accounts",
        watches=("packs/province/data",),
        demo_only=True,
    ),
    InstallStep(
        name="keys",
        caption="Chứng thư ký số và con dấu trình diễn",
        call="cuaso.wiring.installation.issue_demonstration_keys",
        watches=("packs/province/data",),
        demo_only=True,
    ),
    InstallStep(
        name="collection_accounts",
        caption="Tài khoản thu phí trình diễn",
        call="cuaso.wiring.installation.install_collection_accounts",
        watches=("packs/province/data",),
        demo_only=True,
    ),
)

# Functions of no argument that return sentences: why production mode must not start.
PRODUCTION_REFUSALS = (
    "cuaso.wiring.production.simulators",
    "cuaso.wiring.production.plain_http",
    "cuaso.wiring.production.weak_keys",
    "cuaso.foundation.audit.api.production_refusals",
    "cuaso.foundation.identity.api.production_refusals",
    "cuaso.capabilities.signing.api.production_findings",
    "cuaso.services.national_portal.api.production_refusals",
    "cuaso.services.personnel.api.production_refusals",
    "cuaso.wiring.scanning.no_scanner",
)

# Rights of the app role that are narrower than select, insert, update, delete.
READ_ONLY_TABLES: tuple[str, ...] = ("django_migrations",)
# audit_entry is not among them: it takes its leaf index once, and its trigger guards it.
APPEND_ONLY_TABLES: tuple[str, ...] = (
    *("audit_node", "audit_head", "audit_key"),
    *("audit_look", "audit_look_many"),
)
# Prefixes of the tables that the reader and the auditor roles may read.
READER_TABLES: tuple[str, ...] = ("dictionary_",)
AUDITOR_TABLES: tuple[str, ...] = ("audit_",)

# What `./cuaso up` says at its end: title and path.
ADDRESSES: tuple[tuple[str, str], ...] = (
    ("Cổng dịch vụ công (portal)", "/"),
    ("Bàn làm việc (desk)", "/ban-lam-viec/"),
    ("Tình trạng (readiness)", "/readyz"),
)
