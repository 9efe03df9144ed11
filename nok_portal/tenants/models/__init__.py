from .base import TenantModel
from .files import StoredFile
from .organizations import Organization, OrganizationImport
from .places import Municipality, Region

__all__ = ["Municipality", "Organization", "OrganizationImport", "Region", "StoredFile", "TenantModel"]
