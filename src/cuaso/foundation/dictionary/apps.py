from django.apps import AppConfig


class DictionaryConfig(AppConfig):
    name = "cuaso.foundation.dictionary"
    label = "dictionary"
    default_auto_field = "django.db.models.BigAutoField"
