"""The lists of channels, their policies and their quotas."""

from sqlalchemy import func, select

from models.base import this_tenant
from models.channels import channel_policies, channel_quotas, channels
from models.lists.listing import Listing, is_, one_of, words

_channel, _policy, _quota = channels.c, channel_policies.c, channel_quotas.c

CHANNELS = Listing(
    reference=True,
    rows=select(channels).where(_channel.tenant_id == this_tenant()),
    id=[_channel.id],
    orders={
        "id": [],
        "position": [_channel.position],
        "name": [func.lower(_channel.name)],
        "created_at": [_channel.created_at],
    },
    filters={
        "search": words(_channel.id, _channel.name),
        "id_in": one_of(_channel.id),
        "type_in": one_of(_channel.type),
        "active": is_(_channel.active),
    },
)

CHANNEL_POLICIES = Listing(
    rows=select(channel_policies).where(_policy.tenant_id == this_tenant()),
    id=[_policy.id],
    orders={
        "id": [],
        "name": [func.lower(_policy.name)],
        "priority": [_policy.priority],
        "created_at": [_policy.created_at],
        "updated_at": [_policy.updated_at],
    },
    filters={
        "id_in": one_of(_policy.id),
        "channel_id_in": one_of(_policy.channel_id),
        "location_id_in": one_of(_policy.location_id),
        "product_id_in": one_of(_policy.product_id),
        "category_id_in": one_of(_policy.category_id),
        "mode_in": one_of(_policy.mode),
    },
    parents={
        name: _policy[name] for name in ("channel_id", "location_id", "product_id", "category_id")
    },
)

CHANNEL_QUOTAS = Listing(
    rows=select(channel_quotas).where(_quota.tenant_id == this_tenant()),
    id=[_quota.id],
    orders={
        "id": [],
        "allocated": [_quota.allocated],
        "created_at": [_quota.created_at],
        "updated_at": [_quota.updated_at],
    },
    filters={
        "id_in": one_of(_quota.id),
        "channel_id_in": one_of(_quota.channel_id),
        "location_id_in": one_of(_quota.location_id),
        "product_id_in": one_of(_quota.product_id),
    },
    parents={name: _quota[name] for name in ("channel_id", "location_id", "product_id")},
)
