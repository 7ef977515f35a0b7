"""Former moments, as a session looks at them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Past:
    """A former moment: what had happened by `as_of`, as far as was known in a snapshot.

    None stands for now, and for all that is known. `known_in` is written as PostgreSQL writes a
    snapshot. What is not posted follows recorded time, up to `known_when`.
    """

    as_of: datetime | None = None
    known_in: str | None = None
    known_when: datetime | None = None

    def settings(self, now: datetime | None) -> str:
        """What a session that looks at this moment sets; without `as_of` its clock says `now`."""
        # Literals are made from numbers and datetimes: nothing a caller sends gets into them.
        path = "DEFAULT" if self == Past() else "past, public"
        known = self.known_in or ""
        assert set(known) <= set("0123456789:,"), "what is decoded from a position is numbers"
        values = {
            "now": _iso(self.as_of or now),
            "known_in": known,
            "known_when": _iso(self.known_when or now),
        }
        settings = (f"SET LOCAL app.{name} = '{value}'" for name, value in values.items())
        return "; ".join([f"SET LOCAL search_path = {path}", *settings])


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
