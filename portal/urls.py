"""Every address of the site.

The reading pages (procedures.urls) stand four times: plain, behind /in/<partnership>, behind /on/<day>, behind both.
Their views are named after the page: /updates/ is procedures.reading.updates.updates.
"""

from django.contrib import admin
from django.urls import include, path

from portal import views
from procedures.reading.history import version

reading = "procedures.urls"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("health/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("versions/<int:version_id>/", version, name="version"),
    path("", include(reading)),
    path("in/<slug:partnership>/", include(reading, namespace="in")),
    path("on/<str:on>/", include(reading, namespace="on")),
    path("in/<slug:partnership>/on/<str:on>/", include(reading, namespace="in_on")),
]

handler400 = views.bad_request
handler404 = views.not_found
