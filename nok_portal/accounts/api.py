"""What all answers of the read API share: the key that opened the request, pages, the limit on requests a minute."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from .models import AccessToken, User


class KeyAuthentication(BaseAuthentication):
    """AccessMiddleware has checked the key; here it only gets its name in the framework."""

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        token = getattr(request._request, "token", None)
        return (token.user, token) if token is not None else None


class KeyThrottle(SimpleRateThrottle):
    """So many requests a minute for each key; what needs no key is not counted."""

    scope = "key"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return f"api:{request.auth.pk}" if isinstance(request.auth, AccessToken) else None


class Pages(PageNumberPagination):
    """`page` from 1, `size` rows of it, at most 500."""

    page_size = 100
    page_size_query_param = "size"
    max_page_size = 500
