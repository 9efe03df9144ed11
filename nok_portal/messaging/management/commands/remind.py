"""`bin/manage remind`: reminders now, or what they would be on a day."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from nok_portal.common.text import date_in_words
from nok_portal.common.workdays import is_working_day
from nok_portal.messaging.services.deciding import CHUNK, Written, decide_on, foresee
from nok_portal.messaging.services.digests import compose_places
from nok_portal.tenants.models import Municipality

YEARS = range(2000, 2100)


class Command(BaseCommand):
    """Decides reminders whatever the municipality's hour and queues the letters; a second time that day nothing."""

    help = "Решает, кому о чём напомнить, и ставит письма в очередь; с --dry-run только показывает."
    needs_servers = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="ДАТА", help="день (2027-12-01), по умолчанию сегодня")
        parser.add_argument("--municipality", metavar="АДРЕС", help="один муниципалитет, по умолчанию все")
        parser.add_argument("--dry-run", action="store_true", help="показать, ничего не записывая и не отправляя")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, **options: Any) -> None:
        municipalities = _municipalities(options["municipality"])
        as_of = _day(options["as_of"])
        at = timezone.now()
        by_day: dict[date, list[Municipality]] = {}
        for municipality in municipalities:
            today = municipality.day_of(at)
            if as_of not in (None, today) and not options["dry_run"]:
                raise CommandError(
                    f"{municipality.name}: сегодня {today.isoformat()}, за другой день письма не отправляются. Чтобы"
                    " посмотреть, о чём портал в этот день напомнит, добавьте --dry-run."
                )
            by_day.setdefault(as_of or today, []).append(municipality)
        told = 0
        for day, some in by_day.items():
            if not is_working_day(day):
                self.stderr.write(f"{date_in_words(day)} — нерабочий день: напоминания не отправляются.")
            for start in range(0, len(some), CHUNK):
                chunk = some[start : start + CHUNK]
                if options["dry_run"]:
                    found = foresee(chunk, day=day)
                else:
                    found = decide_on(chunk, day=day, at=at)
                    compose_places(chunk, at=at)
                self._show(found, as_json=options["format"] == "json")
                told += len(found)
        if options["format"] == "text":
            self.stdout.write(f"Напоминаний: {told}")

    def _show(self, found: Iterable[Written], *, as_json: bool) -> None:
        for municipality, one in found:
            answer = {
                "municipality": municipality.slug,
                "kind": one.kind.key,
                "stage": abs(one.stage),
                "recipient": one.recipient.email,
                "because": one.because,
                "plan": one.item.group_title,
                "activity": f"{one.item.number} {one.item.title}".strip(),
                "due_on": one.item.due_on.isoformat(),
            }
            if as_json:
                self.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
            else:
                self.stdout.write(
                    "{municipality}: {title}, {recipient}: {activity}, {due_on} ({because})".format(
                        title=one.kind.title, **answer
                    )
                )


def _municipalities(slug: str | None) -> list[Municipality]:
    found = Municipality.objects.active().order_by("pk")
    if slug is None:
        return list(found)
    one = found.filter(slug=slug).first()
    if one is None:
        raise CommandError(f"Муниципалитета «{slug}» нет. Адрес — то, что стоит после /m/ в строке браузера.")
    return [one]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"«{text}»: дата пишется так: 2027-12-01") from None
    if day.year not in YEARS:
        raise CommandError(f"«{text}»: год бывает от {YEARS[0]} до {YEARS[-1]}.")
    return day
