"""People and roles of a municipality."""

urlpatterns: list = []
