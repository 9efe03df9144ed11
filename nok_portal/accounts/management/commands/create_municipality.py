"""`bin/manage create_municipality`: a new tenant with its first administrator invited."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from nok_portal.accounts.services.invitations import invite_person
from nok_portal.common.errors import DomainError
from nok_portal.tenants.models import Region
from nok_portal.tenants.models.places import TIME_ZONES
from nok_portal.tenants.rights import Role
from nok_portal.tenants.scope import scope
from nok_portal.tenants.services.places import create_municipality, create_region


class Command(BaseCommand):
    help = "Добавляет муниципалитет и приглашает его первого администратора: печатает ссылку и отправляет её письмом."
    needs_servers = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--region", required=True, metavar="АДРЕС", help="адрес региона, например ozerny")
        parser.add_argument("--region-name", metavar="НАЗВАНИЕ", help="если региона ещё нет, он будет добавлен")
        parser.add_argument("--slug", required=True, metavar="АДРЕС", help="адрес муниципалитета, например sosnovka")
        parser.add_argument("--name", required=True, metavar="НАЗВАНИЕ", help="Сосновский район")
        parser.add_argument("--name-genitive", required=True, metavar="ЧЕГО", help="Сосновского района")
        parser.add_argument("--name-prepositional", required=True, metavar="ГДЕ", help="Сосновском районе")
        parser.add_argument("--time-zone", default="Europe/Moscow", choices=[zone for zone, _ in TIME_ZONES])
        parser.add_argument("--head-post", required=True, metavar="ДОЛЖНОСТЬ", help="Глава района")
        parser.add_argument("--head-name", required=True, metavar="ИМЯ", help="И. О. Фамилия")
        parser.add_argument("--administrator", required=True, metavar="ПОЧТА", help="адрес первого администратора")
        parser.add_argument("--administrator-name", required=True, metavar="ФИО")
        parser.add_argument("--administrator-post", default="", metavar="ДОЛЖНОСТЬ")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, **options: Any) -> None:
        try:
            answer = self._create(options)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if options["format"] == "json":
            self.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
        else:
            self.stdout.write(f"Добавлено: {answer['name']}, /m/{answer['municipality']}/")
            self.stdout.write(f"Приглашение для {answer['administrator']}, действует до {answer['expires_at']}:")
            self.stdout.write(str(answer["invitation"]))

    @transaction.atomic
    def _create(self, options: dict[str, Any]) -> dict[str, Any]:
        at = timezone.now()
        region = Region.objects.filter(slug=options["region"]).first()
        if region is None:
            if not options["region_name"]:
                raise CommandError(
                    f"Региона «{options['region']}» нет. Проверьте адрес или добавьте его: --region-name «Название»."
                )
            region = create_region(name=options["region_name"], slug=options["region"], actor=None, at=at)
        facts = {
            name: options[name]
            for name in ("name", "name_genitive", "name_prepositional", "time_zone", "head_post", "head_name")
        }
        municipality = create_municipality(region=region, slug=options["slug"], facts=facts, actor=None, at=at)
        with scope(writable=[municipality.pk]):
            invited = invite_person(
                email=options["administrator"],
                full_name=options["administrator_name"],
                role=Role.ADMINISTRATOR,
                place=municipality,
                post=options["administrator_post"],
                actor=None,
                at=at,
            )
        return {
            "region": region.slug,
            "municipality": municipality.slug,
            "name": municipality.name,
            "administrator": invited.invitation.email,
            "invitation": invited.link,
            "expires_at": invited.invitation.expires_at.date().isoformat(),
        }
