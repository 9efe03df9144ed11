from django.urls import path

from .views import files

urlpatterns = [
    path("files/<uuid:file_id>/", files.file, name="file"),
]
