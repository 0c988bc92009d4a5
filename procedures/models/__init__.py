"""What is stored, one idea a file."""

from procedures.models.authority import Authority, Edition
from procedures.models.freshness import FreshnessStamp
from procedures.models.reference import CrossReference
from procedures.models.section import Section
from procedures.models.version import KeptRendering, Version, VersionQuerySet

__all__ = [
    "Authority",
    "CrossReference",
    "Edition",
    "FreshnessStamp",
    "KeptRendering",
    "Section",
    "Version",
    "VersionQuerySet",
]
