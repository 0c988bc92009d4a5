"""Settings from the environment: what is not understood stops the start with a sentence."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {"PATH", "HOME", "LANG", "VIRTUAL_ENV", "SYSTEMROOT"}
SOUND = {"SECRET_KEY": "f" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz", "SITE_URL": "https://procedures.example.org"}


def start(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check …` as a server would start, with nothing in the environment but these variables."""
    environment = {name: value for name, value in os.environ.items() if name in KNOWN} | variables
    command = [sys.executable, "manage.py", "check", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Gives a function that reads the settings as a server would with these variables, for why they are refused."""

    def refused(**variables: str) -> str:
        for name in os.environ.keys() - KNOWN:
            monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(ImproperlyConfigured) as refused:
            runpy.run_path(str(ROOT / "portal/settings.py"))
        return str(refused.value)

    return refused


@pytest.mark.parametrize(
    "name, value, sentence",
    [
        ("SECRET_KEY", "", "SECRET_KEY is not set. Set it to a long random text that only this site knows, "
                           "or DEBUG=true on a developer's own machine."),
        ("DEBUG", "maybe", "DEBUG is 'maybe'; it may be true or false."),
        ("SITE_URL", "procedures.example.org", "SITE_URL is 'procedures.example.org'; it starts with http:// or https://."),
        ("DATABASE_URL", "mysql://here", "DATABASE_URL starts with sqlite: or postgres:; nothing else is supported."),
        ("MEDIA_DIR", "media", "MEDIA_DIR is 'media'; it is the absolute path of a folder."),
        ("MEDIA_DIR", __file__, f"MEDIA_DIR is {__file__!r}; it is the absolute path of a folder."),
        (
            "SEARCH_URL",
            "elastic://here",
            "SEARCH_URL is 'elastic://here'; it is whoosh: followed by a folder, or postgres: for the database itself.",
        ),
        ("CACHE_URL", "carrier-pigeon://", "CACHE_URL is not understood: "
                      "it is locmemcache://name, dbcache://table or rediscache://host:port."),
        ("EMAIL_URL", "pigeon://me:secret@coop", "EMAIL_URL is not understood: "
                                                 "it is consolemail:// or smtp+tls://user:password@host:port."),
        ("EMAIL_URL", "smtp+tls://me:secret@host:port", "EMAIL_URL is not understood: "
                                                        "it is consolemail:// or smtp+tls://user:password@host:port."),
        ("DATABASE_URL", "postgres://me:secret@host:port/name", "DATABASE_URL is not understood: "
                                                               "it is sqlite:///file or postgres://user:password@host:port/name."),
        ("CONN_MAX_AGE", "soon", "CONN_MAX_AGE is not understood: it is a number of seconds."),
        ("HSTS_SECONDS", "soon", "HSTS_SECONDS is not understood: it is a number of seconds."),
        ("HSTS_PRELOAD", "perhaps", "HSTS_PRELOAD is 'perhaps'; it may be true or false."),
        ("TRUSTED_PROXIES", "one", "TRUSTED_PROXIES is not understood: "
                                   "it is the number of reverse proxies in front of the site."),
        ("OIDC_SERVER_URL", "https://sso.example.org",
                            "OIDC_CLIENT_ID is not set. Single sign-on needs OIDC_SERVER_URL, "
                            "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET; set all three, or no OIDC_ variable."),
        ("OIDC_NAME", "Northshire", "OIDC_SERVER_URL is not set. Single sign-on needs OIDC_SERVER_URL, "
                            "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET; set all three, or no OIDC_ variable."),
        ("OIDC_SECRET", "secret", "OIDC_SECRET is not known; single sign-on takes OIDC_SERVER_URL, "
                            "OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME."),
        ("HSTS_INCLUDE_SUBDOMAINS", "", "HSTS_INCLUDE_SUBDOMAINS is ''; it may be true or false."),
    ],
)  # fmt: skip
def test_a_value_that_is_not_understood_is_refused_with_a_sentence(refusal, name, value, sentence):
    assert refusal(**(SOUND | {name: value})) == sentence


def test_settings_that_are_refused_stop_the_start_with_the_sentence():
    result = start(**(SOUND | {"DEBUG": "maybe"}))

    sentence = "django.core.exceptions.ImproperlyConfigured: DEBUG is 'maybe'; it may be true or false."
    assert (result.returncode, result.stderr.strip().splitlines()[-1]) == (1, sentence)


def test_the_production_settings_pass_djangos_check():
    result = start("--deploy", "--fail-level", "INFO", **SOUND, ALLOWED_HOSTS="procedures.example.org")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "System check identified no issues (0 silenced).\n"


def test_a_developers_machine_needs_no_settings_but_debug():
    assert start(DEBUG="true").returncode == 0


def test_over_https_everything_is_sent_there_but_the_health_check(manual, reader, settings):
    settings.SECURE_SSL_REDIRECT = True

    statuses = [reader.get(url).status_code for url in ("/", "/admin/", "/health/", "/nothealth/", "/healthy/")]

    assert statuses == [301, 301, 200, 301, 301]


@pytest.mark.parametrize("server", ["http://sso.example.org", "sso.example.org", "https://"])
def test_single_sign_on_needs_a_server_that_is_reached_by_https(refusal, server):
    sentence = refusal(**SOUND, OIDC_SERVER_URL=server, OIDC_CLIENT_ID="portal", OIDC_CLIENT_SECRET="secret")

    assert sentence == "OIDC_SERVER_URL is not understood: it is the address of the server, with https://."
