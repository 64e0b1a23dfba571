"""What the parts of requests and answers may be: bounded, so that nothing arrives that a database cannot hold."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler

LARGEST_ID, LARGEST = 2**63 - 1, 2**31 - 1
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def _writable(text: str) -> str:
    """Refuse what PostgreSQL or UTF-8 cannot hold."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("含有不能保存的字符。")
    return text


def _day(value: Any) -> Any:
    """Refuse a number: it would be read as seconds since 1970."""
    if isinstance(value, date | None):
        return value
    if not isinstance(value, str) or value.strip().lstrip("+-").replace(".", "", 1).isdigit():
        raise ValueError("日期应写成 2026-03-05 的样子。")
    return value


def _known_day(day: date) -> date:
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise ValueError("日期应在1900年到2199年之间。")
    return day


def _known_moment(moment: datetime) -> datetime:
    _known_day(moment.date())
    return moment


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Fen = Annotated[int, Field(ge=0, le=2**53, description="金额，单位：分")]
Minute = Annotated[int, Field(ge=0, le=1440, description="当日零点起的分钟数")]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=date), AfterValidator(_known_day)]
Moment = Annotated[AwareDatetime, AfterValidator(_known_moment)]
Words = Annotated[str, Field(max_length=200), AfterValidator(_writable)]
LongWords = Annotated[str, Field(max_length=5000), AfterValidator(_writable)]
Code = Annotated[str, Field(max_length=80), AfterValidator(_writable)]
AreaCode = Annotated[str, Field(pattern=r"^[0-9]{2,24}$", description="区划代码")]
AreaFilter = Annotated[str, Field(pattern=r"^([0-9]{2,24})?$", description="只看这个区划以内的")]
ShortCode = Annotated[str, Field(max_length=20), AfterValidator(_writable)]
Masked = Annotated[str, BeforeValidator(str)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class InPlace:
    """Describes a choice where it stands: a component goes by the bare name of its class, and several are called Kind."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the choice itself in place of a reference to it."""
        return handler.resolve_ref_schema(handler(core))


class Body(Schema):
    """What a request brings; a field that is not known is a fault and not forgotten in silence."""

    model_config = ConfigDict(extra="forbid")


class Empty(Body):
    """A request that brings nothing."""


class WithReason(Body):
    """Why something is done."""

    reason: Words


class Done(Schema):
    """How many things were done."""

    count: int


def told(body: Body, *may_be_empty: str) -> dict[str, Any]:
    """Return what a change names; null empties only what may be empty."""
    given: dict[str, Any] = body.dict(exclude_unset=True)
    return {name: value for name, value in given.items() if value is not None or name in may_be_empty}
