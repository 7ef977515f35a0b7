"""What the shop and the clinic have asked of the main warehouse, and a stocklist of the shop."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.actor import Author
from models.session import Session
from services.demo.products import dice
from services.demo.promises import buckets
from services.requests import deciding, ending, generating, writing
from services.stocklists import writing as stocklists

SHOP = Author("shop", "Portland Store")
CLINIC = Author("clinic", "Bangor Clinic Depot")
LEAD = Author("lead", "Warehouse Lead")
_SOURCE = "loc_main"
_TWO = Decimal(2)

# What is done with each request after it was made: nothing that moves stock or sets it aside.
_LIVES: dict[str, tuple[str, ...]] = {
    "DRAFT": (),
    "SUBMITTED": ("submit",),
    "APPROVED": ("submit", "approve"),
    "REJECTED": ("submit", "reject"),
    "CANCELLED": ("submit", "cancel"),
}


async def make(session: Session) -> int:
    """Make the requests and a stocklist in use; how many requests that are."""
    chosen = await _products(session)
    for number, (state, acts) in enumerate(_LIVES.items()):
        asker, place = (SHOP, "loc_portland") if number % 2 else (CLINIC, "loc_clinic")
        request = await writing.create(session, asker, _wish(place, state, chosen[number]))
        for act in acts:
            request = await _do(session, act, request, asker)
        assert request.request.status == state, f"it should be {state}"
    await _stocklist(session, chosen[len(_LIVES) :])
    return len(_LIVES) + 1


async def _products(session: Session) -> Sequence[str]:
    found = sorted(await buckets(session, _SOURCE))
    return dice("requests").sample(found, len(_LIVES) + 4)


def _wish(place: str, state: str, product_id: str) -> dict[str, Any]:
    is_urgent = state == "SUBMITTED"
    return {
        "type": "ADHOC" if is_urgent else "STOCK",
        "priority": "URGENT" if is_urgent else "NORMAL",
        "requesting_location_id": place,
        "fulfilling_location_id": _SOURCE,
        "lines": [{"product_id": product_id, "quantity": _TWO}],
    }


async def _do(session: Session, act: str, made: Any, asker: Author) -> Any:
    acts: dict[str, tuple[Any, ...]] = {
        "submit": (deciding.submit, asker),
        "approve": (deciding.approve, LEAD, [], None),
        "reject": (deciding.reject, LEAD, "The season is over.", None),
        "cancel": (ending.cancel, asker, None),
    }
    use_case, who, *args = acts[act]
    return await use_case(session, who, made.request.id, *args)


async def _stocklist(session: Session, product_ids: Sequence[str]) -> None:
    wish = {
        "name": "Portland counter",
        "type": "PULL",
        "requesting_location_id": "loc_portland",
        "fulfilling_location_id": _SOURCE,
        "lines": [{"product_id": id, "max_quantity": Decimal(500)} for id in product_ids],
    }
    made = await stocklists.create(session, LEAD, wish)
    await stocklists.publish(session, LEAD, made.stocklist.id)
    await generating.generate(session, SHOP, [made.stocklist.id])
