"""Holds: stock that is there and must not be promised."""

from services.holds.arriving import Share, place_shares
from services.holds.ending import Release, release, sweep
from services.holds.following import follow, move, move_all
from services.holds.freezing import freeze, thaw
from services.holds.placing import TYPES, Placed, Wish, place
from services.holds.reading import holds

__all__ = [
    "TYPES",
    "Placed",
    "Release",
    "Share",
    "Wish",
    "follow",
    "freeze",
    "holds",
    "move",
    "move_all",
    "place",
    "place_shares",
    "release",
    "sweep",
    "thaw",
]
