"""Columns that several files of a folder have."""

from models.imports.format import Column, Kind, Target


def column(name: str, kind: Kind, stored: str | None = None, **more: object) -> Column:
    """A column that sets the table's column of its name, unless another is told."""
    return Column(name=name, kind=kind, stored=stored or _snake(name), **more)  # type: ignore[arg-type] # by the names of Column's own fields


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


ID = Column(name="id", kind=Kind.ID)
SKU = Column(name="sku", kind=Kind.CODE, stored="product_id", required=True, names=Target.PRODUCT)
LOCATION = Column(
    name="locationCode",
    kind=Kind.CODE,
    stored="location_id",
    required=True,
    names=Target.LOCATION,
)
ANY_LOCATION = Column(
    name="locationCode", kind=Kind.CODE, stored="location_id", names=Target.LOCATION
)
BIN = Column(name="binCode", kind=Kind.CODE, stored="bin_id", names=Target.BIN)
LOT = Column(name="lotNumber", kind=Kind.CODE, stored="lot_id", names=Target.LOT)
