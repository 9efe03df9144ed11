"""`bin/manage explain_deadline TEXT --from DATE --to DATE`: how deadline words are read, as JSON."""

import json
import sys
from collections.abc import Iterator
from datetime import date
from io import TextIOWrapper
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
        raise CommandError(f"«{text}» — не дата; дата пишется так: 2027-12-31") from None


def event(text: str) -> tuple[str, date]:
    """An event and its day: 'утверждение плана=2027-03-10'."""
    name, equals, happened = text.rpartition("=")
    if not equals or not name.strip():
        raise CommandError(f"«{text}»: событие пишется так: название=2027-03-10")
    return name.strip(), day(happened.strip())


def year(text: str) -> int:
    """A year in four figures."""
    if not (text.isdecimal() and len(text) == 4):
        raise CommandError(f"«{text}» — не год; год пишется так: 2027")
    return int(text)


class Command(BaseCommand):
    """Explains one deadline, or with '-' one on each line of standard input."""

    help = "Показывает, как понят срок исполнения: описание, дни, сроки после событий, непонятые слова."
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        """The words and what their days depend on."""
        parser.add_argument("text", nargs="?", help="срок исполнения; «-» — читать сроки по одному в строке")
        parser.add_argument("--from", dest="starts_on", help="начало периода плана")
        parser.add_argument("--to", dest="ends_on", help="конец периода плана")
        parser.add_argument(
            "--assessment-year", dest="assessment_years", action="append", default=[], help="год оценки"
        )
        parser.add_argument("--event", dest="events", action="append", default=[], help="событие=дата")
        parser.add_argument("--format", choices=["json"], default="json", help="вид ответа")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one compact JSON line for each text."""
        context = _context(options)
        if options["text"] is None:
            raise CommandError("Не указан срок исполнения (или «-», чтобы читать сроки по одному в строке)")
        for text in _lines() if options["text"] == "-" else [options["text"]]:
            readable = text.encode("utf-8", "replace").decode()
            self.stdout.write(json.dumps(explain(readable, context), ensure_ascii=False, separators=(",", ":")))


def _context(options: dict[str, Any]) -> Context:
    if not options["starts_on"] or not options["ends_on"]:
        raise CommandError("Укажите период плана: --from 2027-01-01 --to 2028-12-31")
    starts_on, ends_on = day(options["starts_on"]), day(options["ends_on"])
    if ends_on < starts_on:
        raise CommandError("Конец периода раньше его начала")
    events: dict[str, tuple[date, ...]] = {}
    for name, happened in map(event, options["events"]):
        events[name] = (*events.get(name, ()), happened)
    return Context(starts_on, ends_on, tuple(map(year, options["assessment_years"])), events)


def _lines() -> Iterator[str]:
    if isinstance(sys.stdin, TextIOWrapper):
        # one broken byte must not cost the answers to the other lines
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    return (line.rstrip("\r\n") for line in sys.stdin)
