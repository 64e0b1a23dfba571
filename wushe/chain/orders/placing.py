"""What a valid order is: how many visits, from which day, on which weekdays, within which time of day."""

from datetime import date

from wushe.foundation.errors import Invalid

MOST_VISITS = 366
DAY = 24 * 60


def check_request(
    *, visits_ordered: int, starts_on: date, today: date, window_start: int, window_end: int, weekdays: str
) -> None:
    """Raise Invalid, naming each field that cannot be carried out."""
    fields = {}
    if not 1 <= visits_ordered <= MOST_VISITS:
        fields["visits_ordered"] = f"服务次数应在1到{MOST_VISITS}之间。"
    if starts_on < today:
        fields["starts_on"] = "开始日期不能早于今天。"
    if not 0 <= window_start < window_end <= DAY:
        fields["window_end"] = "最晚上门时间应晚于最早上门时间，且都在当天之内。"
    if set(weekdays) - set("1234567") or len(set(weekdays)) != len(weekdays):
        fields["weekdays"] = "服务日只能是周一到周日，不能重复。"
    if fields:
        raise Invalid(fields=fields)
