"""A list of a body as CSV, for sheets: RFC 4180 in UTF-8, one line a row below the names."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

CSV = "text/csv"


def write(body: Mapping[str, Any], path: Sequence[str]) -> bytes:
    """The list at this path of the body; nulls are empty, other values are as in JSON.

    Where lists stand in the objects of another one, what is said of these comes first in each row.
    Lists and objects in a row are left out.
    """
    rows = list(_rows(body, path, {}))
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names)  # what a row has not is empty, as nulls are
    if rows:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _rows(value: Any, path: Sequence[str], around: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for one in value:
            plain = {n: _written(v) for n, v in one.items() if not isinstance(v, list | dict)}
            if path:
                yield from _rows(one[path[0]], path[1:], {**around, **plain})
            else:
                yield {**around, **plain}
    else:
        yield from _rows(value[path[0]], path[1:], around)


def _written(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value
