"""What counting refuses; a part of the tree that domain/errors.py draws."""

from domain.errors import Conflict, Invalid


class NothingToCount(Invalid):
    """A count would have no lines: nothing was named, or nothing of it is at the location."""

    code = "NOTHING_TO_COUNT"


class CountedAhead(Invalid):
    """A line is said to have been counted more than a minute in the future."""

    code = "COUNTED_AHEAD"


class StillCounting(Conflict):
    """The count is not completed: nothing of it can be decided yet."""

    code = "STILL_COUNTING"


class CountIncomplete(Conflict):
    """Nothing was counted yet, or lines are still to be counted again; `details` says how many."""

    code = "COUNT_INCOMPLETE"


class LineResolved(Conflict):
    """It was decided on the line already, or it was skipped; nothing was written."""

    code = "LINE_RESOLVED"


class SameCounter(Conflict):
    """A line is counted again by another person than the one who counted it before."""

    code = "SAME_COUNTER"


class ApprovalRequired(Conflict):
    """The variance is so large that another than its counter must accept or approve it."""

    code = "APPROVAL_REQUIRED"
