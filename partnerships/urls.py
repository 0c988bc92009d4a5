"""The workspace as far as it is about people, contacts, settings and the log; the links of invitations."""

from django.urls import path

from partnerships import audit_pages, contact_pages, invitations, settings_page, views

urlpatterns = [
    path("workspace/<slug:slug>/people/", views.people, name="people"),
    path("workspace/<slug:slug>/people/invite/", views.invite, name="invite"),
    path("workspace/<slug:slug>/people/<int:person_id>/", views.roles, name="roles"),
    path("workspace/<slug:slug>/people/<int:person_id>/remove/", views.remove, name="remove_person"),
    path("workspace/<slug:slug>/invitations/<int:invitation_id>/resend/", views.resend, name="resend_invitation"),
    path("workspace/<slug:slug>/invitations/<int:invitation_id>/withdraw/", views.withdraw, name="withdraw_invitation"),
    path("workspace/<slug:slug>/contacts/", contact_pages.contacts, name="workspace_contacts"),
    path("workspace/<slug:slug>/contacts/new/", contact_pages.new_contact, name="new_contact"),
    path("workspace/<slug:slug>/contacts/<int:contact_id>/", contact_pages.contact, name="contact"),
    path("workspace/<slug:slug>/contacts/<int:contact_id>/checked/", contact_pages.check_contact, name="check_contact"),
    path(
        "workspace/<slug:slug>/contacts/<int:contact_id>/delete/", contact_pages.delete_contact, name="delete_contact"
    ),
    path("workspace/<slug:slug>/settings/", settings_page.settings, name="settings"),
    path("workspace/<slug:slug>/audit/", audit_pages.audit, name="audit"),
    path("workspace/<slug:slug>/audit.csv", audit_pages.audit_csv, name="audit_csv"),
    path("accounts/invitations/<str:token>/", invitations.invitation, name="invitation"),
]
