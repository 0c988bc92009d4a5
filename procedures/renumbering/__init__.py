"""Renumbering: sections get other numbers on a day, and every text that names them by number follows.

`plan` works out what that takes and writes nothing; `carry_out` publishes a plan in one transaction.
"""

from procedures.renumbering.carrying_out import carry_out
from procedures.renumbering.moving import NotMovable, gaps_closed
from procedures.renumbering.planning import mentioned, plan
from procedures.renumbering.plans import Change, Plan
from procedures.renumbering.rewriting import NotRewritable, Replacement, Rewritten, rewrite

__all__ = [
    "Change",
    "NotMovable",
    "NotRewritable",
    "Plan",
    "Replacement",
    "Rewritten",
    "carry_out",
    "gaps_closed",
    "mentioned",
    "plan",
    "rewrite",
]
