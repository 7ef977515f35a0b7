"""Stock: the posting, which is the only way to change a quantity, and hard reservations."""

from services.stock.posting import Line, Posted, PostedEntry, Posting, post
from services.stock.reserving import Promise, reserve

__all__ = ["Line", "Posted", "PostedEntry", "Posting", "Promise", "post", "reserve"]
