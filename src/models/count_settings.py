"""How a tenant counts: how classes are cut, how often each is counted, and what may be off."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Integer, Select, Text, Update, func, select, update
from sqlalchemy.dialects.postgresql import Insert, insert

from models.base import (
    Money,
    Quantity,
    at_least_zero,
    metadata,
    optional,
    required,
    tenant_table,
    this_tenant,
    version,
)

# One row a tenant, made with its first change; until then the defaults hold. Shares are parts of 1.
count_settings = tenant_table(
    "count_settings",
    required("metric", Text, "'VALUE'"),
    required("window_days", Integer, "365"),
    required("cutoff_a", Quantity, "0.8"),
    required("cutoff_b", Quantity, "0.95"),
    required("interval_days_a", Integer, "90"),
    required("interval_days_b", Integer, "180"),
    required("interval_days_c", Integer, "365"),
    required("tolerance_share_a", Quantity, "0.005"),
    required("tolerance_share_b", Quantity, "0.01"),
    required("tolerance_share_c", Quantity, "0.05"),
    required("tolerance_units", Quantity, "0"),
    optional("tolerance_value", Money),  # absent: no limit by value
    optional("approval_value", Money),  # absent: nothing needs another's approval
    required("blind", Boolean, "false"),
    required("auto_adjust", Boolean, "false"),
    required("freeze", Boolean, "false"),
    optional("due_turnover_value", Money),  # absent: what moves is no reason to count
    optional("due_accuracy", Quantity),  # absent: how a location was found is none
    required("due_emptied", Boolean, "false"),
    version(),
    optional("updated_by", Text),
    *(
        at_least_zero(name)
        for name in (
            "tolerance_share_a",
            "tolerance_share_b",
            "tolerance_share_c",
            "tolerance_units",
            "tolerance_value",
            "approval_value",
            "due_turnover_value",
            "due_accuracy",
        )
    ),
    CheckConstraint("0 < cutoff_a and cutoff_a <= cutoff_b and cutoff_b <= 1", name="cutoffs"),
    CheckConstraint(
        "least(window_days, interval_days_a, interval_days_b, interval_days_c) > 0",
        name="days_positive",
    ),
    key=(),
    history=True,
)

_ours = count_settings.c.tenant_id == this_tenant()


def settings() -> Select[Any]:
    """The settings of the session's tenant; no row while nobody has changed them."""
    return select(count_settings).where(_ours)


def settings_locked() -> Select[Any]:
    """The same, locked until the transaction ends."""
    return settings().with_for_update()


def first() -> Insert:
    """Make the row with its defaults, where there is none."""
    return insert(count_settings).values(version=1).on_conflict_do_nothing()


def keep() -> Any:
    """Copy the row to its history as it is now, ended at this moment."""
    history = metadata.tables["count_settings_history"]
    names = [column.name for column in count_settings.c]
    return insert(history).from_select(
        [*names, "valid_to"], select(*count_settings.c, func.stock_now()).where(_ours)
    )


def change(values: Mapping[str, Any]) -> Update:
    """Set these settings, raise their version, and give them back whole."""
    return (
        update(count_settings)
        .where(_ours)
        .values(version=count_settings.c.version + 1, valid_from=func.stock_now(), **values)
        .returning(*count_settings.c)
    )
