"""Responsible parties held until a transaction ends."""

from django.db.models import Q

from plans.models import ResponsibleParty


def lock_parties(wanted: Q) -> dict[int, ResponsibleParty]:
    """The parties by key, taken in one order: whoever wants some of the same at this moment waits and never stands
    in the way of another.
    """
    found = ResponsibleParty.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk")
    return {party.pk: party for party in found}
