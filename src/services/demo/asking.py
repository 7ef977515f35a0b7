"""What the shop and the clinic have asked of the main warehouse, and a stocklist of the shop."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from domain.actor import Actor, Author
from domain.permissions import Permission
from models.session import Session
from services.demo.products import dice
from services.demo.promises import buckets
from services.requests import allocating, deciding, ending, generating, issuing, rolling_back
from services.requests import writing as requests
from services.stocklists import writing as stocklists

SHOP = Author("shop", "Portland Store")
CLINIC = Author("clinic", "Bangor Clinic Depot")
LEAD = Author("lead", "Warehouse Lead")
_SOURCE = "loc_main"
_ASKED = Decimal(2)  # units of each request
_ONE = Decimal(1)

_APPROVED = ("submit", "approve")
_SENT = (*_APPROVED, "allocate", "issue")
# In which state each request is, and what was done with it after it was made.
_LIVES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("DRAFT", ()),
    ("SUBMITTED", ("submit",)),
    ("APPROVED", _APPROVED),
    ("REJECTED", ("submit", "reject")),
    ("CANCELLED", ("submit", "cancel")),
    ("ALLOCATED", (*_APPROVED, "allocate")),
    ("ISSUED", _SENT),
    ("ISSUED", (*_SENT, "receive one")),
    ("RECEIVED", (*_APPROVED, "allocate one", "issue", "receive")),
    ("CLOSED", (*_SENT, "receive")),
    ("ALLOCATED", (*_SENT, "roll back")),
    ("SUBMITTED", ("submit", "reject", "roll back")),
)


async def make(session: Session) -> int:
    """Make the requests and a stocklist in use; how many requests that are."""
    chosen = await _products(session)
    for number, (state, acts) in enumerate(_LIVES):
        asker, place = (SHOP, "loc_portland") if number % 2 else (CLINIC, "loc_clinic")
        request = await requests.create(session, asker, _wish(place, state, chosen[number]))
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
        "lines": [{"product_id": product_id, "quantity": _ASKED}],
    }


async def _do(session: Session, act: str, made: Any, asker: Author) -> Any:
    one = [{"line_id": made.lines[0].id, "quantity": _ONE}]
    acts: dict[str, tuple[Any, ...]] = {
        "submit": (deciding.submit, asker),
        "approve": (deciding.approve, LEAD, [], None),
        "reject": (deciding.reject, LEAD, "The season is over.", None),
        "cancel": (ending.cancel, asker, None),
        "allocate": (allocating.allocate, LEAD),
        "allocate one": (allocating.allocate, LEAD, one),
        "issue": (issuing.issue, LEAD),
        "receive": (issuing.receive, asker),
        "receive one": (issuing.receive, asker, one),
        "roll back": (rolling_back.roll_back, _lead(session), "It was for another place.", None),
    }
    use_case, who, *args = acts[act]
    return await use_case(session, who, made.request.id, *args)


def _lead(session: Session) -> Actor:
    return Actor(
        tenant_id=session.tenant_id,
        key_id=LEAD.id,
        name=LEAD.name,
        permissions=frozenset(Permission),
    )


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
