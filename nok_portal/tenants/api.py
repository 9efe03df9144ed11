"""What programs read of the organizations register."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from .access import api_page
from .enums import Sphere
from .models import Organization
from .rights import Right
from .selectors.organizations import OrganizationFilter, organizations_for_list


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """An organization of the register."""

    class Meta:
        model = Organization
        fields = [
            "id",
            "name",
            "short_name",
            "inn",
            "sphere",
            "organization_type",
            "founder",
            "site",
            "address",
            "head_post",
            "head_name",
            "recipients_last_year",
            "active_from",
            "active_to",
        ]


class OrganizationQuery(serializers.Serializer[Any]):
    """What an address may ask of organizations."""

    q = serializers.CharField(required=False, max_length=200, help_text="Слова из названия, ИНН или адреса")
    sphere = serializers.ChoiceField(choices=Sphere.choices, required=False, help_text="Сфера")
    type = serializers.CharField(required=False, max_length=200, help_text="Тип, как в реестре")
    state = serializers.ChoiceField(
        choices=[("active", "действуют"), ("closed", "закрыты"), ("all", "все")],
        default="active",
        help_text="Действуют сегодня, закрыты или все",
    )


@api_page(Right.SEE_ORGANIZATIONS)
class OrganizationList(ListAPIView[Organization]):
    """Organizations without merged doubles, in Russian order."""

    serializer_class = OrganizationSerializer
    queryset = Organization.objects.none()

    @extend_schema(summary="Организации", parameters=[OrganizationQuery])
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return self.list(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        asked = OrganizationQuery(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        wanted = OrganizationFilter(
            words=said.get("q", ""),
            sphere=said.get("sphere", ""),
            organization_type=said.get("type", ""),
            state=said["state"],
        )
        municipality = self.request._request.municipality
        return organizations_for_list(municipality, wanted, today=timezone.localdate())
