from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nok_portal.demo.services import NotADemo, empty_demo, fill_demo


class Command(BaseCommand):
    help = "Возвращает пример в исходное состояние; чужую базу не трогает."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            empty_demo()
        except NotADemo as error:
            raise CommandError(str(error)) from error
        fill_demo(at=timezone.now())
        self.stdout.write("Пример заполнен заново.")
