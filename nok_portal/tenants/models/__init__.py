from .base import TenantModel
from .files import StoredFile
from .organizations import Organization, OrganizationDistinction, OrganizationImport
from .places import Municipality, Region

__all__ = [
    "Municipality",
    "Organization",
    "OrganizationDistinction",
    "OrganizationImport",
    "Region",
    "StoredFile",
    "TenantModel",
]
