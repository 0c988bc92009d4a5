"""What is stored, one idea a file."""

from procedures.models.authority import Authority, Edition
from procedures.models.confirmation import Confirmation
from procedures.models.document import Document, DocumentFile, DocumentQuerySet
from procedures.models.freshness import FreshnessStamp
from procedures.models.glossary import BestBet, Sense, SenseSection, Synonym, Term
from procedures.models.in_force import VersionQuerySet
from procedures.models.reference import CrossReference
from procedures.models.section import Section
from procedures.models.version import KeptRendering, Version

__all__ = [
    "Authority",
    "BestBet",
    "Confirmation",
    "CrossReference",
    "Document",
    "DocumentFile",
    "DocumentQuerySet",
    "Edition",
    "FreshnessStamp",
    "KeptRendering",
    "Section",
    "Sense",
    "SenseSection",
    "Synonym",
    "Term",
    "Version",
    "VersionQuerySet",
]
