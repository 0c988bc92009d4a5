"""What stands in the e-mails that the portal sends, and a mail server that takes them."""

import asyncio
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from pytest_django import Settings


def link_in(message: EmailMessage) -> str:
    """The token of the invitation that an e-mail holds."""
    [token] = re.findall(r"/accounts/invitations/([^/\s]+)/", message.body)
    return token


class Mailbox:
    """A mail server's other end: what it answers to each message, and which recipients it does not know."""

    def __init__(self, answer: str = "250 OK", *, unknown: tuple[str, ...] = ()) -> None:
        self.answer, self.unknown, self.received = answer, unknown, []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        await asyncio.sleep(0)
        if address in self.unknown:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(0)
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content.decode()))
        return self.answer


@contextmanager
def served(mailbox: Mailbox, settings: Settings) -> Iterator[Mailbox]:
    """A real SMTP server with such a mailbox, through which the portal sends meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    try:
        yield mailbox
    finally:
        server.stop()
