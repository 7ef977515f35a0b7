"""How a tenant counts: kept as one record, with defaults until somebody changes it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from domain.actor import Author
from domain.errors import Invalid, StaleVersion
from domain.names import camel
from domain.quantities import ZERO
from models import count_settings as statements
from models.abc import Triggers
from models.session import Session
from services import checks

METRICS = ("VALUE", "VELOCITY", "HITS", "ONHAND_VALUE")
CLASSES = ("A", "B", "C")
DAYS_MAX = 3_660


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a tenant counts; shares are parts of 1, `version` is 0 while nothing was changed.

    Unclassified products are counted as often, and may be off as much, as those of class C.
    """

    metric: str = "VALUE"
    window_days: int = 365
    cutoff_a: Decimal = Decimal("0.8")
    cutoff_b: Decimal = Decimal("0.95")
    interval_days_a: int = 90
    interval_days_b: int = 180
    interval_days_c: int = 365
    tolerance_share_a: Decimal = Decimal("0.005")
    tolerance_share_b: Decimal = Decimal("0.01")
    tolerance_share_c: Decimal = Decimal("0.05")
    tolerance_units: Decimal = ZERO
    tolerance_value: Decimal | None = None
    approval_value: Decimal | None = None
    blind: bool = False
    auto_adjust: bool = False
    freeze: bool = False
    due_turnover_value: Decimal | None = None
    due_accuracy: Decimal | None = None
    due_emptied: bool = False
    version: int = 0

    @property
    def intervals(self) -> tuple[int, int, int]:
        """After how many days products of class A, B and C are counted again."""
        return self.interval_days_a, self.interval_days_b, self.interval_days_c

    @property
    def triggers(self) -> Triggers:
        """For what products are counted again before their days are over."""
        return Triggers(self.due_turnover_value, self.due_accuracy, emptied=self.due_emptied)

    def share_of(self, abc_class: str | None) -> Decimal:
        """By how much of what is expected a count of this class may be off."""
        share: Decimal = getattr(self, f"tolerance_share_{(abc_class or 'C').lower()}")
        return share


async def settings(session: Session) -> Settings:
    """The present settings of the session's tenant."""
    return _of(await session.one_or_none(statements.settings()))


async def change(
    session: Session, author: Author, values: Mapping[str, Any], expected_version: int | None
) -> Settings:
    """Change the settings, keep the former ones as history, and give the new ones.

    They stay locked until the transaction ends.

    Raises:
        Invalid: a setting breaks a rule.
        StaleVersion: they are not at the expected version.
    """
    _check(values)
    if await session.one_or_none(statements.settings_locked()) is None:
        if expected_version not in (None, 0):
            raise StaleVersion("count settings", expected=expected_version, actual=0)
        await session.run(statements.first())
        expected_version = None
    row = await session.one(statements.settings_locked())
    if expected_version is not None and row.version != expected_version:
        raise StaleVersion("count settings", expected=expected_version, actual=row.version)
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not different:
        return _of(row)
    _check_cutoffs({"cutoff_a": row.cutoff_a, "cutoff_b": row.cutoff_b, **values})
    await session.run(statements.keep())
    return _of(await session.one(statements.change({**different, "updated_by": author.name})))


def _of(row: Any) -> Settings:
    if row is None:
        return Settings()
    return Settings(**{field.name: getattr(row, field.name) for field in fields(Settings)})


def _check(values: Mapping[str, Any]) -> None:
    checks.given(values, statements.count_settings)
    checks.one_of(values, "metric", METRICS)
    amounts = ("tolerance_units", "tolerance_value", "approval_value", "due_turnover_value")
    checks.amounts(values, *amounts)
    shares = [*(f"tolerance_share_{name.lower()}" for name in CLASSES), "due_accuracy"]
    checks.amounts(values, *shares, "cutoff_a", "cutoff_b")
    for name in shares:
        if (values.get(name) or ZERO) > 1:
            raise Invalid(camel(name), f"{camel(name)} is a part of 1, such as 0.05.")
    for name in ("window_days", *(f"interval_days_{name.lower()}" for name in CLASSES)):
        value = values.get(name)
        if value is not None and not 1 <= value <= DAYS_MAX:
            raise Invalid(camel(name), f"{camel(name)} must be from 1 to {DAYS_MAX}.")
    _check_cutoffs({"cutoff_a": ZERO, "cutoff_b": Decimal(1), **values}, least=ZERO)


def _check_cutoffs(values: Mapping[str, Any], least: Decimal | None = None) -> None:
    check_cutoffs(values["cutoff_a"], values["cutoff_b"], is_partial=least is not None)


def check_cutoffs(a: Decimal, b: Decimal, *, is_partial: bool = False) -> None:
    """Refuse cutoffs that are not in order between 0 and 1.

    Raises:
        Invalid: naming the cutoff.
    """
    if not (ZERO < a <= 1 or (is_partial and a == ZERO)):
        raise Invalid("cutoffA", "cutoffA must be above 0 and at most 1.")
    if not a <= b <= 1:
        raise Invalid("cutoffB", "cutoffB must be at least cutoffA and at most 1.")
