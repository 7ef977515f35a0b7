"""A tenant whose every record has one id and one code, for calls that try to reach it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg

from models.tables import metadata
from world import World

SECRET = "Secret"
UNSHOWN = "alembic_version", "tenants"


@dataclass(frozen=True)
class Owner:
    """Looks at all tenants' rows, as nobody else may."""

    connection: asyncpg.Connection

    async def digest(self, world: World) -> dict[str, str]:
        """For each table, what the tenant has in it."""
        rows = await self.connection.fetch(_DIGEST, world.tenant_id)
        return {row["name"]: f"{row['rows']} {row['digest']}" for row in rows}


_DIGEST = " union all ".join(
    f"select '{table}' as name, count(*) as rows,"
    f" md5(string_agg(t::text, ' ' order by t::text)) as digest from {table} t where tenant_id = $1"
    for table in sorted(set(metadata.tables) - set(UNSHOWN))
)


async def fill(world: World, id: str, code: str, secret: str = SECRET) -> None:
    """One record of each kind, all with this id and code, whose names hold the secret."""
    category = await world.category(id=id, code=code, name=f"{secret} category")
    location = await world.location(
        id=id, code=code, name=f"{secret} place", attributes={"a": secret}
    )
    product = await world.product(
        id=id,
        sku=code,
        barcode=code,
        name=f"{secret} product",
        category_id=category.id,
        attributes={"b": secret},
    )
    bin = await world.bin(location, id=id, code=code, name=f"{secret} bin", zone=secret)
    lot = await world.lot(product, id=id, number=code, note=secret, expiry=date(2031, 1, 1))
    channel = await world.channel(id, name=f"{secret} channel")
    await world.policy(channel, id=id, name=f"{secret} policy", description=secret)
    await world.quota(channel, product, location, 7, id=id, reason=secret)
    await world.crossing(channel, product, location, id=id)
    await world.level(
        product,
        location,
        id=id,
        comments=secret,
        replenishment_method="MIN_MAX",
        min_quantity=1,
        max_quantity=9,
    )
    async with world.write() as session:
        for sql in _REST:
            await session.call(sql.format(id=id, code=code, secret=secret, bin=bin.id, lot=lot.id))


