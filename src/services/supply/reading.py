"""Reads vendors, what they sell, and what was ordered from them."""

from models.lists.supply import PURCHASE_ORDER_LINES, VENDOR_PRODUCTS, VENDORS
from services.lists import Reader

vendors = Reader(VENDORS)
vendor_products = Reader(VENDOR_PRODUCTS)
order_lines = Reader(PURCHASE_ORDER_LINES)
