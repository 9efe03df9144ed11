from django.urls import path

from .views import documents, imports, lines, plans, readings, review

urlpatterns = [
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", imports.new, name="plan_new"),
    path("plans/imports/<int:import_id>/", imports.plan_import, name="plan_import"),
    path("plans/imports/<int:import_id>/facts/", review.facts, name="plan_import_facts"),
    path("plans/imports/<int:import_id>/lines/<int:index>/", review.line, name="plan_import_line"),
    path("plans/imports/<int:import_id>/lines/<int:index>/reading/", readings.line, name="plan_import_reading"),
    path("plans/imports/<int:import_id>/targets/<int:index>/", review.target, name="plan_import_target"),
    path("plans/imports/<int:import_id>/sections/<int:index>/", review.section, name="plan_import_section"),
    path("plans/imports/<int:import_id>/go-on/", imports.go_on, name="plan_import_go_on"),
    path("plans/imports/<int:import_id>/columns/", imports.columns, name="plan_import_columns"),
    path("plans/imports/<int:import_id>/choice/", imports.reading_choice, name="plan_import_choice"),
    path("plans/imports/<int:import_id>/act/", review.act, name="plan_import_act"),
    path("plans/imports/<int:import_id>/confirm/", imports.confirm, name="plan_import_confirm"),
    path("plans/imports/<int:import_id>/discard/", imports.discard, name="plan_import_discard"),
    path("plans/reading/words/", readings.words, name="deadline_words"),
    path("plans/reading/parts/", readings.parts, name="deadline_parts"),
    path("plans/<int:plan_id>/", plans.plan, name="plan"),
    path("plans/<int:plan_id>/document/<str:file_format>/", documents.plan_document, name="plan_document"),
    path("plans/<int:plan_id>/targets/", plans.targets, name="plan_targets"),
    path("plans/<int:plan_id>/history/", plans.history, name="plan_history"),
    path("plans/<int:plan_id>/edit/", plans.edit, name="plan_edit"),
    path("plans/<int:plan_id>/archive/", plans.archive, name="plan_archive"),
    path("plans/<int:plan_id>/restore/", plans.restore, name="plan_restore"),
    path("plans/<int:plan_id>/delete/", plans.delete, name="plan_delete"),
    path("activities/<int:activity_id>/", lines.activity, name="activity"),
    path("activities/<int:activity_id>/reading/", readings.activity, name="activity_reading"),
]
