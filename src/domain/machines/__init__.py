"""The table of steps of every kind of document."""

from domain.documents import Machine
from domain.machines.transfers import TRANSFERS

MACHINES: tuple[Machine, ...] = (TRANSFERS,)
