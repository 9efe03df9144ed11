"""Makes what tests stand on. Rows of a municipality want its scope open (`with scope(writable=[…])`)."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from django.contrib.auth.hashers import make_password

from nok_portal.accounts.models import Membership, User
from nok_portal.common.sorting import russian_sort_key
from nok_portal.common.text import fold
from nok_portal.tenants.enums import Sphere
from nok_portal.tenants.models import LegalAct, Municipality, Organization, Region
from nok_portal.tenants.rights import Role

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "тихая-река-42"


class RegionFactory(factory.django.DjangoModelFactory[Region]):
    class Meta:
        model = Region

    name = factory.Sequence(lambda n: f"Озёрный край {n}")
    slug = factory.Sequence(lambda n: f"ozerny-{n}")


class MunicipalityFactory(factory.django.DjangoModelFactory[Municipality]):
    class Meta:
        model = Municipality

    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence(lambda n: f"Лесной район {n}")
    name_genitive = factory.Sequence(lambda n: f"Лесного района {n}")
    name_prepositional = factory.Sequence(lambda n: f"Лесном районе {n}")
    slug = factory.Sequence(lambda n: f"lesnoy-{n}")
    head_post = "Глава района"
    head_name = "Б. В. Берёзов"
    created_at = NOW


class UserFactory(factory.django.DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    full_name = factory.Sequence(lambda n: f"Сотрудник № {n}")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    created_at = NOW


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.EDITOR
    municipality = factory.SubFactory(MunicipalityFactory)
    post = "Главный специалист"
    created_at = NOW


class OrganizationFactory(factory.django.DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Муниципальное бюджетное учреждение «Читальня № {n}»")
    short_name = factory.Sequence(lambda n: f"Читальня № {n}")
    inn = factory.Sequence(lambda n: f"{7700000000 + n}")
    sphere = Sphere.CULTURE
    sort_key = factory.LazyAttribute(lambda o: russian_sort_key(o.short_name))
    search_text = factory.LazyAttribute(lambda o: fold(f"{o.short_name} {o.name} {o.inn}"))


class LegalActFactory(factory.django.DjangoModelFactory[LegalAct]):
    """Wants `municipality`."""

    class Meta:
        model = LegalAct

    kind = "directive"
    number = factory.Sequence(lambda n: f"{n + 1}-р")
    adopted_on = date(2026, 1, 15)
    title = "О плане независимой оценки"
    created_at = NOW


def member_of(municipality: Municipality, role: Role = Role.EDITOR, **user: Any) -> User:
    """A person with one role in the municipality."""
    return MembershipFactory(municipality=municipality, role=role, user=UserFactory(**user)).user


def ministry_of(region: Region) -> User:
    """A person of the region's ministry."""
    return MembershipFactory(municipality=None, region=region, role=Role.MINISTRY).user
