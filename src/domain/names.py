"""How a name is written on either side of the API."""

import re
from decimal import Decimal

_HUMP = re.compile(r"(?<=[a-z])[A-Z]")


def camel(name: str) -> str:
    """The API's spelling of a name: `unit_cost` is `unitCost`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def spoken(type_name: str) -> str:
    """The name of a type in a sentence: `StockRequest` is `Stock request`."""
    return _HUMP.sub(lambda hump: f" {hump[0].lower()}", type_name)


def counted(number: int | Decimal, thing: str) -> str:
    """So many things in a sentence: `1 line`, `2 lines`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