_REST = (
    (
        "insert into product_packs (product_id, code, quantity, barcode)"
        " values ('{id}', '{code}', 6, '{code}-6')"
    ),
    "insert into reason_codes (id, code, name) values ('{id}', '{code}', '{secret} reason')",
    (
        "select stock_post(jsonb_build_object('id', '{id}', 'kind', 'RECEIPT',"
        " 'reasonCodeId', '{id}', 'reference', '{secret}', 'comment', '{secret}',"
        " 'documentType', 'STOCK_RECORDING',"
        " 'actor', jsonb_build_object('id', '{secret}', 'name', '{secret}')),"
        " array[row('{id}', '{id}', '{id}', '{bin}', '{lot}', 41, null, null, null, null, null,"
        " null, null)]::posting_line[])"
    ),
    (
        "insert into holds (id, type, scope, scope_id, product_id, location_id, quantity, reason,"
        " created_by) values ('{id}', 'OTHER', 'QUANTITY', '{id}', '{id}', '{id}', 1, '{secret}',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "select abc_keep_run('{id}', jsonb_build_object('id', '{secret}', 'name', '{secret}'),"
        " null, 'ONHAND_VALUE', '2026-01-01', '2026-12-31', 0.8, 0.95)"
    ),
    (
        "insert into abc_pins (id, product_id, abc_class, reason, created_by) values"
        " ('{id}', '{id}', 'A', '{secret}', jsonb_build_object('id', '{secret}', 'name',"
        " '{secret}'))"
    ),
    (
        "insert into cycle_counts (id, number, location_id, type, count_date, assigned_to, notes,"
        " line_count, created_by) values ('{id}', '{code}', '{id}', 'FULL', '2031-01-01',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'), '{secret}', 1,"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "insert into count_lines (id, count_id, ordinal, inventory_item_id, product_id,"
        " location_id, bin_id, lot_id, status, counted_qty, counted_at, counted_by, count_times,"
        " notes) values"
        " ('{id}', '{id}', 1, '{id}', '{id}', '{id}', '{bin}', '{lot}', 'COUNTED', 40, stock_now(),"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'), 1, '{secret}')"
    ),
    (
        "insert into count_takes (line_id, ordinal, quantity, counted_at, counted_by, notes) values"
        " ('{id}', 1, 40, stock_now(), jsonb_build_object('id', '{secret}', 'name', '{secret}'),"
        " '{secret}')"
    ),
    "select stock_reserve('{id}', '{id}', 3, '{id}', 1, '{secret}')",
    (
        "insert into transfers (id, number, source_location_id, dest_location_id, reference,"
        " comment, created_by) values ('{id}', '{code}', '{id}', '{id}', '{secret}', '{secret}',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "insert into put_away_rules (id, name, strategy, location_id, product_id, bin_id)"
        " values ('{id}', '{secret} rule', 'FIXED', '{id}', '{id}', '{bin}')"
    ),
    (
        "insert into put_away_tasks (id, number, location_id, reference, comment, created_by)"
        " values ('{id}', '{code}', '{id}', '{secret}', '{secret}',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "insert into put_away_lines (id, task_id, ordinal, inventory_item_id, product_id, quantity,"
        " rejected) select '{id}', '{id}', 1, i.id, '{id}', 1, jsonb_build_array("
        "jsonb_build_object('binId', '{id}', 'code', '{secret}', 'why', 'UNITS'))"
        " from inventory_items i"
        " where i.tenant_id = stock_tenant() limit 1"
    ),
    (
        "insert into replenishment_records (id, number, product_id, location_id, quantity,"
        " reference, comment, created_by) values ('{id}', '{code}', '{id}', '{id}', 5, '{secret}',"
        " '{secret}', jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "insert into transfer_lines (id, transfer_id, ordinal, product_id, quantity, dest_bin_id)"
        " values ('{id}', '{id}', 1, '{id}', 5, '{bin}')"
    ),
    (
        "insert into document_events (document_type, document_id, ordinal, action, to_status,"
        " actor, comment) values ('TRANSFER', '{id}', 1, 'CREATE', 'DRAFT',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'), '{secret}')"
    ),
    (
        "insert into locations (id, code, name, type, path) values"
        " ('{id}2', '{code}2', '{secret} other', 'WARD', array['{id}2'])"
    ),
    (
        "insert into stocklists (id, name, type, requesting_location_id, fulfilling_location_id,"
        " created_by) values ('{id}', '{secret} list', 'PULL', '{id}', '{id}2',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "insert into stocklist_lines (stocklist_id, product_id, ordinal, max_quantity) values"
        " ('{id}', '{id}', 1, 20)"
    ),
    (
        "insert into stock_requests (id, number, type, status, requesting_location_id,"
        " fulfilling_location_id, stocklist_id, description, created_by) values ('{id}', '{code}',"
        " 'STOCK', 'SUBMITTED', '{id}', '{id}2', '{id}', '{secret}',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "insert into stock_request_lines (id, request_id, ordinal, product_id, requested, comment)"
        " values ('{id}', '{id}', 1, '{id}', 5, '{secret}')"
    ),
    "insert into vendors (id, code, name) values ('{id}', '{code}', '{secret} vendor')",
    (
        "insert into vendor_products (id, vendor_id, product_id, order_unit)"
        " values ('{id}', '{id}', '{id}', '{secret}')"
    ),
    (
        "insert into purchase_order_lines (id, order_number, line_number, vendor_id, product_id,"
        " location_id, quantity) values ('{id}', '{code}', 1, '{id}', '{id}', '{id}', 7)"
    ),
    (
        "insert into reservation_headers (id, channel_id, reference, expires_at, created_by)"
        " values ('{id}', '{id}', '{secret}', stock_now() + interval '1 day',"
        " jsonb_build_object('id', '{secret}', 'name', '{secret}'))"
    ),
    (
        "insert into reservation_lines (header_id, number, product_id, location_id, asked,"
        " reserved, atp_before) values ('{id}', 1, '{id}', '{id}', 1, 1, 1)"
    ),
    (
        "insert into api_keys (id, name, key_prefix, last4, key_hash, scopes)"
        " values ('{id}', '{secret} key', 'bdk_live', 'last', sha256('{id}'), array['*'])"
    ),
)


def names_in(answer: Any) -> set[str]:
    """Every text in an answer, names of fields left out."""
    if isinstance(answer, dict):
        return set().union(*(names_in(value) for value in answer.values()))
    if isinstance(answer, list):
        return set().union(*(names_in(value) for value in answer))
    return {answer} if isinstance(answer, str) else set()
