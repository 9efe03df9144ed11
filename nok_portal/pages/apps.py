from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "nok_portal.pages"
    label = "pages"
    verbose_name = "Страницы"
