"""What each of the cast gets at every address that is not a reading page: the status of GET and of POST.

A role is a person of tests.conftest; ANONYMOUS has not signed in. POST is sent with an empty form and a valid token.
"""

from itertools import repeat

ANONYMOUS = "anonymous"
CAST = (
    ANONYMOUS, "outsider", "northshire_author", "northshire_approver", "northshire_manager", "southmoor_manager",
    "regional_manager", "regional_approver", "administrator",
)  # fmt: skip
SIGNED_IN = CAST[1:]

Statuses = dict[str, tuple[int, int]]


def everybody(get: int, post: int) -> Statuses:
    return dict(zip(CAST, repeat((get, post))))


def by_signing_in(anonymous: tuple[int, int], others: tuple[int, int]) -> Statuses:
    return dict.fromkeys(SIGNED_IN, others) | {ANONYMOUS: anonymous}


def for_managers(get: int, post: int) -> Statuses:
    """A page of Northshire's managers: strangers to Northshire find nothing there, its other members are refused."""
    refused, absent = (405 if get == 405 else 403, 403), (405 if get == 405 else 404, 404)
    return {
        ANONYMOUS: (405 if get == 405 else 302, 302),
        "outsider": absent,
        "northshire_author": refused,
        "northshire_approver": refused,
        "northshire_manager": (get, post),
        "southmoor_manager": absent,
        "regional_manager": absent,
        "regional_approver": absent,
        "administrator": (get, post),
    }


# An address may name {author}, who has a role in Northshire, a pending {invitation} there, and its {token}.
WORKSPACE = {
    "workspace/": ("/workspace/", by_signing_in((302, 405), (200, 405))),
    "workspace/<slug:slug>/people/": (
        "/workspace/northshire/people/",
        {person: (get, 405) for person, (get, _) in for_managers(200, 405).items()},
    ),
    "workspace/<slug:slug>/people/invite/": ("/workspace/northshire/people/invite/", for_managers(200, 200)),
    "workspace/<slug:slug>/people/second-factor/": (
        "/workspace/northshire/people/second-factor/",
        for_managers(405, 302),
    ),
    "workspace/<slug:slug>/people/<int:person_id>/": ("/workspace/northshire/people/{author}/", for_managers(200, 200)),
    "workspace/<slug:slug>/people/<int:person_id>/remove/": (
        "/workspace/northshire/people/{author}/remove/",
        for_managers(200, 302),
    ),
    "workspace/<slug:slug>/invitations/<int:invitation_id>/resend/": (
        "/workspace/northshire/invitations/{invitation}/resend/",
        for_managers(405, 302),
    ),
    "workspace/<slug:slug>/invitations/<int:invitation_id>/withdraw/": (
        "/workspace/northshire/invitations/{invitation}/withdraw/",
        for_managers(405, 302),
    ),
    "accounts/invitations/<str:token>/": ("/accounts/invitations/{token}/", by_signing_in((200, 200), (403, 403))),
}

TO_SIGN_IN = (302, 302)

