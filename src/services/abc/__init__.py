"""Classes of products by their use, and how a tenant counts by them."""

from models.abc import ORDERS, Choice, Inputs
from services.abc.classifying import (
    Classes,
    Wish,
    classify,
    counts,
    inputs_of,
    pages,
    share,
    summaries,
)
from services.abc.explaining import Explained, explain
from services.abc.keeping import Kept, keep, latest
from services.abc.pinning import Pin, pin
from services.abc.reading import pins, run_classes, runs
from services.abc.settings import Settings, change, settings

__all__ = [
    "ORDERS",
    "Choice",
    "Classes",
    "Explained",
    "Inputs",
    "Kept",
    "Pin",
    "Settings",
    "Wish",
    "change",
    "classify",
    "counts",
    "explain",
    "inputs_of",
    "keep",
    "latest",
    "pages",
    "pin",
    "pins",
    "run_classes",
    "runs",
    "settings",
    "share",
    "summaries",
]
