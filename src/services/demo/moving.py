"""Transfers from the warehouse to the store and the clinic, in every state."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from domain.actor import SYSTEM
from domain.machines.transfers import TransferStatus as S
from domain.pages import ListWish, PageWish
from models import transferring
from models.session import Session
from services import transfers
from services.demo import company
from services.demo.products import dice
from services.stock.reading import items

SOURCE = "loc_main"
DESTS = ("loc_portland", "loc_clinic")
LEAST = Decimal(40)  # available in a bucket from which something is moved
LINES = 2  # of each transfer

SHIPPED = ("submit", "approve", "ship")
WAYS: dict[S, tuple[str, ...]] = {
    S.DRAFT: (),
    S.SUBMITTED: ("submit",),
    S.APPROVED: ("submit", "approve"),
    S.PICKED: ("submit", "approve", "pick"),
    S.IN_TRANSIT: SHIPPED,
    S.PARTIALLY_RECEIVED: (*SHIPPED, "receive_part"),
    S.RECEIVED: (*SHIPPED, "receive"),
    S.CLOSED: (*SHIPPED, "receive", "close"),
    S.CLOSED_SHORT: (*SHIPPED, "receive_part", "close"),
    S.CANCELLED: ("submit", "cancel"),
}


async def make(session: Session) -> int:
    """Make a transfer in each state; how many those are."""
    products = await _products(session)
    today = await session.scalar(transferring.today())
    for number, (status, way) in enumerate(WAYS.items()):
        chosen = products[number * LINES : (number + 1) * LINES]
        numbers = dice("transfer", status)
        lines = [
            transfers.LineWish(product_id=id, quantity=Decimal(numbers.randint(4, 12)))
            for id in chosen
        ]
        wish = transfers.Wish(
            source_location_id=SOURCE,
            dest_location_id=DESTS[number % len(DESTS)],
            lines=lines,
            expected_on=today + timedelta(days=numbers.randint(1, 6)),
            comment="Weekly run",
        )
        made = await transfers.create(session, SYSTEM, wish)
        for act in way:
            await _act(session, act, made.transfer.id, made.lines)
    return len(WAYS)


async def _products(session: Session) -> list[str]:
    """Products of which much is there and nothing is set aside for a channel."""
    filters = (("location_id_in", (SOURCE,)), ("available", (LEAST, None)))
    wish = ListWish(filters=filters, order="available", part=PageWish(limit=10_000))
    page = await items.page(session, wish)
    fenced = {row["sku"] for row in company.quota_rows()}
    found = sorted(
        {row.product_id for row in page.rows if company.sku_of(row.product_id) not in fenced}
    )
    return sorted(dice("transfers").sample(found, LINES * len(WAYS)))


async def _act(session: Session, act: str, id: str, lines: Any) -> None:
    if act == "submit":
        await transfers.submit(session, SYSTEM, transfers.Note(transfer_id=id))
    elif act == "approve":
        await transfers.approve(session, SYSTEM, transfers.Note(transfer_id=id))
    elif act == "pick":
        await transfers.pick(session, SYSTEM, transfers.Picking(transfer_id=id))
    elif act == "ship":
        await transfers.ship(session, SYSTEM, transfers.Shipment(transfer_id=id))
    elif act == "close":
        step = transfers.Step(transfer_id=id, reason="Missing at the dock")
        await transfers.close(session, SYSTEM, step)
    elif act == "cancel":
        await transfers.cancel(session, SYSTEM, transfers.Cancellation(transfer_id=id))
    else:
        await transfers.receive(session, SYSTEM, _receipt(act, id, lines))


def _receipt(act: str, id: str, lines: Any) -> transfers.Receipt:
    """All that is in transit, or of the first line all but two, of which one is damaged."""
    if act == "receive":
        return transfers.Receipt(transfer_id=id)
    line = lines[0]
    part = transfers.ReceiveLine(line_id=line.id, quantity=line.quantity - 2, damaged=Decimal(1))
    return transfers.Receipt(transfer_id=id, lines=[part])