# django-allauth's own pages.
ACCOUNTS = {
    "accounts/login/": ("/accounts/login/", by_signing_in((200, 200), (302, 302))),
    "accounts/logout/": ("/accounts/logout/", by_signing_in(TO_SIGN_IN, (200, 302))),
    "accounts/inactive/": ("/accounts/inactive/", everybody(200, 405)),
    "accounts/signup/": ("/accounts/signup/", by_signing_in((200, 200), (302, 302))),
    "accounts/reauthenticate/": ("/accounts/reauthenticate/", by_signing_in(TO_SIGN_IN, (200, 200))),
    "accounts/email/": ("/accounts/email/", by_signing_in(TO_SIGN_IN, (200, 302))),
    "accounts/confirm-email/": ("/accounts/confirm-email/", everybody(200, 405)),
    "accounts/password/change/": ("/accounts/password/change/", by_signing_in(TO_SIGN_IN, (200, 200))),
    "accounts/password/set/": ("/accounts/password/set/", by_signing_in(TO_SIGN_IN, (302, 302))),
    "accounts/password/reset/": ("/accounts/password/reset/", everybody(200, 200)),
    "accounts/password/reset/done/": ("/accounts/password/reset/done/", everybody(200, 405)),
    "accounts/password/reset/key/done/": ("/accounts/password/reset/key/done/", everybody(200, 405)),
    "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": (
        "/accounts/password/reset/key/1-wrong/",
        everybody(200, 200),
    ),
    "accounts/login/code/confirm/": ("/accounts/login/code/confirm/", everybody(302, 302)),
    "accounts/^confirm-email/(?P<key>[-:\\w]+)/$": ("/accounts/confirm-email/wrong/", everybody(200, 404)),
    "accounts/2fa/": ("/accounts/2fa/", by_signing_in(TO_SIGN_IN, (200, 405))),
    "accounts/2fa/authenticate/": ("/accounts/2fa/authenticate/", everybody(302, 302)),
    "accounts/2fa/reauthenticate/": ("/accounts/2fa/reauthenticate/", by_signing_in(TO_SIGN_IN, (302, 302))),
    "accounts/2fa/totp/activate/": ("/accounts/2fa/totp/activate/", by_signing_in(TO_SIGN_IN, (302, 302))),
    "accounts/2fa/totp/deactivate/": ("/accounts/2fa/totp/deactivate/", by_signing_in(TO_SIGN_IN, (404, 404))),
    "accounts/2fa/recovery-codes/": ("/accounts/2fa/recovery-codes/", by_signing_in(TO_SIGN_IN, (404, 405))),
    "accounts/2fa/recovery-codes/generate/": (
        "/accounts/2fa/recovery-codes/generate/",
        by_signing_in(TO_SIGN_IN, (302, 302)),
    ),
    "accounts/2fa/recovery-codes/download/": (
        "/accounts/2fa/recovery-codes/download/",
        by_signing_in(TO_SIGN_IN, (404, 404)),
    ),
    "accounts/2fa/webauthn/": ("/accounts/2fa/webauthn/", by_signing_in(TO_SIGN_IN, (200, 405))),
    "accounts/2fa/webauthn/add/": ("/accounts/2fa/webauthn/add/", by_signing_in(TO_SIGN_IN, (302, 302))),
    "accounts/2fa/webauthn/reauthenticate/": (
        "/accounts/2fa/webauthn/reauthenticate/",
        by_signing_in(TO_SIGN_IN, (302, 302)),
    ),
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": (
        "/accounts/2fa/webauthn/keys/1/remove/",
        by_signing_in(TO_SIGN_IN, (302, 302)),
    ),
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": (
        "/accounts/2fa/webauthn/keys/1/edit/",
        by_signing_in(TO_SIGN_IN, (302, 302)),
    ),
    "accounts/2fa/webauthn/login/": ("/accounts/2fa/webauthn/login/", by_signing_in((302, 302), (302, 302))),
    "accounts/3rdparty/": ("/accounts/3rdparty/", by_signing_in(TO_SIGN_IN, (200, 200))),
    "accounts/3rdparty/login/cancelled/": ("/accounts/3rdparty/login/cancelled/", everybody(200, 405)),
    "accounts/3rdparty/login/error/": ("/accounts/3rdparty/login/error/", everybody(401, 405)),
    "accounts/3rdparty/signup/": ("/accounts/3rdparty/signup/", everybody(302, 302)),
    "accounts/social/login/cancelled/": ("/accounts/social/login/cancelled/", everybody(301, 301)),
    "accounts/social/login/error/": ("/accounts/social/login/error/", everybody(301, 301)),
    "accounts/social/signup/": ("/accounts/social/signup/", everybody(301, 301)),
    "accounts/social/connections/": ("/accounts/social/connections/", everybody(301, 301)),
    "accounts/oidc/<str:provider_id>/login/": ("/accounts/oidc/sso/login/", everybody(404, 404)),
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/": ("/accounts/oidc/sso/login/", everybody(404, 404)),
    "accounts/oidc/^(?P<provider_id>[^/]+)/login/callback/": (
        "/accounts/oidc/sso/login/callback/",
        everybody(404, 404),
    ),
}
