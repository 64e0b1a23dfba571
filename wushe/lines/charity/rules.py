"""What money of each source may be used for: each line is checked when it is entered, and the refusal names its rule."""

from datetime import date

from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import PresetMissing, preset, preset_row
from wushe.foundation.quantities import show_fen

from .enums import FundState, SignLevel, UseCategory
from .models import Donation, Fund


class UseForbidden(Invalid):
    """A rule of the money's source, of the fund or of its giver forbids this use."""


class FundNotOpen(Conflict):
    """A fund that is not open gives no money and takes none."""

    def __init__(self, fund: Fund) -> None:
        super().__init__(f"基金“{fund.title}”{fund.get_state_display()}，现在不能收支。")


def check_open(fund: Fund, *, on: date) -> None:
    """Raise FundNotOpen unless the fund is open and its term has begun and not ended."""
    if fund.state != FundState.OPEN:
        raise FundNotOpen(fund)
    if on < fund.starts_on or (fund.ends_on and on > fund.ends_on):
        raise Conflict("基金不在使用期内，不能支出。")


def ban_on(*, source_class: str, category: str, area_code: str, on: date) -> Preset | None:
    """Return the rule that forbids this use of money of this source at a place on a day, None if none does."""
    try:
        row = preset_row(f"funds.{source_class}.banned", area_code=area_code, on=on)
    except PresetMissing:
        return None
    return row if category in row.value else None


def check_use(*, fund: Fund, category: str, title: str, area_code: str, on: date) -> None:
    """Raise UseForbidden, with the rule and its source, if this line may not be paid from this fund."""
    if category not in UseCategory.values:
        raise Invalid(fields={"category": "请选择用途类别。"})
    if rule := ban_on(source_class=fund.source_class, category=category, area_code=area_code, on=on):
        raise UseForbidden(fields={"category": _words(fund, UseCategory(category).label, rule)})
    if fund.categories and category not in fund.categories:
        allowed = "、".join(UseCategory(one).label for one in fund.categories)
        raise UseForbidden(fields={"category": f"“{fund.title}”只能用于：{allowed}。"})
    for hidden, word in _hidden_uses(title, area_code, on):
        if rule := ban_on(source_class=fund.source_class, category=hidden, area_code=area_code, on=on):
            said = f"用途里写了“{word}”。{_words(fund, UseCategory(hidden).label, rule)}"
            raise UseForbidden(fields={"title": said})


def _words(fund: Fund, use: str, rule: Preset) -> str:
    return f"{fund.get_source_class_display()}不能用于{use}（{rule.title}，{rule.source}）。"


def _hidden_uses(title: str, area_code: str, on: date) -> list[tuple[str, str]]:
    """Return the forbidden uses that the words of a line give away, whatever category was chosen."""
    words = preset("funds.use_words", area_code=area_code, on=on)
    return [(use, word) for use, ones in words.items() for word in ones if word in title]


def fits(lot: Donation, *, category: str, area_code: str, on: date) -> bool:
    """Say whether the giver's wishes allow this use of a donation: category, area, and until when."""
    return (
        lot.only_category in ("", category)
        and area_code.startswith(lot.only_area)
        and (lot.use_until is None or on <= lot.use_until)
    )


def last_level(*, amount_fen: int, area_code: str, on: date) -> SignLevel:
    """Return the highest level that has to sign for a sum."""
    if amount_fen <= preset("funds.approval.community", area_code=area_code, on=on):
        return SignLevel.COMMUNITY
    if amount_fen <= preset("funds.approval.street", area_code=area_code, on=on):
        return SignLevel.STREET
    return SignLevel.DISTRICT


def check_relief_sum(*, amount_fen: int, area_code: str, on: date) -> None:
    """Raise Invalid if a relief payout is larger than the rule of the place allows."""
    most = preset("funds.relief.max", area_code=area_code, on=on)
    if amount_fen > most:
        raise Invalid(fields={"amount": f"每人每年救助最多{show_fen(most)}，含本年已发的。"})
