"""`bin/manage working_day DATE N`: the day on which a term of N working days ends, as JSON."""

import json
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nok_portal.common.workdays import add_working_days


class Command(BaseCommand):
    """Counts working days from one date, or with '-' from the 'DATE N' on each line of standard input."""

    help = "Считает рабочие дни по производственному календарю: от следующего дня после даты, назад — с минусом."
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        """The day and how many working days from it."""
        parser.add_argument("date", nargs="?", help="дата (2027-12-31); «-» — читать «ДАТА N» по одной паре в строке")
        parser.add_argument("count", nargs="?", help="число рабочих дней")
        parser.add_argument("--format", choices=["json"], default="json", help="вид ответа")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one compact JSON line for each question; a line that is none answers null."""
        if options["date"] != "-":
            if options["date"] is None or options["count"] is None:
                raise CommandError("Укажите дату и число рабочих дней: 2027-12-31 5")
            self._answer(_result(options["date"], options["count"]))
            return
        failed = 0
        for number, line in enumerate(sys.stdin, 1):
            parts = line.split()
            try:
                if len(parts) != 2:
                    raise CommandError("нужны дата и число рабочих дней")
                result: date | None = _result(*parts)
            except CommandError as error:
                self.stderr.write(f"Строка {number}: {error}")
                result, failed = None, failed + 1
            self._answer(result)
        if failed:
            raise CommandError(f"Не понято строк: {failed}")

    def _answer(self, result: date | None) -> None:
        self.stdout.write(json.dumps({"result": result and result.isoformat()}, separators=(",", ":")))


def _result(day: str, count: str) -> date:
    try:
        start, amount = date.fromisoformat(day), int(count)
    except ValueError:
        raise CommandError(f"«{day} {count}»: дата пишется так: 2027-12-31, затем целое число рабочих дней") from None
    try:
        return add_working_days(start, amount)
    except (OverflowError, ValueError):
        raise CommandError(f"«{day} {count}»: день за пределами календаря") from None
