from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.validators import RegexValidator
from django.db import models

# words that are pages of the portal and therefore cannot name a municipality
RESERVED_SLUGS = frozenset(
    "m region support account static health gallery files check admin api home invitation survey letters".split()
)
slug_is_plain = RegexValidator(
    r"^[a-z][a-z0-9-]{1,48}[a-z0-9]$",
    "Адрес: от 3 до 50 строчных латинских букв, цифр и дефисов, первая буква.",
)
TIME_ZONES = [
    ("Europe/Kaliningrad", "Калининград (МСК−1)"),
    ("Europe/Moscow", "Москва"),
    ("Europe/Samara", "Самара (МСК+1)"),
    ("Asia/Yekaterinburg", "Екатеринбург (МСК+2)"),
    ("Asia/Omsk", "Омск (МСК+3)"),
    ("Asia/Krasnoyarsk", "Красноярск (МСК+4)"),
    ("Asia/Irkutsk", "Иркутск (МСК+5)"),
    ("Asia/Yakutsk", "Якутск (МСК+6)"),
    ("Asia/Vladivostok", "Владивосток (МСК+7)"),
    ("Asia/Magadan", "Магадан (МСК+8)"),
    ("Asia/Kamchatka", "Петропавловск-Камчатский (МСК+9)"),
]


class Region(models.Model):
    """A subject of the federation; its ministry reads the municipalities in it."""

    name = models.CharField("название", max_length=200, unique=True)
    slug = models.SlugField("адрес", unique=True, validators=[slug_is_plain])

    def __str__(self) -> str:
        return self.name


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    def active(self) -> "MunicipalityQuerySet":
        return self.filter(is_active=True)


class Municipality(models.Model):
    """A tenant. Its names are kept in the grammatical cases that documents need."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="municipalities", verbose_name="регион")
    slug = models.SlugField("адрес", unique=True, validators=[slug_is_plain])
    name = models.CharField("название", max_length=200, help_text="Например: Сосновский район")
    name_genitive = models.CharField(
        "в родительном падеже", max_length=200, help_text="Администрация чего? Сосновского района"
    )
    name_prepositional = models.CharField("в предложном падеже", max_length=200, help_text="Где? в Сосновском районе")
    time_zone = models.CharField("часовой пояс", max_length=40, choices=TIME_ZONES, default="Europe/Moscow")
    head_post = models.CharField("должность главы", max_length=200, help_text="Например: Глава района")
    head_name = models.CharField("фамилия и инициалы главы", max_length=200, help_text="Например: И. О. Фамилия")
    logo = models.ForeignKey(
        "tenants.StoredFile", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="герб"
    )
    is_active = models.BooleanField("действует", default=True)
    created_at = models.DateTimeField("создан")
    version = models.PositiveIntegerField(default=1)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "name"], name="tenants_municipality_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def local(self, at: datetime) -> datetime:
        """The moment by the clock on the municipality's wall."""
        return at.astimezone(ZoneInfo(self.time_zone))

    def day_of(self, at: datetime) -> date:
        """Which day it is there at the moment."""
        return self.local(at).date()
