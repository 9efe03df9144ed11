from django.urls import path

from .views import acts, files, organizations, organizations_import, organizations_merge, settings

urlpatterns = [
    path("organizations/", organizations.organizations, name="organizations"),
    path("organizations/add/", organizations.organization_add, name="organization_add"),
    path("organizations/import/", organizations_import.organization_import, name="organization_import"),
    path(
        "organizations/import/<int:list_id>/",
        organizations_import.organization_import_preview,
        name="organization_import_preview",
    ),
    path(
        "organizations/import/<int:list_id>/discard/",
        organizations_import.organization_import_discard,
        name="organization_import_discard",
    ),
    path("organizations/doubles/", organizations_merge.organizations_doubles, name="organizations_doubles"),
    path("organizations/<int:organization_id>/", organizations.organization, name="organization"),
    path("organizations/<int:organization_id>/edit/", organizations.organization_edit, name="organization_edit"),
    path("organizations/<int:organization_id>/close/", organizations.organization_close, name="organization_close"),
    path("organizations/<int:organization_id>/reopen/", organizations.organization_reopen, name="organization_reopen"),
    path(
        "organizations/<int:organization_id>/merge/",
        organizations_merge.organization_merge_choose,
        name="organization_merge_choose",
    ),
    path(
        "organizations/<int:organization_id>/merge/<int:double_id>/",
        organizations_merge.organization_merge,
        name="organization_merge",
    ),
    path(
        "organizations/<int:organization_id>/unmerge/",
        organizations_merge.organization_unmerge,
        name="organization_unmerge",
    ),
    path(
        "organizations/<int:organization_id>/distinguish/<int:double_id>/",
        organizations_merge.organizations_distinguish,
        name="organizations_distinguish",
    ),
    path("acts/", acts.acts, name="acts"),
    path("acts/add/", acts.act_add, name="act_add"),
    path("acts/<int:act_id>/", acts.act, name="act"),
    path("acts/<int:act_id>/edit/", acts.act_edit, name="act_edit"),
    path("acts/<int:act_id>/delete/", acts.act_delete, name="act_delete"),
    path("settings/", settings.settings, name="settings"),
    path("settings/edit/", settings.settings_edit, name="settings_edit"),
    path("files/<uuid:file_id>/", files.file, name="file"),
]
