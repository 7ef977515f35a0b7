"""Statements that give a tenant's files back, as an import takes them; all values are texts."""

from typing import Any

from sqlalchemy import Select, TextClause, func, select, text

from models.base import this_tenant
from models.catalog import products

FETCHED = 20_000  # rows that are in memory at once

# By file, in the order of its columns and of its key.
_SELECTS = {
    "categories": """
        select c.id, c.code, c.name, p.code
        from categories c left join categories p on p.tenant_id = c.tenant_id and p.id = c.parent_id
        where c.tenant_id = stock_tenant() order by c.code
        """,
    "products": """
        select p.id, p.sku, p.name, c.code, p.unit_of_measure, trim_scale(p.quantity_step)::text,
          p.barcode, trim_scale(p.unit_cost)::text, trim_scale(p.list_price)::text,
          p.lot_tracked::text, p.expiry_tracked::text, p.serial_tracked::text,
          p.allow_past_expiry::text, p.expiry_warning_days::text, p.regulated::text,
          trim_scale(p.safety_stock)::text, trim_scale(p.reorder_point)::text,
          p.lead_time_days::text, p.active::text,
          (
            select string_agg(k.code || '=' || trim_scale(k.quantity)
              || coalesce(':' || k.barcode, ''), ';' order by k.quantity, k.code)
            from product_packs k where k.tenant_id = stock_tenant() and k.product_id = p.id
          ),
          p.storage_class, trim_scale(p.unit_weight_kg)::text,
          trim_scale(p.unit_volume_litres)::text,
          p.attributes::text
        from products p
        left join categories c on c.tenant_id = p.tenant_id and c.id = p.category_id
        where p.tenant_id = stock_tenant() order by p.sku
        """,
    "locations": """
        select l.id, l.code, l.name, l.type, p.code, l.active::text
        from locations l left join locations p on p.tenant_id = l.tenant_id and p.id = l.parent_id
        where l.tenant_id = stock_tenant() order by l.code
        """,
    "bins": """
        select b.id, l.code, b.code, b.name, b.type, b.zone, b.pick_order::text, b.active::text,
          b.storage_class, b.mixing, trim_scale(b.capacity_units)::text,
          trim_scale(b.capacity_weight_kg)::text, trim_scale(b.capacity_volume_litres)::text
        from bins b join locations l on l.tenant_id = b.tenant_id and l.id = b.location_id
        where b.tenant_id = stock_tenant() order by l.code, b.code
        """,
    "channels": """
        select c.id, c.name, c.type, c.position::text, c.active::text
        from channels c where c.tenant_id = stock_tenant() order by c.id
        """,
    "reason_codes": """
        select r.id, r.code, r.name, r.direction, r.category, r.requires_comment::text,
          array_to_string(r.contexts, ';'), r.active::text
        from reason_codes r where r.tenant_id = stock_tenant() order by r.code
        """,
    "lots": """
        select t.id, t.number, t.expiry_date::text, p.sku, t.note
        from lots t join products p on p.tenant_id = t.tenant_id and p.id = t.product_id
        where t.tenant_id = stock_tenant() order by p.sku, t.number
        """,
    "policies": """
        select c.id, c.channel_id, l.code, p.sku, k.code, c.name, c.description, c.mode, c.tier,
          c.priority::text, trim_scale(c.share)::text, trim_scale(c.cap)::text, c.spill_over::text,
          trim_scale(c.minimum_stock)::text, trim_scale(c.safety_stock)::text,
          trim_scale(c.reserve_stock)::text, trim_scale(c.buffer)::text,
          trim_scale(c.backorder_limit)::text, trim_scale(c.low_atp_threshold)::text
        from channel_policies c
        left join locations l on l.tenant_id = c.tenant_id and l.id = c.location_id
        left join products p on p.tenant_id = c.tenant_id and p.id = c.product_id
        left join categories k on k.tenant_id = c.tenant_id and k.id = c.category_id
        where c.tenant_id = stock_tenant() order by c.channel_id, l.code, p.sku, k.code, c.id
        """,
    "quotas": """
        select q.id, q.channel_id, p.sku, l.code, trim_scale(q.allocated)::text,
          trim_scale(q.consumed)::text, q.reason
        from channel_quotas q
        join products p on p.tenant_id = q.tenant_id and p.id = q.product_id
        join locations l on l.tenant_id = q.tenant_id and l.id = q.location_id
        where q.tenant_id = stock_tenant() order by q.channel_id, p.sku, l.code
        """,
    "levels": """
        select v.id, p.sku, l.code, trim_scale(v.min_quantity)::text,
          trim_scale(v.reorder_quantity)::text, trim_scale(v.max_quantity)::text, v.status,
          v.abc_class, v.expected_lead_time_days::text, v.replenishment_period_days::text,
          v.forecast_period_days::text, trim_scale(v.forecast_quantity)::text, b.code, r.code,
          v.comments
        from inventory_levels v
        join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
        join locations l on l.tenant_id = v.tenant_id and l.id = v.location_id
        left join bins b on b.tenant_id = v.tenant_id and b.id = v.preferred_bin_id
        left join locations r on r.tenant_id = v.tenant_id and r.id = v.replenishment_location_id
        where v.tenant_id = stock_tenant() order by p.sku, l.code
        """,
    "vendors": """
        select v.id, v.code, v.name, v.credit_rating::text, v.preferred::text, v.active::text
        from vendors v where v.tenant_id = stock_tenant() order by v.code
        """,
    "vendor_products": """
        select s.id, v.code, p.sku, s.lead_time_days::text,
          trim_scale(s.min_order_quantity)::text, trim_scale(s.max_order_quantity)::text,
          trim_scale(s.on_order_quantity)::text, trim_scale(s.standard_price)::text, s.order_unit
        from vendor_products s
        join vendors v on v.tenant_id = s.tenant_id and v.id = s.vendor_id
        join products p on p.tenant_id = s.tenant_id and p.id = s.product_id
        where s.tenant_id = stock_tenant() order by v.code, p.sku
        """,
    "purchase_orders": """
        select o.id, o.order_number, o.line_number::text, v.code, o.ordered_on::text,
          o.due_on::text, p.sku, trim_scale(o.quantity)::text, trim_scale(o.unit_price)::text,
          trim_scale(o.received)::text, trim_scale(o.rejected)::text, trim_scale(o.stocked)::text,
          o.status, l.code
        from purchase_order_lines o
        join vendors v on v.tenant_id = o.tenant_id and v.id = o.vendor_id
        join products p on p.tenant_id = o.tenant_id and p.id = o.product_id
        left join locations l on l.tenant_id = o.tenant_id and l.id = o.location_id
        where o.tenant_id = stock_tenant() order by o.order_number, o.line_number
        """,
    "replenishment": """
        select v.id, p.sku, l.code, v.replenishment_method, trim_scale(v.order_quantity)::text,
          trim_scale(v.pack_size)::text, trim_scale(v.minimum_order_quantity)::text,
          trim_scale(v.safety_stock)::text, trim_scale(v.service_level)::text,
          trim_scale(v.lead_time_deviation_days)::text, v.cover_days::text,
          trim_scale(v.order_cost)::text, trim_scale(v.holding_cost)::text,
          v.shelf_life_days::text, v.demand_window_days::text, trim_scale(v.demand_share)::text
        from inventory_levels v
        join products p on p.tenant_id = v.tenant_id and p.id = v.product_id
        join locations l on l.tenant_id = v.tenant_id and l.id = v.location_id
        where v.tenant_id = stock_tenant() and v.replenishment_method is not null
        order by p.sku, l.code
        """,
    "stock": """
        select p.sku, l.code, b.code, t.number, t.expiry_date::text, trim_scale(i.on_hand)::text
        from inventory_items i
        join products p on p.tenant_id = i.tenant_id and p.id = i.product_id
        join locations l on l.tenant_id = i.tenant_id and l.id = i.location_id
        left join bins b on b.tenant_id = i.tenant_id and b.id = i.bin_id
        left join lots t on t.tenant_id = i.tenant_id and t.id = i.lot_id
        where i.tenant_id = stock_tenant() order by p.sku, l.code, b.code, t.number
        """,
    "movements": """
        select m.cells[1], m.cells[2], m.cells[3], m.cells[4], m.cells[5], m.cells[6], m.cells[7],
          m.cells[8], m.cells[9], m.cells[10], m.cells[11]
        from (
          select d.cells, d.occurred_at, 1 as kept, g.recorded_at, d.ordinal, '' as id
          from imported_movements d
          join postings g on g.tenant_id = d.tenant_id and g.id = d.posting_id
          where d.tenant_id = stock_tenant()
          union all
          select array[import_moment_text(h.occurred_at, h.occurred_on, h.whole_day), p.sku, h.type,
            trim_scale(h.quantity)::text, trim_scale(h.unit_cost)::text,
            trim_scale(h.unit_price)::text, h.channel_id, h.reference],
            h.occurred_at, 2, null, 0, h.id
          from movement_history h
          join products p on p.tenant_id = h.tenant_id and p.id = h.product_id
          where h.tenant_id = stock_tenant()
        ) m
        order by m.occurred_at, m.kept, m.recorded_at, m.ordinal, m.id
        """,
    "transfers": """
        select t.number, (row_number() over (
            partition by t.id order by l.ordinal, o.in_transit, b.number nulls first))::text,
          s.code, d.code, p.sku, b.number, trim_scale(o.units)::text, o.in_transit::text,
          t.expected_on::text, t.reference
        from transfers t
        join transfer_lines l on l.tenant_id = t.tenant_id and l.transfer_id = t.id
        join products p on p.tenant_id = l.tenant_id and p.id = l.product_id
        join locations s on s.tenant_id = t.tenant_id and s.id = t.source_location_id
        join locations d on d.tenant_id = t.tenant_id and d.id = t.dest_location_id
        cross join lateral (
          select false as in_transit, l.lot_id, l.quantity - l.shipped as units
          union all
          select true, i.lot_id, sum(e.delta)
          from transit_entries e
          join inventory_items i on i.tenant_id = e.tenant_id and i.id = e.inventory_item_id
          where e.tenant_id = l.tenant_id and e.transfer_id = t.id and e.line_id = l.id
          group by i.lot_id
        ) o
        left join lots b on b.tenant_id = l.tenant_id and b.id = o.lot_id
        where t.tenant_id = stock_tenant() and o.units > 0 and s.id <> d.id
          and t.status in ('APPROVED', 'PICKED', 'IN_TRANSIT', 'PARTIALLY_RECEIVED')
        order by t.number, l.ordinal, o.in_transit, b.number nulls first
        """,
}


def open_file(name: str) -> TextClause:
    """Begin to read the rows of a file; within one transaction, each file once."""
    # A name of its own: the driver remembers what columns a FETCH of this name gives.
    return text(f"declare export_{name} no scroll cursor for {_SELECTS[name]}")


def next_rows(name: str) -> TextClause:
    """The next rows of the file; none when there are no more."""
    return text(f"fetch {FETCHED} from export_{name}")


def attribute_names() -> Select[tuple[str]]:
    """The names of all attributes that any product has, in their order."""
    name = func.jsonb_object_keys(products.c.attributes).label("name")
    keys: Any = select(name).where(products.c.tenant_id == this_tenant()).subquery()
    return select(keys.c.name).group_by(keys.c.name).order_by(keys.c.name.collate("C"))
