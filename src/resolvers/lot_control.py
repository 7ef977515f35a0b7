"""Lot control: what stock of a product comes in with, and whether lines would be taken."""

from datetime import date
from typing import Any

import strawberry

from domain.errors import Invalid, LimitExceeded, NotFound
from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import given, guarded, input_, output
from resolvers.lists import Info, linked, load
from resolvers.nodes import Shown
from resolvers.scalars import Quantity
from services.lots import control

_NEEDS = Permission.INVENTORY_READ


@output
class LotControl(Shown):
    """What stock of a product needs when it comes in; the tenant's switches go before its own."""

    lot_required: bool
    """Whether it comes in with a lot number."""

    expiry_required: bool
    """Whether it comes in with an expiry date, which is kept on a lot."""

    serial_required: bool
    """Whether each unit has a serial number; always false in this version."""

    is_regulated: bool
    """Whether it falls under a regulation that asks for traces."""

    allow_past_expiry: bool
    """Whether it may come in with an expiry date that is past."""

    expiry_warning_days: int
    """From how many days before its expiry on a warning is given."""

    industry_pack: str
    """The tenant's industry, whose defaults these are."""

    message: str
    """The same as a sentence."""

    product_id: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.product_id


@input_
class InboundLineInput:
    """Stock that is to come in."""

    product_id: strawberry.ID
    """The product."""

    lot_number: str | None = strawberry.UNSET
    """The maker's number for its lot."""

    expiry_date: date | None = strawberry.UNSET
    """The last day on which it is usable; a known lot brings its own."""

    quantity: Quantity | None = strawberry.UNSET
    """How many units; above 0."""


@input_
class InboundLinesInput:
    """Several lines of stock that is to come in."""

    lines: list[InboundLineInput]
    """The lines, at most 500."""


@output
class LotFinding(Shown):
    """Something about a line of stock that is to come in."""

    field: str
    """`lotNumber`, `expiryDate`, `quantity`, or `general`."""

    code: str
    """`PRODUCT_NOT_FOUND`, `LOT_REQUIRED`, `EXPIRY_REQUIRED`, `EXPIRED_NOT_ALLOWED`,
    `FEATURE_NOT_ENABLED`, `LOT_OF_OTHER_PRODUCT`, `EXPIRY_MISMATCH`, `QUANTITY_NOT_POSITIVE`; of a
    warning `PAST_EXPIRY`, `EXPIRES_SOON`, `LOT_MARKED_EXPIRED`."""

    message: str
    """The same as a sentence."""


@output
class LotVerdict:
    """Whether a line may come in."""

    valid: bool
    """Whether nothing speaks against it."""

    errors: list[LotFinding]
    """What speaks against it."""

    warnings: list[LotFinding]
    """What only deserves a look."""

    @classmethod
    def of(cls, verdict: control.Verdict) -> "LotVerdict":
        """This verdict as the graph shows it."""
        return cls(
            valid=verdict.valid,
            errors=[LotFinding.of(one) for one in verdict.errors],
            warnings=[LotFinding.of(one) for one in verdict.warnings],
        )


@output
class LotLineVerdict:
    """The verdict on one of several lines."""

    index: int
    """The line, from 0."""

    result: LotVerdict
    """The verdict."""


@output
class LotVerdictSummary:
    """How much was found over all lines."""

    total_errors: int
    """Errors of all lines."""

    total_warnings: int
    """Warnings of all lines."""


@output
class LotVerdicts:
    """Whether lines may come in, together and each for itself."""

    valid: bool
    """Whether nothing speaks against any of them."""

    line_results: list[LotLineVerdict]
    """A verdict for each line, in their order."""

    summary: LotVerdictSummary
    """How much was found."""


@output
class LotControlQueries:
    """Reads of lot control; nothing is written."""

    @guarded(needs=_NEEDS)
    async def lot_control(
        self, info: Info, product_id: strawberry.ID, location_id: strawberry.ID | None = None
    ) -> LotControl:
        """What stock of the product needs when it comes in, the same at all locations.

        Args:
            product_id: The product; `NOT_FOUND` when there is none with this id.
            location_id: The location; `NOT_FOUND` when there is none with this id.
        """
        if location_id is not None and await load(info, kinds.LOCATION, location_id) is None:
            raise NotFound("Location", "locationId")
        found = await info.context.loaders.load(control.requirements_by_product, product_id)
        if found is None:
            raise NotFound("Product", "productId")
        return LotControl.of(found)

    @guarded(needs=_NEEDS)
    async def validate_lot(self, info: Info, input: InboundLineInput) -> LotVerdict:
        """Whether a line may come in.

        Args:
            input: The line.
        """
        (verdict,) = await _judged(info, [input])
        return LotVerdict.of(verdict)

    @guarded(needs=_NEEDS)
    async def validate_lots(self, info: Info, input: InboundLinesInput) -> LotVerdicts:
        """Whether several lines may come in.

        Args:
            input: The lines.
        """
        if not input.lines:
            raise Invalid("lines", "Name at least one line.")
        if len(input.lines) > control.LINES_MAX:
            message = f"lines has more than {control.LINES_MAX}."
            raise LimitExceeded("lines", message, max=control.LINES_MAX)
        verdicts = await _judged(info, input.lines)
        return LotVerdicts(
            valid=all(verdict.valid for verdict in verdicts),
            line_results=[
                LotLineVerdict(index=index, result=LotVerdict.of(verdict))
                for index, verdict in enumerate(verdicts)
            ],
            summary=LotVerdictSummary(
                total_errors=sum(len(verdict.errors) for verdict in verdicts),
                total_warnings=sum(len(verdict.warnings) for verdict in verdicts),
            ),
        )


async def _judged(info: Info, lines: list[InboundLineInput]) -> list[control.Verdict]:
    wishes = [control.InboundLine(**given(line)) for line in lines]
    found: list[Any] = await info.context.loaders.load_many(control.verdicts, wishes)
    return found
