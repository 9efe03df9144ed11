"""Lets in whom a view is for, and opens the scope of the municipality or region in the URL."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from nok_portal.tenants.access import Access, Audience
from nok_portal.tenants.models import Municipality, Region
from nok_portal.tenants.requests import PortalRequest
from nok_portal.tenants.rights import Right
from nok_portal.tenants.scope import scope

from .access import STRANGER, Standing, is_administrator_anywhere, standing_in_municipality, standing_in_region
from .services.tokens import standing_for_key, token_for_key

NO_KEY = "Нужен действующий ключ в заголовке: Authorization: Bearer nok_…. Ключи создаются в учётной записи."
NOTHING_HERE = "Здесь ничего нет, или ключ открывает другое место."
# pages of packages guard themselves: log-in, password, second factor, sessions, JavaScript translations
PACKAGE_PREFIXES = ("allauth.", "django.views.static", "django.contrib.staticfiles")


class LastSeenMiddleware(UserSessionsMiddleware):
    """Notes when the person was last there, as the list of their sessions tells; what an open page asks for by itself
    does not count."""

    def __call__(self, request: PortalRequest) -> HttpResponse:
        answer: HttpResponse = self.get_response(request) if _asks_by_itself(request) else super().__call__(request)
        return answer


class AccessMiddleware:
    """Sets `municipality`, `region`, `standing`, `rights`, `membership_label`, `support_visit` on the request.

    The URL's `municipality` and `region` slugs are consumed here: views find the objects on the request.
    """

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        request.municipality = None
        request.region = None
        self._place(request, STRANGER)
        return self.get_response(request)

    def process_view(
        self, request: PortalRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        access = access_of(view)
        if access is None:
            return None
        if access.audience is Audience.PUBLIC:
            self._enter_public(request, kwargs)
            return None
        if access.audience is Audience.API:
            return self._enter_api(request, access, kwargs)
        if not request.user.is_authenticated:
            if request.htmx:  # the page of log-in would be put into a part of the page
                return HttpResponse(status=401)
            return redirect_to_login(request.get_full_path())
        if settings.SECOND_FACTOR_REQUIRED and self._lacks_second_factor(request):
            return redirect("mfa_activate_totp")
        if access.audience is Audience.OFFICE:
            self._enter_municipality(request, kwargs)
        elif access.audience is Audience.MINISTRY:
            self._enter_region(request, kwargs)
        elif access.audience is Audience.SUPPORT and not request.user.is_support:
            raise Http404
        if access.right is not None and access.right not in request.rights:
            raise PermissionDenied(f"Чтобы {access.right.label}, нужна другая роль. Её даёт администратор.")
        return None

    def _enter_public(self, request: PortalRequest, kwargs: dict[str, Any]) -> None:
        slug = kwargs.pop("municipality", None)
        if slug is not None:
            municipality = _active_municipality(slug)
            if municipality is None:
                raise Http404
            request.municipality = municipality
            request.scopes.enter_context(scope(readable=[municipality.pk]))

    def _enter_api(self, request: PortalRequest, access: Access, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Only the key counts, never the session: another site cannot make a browser read."""
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        token = token_for_key(key.strip(), at=timezone.now()) if scheme.lower() == "bearer" else None
        if token is None:
            return _refusal(401, NO_KEY)
        municipality = _active_municipality(kwargs.pop("municipality"))
        if municipality is None or (token.municipality_id or municipality.pk) != municipality.pk:
            return _refusal(404, NOTHING_HERE)
        if (token.region_id or municipality.region_id) != municipality.region_id:
            return _refusal(404, NOTHING_HERE)
        standing = standing_for_key(token.user, token.municipality or municipality.region)
        if standing.is_stranger:
            return _refusal(404, NOTHING_HERE)
        request.user = token.user
        request.municipality = municipality
        self._place(
            request, replace(standing, may_write=False, rights=standing.rights & {Right(one) for one in token.rights})
        )
        request.token = token  # type: ignore[attr-defined]
        if access.right not in request.rights:
            return _refusal(403, "Этот ключ сюда не подходит: у него или у его владельца нет нужного права.")
        request.scopes.enter_context(scope(readable=[municipality.pk]))
        timezone.activate(municipality.time_zone)
        request.scopes.callback(timezone.deactivate)
        return None

    def _enter_municipality(self, request: PortalRequest, kwargs: dict[str, Any]) -> None:
        municipality = _active_municipality(kwargs.pop("municipality"))
        if municipality is None:
            raise Http404
        standing = standing_in_municipality(request.user, municipality, at=timezone.now())
        if standing.is_stranger:
            raise Http404
        request.municipality = municipality
        self._place(request, standing)
        writable = [municipality.pk] if standing.may_write else []
        request.scopes.enter_context(scope(readable=[municipality.pk], writable=writable))
        timezone.activate(municipality.time_zone)
        request.scopes.callback(timezone.deactivate)

    def _enter_region(self, request: PortalRequest, kwargs: dict[str, Any]) -> None:
        region = Region.objects.filter(slug=kwargs.pop("region")).first()
        if region is None:
            raise Http404
        standing = standing_in_region(request.user, region)
        if standing.is_stranger:
            raise Http404
        request.region = region
        self._place(request, standing)
        readable = Municipality.objects.active().filter(region=region).values_list("pk", flat=True)
        request.scopes.enter_context(scope(readable=readable, regions=[region.pk]))

    def _place(self, request: PortalRequest, standing: Standing) -> None:
        request.standing = standing
        request.rights = standing.rights
        request.membership_label = standing.label
        request.support_visit = standing.visit

    def _lacks_second_factor(self, request: PortalRequest) -> bool:
        user = request.user
        return (
            is_administrator_anywhere(user)
            and not Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
        )


def _asks_by_itself(request: PortalRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "is_asked_by_itself", False)
    except Resolver404:
        return False


def _active_municipality(slug: str) -> Municipality | None:
    return Municipality.objects.active().select_related("region").filter(slug=slug).first()


def _refusal(status: int, words: str) -> JsonResponse:
    """A refusal as programs read it."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JsonResponse({"detail": words}, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def access_of(view: Callable[..., Any]) -> Access | None:
    """What the view declared; None for pages of packages. A page of ours without a declaration is a mistake."""
    access: Access | None = getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)
    if access is None:
        module = getattr(getattr(view, "view_class", view), "__module__", "")
        if not module.startswith(PACKAGE_PREFIXES):
            raise ImproperlyConfigured(f"{module}.{getattr(view, '__name__', view)} does not say for whom it is")
    return access
