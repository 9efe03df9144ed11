from .people import Membership, User
from .invitations import Invitation
from .support import SupportVisit

__all__ = ["Invitation", "Membership", "SupportVisit", "User"]
