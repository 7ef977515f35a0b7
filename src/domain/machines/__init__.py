"""The table of steps of every kind of document."""

from domain.documents import Machine
from domain.machines.cycle_counts import CYCLE_COUNTS
from domain.machines.put_away import PUT_AWAY
from domain.machines.replenishment import REPLENISHMENT
from domain.machines.stock_requests import STOCK_REQUESTS
from domain.machines.transfers import TRANSFERS

MACHINES: tuple[Machine, ...] = (
    STOCK_REQUESTS,
    TRANSFERS,
    REPLENISHMENT,
    CYCLE_COUNTS,
    PUT_AWAY,
)
