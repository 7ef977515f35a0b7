"""Pins classes: they stand whatever a classification says."""

from dataclasses import dataclass
from typing import Any

from domain.actor import Author
from domain.errors import AlreadyExists
from models import abc, catalog, locations
from models.session import Session
from services import checks, outbox, records
from services.abc.reading import pins
from services.abc.settings import CLASSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A wish to pin a product's class, at a location or everywhere; None takes the pin away."""

    product_id: str
    abc_class: str | None
    location_id: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A pin as it stands; None where it was taken away."""

    pin: Any
    message: str
    touched: tuple[()] = ()


async def pin(session: Session, author: Author, wish: Pin) -> Pinned:
    """Pin the class of a product, or take the pin away; the former ones are kept as history.

    Raises:
        Invalid: a value breaks a rule.
        NotFound: there is no such product or location.
    """
    checks.one_of({"abc_class": wish.abc_class}, "abc_class", CLASSES)
    checks.texts({"reason": wish.reason}, "reason")
    product = await records.require(
        session, catalog.products, "Product", wish.product_id, "productId"
    )
    await records.require(session, locations.locations, "Location", wish.location_id, "locationId")
    row = await _written(session, author, wish)
    event = {
        "productId": wish.product_id,
        "locationId": wish.location_id,
        "abcClass": wish.abc_class,
        "reason": wish.reason,
        "actor": {"id": author.id, "name": author.name},
    }
    await outbox.emit(session, "abc.pinned", wish.product_id, event)
    if wish.abc_class is None:
        return Pinned(pin=None, message=f"Unpinned the class of {product.sku}.")
    shown = (await pins.by_ids(session, [row.id]))[row.id]
    return Pinned(pin=shown, message=f"Pinned {product.sku} to class {wish.abc_class}.")


async def _written(session: Session, author: Author, wish: Pin) -> Any:
    statement = abc.pin_locked(wish.product_id, wish.location_id)
    row = await session.one_or_none(statement)
    if wish.abc_class is None:
        if row is not None:
            await records.remove(session, abc.abc_pins, row)
        return None
    by = {"id": author.id, "name": author.name}
    values = {"abc_class": wish.abc_class, "reason": wish.reason, "created_by": by}
    if row is None:
        scope = {"product_id": wish.product_id, "location_id": wish.location_id}
        try:
            async with session.attempt():
                return await records.add(session, abc.abc_pins, "Pin", "pin_", scope | values)
        except AlreadyExists:  # somebody else pinned it meanwhile
            row = await session.one(statement)
    return await records.change(session, abc.abc_pins, row, values)
