"""Ids: opaque text with a prefix that names the kind and a time-ordered random part."""

import re
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: sorts as its value
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")

PREFIXES: dict[str, str] = {
    "abcrun_": "abc_run",
    "bin_": "bin",
    "cat_": "category",
    "count_": "cycle_count",
    "hold_": "hold",
    "item_": "inventory_item",
    "level_": "inventory_level",
    "loc_": "location",
    "lot_": "lot",
    "pin_": "abc_pin",
    "policy_": "channel_policy",
    "poln_": "purchase_order_line",
    "prod_": "product",
    "quota_": "channel_quota",
    "reason_": "reason_code",
    "req_": "stock_request",
    "slist_": "stocklist",
    "repl_": "replenishment",
    "txn_": "posting",
    "vend_": "vendor",
    "vprd_": "vendor_product",
    "xfer_": "transfer",
}


def new(prefix: str) -> str:
    """A new id such as `prod_01jd…`: 48 bits of milliseconds, then 80 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return prefix + "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def is_well_formed(id: str) -> bool:
    """Whether an id that somebody brings along may be kept: 1 to 64 of A-Z a-z 0-9 _ -."""
    return _ID.match(id) is not None
