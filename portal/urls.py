"""Every address of the site.

The reading pages (procedures.urls) stand four times: plain, behind /in/<partnership>, behind /on/<day>, behind both.
Their views are named after the page: /updates/ is procedures.reading.updates.updates.
Signing in is django-allauth's.
"""

from django.contrib import admin
from django.urls import include, path

from partnerships.access import may_enter_admin
from portal import api, views
from portal.accounts import admin_login, single_sign_on
from procedures.reading.files import file
from procedures.reading.history import version

reading = "procedures.urls"

admin.site.login = admin_login  # type: ignore[method-assign]
admin.site.has_permission = lambda request: may_enter_admin(request.user)  # type: ignore[method-assign]

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/oidc/<str:provider_id>/login/", single_sign_on, name="openid_connect_login"),
    path("accounts/", include("allauth.urls")),
    path("", include("partnerships.urls")),
    path("", include("procedures.editing.urls")),
    path("", include("procedures.search.urls")),
    path("health/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("api/v1/", include((api.urlpatterns, "ninja"), namespace="api")),
    api.nowhere,
    path("versions/<int:version_id>/", version, name="version"),
    path("files/<int:file_id>/<str:name>", file, name="file"),
    path("", include(reading)),
    path("in/<slug:partnership>/", include(reading, namespace="in")),
    path("on/<str:on>/", include(reading, namespace="on")),
    path("in/<slug:partnership>/on/<str:on>/", include(reading, namespace="in_on")),
]

handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler429 = views.too_many_requests
handler500 = views.server_error
