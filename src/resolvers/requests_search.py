"""The search of products that can be asked for."""

import strawberry

from domain.errors import Invalid, LimitExceeded
from domain.pages import FIRST_MAX, PAGE_MAX
from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import guarded, output
from resolvers.lists import Info, linked
from resolvers.nodes import Shown
from resolvers.pages import Pagination
from resolvers.scalars import Quantity
from services.requests import reports as service

_NEEDS = (Permission.STOCKREQUESTS_READ, Permission.PRODUCTS_READ)


@output
class RequestableProduct(Shown):
    """A product that can be asked for, and what is there of it."""

    name: str
    """Its name."""

    sku: str
    """Its SKU."""

    unit_of_measure: str
    """Its base unit."""

    category_name: str | None
    """The name of its category."""

    available_at_source: Quantity
    """Units that nobody was promised where it would be fulfilled; without such a location, at all
    locations but the one that asks."""

    on_hand_at_destination: Quantity | None
    """Units on hand where it is asked; absent without such a location."""

    id: strawberry.Private[str]

    @linked(kinds.PRODUCT)
    def product(self) -> str:
        """The product."""
        return self.id


@output
class RequestableProducts:
    """A page of products that can be asked for, the closest to what was searched first."""

    products: list[RequestableProduct]
    """The products."""

    pagination: Pagination
    """Where the page stands."""


@output
class RequestableProductQueries:
    """The search of products."""

    @guarded(needs=_NEEDS)
    async def requestable_products(
        self,
        info: Info,
        q: str,
        requesting_location_id: strawberry.ID | None = None,
        fulfilling_location_id: strawberry.ID | None = None,
        first: int = 20,
        page: int = 1,
    ) -> RequestableProducts:
        """Products that can be asked for, found by parts of their name, SKU or barcodes.

        Args:
            q: What is searched; every word of it must be there. The same SKU or barcode comes
                first, then beginnings, then parts.
            requesting_location_id: The location that asks.
            fulfilling_location_id: The location that is to send.
            first: How many rows a page has, at most 200.
            page: The number of the page, from 1.
        """
        for name, value, most in (("first", first, FIRST_MAX), ("page", page, PAGE_MAX)):
            if value < 1:
                raise Invalid(name, f"{name} must be at least 1.")
            if value > most:
                raise LimitExceeded(name, f"{name} must be at most {most}.", max=most)
        wish = service.Search(
            said=q,
            requesting_location_id=requesting_location_id,
            fulfilling_location_id=fulfilling_location_id,
            page=page,
            limit=first,
        )
        found = await info.context.read(service.search, wish)
        pages = -(-found.total // first)
        return RequestableProducts(
            products=[RequestableProduct.of(row) for row in found.rows],
            pagination=Pagination(page=page, page_size=first, total=found.total, total_pages=pages),
        )
