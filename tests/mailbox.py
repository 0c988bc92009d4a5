"""What stands in the e-mails that the portal sends."""

import re

from django.core.mail import EmailMessage


def link_in(message: EmailMessage) -> str:
    """The token of the invitation that an e-mail holds."""
    [token] = re.findall(r"/accounts/invitations/([^/\s]+)/", message.body)
    return token
