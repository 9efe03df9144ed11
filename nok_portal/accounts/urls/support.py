"""Pages of the portal's support staff, below /support/."""

app_name = "support"

urlpatterns: list = []
