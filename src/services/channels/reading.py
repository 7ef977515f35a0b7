"""Reads channels, their policies and their quotas."""

from domain.promise_errors import ChannelRetired
from models import channels as tables
from models.lists.channels import CHANNEL_POLICIES, CHANNEL_QUOTAS, CHANNELS
from models.session import Session
from services import records
from services.lists import Reader

channels = Reader(CHANNELS)
policies = Reader(CHANNEL_POLICIES)
quotas = Reader(CHANNEL_QUOTAS)


async def require_active(session: Session, id: str | None, field: str) -> None:
    """Make sure that the channel, if one is named, may sell.

    Raises:
        NotFound: there is no such channel.
        ChannelRetired: it is not active.
    """
    row = await records.require(session, tables.channels, "Channel", id, field)
    if row is not None and not row.active:
        raise ChannelRetired(f"The channel {row.id} is not active.", field=field)
