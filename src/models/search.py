"""Search of products by parts of their sku, name and barcodes.

The search table stands outside row security, since under it no trigram index is used; it is
reached only through a function that sees the session's tenant.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    Select,
    Text,
    bindparam,
    column,
    func,
    select,
)

from models.base import Key
from models.catalog import products

WORDS_MAX = 8


def matching(search: str) -> ColumnElement[bool]:
    """The products whose document holds every word of `search`, in any case and order."""
    found = (
        func.product_search_ids(_texts(patterns(search)))
        .table_valued(column("id", Key))
        .render_derived()
    )
    return products.c.id.in_(select(found.c.id))


def patterns(search: str) -> list[str]:
    """A LIKE pattern for each word, the longest first, since the index serves the first one."""
    words = sorted(search.lower().split()[:WORDS_MAX], key=len, reverse=True)
    return [f"%{escaped(word)}%" for word in words] or ["%"]


def document(sku: str, name: str, *barcodes: str | None) -> str:
    """What is searched of a product."""
    return " ".join([sku, name, *filter(None, barcodes)]).lower()


def put(ids: Sequence[str], documents: Sequence[str]) -> Select[Any]:
    """Keep these documents for these products of the session's tenant."""
    return select(func.product_search_put(_texts(ids), _texts(documents)))


def drop(ids: Sequence[str]) -> Select[Any]:
    """Forget the documents of these products of the session's tenant."""
    return select(func.product_search_drop(_texts(ids)))


def _texts(values: Sequence[str]) -> BindParameter[Any]:
    return bindparam(None, list(values), type_=_TEXTS)


_TEXTS: Any = ARRAY(Text)


def escaped(word: str) -> str:
    """The word as a part of a LIKE pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
