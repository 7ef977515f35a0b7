"""Writes of locations and bins."""

from typing import Any

import strawberry

from domain.permissions import Permission
from resolvers import kinds
from resolvers.fields import given, input_, output
from resolvers.filters.locations import BinMixing
from resolvers.locations import Bin, Location
from resolvers.scalars import JSON, Position, Quantity
from resolvers.writes import Act, creates, deletes, updates
from services.locations import writing as service

_NEEDS = Permission.LOCATIONS_WRITE


@input_
class CreateLocationInput:
    """A location to be made."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    code: str
    """The company's own code for it; unique."""

    name: str
    """Its name."""

    type: str
    """What it is used for. Healthcare: `CENTRAL_STORE`, `WARD`, `OR`, `PHARMACY`, `RECEIVING_DOCK`,
    `VACCINE_COLD_ROOM`, `QUARANTINE`; retail: `STORE_FRONT`, `BACKROOM`, `MFC`, `DC_INBOUND`,
    `DC_STORAGE`, `DC_OUTBOUND`, `RETURNS_DESK`, `CMO_NODE`; manufacturing: `COMPONENT_STORE`,
    `ASSEMBLY_CELL`, `RMA_QUARANTINE`, `FINISHED_GOODS`, `QC_LAB`, `RAW_STORE`, `WIP_BUFFER`,
    `PRODUCTION_LINE`; or a word of the company's own. It never changes a promise."""

    parent_id: strawberry.ID | None = strawberry.UNSET
    """The location that it is a part of; absent for a root."""

    active: bool | None = strawberry.UNSET
    """Whether it is used."""

    request_approval: bool | None = strawberry.UNSET
    """Whether stock requests to it need an approval; null for what the company's setting says."""

    attributes: JSON | None = strawberry.UNSET
    """An object of further names and values."""


@input_
class UpdateLocationInput:
    """What is to be changed of a location; null clears what may be absent."""

    code: str | None = strawberry.UNSET
    """The company's own code for it; unique."""

    name: str | None = strawberry.UNSET
    """Its name."""

    type: str | None = strawberry.UNSET
    """What it is used for. Healthcare: `CENTRAL_STORE`, `WARD`, `OR`, `PHARMACY`, `RECEIVING_DOCK`,
    `VACCINE_COLD_ROOM`, `QUARANTINE`; retail: `STORE_FRONT`, `BACKROOM`, `MFC`, `DC_INBOUND`,
    `DC_STORAGE`, `DC_OUTBOUND`, `RETURNS_DESK`, `CMO_NODE`; manufacturing: `COMPONENT_STORE`,
    `ASSEMBLY_CELL`, `RMA_QUARANTINE`, `FINISHED_GOODS`, `QC_LAB`, `RAW_STORE`, `WIP_BUFFER`,
    `PRODUCTION_LINE`; or a word of the company's own. It never changes a promise."""

    parent_id: strawberry.ID | None = strawberry.UNSET
    """The location that it is a part of; absent for a root."""

    active: bool | None = strawberry.UNSET
    """Whether it is used."""

    request_approval: bool | None = strawberry.UNSET
    """Whether stock requests to it need an approval; null for what the company's setting says."""

    attributes: JSON | None = strawberry.UNSET
    """An object of further names and values."""


@input_
class CreateBinInput:
    """A bin to be made."""

    id: strawberry.ID | None = strawberry.UNSET
    """An id to keep, 1 to 64 of A-Z a-z 0-9 _ -; made when left out."""

    location_id: strawberry.ID
    """The location that it belongs to."""

    code: str
    """The company's own code for it; unique within its location."""

    name: str | None = strawberry.UNSET
    """Its name."""

    type: str | None = strawberry.UNSET
    """`STANDARD`, `RECEIVING`, `PICKING`, `REPLENISHMENT`, `STAGING`, own words, or `HOLD`,
    `QUARANTINE` and `DAMAGE`, of which nothing is promised."""

    zone: str | None = strawberry.UNSET
    """The part of the location in which it stands."""

    pick_order: int | None = strawberry.UNSET
    """Where it comes on the way of a picker."""

    storage_class: str | None = strawberry.UNSET
    """What may lie in it, such as `CHILLED`: products of the same class; of none when absent."""

    mixing: BinMixing | None = strawberry.UNSET
    """What may lie in it together when goods are put away."""

    capacity_units: Quantity | None = strawberry.UNSET
    """How many base units fit; absent: no limit."""

    capacity_weight_kg: Quantity | None = strawberry.UNSET
    """What it carries, in kilograms; absent: no limit."""

    capacity_volume_litres: Quantity | None = strawberry.UNSET
    """What it holds, in litres; absent: no limit."""

    active: bool | None = strawberry.UNSET
    """Whether it is used."""


