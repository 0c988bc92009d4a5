"""Signing in: passwords, second factors, rate limits and single sign-on."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from partnerships.access import may_remove_second_factor, must_set_up_second_factor
from partnerships.audit import AuditEntry
from partnerships.invitations import send
from portal.settings import single_sign_on
from tests.reader import Page

PASSWORD = "a good long password"


def sign_in(client: Client, person: User, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": person.email, "password": password})


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_an_address_and_a_password_lead_to_the_workspace(northshire_author):
    answer = sign_in(Client(), northshire_author)

    assert (answer.status_code, answer["Location"]) == (302, "/workspace/")


@pytest.mark.django_db
def test_nobody_signs_up():
    client = Client()
    form = {"email": "nia@example.org", "password1": PASSWORD, "password2": PASSWORD}

    pages = [Page(client.get("/accounts/signup/")), Page(client.post("/accounts/signup/", form))]

    assert [page.heading for page in pages] == ["Accounts are by invitation"] * 2
    assert not User.objects.exists()


def test_wrong_passwords_soon_meet_a_limit_that_a_right_one_does_not_pass(northshire_author):
    client = Client()
    for _ in range(5):
        sign_in(client, northshire_author, "wrong")

    answer = sign_in(client, northshire_author)

    assert "Too many failed login attempts" in answer.content.decode()
    assert client.get("/workspace/").status_code == 302


def test_a_forgotten_password_is_set_again_by_e_mail(northshire_author):
    client = Client()
    client.post("/accounts/password/reset/", {"email": northshire_author.email})
    [link] = [word for word in mail.outbox[0].body.split() if "/password/reset/key/" in word]

    form = client.get(urlsplit(link).path, follow=True)
    client.post(
        form.redirect_chain[-1][0], {"password1": "another good password", "password2": "another good password"}
    )

    assert sign_in(Client(), northshire_author, "another good password").status_code == 302
    assert sign_in(Client(), northshire_author).status_code == 200


@pytest.mark.django_db
def test_an_unknown_address_gets_no_e_mail_and_the_same_answer(northshire_author):
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in ("nobody@example.org", northshire_author.email)
    ]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/password/reset/done/")}
    assert [message.to for message in mail.outbox] == [[northshire_author.email]]


def test_a_password_alone_is_not_enough_for_whoever_has_a_second_factor(northshire_author):
    secret = generate_totp_secret()
    TOTP.activate(northshire_author, secret)
    client = Client()

    asked = sign_in(client, northshire_author)
    closed = client.get("/workspace/").status_code
    client.post("/accounts/2fa/authenticate/", {"code": code_now(secret)})

    assert (asked["Location"], closed, client.get("/workspace/").status_code) == (
        "/accounts/2fa/authenticate/",
        302,
        200,
    )


def test_a_recovery_code_works_once(northshire_author):
    TOTP.activate(northshire_author, generate_totp_secret())
    code = RecoveryCodes.activate(northshire_author).get_unused_codes()[0]
    statuses = []

    for _ in range(2):
        client = Client()
        sign_in(client, northshire_author)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        statuses.append(client.get("/workspace/").status_code)

    assert statuses == [200, 302]


def test_who_must_set_up_a_second_factor(region, northshire_author, southmoor_author, administrator):
    region["northshire"].requires_second_factor = True
    region["northshire"].save()
    people = (northshire_author, southmoor_author, administrator)

    before = [must_set_up_second_factor(person) for person in people]
    RecoveryCodes.activate(northshire_author)
    with_codes_alone = must_set_up_second_factor(northshire_author)
    TOTP.activate(northshire_author, generate_totp_secret())

    assert (before, with_codes_alone) == ([True, False, True], True)
    assert not must_set_up_second_factor(northshire_author)


def test_the_last_second_factor_stays_where_one_is_required(region, northshire_author):
    TOTP.activate(northshire_author, generate_totp_secret())
    own = Authenticator.objects.get(user=northshire_author)

    free = may_remove_second_factor(northshire_author, own)
    region["northshire"].requires_second_factor = True
    region["northshire"].save()

    assert (free, may_remove_second_factor(northshire_author, own)) == (True, False)


def test_the_admin_has_no_sign_in_of_its_own(northshire_author, administrator):
    member, admin = Client(), Client()
    member.force_login(northshire_author)
    admin.force_login(administrator)

    answers = [client.get("/admin/login/?next=/admin/auth/") for client in (Client(), member, admin)]

    assert [(answer.status_code, answer.get("Location")) for answer in answers] == [
        (302, "/accounts/login/?next=/admin/auth/"),
        (403, None),
        (302, "/admin/auth/"),
    ]


def test_the_admin_sends_nobody_to_another_site(administrator):
    client = Client()
    client.force_login(administrator)

    assert client.get("/admin/login/?next=https://elsewhere.example.org/")["Location"] == "/admin/"


# --- Single sign-on -----------------------------------------------------------------------------------------------


class Provider(BaseHTTPRequestHandler):
    """A small OpenID Connect server that vouches for `person`."""

    person: dict[str, Any] = {}

    def _answer(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_address[1]}"
        endpoints = {f"{name}_endpoint": f"{here}/{name}" for name in ("authorization", "token", "userinfo")}
        answers = {
            "/.well-known/openid-configuration": {"issuer": here, "jwks_uri": f"{here}/keys", **endpoints},
            "/token": {"access_token": "a token", "token_type": "Bearer"},
            "/userinfo": self.person,
        }
        body = json.dumps(answers[self.path]).encode()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def provider(settings) -> Iterator[type[Provider]]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        variables = {
            "OIDC_SERVER_URL": f"http://127.0.0.1:{server.server_address[1]}",
            "OIDC_CLIENT_ID": "portal",
            "OIDC_CLIENT_SECRET": "secret",
            "OIDC_NAME": "Northshire Council",
        }
        settings.SOCIALACCOUNT_PROVIDERS = single_sign_on(variables)
        yield Provider
        server.shutdown()


def come_by(provider: type[Provider], email: str, *, verified: bool = True) -> tuple[Client, Any]:
    """Sign in by single sign-on as somebody for whose address the provider vouches, or does not."""
    provider.person = {"sub": f"id of {email}", "email": email, "email_verified": verified, "name": "Nia Newcomer"}
    client = Client()
    page = Page(client.post("/accounts/oidc/sso/login/"))
    [(_, address)] = page.links("//main")
    query = parse_qs(urlsplit(address).query)
    return client, client.get(
        "/accounts/oidc/sso/login/callback/", {"code": "x", "state": query["state"][0]}, follow=True
    )


def test_the_sign_in_page_offers_single_sign_on_by_its_name(provider, db):
    assert ("Sign in with Northshire Council", "/accounts/oidc/sso/login/?process=login") in Page(
        Client().get("/accounts/login/")
    ).links("//main")


def test_somebody_known_by_a_verified_address_comes_in(provider, northshire_author):
    client, _ = come_by(provider, northshire_author.email)

    assert client.session["_auth_user_id"] == str(northshire_author.pk)


def test_somebody_invited_comes_in_and_has_the_role(provider, region, northshire_manager):
    send(region["northshire"], "nia@example.org", "approver", by=northshire_manager, at=now())

    client, _ = come_by(provider, "Nia@example.org")

    assert Page(client.get("/workspace/")).texts("//main//li/p") == ["Approver: approves and publishes"]
    assert list(AuditEntry.objects.values_list("action", "person", "detail")) == [
        ("invited", "northshire_manager@example.org", "Approver: approves and publishes"),
        ("joined", "Nia Newcomer", "Approver: approves and publishes"),
    ]


@pytest.mark.parametrize("invited, verified", [(False, True), (True, False)])
def test_nobody_else_comes_in(provider, region, northshire_manager, invited, verified):
    if invited:
        send(region["northshire"], "nia@example.org", "approver", by=northshire_manager, at=now())

    client, answer = come_by(provider, "nia@example.org", verified=verified)

    assert (Page(answer).heading, client.get("/workspace/").status_code) == ("Accounts are by invitation", 302)
    assert not User.objects.filter(email="nia@example.org").exists()


def test_an_address_that_the_provider_has_not_verified_opens_no_account(provider, northshire_author):
    client, _ = come_by(provider, northshire_author.email, verified=False)

    assert "_auth_user_id" not in client.session
