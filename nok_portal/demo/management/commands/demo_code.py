from typing import Any

import django
from django.core.management.base import BaseCommand

from nok_portal.demo.content import TOTP_SECRET


class Command(BaseCommand):
    help = "Печатает код второго фактора, который сейчас действует для примера."
    requires_system_checks: list[str] = []
    needs_servers = False

    def handle(self, *args: Any, **options: Any) -> None:
        django.setup()  # a command without servers starts without the portal's applications
        from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

        counters = list(yield_hotp_counters_from_time())
        counter = counters[len(counters) // 2]  # around it stand those that a slow clock is forgiven
        self.stdout.write(format_hotp_value(hotp_value(TOTP_SECRET, counter)))
