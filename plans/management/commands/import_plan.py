"""`bin/manage import_plan FILE`: a plan from a document, as JSON; without --dry-run it becomes a draft."""

import json
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plans.table import PlanTable, UnreadableFile
from plans.table.answer import answer_of, for_period
from plans.table.reading import read_plan_quickly


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


class Command(BaseCommand):
    """Reads a .docx, .xlsx or .txt; the answer is one line of JSON on standard output."""

    help = "Читает план из документа и отвечает, как он понят; без --dry-run вносит черновик плана."
    requires_system_checks = []

    @staticmethod
    def needs_servers(argv: list[str]) -> bool:
        """Only a plan that is stored needs the database."""
        return "--dry-run" not in argv

    def add_arguments(self, parser: CommandParser) -> None:
        """The document, whose plan it is and what its days depend on."""
        parser.add_argument("file", type=Path, help="документ: .docx, .xlsx или .txt")
        parser.add_argument("--municipality", help="адрес муниципального образования в портале")
        parser.add_argument("--from", dest="starts_on", type=day, help="начало периода плана")
        parser.add_argument("--to", dest="ends_on", type=day, help="конец периода плана")
        parser.add_argument(
            "--assessment-year", dest="assessment_years", type=int, action="append", default=[], help="год оценки"
        )
        parser.add_argument("--dry-run", action="store_true", help="только показать, ничего не записывать")
        parser.add_argument("--format", choices=["json"], default="json", help="вид ответа")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, store unless --dry-run, answer."""
        period = _period(options["starts_on"], options["ends_on"])
        years = tuple(dict.fromkeys(options["assessment_years"]))
        plan = for_period(_read(options["file"]), period, years)
        if not options["dry_run"]:
            self._store(plan, options["municipality"], period, years)
        answer = answer_of(plan, years)
        self.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))

    def _store(
        self, plan: PlanTable, slug: str | None, period: tuple[date, date] | None, years: tuple[int, ...]
    ) -> None:
        """Make the draft in the municipality's scope; who did it is the command, not a person."""
        from django.utils import timezone

        from nok_portal.common.errors import DomainError
        from nok_portal.tenants.models import Municipality
        from nok_portal.tenants.scope import scope
        from plans.services.imports import import_table

        if not slug:
            msg = "Укажите --municipality или --dry-run"
            raise CommandError(msg)
        municipality = Municipality.objects.active().filter(slug=slug).first()
        if municipality is None:
            msg = f"Муниципального образования «{slug}» в портале нет"
            raise CommandError(msg)
        with scope(writable=[municipality.pk]):
            try:
                made = import_table(
                    table=plan,
                    municipality=municipality,
                    actor=None,
                    at=timezone.now(),
                    period=period,
                    assessment_years=years,
                )
            except DomainError as error:
                raise CommandError(str(error)) from None
        self.stderr.write(f"Внесён черновик плана № {made.pk}: {made}")


def _period(starts_on: date | None, ends_on: date | None) -> tuple[date, date] | None:
    if starts_on is None and ends_on is None:
        return None
    if starts_on is None or ends_on is None:
        msg = "Укажите и --from, и --to"
        raise CommandError(msg)
    if ends_on < starts_on:
        msg = "Конец периода раньше его начала"
        raise CommandError(msg)
    return starts_on, ends_on


def _read(file: Path) -> PlanTable:
    try:
        content = file.read_bytes()
    except OSError:
        msg = f"Файл «{file}» не открывается"
        raise CommandError(msg) from None
    try:
        return read_plan_quickly(content, file.name)
    except UnreadableFile as error:
        raise CommandError(str(error)) from None
