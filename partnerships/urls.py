"""The workspace as far as it is about people, and the links of invitations."""

from django.urls import path

from partnerships import invitations, views

urlpatterns = [
    path("workspace/", views.workspace, name="workspace"),
    path("workspace/<slug:slug>/people/", views.people, name="people"),
    path("workspace/<slug:slug>/people/invite/", views.invite, name="invite"),
    path("workspace/<slug:slug>/people/second-factor/", views.second_factor, name="second_factor"),
    path("workspace/<slug:slug>/people/<int:person_id>/", views.roles, name="roles"),
    path("workspace/<slug:slug>/people/<int:person_id>/remove/", views.remove, name="remove_person"),
    path("workspace/<slug:slug>/invitations/<int:invitation_id>/resend/", views.resend, name="resend_invitation"),
    path("workspace/<slug:slug>/invitations/<int:invitation_id>/withdraw/", views.withdraw, name="withdraw_invitation"),
    path("accounts/invitations/<str:token>/", invitations.invitation, name="invitation"),
]
