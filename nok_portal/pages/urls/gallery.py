"""The look with data of our own; local and test settings only."""

from django.urls import path

from nok_portal.pages.views import gallery

urlpatterns = [
    path("", gallery.parts, name="gallery"),
    path("plan/", gallery.plan, name="gallery_plan"),
    path("form/", gallery.form, name="gallery_form"),
    path("public/", gallery.public, name="gallery_public"),
    path("import/", gallery.document, name="gallery_import"),
]
