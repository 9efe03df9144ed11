"""Nobody sees what is not theirs: the database says so, whatever the code forgets."""

import pytest
from django.db import DatabaseError, connection, transaction

from nok_portal.tenants.models import Organization
from nok_portal.tenants.roles import RuntimeRoleUnsafe, assert_runtime_role_is_bound
from nok_portal.tenants.scope import current_scope, scope
from tests.factories import MunicipalityFactory, OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return MunicipalityFactory(), MunicipalityFactory()


def test_without_scope_every_read_is_refused(two):
    with scope(writable=[two[0].pk]):
        OrganizationFactory(municipality=two[0])
    for read in (
        lambda: list(Organization.objects.all()),
        Organization.objects.exists,
        lambda: connection.cursor().execute("SELECT count(*) FROM tenants_organization"),
    ):
        with pytest.raises(DatabaseError, match="no tenant scope is open"), transaction.atomic():
            read()


def test_rows_of_another_municipality_do_not_exist(two):
    ours, theirs = two
    with scope(writable=[theirs.pk]):
        OrganizationFactory(municipality=theirs)
    with scope(writable=[ours.pk]):
        mine = OrganizationFactory(municipality=ours)
        assert list(Organization.objects.all()) == [mine]


def test_readable_is_not_writable(two):
    ours, _ = two
    with scope(writable=[ours.pk]):
        organization = OrganizationFactory(municipality=ours)
    with scope(readable=[ours.pk]):
        assert Organization.objects.count() == 1
        assert Organization.objects.filter(pk=organization.pk).update(site="https://example.org") == 0
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            OrganizationFactory(municipality=ours)


def test_child_cannot_hang_under_another_municipality(two):
    ours, theirs = two
    with scope(writable=[theirs.pk]):
        alien = OrganizationFactory(municipality=theirs)
    with (
        pytest.raises(DatabaseError, match="tenants_organization_merged_into_municipality"),
        transaction.atomic(),
        scope(writable=[ours.pk]),
    ):
        OrganizationFactory(municipality=ours, merged_into_id=alien.pk)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_leaving_restores_the_scope_before(two):
    ours, theirs = two
    with scope(writable=[ours.pk]):
        with scope(readable=[theirs.pk]):
            assert current_scope().readable == {theirs.pk}
        assert current_scope().writable == {ours.pk}
        OrganizationFactory(municipality=ours)
    assert current_scope() is None
    with pytest.raises(DatabaseError, match="no tenant scope"), transaction.atomic():
        Organization.objects.exists()


def test_an_error_inside_restores_the_scope_and_leaves_nothing(two):
    ours, _ = two
    with scope(writable=[ours.pk]):
        with pytest.raises(ZeroDivisionError), scope(writable=[ours.pk]):
            OrganizationFactory(municipality=ours)
            1 / 0  # noqa: B018
        assert Organization.objects.count() == 0


def test_runtime_role_cannot_pass_policies():
    assert_runtime_role_is_bound(connection)


def test_a_superuser_as_runtime_role_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        try:
            with pytest.raises(RuntimeRoleUnsafe):
                assert_runtime_role_is_bound(connection)
        finally:
            cursor.execute("SET ROLE nok_runtime")
