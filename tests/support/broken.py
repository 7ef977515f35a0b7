"""Guards that are taken out of a scratch database, one at a time: a named test has to see each.

`pytest --break NAME` breaks each worker's database after its migration.
"""

from dataclasses import dataclass

import asyncpg

RACE = "tests/stock/test_racing.py::"
MACHINE = (
    "tests/stock/test_the_ledger_machine.py::"
    "test_invariants_01_03_04_05_06_09_hold_after_every_step"
)
POSTING = "tests/stock/test_posting.py::"
EARLIER = "tests/stock/test_happening_earlier.py::"
EVENT = "insert into outbox (tenant_id, id, topic, aggregate_id, payload, created_at)\n  values"
SHIFTED = (
    "tests/stock/test_shifting_kept_sums.py::"
    "test_a_posting_of_one_line_leaves_the_sums_that_the_buckets_give"
)
ONCE = "tests/idempotency/test_doing_things_once.py::"


@dataclass(frozen=True)
class Edit:
    """`old` becomes `new` in the text of the function or view `of`."""

    of: str
    old: str
    new: str = ""


@dataclass(frozen=True)
class Break:
    """What is taken out, by edits or by running `sql`, and the test that fails without it.

    A guard that stands in both ways of posting is taken out of both.
    """

    what: str
    test: str
    edits: tuple[Edit, ...] = ()
    sql: str = ""


