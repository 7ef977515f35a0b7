"""Where first expired, first out is not kept to."""

from datetime import date

import strawberry

from resolvers import kinds
from resolvers.fields import output
from resolvers.lists import linked
from resolvers.nodes import Shown
from resolvers.scalars import Quantity


@output
class FefoBreach(Shown):
    """Units of a bucket are taken although another one expires earlier and has units left."""

    quantity: Quantity
    """How many units are taken of it."""

    expiry_date: date | None
    """The last usable day of what is taken; absent for what never expires."""

    passed_over_expiry_date: date | None
    """The last usable day of the one that stays."""

    inventory_item_id: strawberry.Private[str]
    passed_over_id: strawberry.Private[str]

    @linked(kinds.INVENTORY_ITEM)
    def item(self) -> str:
        """The bucket from which they are taken."""
        return self.inventory_item_id

    @linked(kinds.INVENTORY_ITEM)
    def passed_over(self) -> str:
        """The one that expires earlier."""
        return self.passed_over_id
