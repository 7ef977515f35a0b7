"""How much a stocklist suggests to ask for."""

from decimal import ROUND_CEILING, Decimal
from typing import Any

from domain.quantities import ZERO, plain


def suggested(line: Any) -> Decimal:
    """What a line suggests to ask for now, in whole packs.

    A PULL line fills up to its level: `max(0, maximum - on hand where it is asked)`. A PUSH line
    sends its quantity each time, whatever is there.
    """
    is_pull = line.stocklist_type == "PULL"
    there = line.on_hand_at_destination if is_pull else ZERO
    return _in_packs(max(ZERO, line.max_quantity - there), line.pack_size)


def needed(line: Any, besides: Decimal = ZERO) -> Decimal:
    """What a request that is made by itself asks for: the suggestion, less what is on its way.

    Without that each period would ask again for what the last one has not brought yet. `besides`
    is asked for at the same time, from other stocklists of the location.
    """
    if not line.is_traded:
        return ZERO
    if line.stocklist_type != "PULL":
        return _in_packs(line.max_quantity, line.pack_size)
    there = line.on_hand_at_destination + line.on_order_at_destination + besides
    return _in_packs(max(ZERO, line.max_quantity - there), line.pack_size)


def most(line: Any) -> Decimal:
    """The most that may be asked for of a line without anybody's approval, in whole packs."""
    return _in_packs(line.max_quantity, line.pack_size)


def _in_packs(quantity: Decimal, pack_size: Decimal) -> Decimal:
    packs = (quantity / pack_size).to_integral_value(ROUND_CEILING)
    return plain(packs * pack_size)
