"""What is stored of the work on texts, beside the texts themselves; one idea a file."""

from procedures.editing.models.comment import Comment
from procedures.editing.models.draft import Draft, DraftQuerySet
from procedures.editing.models.letter import Letter
from procedures.editing.models.release import Release
from procedures.editing.models.renumbering import Renumbering

__all__ = ["Comment", "Draft", "DraftQuerySet", "Letter", "Release", "Renumbering"]
