"""No short text keeps the one who judges it busy, whatever it repeats, nests or names."""

import sys
from typing import Any

from execution.documents import Documents, MalformedDocument
from execution.limits import Limits
from execution.strawberry_fields import plans_of
from hostile_documents import FAMILIES, LONGEST, hostile, longest
from resolvers.schema import build_schema

# Calls of functions for each character of the longest text: 5 to 15 ms of CPU in all.
CALLS_MAX = 90


def calls_to_judge(documents: Documents, text: str) -> int:
    """How many functions are called until it is known what the text costs, or is refused for."""
    calls = 0

    def count(_frame: object, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        documents.get(text).operation(None).estimates.of({})
    except MalformedDocument:
        pass
    finally:
        sys.setprofile(before)
    return calls


def test_the_work_of_judging_grows_with_the_text_alone(*, is_long: bool) -> None:
    plans = plans_of(build_schema())
    documents = Documents(plans, Limits(), cache_bytes=0)
    texts = [longest(family) for family in FAMILIES]
    texts += [hostile(plans.schema, seed) for seed in range(20_000 if is_long else 12)]

    dear = [
        (calls, text)
        for text in texts
        if (calls := calls_to_judge(documents, text)) > CALLS_MAX * LONGEST
    ]

    assert dear == []
    assert max(map(len, texts)) <= LONGEST
