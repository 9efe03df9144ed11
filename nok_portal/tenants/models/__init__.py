from .acts import LegalAct
from .base import TenantModel
from .files import StoredFile
from .organizations import Organization, OrganizationDistinction, OrganizationImport
from .places import Municipality, Region

__all__ = [
    "LegalAct",
    "Municipality",
    "Organization",
    "OrganizationDistinction",
    "OrganizationImport",
    "Region",
    "StoredFile",
    "TenantModel",
]
