"""Refusals of put-away and replenishment; they are leaves of the tree in `domain.errors`."""

from domain.errors import Conflict


class BinUnfit(Conflict):
    """A bin is not right for goods, or has no room for so many; `details.why` says which."""

    code = "BIN_UNFIT"


class NotSuggested(Conflict):
    """What is to be accepted is not suggested any longer, or no quantity of it is."""

    code = "NOT_SUGGESTED"


class SourceMissing(Conflict):
    """A transfer or request is to be made, and no location is there to send the units."""

    code = "SOURCE_MISSING"
