from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from nok_portal.demo.services import DatabaseNotEmpty, fill_demo


class Command(BaseCommand):
    help = "Заполняет пустую базу примером: регион с четырьмя муниципалитетами."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="если в базе уже есть данные, ничего не делать")

    def handle(self, *args: Any, if_empty: bool, **options: Any) -> None:
        try:
            fill_demo(at=timezone.now())
        except DatabaseNotEmpty as error:
            if not if_empty:
                raise CommandError(str(error)) from error
