"""Media types: which one a caller wants, and which one a body has."""

import re
from dataclasses import dataclass
from functools import lru_cache

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
HTML = "text/html"

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# Each piece takes the white space that follows it and none before it, so that a header can be read
# in one way only: a pattern that can split a run of spaces in two ways takes exponential time.
_PARAMETER = rf';\s*(?:{_WORD}\s*=\s*(?:{_WORD}|"(?:[^"\\]|\\.)*")\s*)?'
_MEDIA_TYPE = re.compile(rf"\s*({_WORD}/{_WORD})\s*((?:{_PARAMETER})*)", re.ASCII)
_PARAMETERS = re.compile(rf';\s*({_WORD})\s*=\s*("(?:[^"\\]|\\.)*"|{_WORD})', re.ASCII)
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class _Range:
    """One entry of an Accept header."""

    type: str
    weight: float
    position: int

    def specificity(self, offer: str) -> int:
        """How closely it names the offer: 0 not at all, 1 `*/*`, 2 `text/*`, 3 exactly."""
        if self.type == offer:
            return 3
        if self.type == offer.partition("/")[0] + "/*":
            return 2
        return 1 if self.type == "*/*" else 0


@lru_cache(maxsize=256)
def preferred(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """The offer that the Accept header prefers, or None when it takes none of them.

    Of equal weights the one named first in the header wins, then the first of the offers, which is
    also the answer to a header that is absent or empty.
    """
    if not accept or not accept.strip():
        return offers[0]
    ranges = _ranges(accept)
    best: tuple[float, int] | None = None
    chosen = None
    for offer in offers:
        named = [entry for entry in ranges if entry.specificity(offer)]
        if not named:
            continue
        closest = max(named, key=lambda entry: (entry.specificity(offer), -entry.position))
        rank = (closest.weight, -closest.position)
        if closest.weight > 0 and (best is None or rank > best):
            best, chosen = rank, offer
    return chosen


def is_json(content_type: str | None) -> bool:
    """Whether a body with this Content-Type is JSON in UTF-8."""
    match = _MEDIA_TYPE.fullmatch(content_type or "")
    if match is None or match[1].lower() != JSON:
        return False
    parameters = {name.lower(): value.strip('"') for name, value in _PARAMETERS.findall(match[2])}
    return parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8")


def _ranges(accept: str) -> list[_Range]:
    """The entries of an Accept header; one that is not well formed is left out."""
    ranges = []
    for position, entry in enumerate(accept.split(",")):
        match = _MEDIA_TYPE.fullmatch(entry)
        if match is None:
            continue
        parameters = {name.lower(): value for name, value in _PARAMETERS.findall(match[2])}
        weight = parameters.get("q", "1")
        if _WEIGHT.fullmatch(weight):
            ranges.append(_Range(match[1].lower(), float(weight), position))
    return ranges
