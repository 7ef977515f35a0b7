"""Whether what is asked for is there, for one line or for many together."""

from collections.abc import Sequence

from domain.errors import Invalid, LimitExceeded, NotFound
from domain.quantities import exact
from models import stock_lines
from models.session import Session
from services import atp
from services.atp import Place
from services.availability.allocating import Allotment, Demand, Pair, share_out

CHECKED_MAX = 500


async def check(session: Session, demands: Sequence[Demand]) -> list[Allotment]:
    """What each demand gets beside the others: they are summed before they are checked.

    One statement a kind of read, however many demands there are; nothing is locked or set aside.

    Raises:
        Invalid: there are none, a quantity is not above 0, or a lot or bin is of another product
            or location; names the field.
        LimitExceeded: they are more than 500.
        NotFound: a location, product, lot, bin or channel is not there; names the field.
    """
    if not demands:
        raise Invalid("lines", "At least one line is needed.")
    if len(demands) > CHECKED_MAX:
        raise LimitExceeded("lines", f"At most {CHECKED_MAX} lines.", max=CHECKED_MAX)
    for index, one in enumerate(demands):
        if exact(one.quantity, f"lines[{index}].quantity") <= 0:
            field = f"lines[{index}].quantity"
            raise Invalid(field, f"{field} must be above 0.")
    await _require_parts(session, demands)
    places = await _places(session, demands)
    return await share_out(session, demands, places)


async def _require_parts(session: Session, demands: Sequence[Demand]) -> None:
    statement = stock_lines.known(
        sorted({one.location_id for one in demands}),
        sorted({one.lot_id for one in demands if one.lot_id is not None}),
        sorted({one.bin_id for one in demands if one.bin_id is not None}),
    )
    owners = {(row.kind, row.id): row.owner for row in await session.all(statement)}
    for index, one in enumerate(demands):
        at = f"lines[{index}]"
        if ("location", one.location_id) not in owners:
            raise NotFound("Location", f"{at}.locationId")
        for kind, id, owner, words in (
            ("lot", one.lot_id, one.product_id, "of another product"),
            ("bin", one.bin_id, one.location_id, "at another location"),
        ):
            if id is None:
                continue
            if (kind, id) not in owners:
                raise NotFound(kind.capitalize(), f"{at}.{kind}Id")
            if owners[kind, id] != owner:
                raise Invalid(f"{at}.{kind}Id", f"This {kind} is {words}.")


async def _places(session: Session, demands: Sequence[Demand]) -> dict[Pair, Place]:
    pairs = sorted({one.pair for one in demands})
    book = await atp.book(session, sorted({location for location, _ in pairs}))
    channels = {channel.channel_id for channel in book.channels}
    places = await atp.by_pairs(session, pairs, book)
    for index, one in enumerate(demands):
        if one.pair not in places:
            raise NotFound("Product", f"lines[{index}].productId")
        if one.channel_id is not None and one.channel_id not in channels:
            raise NotFound("Channel", f"lines[{index}].channelId")
    return dict(places)
