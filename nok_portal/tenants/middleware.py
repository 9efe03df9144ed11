from collections.abc import Callable
from contextlib import ExitStack

from django.db import transaction
from django.http import HttpResponse

from .requests import PortalRequest


class TransactionMiddleware:
    """One transaction a request, rolled back whenever the view raised.

    ATOMIC_REQUESTS would wrap the view only and lose what middleware set (the tenant scope).
    `request.scopes` is the stack on which AccessMiddleware opens the scope; it closes with the request.
    """

    def __init__(self, get_response: Callable[[PortalRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        with transaction.atomic(), ExitStack() as scopes:
            request.scopes = scopes
            return self.get_response(request)

    def process_exception(self, request: PortalRequest, exception: Exception) -> None:
        # Django answers the exception inside the block, which would otherwise commit half-done work
        transaction.set_rollback(True)
