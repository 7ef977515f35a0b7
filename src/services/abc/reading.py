"""Reads kept runs, what they made of products, and pins."""

from models.lists.abc import ABC_PINS, ABC_RUN_CLASSES, ABC_RUNS
from services.lists import Reader

runs = Reader(ABC_RUNS)
run_classes = Reader(ABC_RUN_CLASSES)
pins = Reader(ABC_PINS)
