"""How a name is written on either side of the API."""


def camel(name: str) -> str:
    """The API's spelling of a name: `unit_cost` is `unitCost`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