@input_
class UpdateBinInput:
    """What is to be changed of a bin; null clears what may be absent."""

    code: str | None = strawberry.UNSET
    """The company's own code for it; unique within its location."""

    name: str | None = strawberry.UNSET
    """Its name."""

    type: str | None = strawberry.UNSET
    """`STANDARD`, `RECEIVING`, `PICKING`, `REPLENISHMENT`, `STAGING`, own words, or `HOLD`,
    `QUARANTINE` and `DAMAGE`, of which nothing is promised."""

    zone: str | None = strawberry.UNSET
    """The part of the location in which it stands."""

    pick_order: int | None = strawberry.UNSET
    """Where it comes on the way of a picker."""

    storage_class: str | None = strawberry.UNSET
    """What may lie in it, such as `CHILLED`: products of the same class; of none when absent."""

    mixing: BinMixing | None = strawberry.UNSET
    """What may lie in it together when goods are put away."""

    capacity_units: Quantity | None = strawberry.UNSET
    """How many base units fit; absent: no limit."""

    capacity_weight_kg: Quantity | None = strawberry.UNSET
    """What it carries, in kilograms; absent: no limit."""

    capacity_volume_litres: Quantity | None = strawberry.UNSET
    """What it holds, in litres; absent: no limit."""

    active: bool | None = strawberry.UNSET
    """Whether it is used."""


@output
class LocationPayload:
    """A location after a write, as it then stands."""

    location: Location
    """The location."""

    position: Position
    """The first position at which the write is seen."""


@output
class BinPayload:
    """A bin after a write, as it then stands."""

    bin: Bin
    """The bin."""

    position: Position
    """The first position at which the write is seen."""


@output
class LocationMutations:
    """Writes of locations and bins."""

    @creates(kinds.LOCATION, CreateLocationInput, LocationPayload, needs=_NEEDS)
    def create_location(self, input: CreateLocationInput) -> Act:
        """Make a location."""
        return (service.create_location, given(input))

    @updates(kinds.LOCATION, UpdateLocationInput, LocationPayload, needs=_NEEDS)
    def update_location(self, id: str, input: UpdateLocationInput, version: int | None) -> Act:
        """Change a location; with another parent it moves with all that is below it."""
        return (service.update_location, id, given(input), version)

    @deletes(kinds.LOCATION, service.delete_location, needs=_NEEDS)
    def delete_location(self) -> None:
        """Delete a location that never held stock, with its bins; `IN_USE` says what is left."""

    @creates(kinds.BIN, CreateBinInput, BinPayload, needs=_NEEDS)
    def create_bin(self, input: CreateBinInput) -> Act:
        """Make a bin."""
        return (service.create_bin, _values(input))

    @updates(kinds.BIN, UpdateBinInput, BinPayload, needs=_NEEDS)
    def update_bin(self, id: str, input: UpdateBinInput, version: int | None) -> Act:
        """Change a bin; a type from which nothing is promised counts at once."""
        return (service.update_bin, id, _values(input), version)

    @deletes(kinds.BIN, service.delete_bin, needs=_NEEDS)
    def delete_bin(self) -> None:
        """Delete a bin that never held stock; `IN_USE` says what is left otherwise."""


def _values(input: Any) -> dict[str, Any]:
    """What is given of a bin, its words as they are stored."""
    values = given(input)
    if values.get("mixing") is not None:
        values["mixing"] = values["mixing"].value
    return values
