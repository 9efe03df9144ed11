from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from ..access import office_page
from ..file_kinds import BY_CONTENT_TYPE
from ..models import StoredFile
from ..requests import OfficeRequest
from ..services import files


@office_page()
@require_safe
def file(request: OfficeRequest, file_id: UUID) -> HttpResponseBase:
    """The bytes of a stored file, for those whom its purpose lets read it."""
    stored = get_object_or_404(StoredFile, pk=file_id, municipality=request.municipality)
    if not files.may_read(stored, request):
        raise PermissionDenied("Этот файл открыт не всем. Попросите администратора дать вам нужную роль.")
    tag = f'"{stored.sha256}"'
    if unchanged := get_conditional_response(request, etag=tag):
        return _guard(unchanged, tag)
    try:
        content = files.open_file(stored)
    except files.FileMissing as error:
        return render(request, "tenants/file_missing.html", {"file": stored, "reason": str(error)}, status=404)
    kind = BY_CONTENT_TYPE.get(stored.content_type)
    response = FileResponse(
        content,
        content_type=stored.content_type if kind else "application/octet-stream",
        as_attachment=not (kind and kind.opens_in_browser),
        filename=stored.name,
    )
    response["Content-Length"] = str(stored.size)
    return _guard(response, tag)


def _guard(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    """What a stranger put into a file must not act in the portal's name; a revoked right ends the copy too."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = tag
    return response
