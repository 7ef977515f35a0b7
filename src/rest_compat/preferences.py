"""The Prefer header (RFC 7240): what a caller would like, and which of it was done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_PREFERENCE = re.compile(r'\s*([\w-]+)\s*=\s*"?([\w-]+)"?')


@dataclass(frozen=True, slots=True)
class Preferences:
    """The preferences that are known here."""

    is_lenient: bool
    is_dry: bool

    @classmethod
    def of(cls, headers: Sequence[str]) -> "Preferences":
        """The preferences in these headers; unknown ones are ignored, as the standard says."""
        found = [match for entry in ",".join(headers).split(",") if (match := _of(entry))]
        return cls(("handling", "lenient") in found, ("tx", "rollback") in found)

    def applied(self, *, is_write: bool) -> dict[str, str]:
        """What was done, as the answer's headers say it; a read has nothing to roll back."""
        done = ["handling=lenient"] if self.is_lenient else []
        if self.is_dry and is_write:
            done.append("tx=rollback")
        return {"Preference-Applied": ", ".join(done)} if done else {}


def _of(entry: str) -> tuple[str, str] | None:
    match = _PREFERENCE.match(entry)
    return (match[1].lower(), match[2].lower()) if match else None
