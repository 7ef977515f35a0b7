"""Puts the areas together into one schema, and gives refusals their codes."""

from collections.abc import Iterator
from functools import cache

import strawberry
import structlog
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from typing_extensions import override

from domain.errors import GatewayError
from execution.cost_directives import CostDirective, ListSizeDirective
from execution.strawberry_fields import graph_of
from resolvers.abc import AbcQueries
from resolvers.abc_runs import AbcRunQueries
from resolvers.abc_writes import AbcMutations
from resolvers.adjustments import AdjustmentQueries
from resolvers.analytics import AnalyticsQueries
from resolvers.atp import AtpQueries
from resolvers.atp_cube import AtpCubeQueries
from resolvers.availability import AvailabilityQueries
from resolvers.availability_writes import AvailabilityMutations
from resolvers.books import BookQueries
from resolvers.books_writes import BookMutations
from resolvers.catalog import CatalogQueries
from resolvers.catalog_writes import CatalogMutations
from resolvers.channel_totals import ChannelTotalsQueries
from resolvers.channels import ChannelQueries
from resolvers.channels_writes import ChannelMutations
from resolvers.costs import state_costs
from resolvers.count_settings import CountSettingsMutations, CountSettingsQueries
from resolvers.cycle_counts import CycleCountQueries
from resolvers.cycle_counts_writes import CycleCountMutations
from resolvers.drilldown import DrilldownQueries
from resolvers.expired import ExpiredQueries
from resolvers.expired_writes import ExpiredMutations
from resolvers.feed import FeedQueries
from resolvers.holds import HoldQueries
from resolvers.holds_writes import HoldMutations
from resolvers.keys import KeyMutations, KeyQueries
from resolvers.ledger import LedgerQueries
from resolvers.ledger_health import LedgerHealthQueries
from resolvers.levels import LevelQueries
from resolvers.levels_writes import InventoryLevelMutations
from resolvers.lists import Info
from resolvers.locations import LocationQueries
from resolvers.locations_writes import LocationMutations
from resolvers.lot_control import LotControlQueries
from resolvers.lots import LotQueries
from resolvers.lots_recall import LotRecallMutations
from resolvers.lots_writes import LotMutations
from resolvers.nodes import NodeQueries
from resolvers.policies_writes import ChannelPolicyMutations
from resolvers.put_away import PutAwayQueries
from resolvers.put_away_writes import PutAwayMutations
from resolvers.quotas_writes import ChannelQuotaMutations
from resolvers.reasons import ReasonQueries
from resolvers.reasons_writes import ReasonMutations
from resolvers.recordings import RecordingQueries
from resolvers.replenishment import ReplenishmentQueries
from resolvers.replenishment_writes import ReplenishmentMutations
from resolvers.requests import StockRequestQueries
from resolvers.requests_approvers import RequestApproverMutations, RequestApproverQueries
from resolvers.requests_generating import GenerateStockRequestsMutations
from resolvers.requests_reports import StockRequestReportQueries
from resolvers.requests_search import RequestableProductQueries
from resolvers.requests_writes import StockRequestMutations
from resolvers.reservations import ReservationQueries
from resolvers.reservations_writes import ReservationMutations
from resolvers.scalars import SCALARS
from resolvers.severity import SeverityQueries
from resolvers.stock import StockQueries
from resolvers.stock_acts import StockMutations
from resolvers.stocklists import StocklistQueries
from resolvers.stocklists_writes import StocklistMutations
from resolvers.suggestions import SuggestionMutations, SuggestionQueries
from resolvers.supply import SupplyQueries
from resolvers.tenants import TenantQueries
from resolvers.tenants_writes import TenantMutations
from resolvers.transfer_bins import TransferBinQueries
from resolvers.transfers import TransferQueries
from resolvers.transfers_steps import TransferStepMutations
from resolvers.transfers_writes import TransferMutations

QUERIES: tuple[type, ...] = (
    TenantQueries,
    NodeQueries,
    CatalogQueries,
    LocationQueries,
    LotQueries,
    ChannelQueries,
    SeverityQueries,
    StockQueries,
    AdjustmentQueries,
    ReasonQueries,
    RecordingQueries,
    LedgerQueries,
    LedgerHealthQueries,
    FeedQueries,
    BookQueries,
    AnalyticsQueries,
    AtpQueries,
    AtpCubeQueries,
    DrilldownQueries,
    AvailabilityQueries,
    LevelQueries,
    ChannelTotalsQueries,
    KeyQueries,
    HoldQueries,
    ReservationQueries,
    ExpiredQueries,
    LotControlQueries,
    TransferQueries,
    TransferBinQueries,
    SupplyQueries,
    AbcQueries,
    AbcRunQueries,
    CountSettingsQueries,
    StockRequestQueries,
    StockRequestReportQueries,
    RequestableProductQueries,
    RequestApproverQueries,
    StocklistQueries,
    PutAwayQueries,
    ReplenishmentQueries,
    SuggestionQueries,
    CycleCountQueries,
)
MUTATIONS: tuple[type, ...] = (
    CatalogMutations,
    LocationMutations,
    LotMutations,
    InventoryLevelMutations,
    AvailabilityMutations,
    ChannelMutations,
    ChannelPolicyMutations,
    ChannelQuotaMutations,
    StockMutations,
    BookMutations,
    ReasonMutations,
    TenantMutations,
    KeyMutations,
    HoldMutations,
    ReservationMutations,
    ExpiredMutations,
    LotRecallMutations,
    TransferMutations,
    TransferStepMutations,
    AbcMutations,
    CountSettingsMutations,
    StockRequestMutations,
    StocklistMutations,
    GenerateStockRequestsMutations,
    RequestApproverMutations,
    PutAwayMutations,
    SuggestionMutations,
    ReplenishmentMutations,
    CycleCountMutations,
)

log = structlog.get_logger(__name__)


class Schema(strawberry.Schema):
    """The graph; a refusal's code, field and details stand in the error's extensions."""

    @override
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        for error in errors:
            cause = error.original_error
            if isinstance(cause, GatewayError):
                error.extensions = extensions_of(cause)
            elif cause is not None and not isinstance(cause, GraphQLError):
                log.error("graphql_field_failed", path=error.path, exc_info=cause)


def extensions_of(error: GatewayError) -> dict[str, object]:
    """What an answer says of a refusal beside its message."""
    extensions: dict[str, object] = {"code": error.code}
    if error.field is not None:
        extensions["field"] = error.field
    if error.details:
        extensions["details"] = error.details
    return extensions


@cache
def build_schema() -> Schema:
    """The schema of all areas, made once in a process."""
    query = _root("Query", QUERIES, "Everything that can be read.")
    mutation = _root("Mutation", MUTATIONS, _writes()) if MUTATIONS else None
    config = StrawberryConfig(scalar_map=dict(SCALARS), info_class=Info)
    schema = Schema(query, mutation, types=(CostDirective, ListSizeDirective), config=config)
    state_costs(graph_of(schema))
    return schema


def _root(name: str, areas: tuple[type, ...], about: str) -> type:
    return strawberry.type(type(name, areas, {}), description=about)


def _writes() -> str:
    codes = ", ".join(f"`{code}`" for code in sorted(set(_codes(GatewayError))))
    return (
        "Everything that can be written. One mutation is one act of business, all or nothing. "
        f"A refusal is an error whose `extensions.code` is one of {codes}."
    )


def _codes(error: type[GatewayError]) -> Iterator[str]:
    yield error.code
    for kind in error.__subclasses__():
        yield from _codes(kind)
