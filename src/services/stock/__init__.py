"""Stock: the posting, which is the only way to change a quantity, and hard reservations."""

from services.stock.posting import Line, Posted, PostedEntry, Posting, post
from services.stock.reserving import Promise, reserve
from services.stock.sweeping import sweep

__all__ = ["Line", "Posted", "PostedEntry", "Posting", "Promise", "post", "reserve", "sweep"]