BREAKS = {
    "lock": Break(
        "The lock on the row of a product at a location",
        f"{RACE}test_invariant_05_many_tries_for_few_units_take_exactly_those",
        edits=(
            Edit("stock_lock_levels", "for no key update of s"),
            Edit("stock_post_one", "for no key update"),
        ),
    ),
    "order": Break(
        "The order in which places are locked",
        f"{RACE}test_places_are_locked_in_their_order_and_not_in_that_of_the_lines",
        edits=(Edit("stock_lock_levels", "order by 1, 2"),),
    ),
    "opening": Break(
        "The order in which buckets are opened for an act",
        f"{RACE}test_buckets_are_opened_in_the_order_of_their_places",
        edits=(Edit("stock_open", "order by 1, 2", "order by 1 desc, 2 desc"),),
    ),
    "adjustments": Break(
        "The number of adjustments a bucket has, kept with each entry",
        MACHINE,
        edits=(
            Edit(
                "stock_post_one", "i.adjustment_count + stock_is_adjustment(p_kind)::integer", "0"
            ),
            Edit("stock_post_many", "i.adjustment_count + excluded.adjustment_count", "0"),
        ),
    ),
    "parts": Break(
        "The lock on the lot or bin of a new bucket",
        "tests/stock/test_changing_what_moves_sums.py::"
        "test_a_lot_that_changes_while_its_first_units_come_in_is_counted_right",
        edits=(
            Edit(
                "stock_post_many",
                "perform stock_lock_parts(v_locations, v_products, v_bins, v_lots);",
            ),
        ),
    ),
    "summing": Break(
        "The sum over the lines of one bucket",
        POSTING + "test_invariant_05_refuses_to_take_more_than_there_is",
        edits=(
            Edit(
                "stock_post_many",
                "v_repeats boolean := exists (",
                "v_repeats boolean := false and exists (",
            ),
        ),
    ),
    "levels": Break(
        "The kept sums, written with the balances",
        POSTING + "test_writes_the_entry_the_balance_and_the_kept_sum",
        edits=(
            Edit("stock_post_many", "perform stock_refresh_levels(v_locations, v_products);"),
            Edit("stock_shifted_level", "p_level.on_hand := p_level.on_hand + v_delta;"),
        ),
    ),
    "shift": Break(
        "The look at holds before a kept sum is moved by the line alone",
        SHIFTED,
        edits=(Edit("stock_shifted_level", "h.state = 'ACTIVE'", "false"),),
    ),
    "clock": Break(
        "The look at the clock before a kept sum is moved by the line alone",
        SHIFTED,
        edits=(Edit("stock_shifted_level", "p_level.next_expiry <= p_now", "false"),),
    ),
    "balance": Break(
        "The check that entries between own accounts sum to zero",
        POSTING + "test_invariant_03_what_stays_in_the_house_sums_to_zero",
        edits=(Edit("stock_post_many", "perform stock_check_sum(v_id, v_kind);"),),
    ),
    "guard": Break(
        "The guard against less than nothing (a constraint stands behind it)",
        POSTING + "test_invariant_05_refuses_to_take_more_than_there_is",
        edits=(
            Edit("stock_check_line", "p_after < 0", "false"),
            Edit("stock_post_one", "v_after < 0", "false"),
        ),
    ),
    "expected": Break(
        "The comparison with the expected quantity",
        POSTING + "test_refuses_a_stale_expectation",
        edits=(
            Edit("stock_check_line", "p_expected is not null", "false"),
            Edit("stock_post_one", "v_item.on_hand <> p_line.expected", "false"),
        ),
    ),
    "tenant filter": Break(
        "The tenant filter of row security, on one table",
        "tests/models/test_row_security.py::test_without_a_tenant_every_table_is_empty",
        sql="alter policy tenant on products using (true)",
    ),
    "tenant check": Break(
        "The tenant check on written rows, on one table",
        "tests/models/test_row_security.py::test_invariant_20_writes_cannot_name_another_tenant",
        sql="alter policy tenant on products with check (true)",
    ),
    "outbox": Break(
        "The outbox event of a posting",
        MACHINE,
        edits=(
            Edit("stock_post_many", EVENT, "perform"),
            Edit("stock_post_one", EVENT, "perform"),
        ),
    ),
    "idempotency claim": Break(
        "The claim of an idempotency key: no two are the same",
        f"{ONCE}test_invariant_10_the_same_request_has_one_effect_and_one_answer",
        sql="""
        create function break_claim() returns trigger language plpgsql as $$
          begin new.key := gen_random_uuid(); return new; end $$;
        create trigger break_claim before insert on idempotency_keys
          for each row execute function break_claim()
        """,
    ),
    "period": Break(
        "The check that the period is open",
        f"{EARLIER}test_invariant_13_refuses_what_happened_in_a_closed_period",
        edits=(
            Edit("stock_post_many", "perform stock_check_period(v_now, p_lines);"),
            Edit("stock_post_one", "v_closed >= v_now", "false"),
        ),
    ),
    "backdating": Break(
        "The check of what happened earlier against all moments since",
        f"{EARLIER}test_invariant_05_refuses_what_would_have_left_too_little_meanwhile",
        edits=(
            Edit(
                "stock_post_many",
                "perform stock_check_backdated(v_id, "
                "coalesce((p_head ->> 'forced')::boolean, false));",
                "null;",
            ),
        ),
    ),
    "count": Break(
        "The check of what happened earlier against later counts",
        f"{EARLIER}test_invariant_16_refuses_what_happened_before_a_count",
        edits=(Edit("stock_check_backdated", "e.occurred_at <= i.last_counted_at", "false"),),
    ),
    "free": Break(
        "The comparison of a reservation with what is free",
        f"{RACE}test_invariant_07_promises_the_last_unit_to_one_of_many",
        edits=(Edit("stock_reserve", "v_free < p_quantity", "false"),),
    ),
}


async def apply(owner_url: str, name: str) -> None:
    """Take a guard out of the database."""
    one = BREAKS[name]
    owner = await asyncpg.connect(owner_url)
    try:
        for edit in one.edits:
            text = await owner.fetchval("select pg_get_functiondef($1::regproc)", edit.of)
            assert edit.old in text, f"{edit.of} has no more {edit.old!r}"
            await owner.execute(text.replace(edit.old, edit.new))
        if one.sql:  # the driver takes no empty one
            await owner.execute(one.sql)
    finally:
        await owner.close()
