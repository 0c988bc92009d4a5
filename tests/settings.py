"""The portal's settings for tests: as in production, with what a test makes kept apart and passwords hashed quickly."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 50)
os.environ.setdefault("MEDIA_DIR", tempfile.mkdtemp(prefix="portal-media-"))
os.environ.setdefault("SEARCH_URL", "whoosh:" + tempfile.mkdtemp(prefix="portal-search-"))

from portal.settings import *  # noqa: E402, F403
from portal.settings import CACHES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nothing is collected for tests. WhiteNoise warns of a folder that is not there, and reads every file of one that is,
# again for each test client.
STATIC_ROOT = tempfile.mkdtemp(prefix="portal-static-")
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = dict.fromkeys(CACHES, CACHES["pages"])  # in memory, so that tests side by side count for themselves
SEARCH_WRITES_AT_ONCE = True  # a test sees what it has just published
