import uuid

from django.conf import settings
from django.db import models

from .base import TenantModel


class StoredFile(TenantModel):
    """A file of a municipality: kept under its hash, served only by a view that checks the right.

    `purpose` ('plans.source') decides who may read it: services.files.register_purpose.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField("имя", max_length=255)
    content_type = models.CharField("вид", max_length=100)
    purpose = models.CharField("для чего", max_length=50)
    size = models.PositiveBigIntegerField("размер, байт")
    sha256 = models.CharField("хеш", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="кто приложил"
    )
    created_at = models.DateTimeField("когда")

    class Meta:
        constraints = [*TenantModel.Meta.constraints]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the bytes are, below FILES_DIR; equal files of a municipality share them."""
        return f"{self.municipality_id}/{self.sha256[:2]}/{self.sha256}"
