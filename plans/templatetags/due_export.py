"""`{% load due_export %}`: the menu that makes a file of the due dates a page shows."""

from typing import Any

from django import template

from plans.due_reports import DueDatesList

register = template.Library()


@register.inclusion_tag("plans/_due_export.html", takes_context=True)
def due_export(context: template.Context, query: str) -> dict[str, Any]:
    """`{% due_export export %}`: `query` is what the address of the export asks for."""
    request = context["request"]
    return {
        "municipality": context["municipality"],
        "csrf_token": context.get("csrf_token"),
        "query": query,
        "formats": [(way.name, way.label) for way in DueDatesList().ways] if request.standing.may_write else [],
    }


@register.inclusion_tag("plans/_due_export.html", takes_context=True)
def due_list_export(context: template.Context) -> dict[str, Any]:
    """The same for the list to work through, as its address asks for it."""
    asked = context["request"].GET.copy()
    asked["list"] = "1"
    return due_export(context, asked.urlencode())
