"""`bin/manage explain_deadline TEXT --from DATE --to DATE`: how deadline words are read, as JSON."""

import json
import sys
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plans.deadlines import Context, explain


def day(text: str) -> date:
    """A day written as 2027-12-31 or 31.12.2027."""
    try:
        if "." in text:
            number, month, year = (int(part) for part in text.split("."))
            return date(year, month, number)
        return date.fromisoformat(text)
    except ValueError:
        msg = f"«{text}» — не дата; дата пишется так: 2027-12-31"
        raise ArgumentTypeError(msg) from None


def event(text: str) -> tuple[str, date]:
    """An event and its day: 'утверждение плана=2027-03-10'."""
    name, equals, happened = text.rpartition("=")
    if not equals or not name.strip():
        msg = f"«{text}»: событие пишется так: название=2027-03-10"
        raise ArgumentTypeError(msg)
    return name.strip(), day(happened.strip())


class Command(BaseCommand):
    """Explains one deadline, or with '-' one on each line of standard input."""

    help = "Показывает, как понят срок исполнения: описание, дни, сроки после событий, непонятые слова."
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        """The words and what their days depend on."""
        parser.add_argument("text", help="срок исполнения; «-» — читать сроки по одному в строке")
        parser.add_argument("--from", dest="starts_on", type=day, required=True, help="начало периода плана")
        parser.add_argument("--to", dest="ends_on", type=day, required=True, help="конец периода плана")
        parser.add_argument(
            "--assessment-year", dest="assessment_years", type=int, action="append", default=[], help="год оценки"
        )
        parser.add_argument("--event", dest="events", type=event, action="append", default=[], help="событие=дата")
        parser.add_argument("--format", choices=["json"], default="json", help="вид ответа")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one compact JSON line for each text."""
        if options["ends_on"] < options["starts_on"]:
            msg = "Конец периода раньше его начала"
            raise CommandError(msg)
        events: dict[str, tuple[date, ...]] = {}
        for name, happened in options["events"]:
            events[name] = (*events.get(name, ()), happened)
        context = Context(options["starts_on"], options["ends_on"], tuple(options["assessment_years"]), events)
        texts = (line.rstrip("\r\n") for line in sys.stdin) if options["text"] == "-" else [options["text"]]
        for text in texts:
            self.stdout.write(json.dumps(explain(text, context), ensure_ascii=False, separators=(",", ":")))
