"""Exact quantities and money: decimals with at most 18 digits, 6 of them after the point."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from domain.errors import Invalid

PLACES = 6
UNIT = Decimal(1).scaleb(-PLACES)  # 0.000001: the least difference that is stored
LARGEST = Decimal(10) ** 12  # exclusive
ZERO = Decimal(0)


def exact(value: object, field: str) -> Decimal:
    """The value as a decimal that storage keeps exactly.

    Raises:
        Invalid: it is no finite number or negative zero, is too large, or has more than 6
            decimals.
    """
    if isinstance(value, float):
        value = repr(value)
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise Invalid(field, f"{field} must be a number.")
    if not number and number.is_signed():
        raise Invalid(field, f"{field} must not be negative zero.")
    if abs(number) >= LARGEST:
        raise Invalid(field, f"{field} must be below 1,000,000,000,000.")
    if number != number.quantize(UNIT):
        raise Invalid(field, f"{field} has more than {PLACES} decimals.")
    return plain(number)


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent: `200`, `0.5`."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1)) + ZERO
    return number.normalize()


def money(number: Decimal) -> Decimal:
    """An amount rounded half up to 6 decimals, as it is shown and stored."""
    return plain(number.quantize(UNIT, ROUND_HALF_UP))
