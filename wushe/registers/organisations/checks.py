"""What makes an entry of the register of organisations right: field by field, in the user's words."""

from datetime import date

from stdnum.cn import uscc as social_credit
from stdnum.exceptions import ValidationError

from wushe.foundation.actor import Actor
from wushe.foundation.scope import covers
from wushe.registers.areas.selectors import in_force
from wushe.registers.people.identity import is_phone

from .models import Grade, Organisation, OrganisationKind, Standing

_WRONG_CODE = "统一社会信用代码有误：应为18位，请对照登记证书核对。"


def is_credit_code(code: str) -> bool:
    """Say whether a code has 18 characters and the right check character (GB 32100)."""
    try:
        social_credit.validate(code)
    except ValidationError:
        return False
    return True


def compact(code: str) -> str:
    """Return a code without blanks, in capitals."""
    return "".join(code.split()).upper()


def faults_of(organisation: Organisation, *, actor: Actor, telephone: str, today: date, placed: bool) -> dict[str, str]:
    """Return what is wrong with an organisation, by field; `placed` says whether its seat is checked as well."""
    code = organisation.uscc
    checks = {
        "name": (2 <= len(organisation.name) <= 80, "请填写组织名称（2到80个字）。"),
        "kind": (organisation.kind in OrganisationKind.values, "请选择类型。"),
        "standing": (organisation.standing in Standing.values, "请选择登记情况。"),
        "uscc": (
            is_credit_code(code) if code else organisation.standing != Standing.REGISTERED,
            _WRONG_CODE if code else "已登记的组织请填写统一社会信用代码。",
        ),
        "grade": (not organisation.grade or organisation.grade in Grade.values, "评估等级为1A到5A。"),
        "graded_on": (not organisation.graded_on or organisation.graded_on <= today, "评估日期不能晚于今天。"),
        "contact_phone": (not telephone or is_phone(telephone), "电话号码不对：手机为11位，座机请带区号。"),
        **{
            name: (0 <= getattr(organisation, name) <= 100_000, "请填写0到100000之间的人数。")
            for name in ("full_time", "certified", "members", "seats")
        },
    }
    faults = {field: message for field, (right, message) in checks.items() if not right}
    if not faults.keys() & {"full_time", "certified"} and organisation.certified > organisation.full_time:
        faults["certified"] = "持证社工人数不能多于专职人数。"
    return faults | (_misplaced(organisation, actor, today) if placed else {})


def _misplaced(organisation: Organisation, actor: Actor, today: date) -> dict[str, str]:
    here, faults = in_force(on=today), {}
    if not covers(actor, organisation.area_code) or not here.filter(area_code=organisation.area_code).exists():
        faults["area_code"] = "请选择本辖区内的街道或社区。"
    if here.filter(area_code__in=organisation.serves).count() != len(set(organisation.serves)):
        faults["serves"] = "服务区划里有不认识的区划代码。"
    return faults
