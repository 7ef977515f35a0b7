"""Stock: the posting, which is the only way to change a quantity, and hard reservations."""

from services.stock.posting import Line, Posted, PostedEntry, Posting, post
from services.stock.reserving import Part, Promise, Share, release_all, reserve, reserve_all
from services.stock.sweeping import sweep

__all__ = [
    "Line",
    "Part",
    "Posted",
    "PostedEntry",
    "Posting",
    "Promise",
    "Share",
    "post",
    "release_all",
    "reserve",
    "reserve_all",
    "sweep",
]
