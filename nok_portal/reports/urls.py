from django.urls import path

from . import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/<slug:report_slug>/", views.report, name="report"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/stop/", views.stop_job, name="stop_job"),
    path("jobs/<uuid:job_id>/repeat/", views.repeat_job, name="repeat_job"),
]
