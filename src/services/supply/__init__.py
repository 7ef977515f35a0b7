"""What is to come: vendors, orders with them, and what is expected where and when."""

from services.supply.expecting import EXPECTED_MAX, by_location, of_products, total
from services.supply.receiving import Receipt, check, receive

__all__ = [
    "EXPECTED_MAX",
    "Receipt",
    "by_location",
    "check",
    "of_products",
    "receive",
    "total",
]
