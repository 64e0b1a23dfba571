"""Roles of the field and their rights, as data: `stage:action` permissions and the boundary of what each role sees.

The separation of duties is written here: who performs a visit never holds `verification:decide`, who decides
never holds `settlement:settle`, and who keeps accounts of users sees no resident.
"""

from dataclasses import dataclass
from enum import Enum


class Reach(Enum):
    """What bounds the rows that a role sees."""

    AREA = "area"
    ORGANISATION = "organisation"
    HOLDER = "holder"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Role:
    """A named set of rights; `journey` is the part of the site where the role starts work."""

    code: str
    title: str
    reach: Reach
    journey: str
    permissions: frozenset[str]


def _role(code: str, title: str, reach: Reach, journey: str, permissions: str) -> Role:
    return Role(code, title, reach, journey, frozenset(permissions.split()))


_READ_CHAIN = (
    "needs:view projects:view resources:view orders:view dispatch:view visits:view "
    "verification:view settlement:view catalogue:view registers:view forms:view door_knock:view"
)

_ALL = (
    _role(
        "community_worker",
        "社区工作者",
        Reach.AREA,
        "community",
        "children:report "
        "selections:view selections:score wishes:view wishes:edit check_in:view check_in:edit scouts:view scouts:answer "
        "judging:view judging:keep grid:view grid:collect grid:handle "
        "due_visits:view due_visits:visit due_visits:order "
        "time_bank:view time_bank:file "
        "volunteering:view volunteering:organise "
        "hotline:view hotline:receive hotline:handle "
        f"{_READ_CHAIN} needs:record needs:triage needs:close people:edit people:reveal orders:place orders:send "
        "orders:cancel resources:link projects:design volunteers:edit communities:edit facilities:edit "
        "oversight:view areas:view rounds:import forms:edit door_knock:manage door_knock:visit "
        "charity:view charity:request charity:visit charity:sign_community charity:receipt charity:answer "
        "goods:view goods:keep goods:allocate goods:second",
    ),
    _role(
        "social_worker",
        "社会工作者",
        Reach.AREA,
        "community",
        "children:report children:keep children:read "
        "selections:view selections:score wishes:view wishes:edit check_in:view check_in:edit scouts:view scouts:answer "
        "judging:view judging:keep grid:view grid:collect grid:handle "
        "due_visits:view due_visits:visit due_visits:order "
        "time_bank:view time_bank:file time_bank:decide "
        "volunteering:view volunteering:organise "
        "hotline:view hotline:receive hotline:handle "
        f"{_READ_CHAIN} needs:record needs:triage needs:close people:edit people:reveal orders:place orders:send "
        "orders:cancel resources:link resources:edit projects:design projects:approve catalogue:edit organisations:edit "
        "volunteers:edit communities:edit facilities:edit workforce:register "
        "oversight:view areas:view rounds:import forms:edit door_knock:manage door_knock:visit "
        "charity:view charity:request charity:visit charity:receipt charity:answer "
        "goods:view goods:keep goods:allocate goods:second",
    ),
    _role(
        "dispatcher",
        "调度员",
        Reach.AREA,
        "centre",
        "children:report "
        "selections:view wishes:view check_in:view scouts:view judging:view grid:view grid:collect "
        "due_visits:view due_visits:order "
        "hotline:view hotline:receive "
        f"{_READ_CHAIN} needs:record needs:triage orders:place orders:send orders:cancel dispatch:propose "
        "dispatch:confirm dispatch:change workforce:edit people:reveal oversight:view areas:view",
    ),
    _role(
        "organisation_manager",
        "机构负责人",
        Reach.ORGANISATION,
        "organisation",
        "children:report check_in:ask_unit "
        "orders:view orders:accept orders:refuse orders:withdraw dispatch:view dispatch:change visits:view visits:report "
        "verification:view "
        "verification:appeal settlement:view payments:view payments:agree workforce:edit workforce:register "
        "goods:view goods:keep goods:second "
        "selections:view selections:apply projects:view projects:report catalogue:view registers:view",
    ),
    _role(
        "carer",
        "护理员",
        Reach.HOLDER,
        "worker",
        "children:report scouts:send visits:perform visits:view dispatch:view catalogue:view",
    ),
    _role(
        "volunteer",
        "志愿者",
        Reach.HOLDER,
        "worker",
        "children:report "
        "wishes:claim check_in:ask_own scouts:send due_visits:look_in time_bank:own volunteering:join "
        "visits:perform visits:view dispatch:view catalogue:view",
    ),
    _role(
        "resident",
        "居民",
        Reach.HOLDER,
        "resident",
        "selections:score judging:grade time_bank:own volunteering:attend due_visits:look_in "
        "needs:record_own needs:view orders:view visits:rate visits:view catalogue:view",
    ),
    _role(
        "verifier",
        "质控员",
        Reach.AREA,
        "quality",
        "children:report "
        "hotline:view hotline:call "
        "needs:view orders:view dispatch:view visits:view verification:view verification:decide verification:call_back "
        "catalogue:view registers:view oversight:view areas:view people:reveal",
    ),
    _role(
        "settlement_clerk",
        "结算员",
        Reach.AREA,
        "accounts",
        "orders:view visits:view verification:view settlement:view settlement:settle settlement:reverse ledgers:view "
        "projects:view projects:pay resources:view catalogue:view oversight:view areas:view "
        "charity:view charity:pay payments:view bank:view payments:prepare payments:confirm",
    ),
    _role(
        "charity_officer",
        "慈善会工作人员",
        Reach.AREA,
        "community",
        "selections:view selections:manage "
        "needs:view projects:view resources:view resources:edit resources:link settlement:view ledgers:view "
        "catalogue:view oversight:view areas:view "
        "charity:view charity:open charity:declare charity:seat charity:receive charity:sign_district "
        "charity:publish charity:answer charity:duties "
        "goods:view goods:keep goods:allocate goods:second goods:recall",
    ),
    _role(
        "street_manager",
        "街道负责人",
        Reach.AREA,
        "district",
        "children:report children:handle children:read children:approve "
        "selections:view selections:manage selections:decide wishes:view check_in:view "
        "scouts:view judging:view grid:view grid:collect grid:decide "
        "due_visits:view due_visits:order "
        "time_bank:view time_bank:decide "
        "volunteering:view "
        "hotline:view hotline:receive hotline:decide "
        f"{_READ_CHAIN} ledgers:view oversight:view presets:edit areas:view journal:view "
        "charity:view charity:declare charity:seat charity:second_key charity:freeze charity:sign_street charity:publish charity:answer "
        "goods:view goods:second",
    ),
    _role(
        "district_manager",
        "区民政负责人",
        Reach.AREA,
        "district",
        "children:report children:handle children:approve "
        "selections:view selections:manage selections:decide wishes:view check_in:view scouts:view judging:view grid:view grid:decide "
        "due_visits:view due_visits:order "
        "time_bank:view time_bank:decide time_bank:manage "
        "volunteering:view "
        "hotline:view hotline:receive hotline:decide "
        f"{_READ_CHAIN} ledgers:view oversight:view presets:edit catalogue:edit organisations:edit "
        "facilities:edit communities:edit workforce:register projects:approve "
        "areas:view areas:edit rounds:import journal:view "
        "charity:view charity:declare charity:second_key charity:freeze charity:sign_district charity:answer "
        "goods:view goods:second goods:recall payments:view bank:view payments:confirm",
    ),
    _role(
        "auditor",
        "审计员",
        Reach.AREA,
        "district",
        "selections:view wishes:view check_in:view scouts:view judging:view grid:view "
        "due_visits:view "
        "time_bank:view "
        "volunteering:view "
        "hotline:view "
        f"{_READ_CHAIN} ledgers:view oversight:view journal:view areas:view charity:view goods:view payments:view bank:view",
    ),
    _role("account_admin", "账号管理员", Reach.AREA, "admin", "access:manage"),
    _role(
        "system",
        "系统",
        Reach.AREA,
        "",
        "wishes:expire "
        "due_visits:view due_visits:order needs:record "
        "time_bank:issue "
        f"{_READ_CHAIN} orders:expire jobs:run catalogue:edit settlement:settle ledgers:post verification:sample "
        "dispatch:propose journal:view oversight:view oversight:refresh ledgers:view areas:view areas:edit",
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in _ALL}
GRANTABLE = [(role.code, role.title) for role in _ALL if role.code != "system"]
