from .invitations import Invitation, InvitationState
from .people import Membership, User
from .support import SupportVisit
from .tokens import AccessToken

__all__ = ["AccessToken", "Invitation", "InvitationState", "Membership", "SupportVisit", "User"]
