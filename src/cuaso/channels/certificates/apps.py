from django.apps import AppConfig


class CertificatePagesConfig(AppConfig):
    name = "cuaso.channels.certificates"
    label = "certificate_pages"
