from django.apps import AppConfig


class RegistriesConfig(AppConfig):
    name = "cuaso.capabilities.registries"
    label = "registries"
    verbose_name = "Cơ sở dữ liệu chuyên ngành"
