"""What tests of pages ask of them."""

import re
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from nok_portal.tenants.models import Municipality


def url(ours: Municipality, name: str, *args: Any) -> str:
    """The address of an office page; rows stand for their keys."""
    return reverse(f"office:{name}", args=[ours.slug, *(getattr(one, "pk", one) for one in args)])


def text_of(response: HttpResponse) -> str:
    """The page's source with blanks folded."""
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def words_of(response: HttpResponse) -> str:
    """What a person reads on the page."""
    return " ".join(re.sub(r"<[^>]+>", " ", text_of(response)).split())
