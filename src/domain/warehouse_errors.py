"""Refusals of put-away and replenishment; they are leaves of the tree in `domain.errors`."""

from domain.errors import Conflict


class BinUnfit(Conflict):
    """A bin is not right for goods, or has no room for so many; `details.why` says which."""

    code = "BIN_UNFIT"
