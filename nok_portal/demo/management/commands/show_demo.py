from typing import Any

from django.core.management.base import BaseCommand

from nok_portal.demo.content import MINISTRY, MUNICIPALITIES, PASSWORD, SUPPORT_LOGIN, TOTP_SECRET, email_of
from nok_portal.demo.services import is_demo


class Command(BaseCommand):
    help = "Печатает адреса для входа в пример; пароль у всех один."

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_demo():
            return
        people = [
            (email_of(person.login), person.role.label, municipality.name, person.has_second_factor)
            for municipality in MUNICIPALITIES
            for person in municipality.people
        ]
        people.append((email_of(MINISTRY.login), MINISTRY.role.label, "весь край", False))
        people.append((email_of(SUPPORT_LOGIN), "Поддержка портала", "", False))
        self.stdout.write(f"\nВход в пример, пароль у всех: {PASSWORD}\n")
        for email, role, place, needs_code in people:
            note = ", нужен код" if needs_code else ""
            self.stdout.write(f"  {email:<34} {role}{', ' + place if place else ''}{note}")
        self.stdout.write(
            f"\nКод для входа с вторым фактором даёт приложение-аутентификатор с ключом {TOTP_SECRET}"
            " или команда bin/manage demo_code\n"
        )
