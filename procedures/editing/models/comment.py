"""What reviewers and writers say to each other about a draft."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from procedures.editing.models.draft import Draft


class Comment(models.Model):
    """One remark, on a paragraph or on the whole draft. Settled, it stays to be read."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="comments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    anchor = models.CharField(max_length=120, blank=True, help_text="The paragraph's anchor; empty: the whole draft.")
    quote = models.TextField(blank=True, help_text="The paragraph's words when it was commented on.")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="comment_says_something", violation_error_message="Write your comment."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.draft_id}"
