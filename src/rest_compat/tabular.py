"""A list of a body as CSV, for sheets: RFC 4180 in UTF-8, one line a row below the names."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

CSV = "text/csv"


def write(body: Mapping[str, Any], path: Sequence[str]) -> bytes:
    """The list at this path of the body; nulls are empty, other values are as in JSON."""
    rows: Any = body
    for name in path:
        rows = rows[name]
    text = io.StringIO()
    writer = csv.writer(text)
    if rows:
        writer.writerow(rows[0])
    for row in rows:
        writer.writerow(["" if value is None else value for value in row.values()])
    return text.getvalue().encode()
