from .invitations import Invitation, InvitationState
from .people import Membership, User
from .support import SupportVisit

__all__ = ["Invitation", "InvitationState", "Membership", "SupportVisit", "User"]
