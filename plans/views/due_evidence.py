"""Evidence as it comes with the form of a report: kept at once, whatever becomes of the rest of the form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from nok_portal.common.errors import DomainError
from nok_portal.tenants.models import LegalAct
from nok_portal.tenants.requests import OfficeRequest
from nok_portal.tenants.selectors.acts import ActFilter, acts_for_list
from nok_portal.tenants.services.acts import ActWrong
from plans.forms.reporting import EvidenceForm
from plans.models import DueDate
from plans.selectors.reporting import EvidenceRow
from plans.services import evidence as services
from plans.services.evidence import FileProblem


@dataclass
class Taken:
    """What became of the evidence of a request: a clean form when all was kept, else what to put right."""

    form: EvidenceForm
    refused: list[FileProblem] = field(default_factory=list)
    problem: str = ""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The link or the act that is still in the form, for copying where the form is no more."""
        if not self.form.is_bound:
            return []
        words = {name: self.form[name].value() for name in ("link_url", "link_title", "act_number", "act_adopted_on")}
        words["legal_act"] = self.form.cleaned_data.get("legal_act")
        return [(str(self.form[name].label), str(one)) for name, one in words.items() if one]

    @property
    def is_whole(self) -> bool:
        return not (self.refused or self.problem or (self.form.is_bound and self.form.errors))


def acts_to_choose(request: OfficeRequest) -> QuerySet[LegalAct]:
    return acts_for_list(request.municipality, ActFilter())


def nothing_typed(request: OfficeRequest) -> Taken:
    return Taken(EvidenceForm(acts=acts_to_choose(request)))


def not_taken(request: OfficeRequest) -> Taken:
    """What was filled in, where nothing can be kept any more."""
    form = EvidenceForm(request.POST, acts=acts_to_choose(request))
    form.is_valid()
    return Taken(form)


def take_evidence(request: OfficeRequest, dues: Sequence[DueDate]) -> Taken:
    """Put what was filled in under all the due dates."""
    form = EvidenceForm(request.POST, request.FILES, acts=acts_to_choose(request))
    form.is_valid()
    taken = Taken(form)
    try:
        _take(form, taken, {"dues": dues, "actor": request.user, "at": timezone.now()})
    except DomainError as error:
        taken.problem = str(error)
    if not taken.problem and not form.errors:
        taken.form = nothing_typed(request).form
    return taken


def take_away(request: OfficeRequest, rows: Sequence[EvidenceRow], key: str) -> Taken:
    """Remove one row of the list, from under every due date where it stands."""
    taken = nothing_typed(request)
    doomed = [one for row in rows if row.key == key for one in row.evidence]
    try:
        services.remove_evidence(evidence=doomed, actor=request.user, at=timezone.now())
    except DomainError as error:
        taken.problem = str(error)
    return taken


def _take(form: EvidenceForm, taken: Taken, said: dict[str, Any]) -> None:
    data = form.cleaned_data
    if data.get("uploads"):
        taken.refused += services.add_files(files=data["uploads"], **said).refused
    if data.get("link_url"):
        try:
            services.add_link(url=data["link_url"], title=data.get("link_title", ""), **said)
        except services.LinkWrong as error:
            form.add_error("link_url", str(error))
    if data.get("legal_act"):
        services.add_legal_act(act=data["legal_act"], **said)
    new_act = ("act_kind", "act_number", "act_adopted_on")
    if form.has_new_act and not any(name in form.errors for name in new_act):
        try:
            services.add_new_act(facts=form.new_act, **said)
        except ActWrong as error:
            name = f"act_{error.field}"
            form.add_error(name if name in form.fields else None, str(error))
