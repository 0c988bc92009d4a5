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


def for_writers(get: int, post: int) -> Statuses:
    """A page of Northshire's authors and approvers: its managers are refused, strangers to it find nothing there."""
    writes = for_managers(get, post)
    refused, allowed = writes["northshire_author"], writes["northshire_manager"]
    return writes | {
        "northshire_author": allowed,
        "northshire_approver": allowed,
        "northshire_manager": refused,
    }


def for_authors(get: int, post: int) -> Statuses:
    """As `for_writers`, but what is sent is for authors alone."""
    writes = for_writers(get, post)
    return writes | {"northshire_approver": (writes["northshire_approver"][0], 403)}


def only_for_authors(get: int, post: int) -> Statuses:
    """A page that Northshire's approvers do not even look at."""
    return for_authors(get, post) | {"northshire_approver": (405 if get == 405 else 403, 403)}


def for_approvers(get: int, post: int) -> Statuses:
    """A page or a step of Northshire's approvers, which is not for its authors."""
    return for_writers(get, post) | {"northshire_author": (405 if get == 405 else 403, 403)}


def read_by_writers() -> Statuses:
    """A page of Northshire's authors and approvers to which nothing is sent."""
    return {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()}


# An address may name {author}, who has a role in Northshire, a pending {invitation} there, its {token}, a {contact},
# a {renumbering}, a {draft} with a {comment}, a {release}, a {scheduled} version of its section “harbours”, and of the
# search’s words a {term}, a {synonym} and a {best_bet}.
WORKSPACE = {
    "workspace/": ("/workspace/", by_signing_in((302, 405), (200, 405))),
    "workspace/<slug:slug>/people/": (
        "/workspace/northshire/people/",
        {person: (get, 405) for person, (get, _) in for_managers(200, 405).items()},
    ),
    "workspace/<slug:slug>/people/invite/": ("/workspace/northshire/people/invite/", for_managers(200, 200)),
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
    "workspace/<slug:slug>/contacts/": (
        "/workspace/northshire/contacts/",
        {person: (get, 405) for person, (get, _) in for_managers(200, 405).items()},
    ),
    "workspace/<slug:slug>/contacts/new/": ("/workspace/northshire/contacts/new/", for_managers(200, 200)),
    "workspace/<slug:slug>/contacts/<int:contact_id>/": (
        "/workspace/northshire/contacts/{contact}/",
        for_managers(200, 200),
    ),
    "workspace/<slug:slug>/contacts/<int:contact_id>/checked/": (
        "/workspace/northshire/contacts/{contact}/checked/",
        for_managers(405, 302),
    ),
    "workspace/<slug:slug>/contacts/<int:contact_id>/delete/": (
        "/workspace/northshire/contacts/{contact}/delete/",
        for_managers(200, 302),
    ),
    "workspace/<slug:slug>/settings/": ("/workspace/northshire/settings/", for_managers(200, 200)),
    "workspace/<slug:slug>/audit/": (
        "/workspace/northshire/audit/",
        {person: (get, 405) for person, (get, _) in for_managers(200, 405).items()},
    ),
    "workspace/<slug:slug>/audit.csv": (
        "/workspace/northshire/audit.csv",
        {person: (get, 405) for person, (get, _) in for_managers(200, 405).items()},
    ),
    "workspace/<slug:slug>/documents/": (
        "/workspace/northshire/documents/",
        {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()},
    ),
    "workspace/<slug:slug>/documents/new/": ("/workspace/northshire/documents/new/", for_writers(200, 200)),
    "workspace/<slug:slug>/documents/<slug:document>/": (
        "/workspace/northshire/documents/northshire-form/",
        for_writers(200, 200),
    ),
    "workspace/<slug:slug>/documents/<slug:document>/replace/": (
        "/workspace/northshire/documents/northshire-form/replace/",
        for_writers(200, 200),
    ),
    "workspace/<slug:slug>/drift/": (
        "/workspace/northshire/drift/",
        {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()},
    ),
    "workspace/<slug:slug>/drift/<slug:section_slug>/": (
        "/workspace/northshire/drift/neglect/",
        {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()},
    ),
    "workspace/<slug:slug>/drift/<slug:section_slug>/confirm/": (
        "/workspace/northshire/drift/neglect/confirm/",
        for_writers(405, 302),
    ),
    "workspace/<slug:slug>/images/": ("/workspace/northshire/images/", for_writers(405, 400)),
    "workspace/<slug:slug>/renumbering/": (
        "/workspace/northshire/renumbering/",
        {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()},
    ),
    "workspace/<slug:slug>/renumbering/new/": (
        "/workspace/northshire/renumbering/new/",
        {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()},
    ),
    "workspace/<slug:slug>/renumbering/preview/": ("/workspace/northshire/renumbering/preview/", for_writers(200, 200)),
    "workspace/<slug:slug>/renumbering/<int:renumbering_id>/": (
        "/workspace/northshire/renumbering/{renumbering}/",
        {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()},
    ),
    "workspace/<slug:slug>/renumbering/<int:renumbering_id>/publish/": (
        "/workspace/northshire/renumbering/{renumbering}/publish/",
        for_writers(405, 409) | {"northshire_author": (405, 403)},
    ),
    "workspace/<slug:slug>/renumbering/<int:renumbering_id>/discard/": (
        "/workspace/northshire/renumbering/{renumbering}/discard/",
        for_writers(405, 302),
    ),
    "workspace/<slug:partnership>/drafts/<int:draft_id>/": (
        "/workspace/northshire/drafts/{draft}/",
        for_authors(200, 422),
    ),
    "workspace/<slug:partnership>/drafts/<int:draft_id>/preview/": (
        "/workspace/northshire/drafts/{draft}/preview/",
        for_authors(200, 200),
    ),
    "workspace/<slug:partnership>/drafts/<int:draft_id>/save/": (
        "/workspace/northshire/drafts/{draft}/save/",
        for_authors(405, 400),
    ),
    "workspace/<slug:partnership>/find/": (
        "/workspace/northshire/find/",
        {person: (get, 405) for person, (get, _) in for_writers(200, 405).items()},
    ),
    "workspace/edit/<slug:section_slug>/": (
        "/workspace/edit/harbours/",
        by_signing_in((302, 405), (200, 405))
        | dict.fromkeys(("northshire_author", "northshire_approver", "administrator"), (302, 405)),
    ),
    "workspace/<slug:slug>/": (
        "/workspace/northshire/",
        read_by_writers(),
    ),
    "workspace/<slug:slug>/sections/new/": (
        "/workspace/northshire/sections/new/",
        only_for_authors(200, 200),
    ),
    "workspace/<slug:slug>/sections/<slug:section_slug>/": (
        "/workspace/northshire/sections/harbours/",
        read_by_writers(),
    ),
    "workspace/<slug:slug>/sections/<slug:section_slug>/begin/": (
        "/workspace/northshire/sections/harbours/begin/",
        only_for_authors(405, 302),
    ),
    "workspace/<slug:slug>/sections/<slug:section_slug>/withdraw/": (
        "/workspace/northshire/sections/harbours/withdraw/",
        only_for_authors(200, 302),
    ),
    "workspace/<slug:slug>/versions/<int:version_id>/call-back/": (
        "/workspace/northshire/versions/{scheduled}/call-back/",
        for_approvers(200, 200),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/review/": (
        "/workspace/northshire/drafts/{draft}/review/",
        read_by_writers(),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/submit/": (
        "/workspace/northshire/drafts/{draft}/submit/",
        only_for_authors(200, 409),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/take-back/": (
        "/workspace/northshire/drafts/{draft}/take-back/",
        for_writers(405, 302),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/ask-for-changes/": (
        "/workspace/northshire/drafts/{draft}/ask-for-changes/",
        for_approvers(405, 400),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/approve/": (
        "/workspace/northshire/drafts/{draft}/approve/",
        for_approvers(405, 302),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/publish/": (
        "/workspace/northshire/drafts/{draft}/publish/",
        for_approvers(405, 400),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/comment/": (
        "/workspace/northshire/drafts/{draft}/comment/",
        for_writers(405, 400),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/comments/<int:comment_id>/settle/": (
        "/workspace/northshire/drafts/{draft}/comments/{comment}/settle/",
        for_writers(405, 302),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/merge/": (
        "/workspace/northshire/drafts/{draft}/merge/",
        only_for_authors(302, 302),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/discard/": (
        "/workspace/northshire/drafts/{draft}/discard/",
        only_for_authors(200, 302),
    ),
    "workspace/<slug:slug>/drafts/<int:draft_id>/bring-back/": (
        "/workspace/northshire/drafts/{draft}/bring-back/",
        only_for_authors(405, 302),
    ),
    "workspace/<slug:slug>/releases/": (
        "/workspace/northshire/releases/",
        read_by_writers(),
    ),
    "workspace/<slug:slug>/releases/new/": (
        "/workspace/northshire/releases/new/",
        for_writers(200, 200),
    ),
    "workspace/<slug:slug>/releases/<int:release_id>/": (
        "/workspace/northshire/releases/{release}/",
        read_by_writers(),
    ),
    "workspace/<slug:slug>/releases/<int:release_id>/change/": (
        "/workspace/northshire/releases/{release}/change/",
        for_writers(200, 200),
    ),
    "workspace/<slug:slug>/releases/<int:release_id>/contents/": (
        "/workspace/northshire/releases/{release}/contents/",
        for_writers(405, 404),
    ),
    "workspace/<slug:slug>/releases/<int:release_id>/publish/": (
        "/workspace/northshire/releases/{release}/publish/",
        for_approvers(405, 302),
    ),
    "workspace/<slug:slug>/releases/<int:release_id>/discard/": (
        "/workspace/northshire/releases/{release}/discard/",
        for_writers(405, 302),
    ),
    "workspace/<slug:slug>/search/": ("/workspace/northshire/search/?q=advice", read_by_writers()),
    "workspace/<slug:slug>/words/": ("/workspace/northshire/words/", read_by_writers()),
    "workspace/<slug:slug>/words/terms/new/": ("/workspace/northshire/words/terms/new/", for_writers(200, 200)),
    "workspace/<slug:slug>/words/terms/<int:row_id>/": (
        "/workspace/northshire/words/terms/{term}/",
        for_writers(200, 200),
    ),
    "workspace/<slug:slug>/words/terms/<int:row_id>/delete/": (
        "/workspace/northshire/words/terms/{term}/delete/",
        for_writers(200, 409),
    ),
    "workspace/<slug:slug>/words/synonyms/new/": ("/workspace/northshire/words/synonyms/new/", for_writers(200, 200)),
    "workspace/<slug:slug>/words/synonyms/<int:row_id>/": (
        "/workspace/northshire/words/synonyms/{synonym}/",
        for_writers(200, 200),
    ),
    "workspace/<slug:slug>/words/synonyms/<int:row_id>/delete/": (
        "/workspace/northshire/words/synonyms/{synonym}/delete/",
        for_writers(200, 409),
    ),
    "workspace/<slug:slug>/words/best-bets/new/": ("/workspace/northshire/words/best-bets/new/", for_writers(200, 200)),
    "workspace/<slug:slug>/words/best-bets/<int:row_id>/": (
        "/workspace/northshire/words/best-bets/{best_bet}/",
        for_writers(200, 200),
    ),
    "workspace/<slug:slug>/words/best-bets/<int:row_id>/delete/": (
        "/workspace/northshire/words/best-bets/{best_bet}/delete/",
        for_writers(200, 409),
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
