"""A section: an identity that never changes. What a reader sees of it is in its versions."""

from django.db import models


class Section(models.Model):
    """A numbered place in the manual, known for ever by its slug."""

    slug = models.SlugField(max_length=100, unique=True, help_text="Permanent: it stands in the section's address.")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
