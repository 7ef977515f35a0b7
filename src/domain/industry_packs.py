"""What a new tenant of an industry begins with."""

from typing import Any

# code, name, direction, category, whether a comment is required; by the documentation.
_PLAIN = (
    ("COUNT", "Count", "BOTH", "COUNT", False),
    ("RECEIPT", "Receipt", "INCREASE", None, False),
    ("CORRECTION", "Correction", "BOTH", "CORRECTION", False),
    ("EXPIRED", "Expired", "DECREASE", "EXPIRY", False),
    ("DESTRUCTION", "Destruction", "DECREASE", "EXPIRY", False),
    ("RETURN", "Return to stock", "INCREASE", "RETURN", False),
    ("MOVE", "Move", "BOTH", "TRANSFER", False),
    ("FOUND", "Found inventory", "INCREASE", "FOUND", False),
    ("DAMAGE", "Damage", "DECREASE", "DAMAGE", False),
)
_PACKS = {
    "HEALTHCARE": (
        ("PATIENT_DISPENSE", "Dispensed to a patient", "DECREASE", "CONSUMPTION", False),
        ("RECALL", "Recall", "DECREASE", "LOSS", True),
    ),
    "RETAIL": (
        ("SHRINK", "Shrink", "DECREASE", "LOSS", False),
        ("CUSTOMER_RETURN", "Customer return", "INCREASE", "RETURN", False),
        ("THEFT", "Theft", "DECREASE", "LOSS", True),
    ),
    "MANUFACTURING": (
        ("WO_ISSUE", "Issued to a work order", "DECREASE", "CONSUMPTION", False),
        ("REWORK", "Rework", "BOTH", "CORRECTION", False),
        ("SCRAP", "Scrap", "DECREASE", "DAMAGE", False),
    ),
}
_NAMES = ("code", "name", "direction", "category", "requires_comment")


def reason_codes(industry_pack: str) -> list[dict[str, Any]]:
    """The reason codes that a new tenant of this industry has."""
    rows = [*_PLAIN, *_PACKS[industry_pack]]
    return [
        {"id": f"reason_{row[0].lower()}", **dict(zip(_NAMES, row, strict=True))} for row in rows
    ]
