"""What fields cost, as the SDL says it with `@cost` and `@listSize`.

A connection is as long as it is asked to be. Of other lists no client says how long they may be:
most are short, and those that are not are named here, as are fields behind which there is more work
than their objects show.
"""

import strawberry
from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_input_object_type,
    is_list_type,
)

from domain.pages import FIRST_DEFAULT
from execution.cost_directives import CostDirective, ListSizeDirective
from execution.selections import USUAL_SIZE
from execution.strawberry_fields import add_directive, directives_of

_WINDOW = ("first", "last")  # what says how many rows of a connection are wanted
_ROWS = ("edges", "nodes")
_CHANNELS = 8
_LOCATIONS = 40
_LINES = 20  # of documents

# Lists that are given by the ids in an argument.
_BY_IDS = {"Query.nodes": "ids"}
ASSUMED = {
    "AtpCube.cells": 1_000,
    "AtpDrilldown.cells": _CHANNELS,
    "AtpMatrix.columns": _CHANNELS,
    "AtpRow.cells": _CHANNELS,
    "Availability.lines": _LINES,
    "AvailabilityCheck.lines": _LINES,
    "BlindForm.lines": _LINES,
    "ChannelPolicyPreviewMatrix.rows": FIRST_DEFAULT,
    "ChannelSummary.channels": _CHANNELS,
    "ChannelTotals.locations": _LOCATIONS,
    "CycleCount.lines": _LINES,
    "LedgerDifference.levels": _LINES,
    "Product.atp": _CHANNELS,
    "Product.atpByLocation": _CHANNELS * _LOCATIONS,
    "PutAwayTask.lines": _LINES,
    "Query.putAwaySuggestions": _LINES,
    "ReplenishmentSuggestions.suggestions": 200,
    "RequestableProducts.products": _LINES,
    "StockAnalytics.byLocation": _LOCATIONS,
    "StockAnalytics.series": _LINES,
    "StockRequest.lines": _LINES,
    "Stocklist.lines": _LINES,
    "Transfer.lines": _LINES,
}


# Fields that take more work than their objects show: lists are counted, ledgers summed.
WEIGHTS = {
    "totalCount": 5,
    "pagination": 5,
    "Query.changesBetween": 100,
    "Query.channelSummary": 100,
    "Query.inventoryAnalytics": 100,
    "Query.ledgerHealth": 1_000,
}
_WRITE = 10  # of every mutation


def state_costs(graph: GraphQLSchema) -> None:
    """Say of every field what it costs beyond the usual, and of lists of objects how long they are.

    What is said already stays: interfaces and their types share fields.
    """
    for type_ in graph.type_map.values():
        if type_.name.startswith("__") or is_input_object_type(type_):
            continue
        for name, field in getattr(type_, "fields", {}).items():
            said = {type(one) for one in directives_of(field)}
            for one in (_weight(type_, name), _size(type_, name, field)):
                if one is not None and type(one) not in said:
                    add_directive(field, one)


def _weight(type_: GraphQLNamedType, name: str) -> CostDirective | None:
    is_write = type_.name == "Mutation"
    usual = _WRITE if is_write else WEIGHTS.get(f"{type_.name}.{name}")
    if type_.name.endswith("Connection"):
        usual = WEIGHTS.get(name)
    return None if usual is None else CostDirective(weight=str(usual))


def _size(type_: GraphQLNamedType, name: str, field: GraphQLField) -> ListSizeDirective | None:
    place = f"{type_.name}.{name}"
    if place in _BY_IDS:
        return _sliced([_BY_IDS[place]])
    windows = [one for one in _WINDOW if one in field.args]
    if get_named_type(field.type).name.endswith("Connection") and windows:
        return _sliced(windows, assumed=FIRST_DEFAULT, sized=list(_ROWS))
    is_list = is_list_type(get_nullable_type(field.type))
    if not is_list or not is_composite_type(get_named_type(field.type)):
        return None
    if type_.name.endswith("Connection"):
        return None  # the field that gives the connection says it
    if windows:
        return _sliced(windows, assumed=field.args[windows[0]].default_value)
    size = ListSizeDirective(assumed_size=ASSUMED.get(place, USUAL_SIZE))
    size.require_one_slicing_argument = strawberry.UNSET  # there are none: not shown
    return size


def _sliced(
    arguments: list[str], assumed: int | None = None, sized: list[str] | None = None
) -> ListSizeDirective:
    size = ListSizeDirective(slicing_arguments=arguments, require_one_slicing_argument=False)
    if assumed is not None:
        size.assumed_size = assumed
    if sized is not None:
        size.sized_fields = sized
    return size
