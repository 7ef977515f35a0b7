"""What the tables refuse, said in the words of the domain; told by constraint, never by text."""

from functools import cache

from domain.errors import AlreadyExists, Conflict, InUse, NotFound
from models.base import metadata

UNIQUE = {
    "uq_abc_pins_scope": ("pin", "productId"),
    "uq_api_keys_name": ("key", "name"),
    "uq_bins_code": ("bin", "code"),
    "uq_categories_code": ("category", "code"),
    "pk_channels": ("channel", "id"),
    "uq_channel_quotas_scope": ("quota", "channelId"),
    "uq_inventory_levels_scope": ("inventory level", "productId"),
    "uq_locations_code": ("location", "code"),
    "uq_lots_number": ("lot", "number"),
    "uq_product_packs_barcode": ("product", "barcode"),
    "uq_products_barcode": ("product", "barcode"),
    "uq_products_sku": ("product", "sku"),
    "uq_reason_codes_code": ("reason code", "code"),
    "uq_vendors_code": ("vendor", "code"),
    "uq_stocklists_name": ("stocklist", "name"),
}
THINGS = {
    "abc_runs": "ABC run",
    "bins": "Bin",
    "categories": "Category",
    "channels": "Channel",
    "cycle_counts": "Cycle count",
    "inventory_items": "Inventory item",
    "locations": "Location",
    "lots": "Lot",
    "postings": "Posting",
    "products": "Product",
    "reason_codes": "Reason code",
    "stock_request_lines": "Line",
    "stock_requests": "Stock request",
    "stocklists": "Stocklist",
    "replenishment_records": "Replenishment",
    "tenants": "Tenant",
    "transfers": "Transfer",
    "vendors": "Vendor",
}
_FOREIGN_KEY = "23503"


def sql_state(error: BaseException) -> str:
    """The five-character SQLSTATE behind an error of either library or of ours, or ''."""
    return _first(error, "sqlstate")


def constraint_name(error: BaseException) -> str:
    """The name of the constraint that refused, or ''."""
    return _first(error, "constraint_name")


def _first(error: BaseException, attribute: str) -> str:
    """The attribute of the first error in the chain of causes that has it, or ''."""
    seen: BaseException | None = error
    while seen is not None:
        if value := getattr(seen, attribute, None):
            return str(value)
        seen = getattr(seen, "orig", None) or seen.__cause__
    return ""


def refusal_of(error: Exception, *, deleting: bool = False) -> Exception:
    """The refusal that this constraint stands for, or the error itself if it stands for none.

    A foreign key refuses to delete what something points at, and to point at what is not there.
    """
    name = constraint_name(error)
    if name in UNIQUE:
        return AlreadyExists(*UNIQUE[name])
    if sql_state(error) == _FOREIGN_KEY:
        if deleting:
            return InUse("Something still points at it.", details={"constraint": name})
        return NotFound(THINGS[_referred_tables()[name]])
    return error if not name.startswith("uq_") else Conflict("There is one like it already.")


@cache
def _referred_tables() -> dict[str, str]:
    """For each foreign key, the table that it points at."""
    return {
        str(key.name): key.referred_table.name
        for table in metadata.tables.values()
        for key in table.foreign_key_constraints
    }
