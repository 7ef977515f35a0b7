"""Cycle counts: made, counted while selling goes on, reviewed, and posted exactly."""

from services.cycle_counts.creating import AbcWish, Wish, create, create_by_class
from services.cycle_counts.deciding import Resolution
from services.cycle_counts.outcomes import Outcome
from services.cycle_counts.resolving import Approval, Resolve, approve, resolve
from services.cycle_counts.rules import Accuracy, accuracy
from services.cycle_counts.saving import Counted
from services.cycle_counts.stepping import Note, Step, comment, step

__all__ = [
    "AbcWish",
    "Accuracy",
    "Approval",
    "Counted",
    "Note",
    "Outcome",
    "Resolution",
    "Resolve",
    "Step",
    "Wish",
    "accuracy",
    "approve",
    "comment",
    "create",
    "create_by_class",
    "resolve",
    "step",
]
