"""Which role may call which operation, and what it answers near its things and far from them.

A row reads: who may call; the things that fill the address in order ("=word" as it stands); what is sent; what it
answers where the things are in scope, and elsewhere (404 unless said otherwise). Roles that are not named get 403.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.permissions.table import (
    ANYBODY,
    BOOKS,
    CHAIN,
    CHECKS,
    DAY,
    DESK,
    EDITORS,
    FRONT,
    IMPORTERS,
    JOURNAL,
    NEEDS,
    ORDERS,
    OVERSIGHT,
    PERFORMERS,
    PROJECTS,
    READERS,
    SETTLEMENTS,
)

MANAGER = "organisation_manager"
REGISTERS = f"{CHAIN} verifier {MANAGER}"


@dataclass(frozen=True)
class Call:
    """What one operation answers to whom."""

    roles: str
    things: tuple[str, ...] = ()
    sent: dict[str, Any] | None = None
    near: int = 200
    far: int = 404
    query: str = ""
    but: dict[str, int] = field(default_factory=dict)
    """What single roles get instead, by "role" near its things or "role far"."""

    @property
    def permitted(self) -> set[str]:
        """Return the roles that may call."""
        return set(self.roles.split())

    def expected(self, role: str, *, near: bool) -> int:
        """Return the status that the table promises."""
        if role not in self.permitted:
            return 403
        place = role if near else f"{role} far"
        return self.but.get(place, self.near if near else self.far)


def read(roles: str, *things: str, **more: Any) -> Call:
    """Return a row of one thing that is read."""
    return Call(roles, things, **more)


def many(roles: str, *things: str, **more: Any) -> Call:
    """Return a row of a list: elsewhere it is another one, or empty."""
    return Call(roles, things, **{"far": 200, **more})


def act(roles: str, *things: str, sent: dict[str, Any] | None = None, **more: Any) -> Call:
    """Return a row of an operation that acts."""
    return Call(roles, things, sent if sent is not None else {}, **more)


HERE, DAY_ONE, TODAY = "511602001001", "2026-09-15", "2026-09-14"
REASON = {"reason": "街道要求"}
AT_DOOR = {"client_id": "6b7d1f5e-0000-4000-8000-00000000000a", "device_at": "2026-09-14T13:59:00+08:00"}

AREAS = {
    "area_list": many(OVERSIGHT),
    "area": read(OVERSIGHT, f"={HERE}"),
    "area_now": read(OVERSIGHT, f"={HERE}"),
}
PEOPLE = {
    "people_list": many(REGISTERS),
    "person": read(REGISTERS, "person", but={MANAGER: 404}),
    "person_register": act(FRONT, near=201, far=422, sent={
        "name": "张桂英", "sex": "F", "born_on": "1950-01-01", "area_code": HERE,
    }),
    "person_update": act(FRONT, "person", sent={"lives_alone": False}),
    "person_reveal": act(f"{DESK} verifier", "person", sent={"field": "phone", "reason": "contact"}),
    "person_tag": act(FRONT, "person", near=201, sent={"tag_code": "dibao", "starts_on": TODAY, "evidence": "低保证"}),
    "tag_review": act(FRONT, "tag", sent={"holds": True, "evidence": "入户核实"}),
    "person_untag": act(FRONT, "tag", sent={"ends_on": TODAY}),
    "person_relate": act(FRONT, "person", near=201, sent={"relative_id": "neighbour", "kind": "other"}),
    "relation_end": act(FRONT, "person", "relation"),
    "person_consent": act(FRONT, "person", near=201, sent={
        "purpose": "photo", "notice_version": "notice", "given_by_id": "person",
    }),
    "person_withdraw": act(FRONT, "person", sent={"purpose": "photo"}),
    "person_move": act(FRONT, "person", sent={"area_code": "511602001002", "moved_on": TODAY, "address": "新村5号"}),
    "person_depart": act(FRONT, "person", sent={"left_on": TODAY}),
    "person_return": act(FRONT, "person", near=409, sent={"area_code": HERE, "moved_on": TODAY, "address": "新村5号"}),
    "person_death": act(FRONT, "person", sent={"died_on": TODAY}),
    "death_retract": act(FRONT, "person", near=409),
    "household_list": many(REGISTERS),
    "household": read(REGISTERS, "household", but={MANAGER: 404}),
    "household_found": act(FRONT, near=201, far=404, sent={
        "person_id": "neighbour", "area_code": HERE, "address": "新村18号",
    }),
    "household_update": act(FRONT, "household", sent={"head_id": "person", "address": "新村6号"}),
    "household_split": act(FRONT, "household", near=422, sent={
        "member_ids": ["neighbour"], "area_code": HERE, "address": "新村8号",
    }),
    "household_join": act(FRONT, "household", sent={"other_id": "other_household"}),
}  # fmt: skip
COMMUNITIES = {
    "community_list": many(REGISTERS),
    "community": read(REGISTERS, "community", but={MANAGER: 404}),
    "community_enter": act(f"{FRONT} district_manager", near=422, far=422, sent={"area_code": HERE}),
    "community_update": act(f"{FRONT} district_manager", "community", sent={"residents": 8000, "households": 3000}),
    "seat_list": many(REGISTERS),
    "seat": read(REGISTERS, "seat", but={MANAGER: 404}),
    "seat_set_up": act(f"{FRONT} district_manager", near=201, far=422, sent={"kind": "building_head", "area_code": HERE}),
    "seat_update": act(f"{FRONT} district_manager", "seat", sent={"title": "楼门长"}),
    "seat_take": act(f"{FRONT} district_manager", "seat", near=409, sent={"person_id": "person", "starts_on": TODAY}),
    "seat_vacate": act(f"{FRONT} district_manager", "seat", sent={"ends_on": TODAY}),
    "ticket_list": many(REGISTERS),
    "ticket": read(REGISTERS, "ticket", but={MANAGER: 404}),
    "ticket_ask": act(FRONT, "ticket", sent={"area_code": HERE, "question": "是不是同一位？"}),
    "ticket_answer": act(FRONT, "ticket", near=409, sent={"answer": "=same"}),
    "ticket_apart": act(FRONT, "ticket", sent=REASON),
    "ticket_reopen": act(FRONT, "ticket", near=409),
    "ticket_merge": act(FRONT, "ticket", sent={}),
    "ticket_unmerge": act(FRONT, "ticket", near=409),
    "import_list": many(IMPORTERS),
    "import": read(IMPORTERS, "round", but={"district_manager": 404}),
    "import_upload": act(IMPORTERS, near=201, far=201, sent={
        "register_code": "=residents", "filename": "a.csv",
        "content": "5aeT5ZCNLOaAp+WIqyzlh7rnlJ/ml6XmnJ8K5byg5LiJLOeUtywxOTUwLTAxLTAxCg==",
    }, but={"district_manager": 403, "district_manager far": 403}),
    "import_commit": act(IMPORTERS, "round", but={"district_manager": 404}),
    "import_discard": act(IMPORTERS, "round", but={"district_manager": 404}),
    "import_take_back": act(IMPORTERS, "round", near=409, but={"district_manager": 404}),
}  # fmt: skip
ORGANISATIONS = {
    "organisation_list": many(REGISTERS),
    "organisation": read(REGISTERS, "organisation"),
    "organisation_register": act(EDITORS, near=201, far=422, sent={
        "name": "新邻里互助队", "kind": "community_group", "standing": "filed", "area_code": HERE,
    }),
    "organisation_update": act(EDITORS, "organisation", sent={"full_time": 3, "certified": 1}),
    "organisation_leave": act(EDITORS, "organisation", sent={"left_on": DAY_ONE}),
    "organisation_return": act(EDITORS, "organisation", near=409),
    "worker_list": many(REGISTERS),
    "worker": read(REGISTERS, "worker"),
    "social_worker_list": many(REGISTERS, query="?text=陈卫&level=professional"),
    "social_worker": read(REGISTERS, "social_worker"),
    "social_worker_post": act(f"social_worker {MANAGER} district_manager", near=201, sent={
        "person_id": "neighbour", "organisation_id": "organisation", "area_code": HERE, "starts_on": TODAY,
    }, but={MANAGER: 404}),
    "social_worker_update": act(f"social_worker {MANAGER} district_manager", "social_worker", sent={
        "level": "=senior", "certificate_number": "S2026001", "supervisor_id": None,
    }),
    "social_worker_end": act(f"social_worker {MANAGER} district_manager", "social_worker", sent={"ends_on": TODAY}),
    "absence_list": many(REGISTERS),
    "absence_report": act(f"dispatcher {MANAGER}", "worker", near=201, sent={
        "starts_on": DAY_ONE, "ends_on": DAY_ONE, "reason": "=leave",
    }),
    "absence_withdraw": act(f"dispatcher {MANAGER}", "absence"),
    "learning_list": many(REGISTERS, "worker", far=404),
    "learning_add": act(f"social_worker {MANAGER} district_manager", "social_worker", near=201, sent={
        "kind": "education", "title": "老年社会工作", "on": TODAY, "minutes": 120,
    }),
    "learning_strike": act(f"social_worker {MANAGER} district_manager", "learning"),
    "team_list": many(REGISTERS),
    "team": read(REGISTERS, "team", but={MANAGER: 404}),
    "team_found": act(FRONT, near=201, far=422, sent={"name": "厚街巡访队", "kind": "=community", "area_code": HERE}),
    "team_update": act(FRONT, "team", sent={"speciality": "巡访", "leader_id": None}),
    "team_end": act(FRONT, "team", sent={"ended_on": TODAY}),
    "volunteer_list": many(REGISTERS),
    "volunteer": read(REGISTERS, "volunteer", but={MANAGER: 404}),
    "volunteer_register": act(FRONT, near=201, sent={"person_id": "person"}),
    "volunteer_update": act(FRONT, "volunteer", sent={"insured_until": TODAY, "team_id": None}),
    "volunteer_leave": act(FRONT, "volunteer", sent={"left_on": TODAY}),
    "volunteer_return": act(FRONT, "volunteer", near=409),
    "post_list": many(REGISTERS),
    "post_open": act(FRONT, near=201, far=422, sent={
        "title": "助餐点志愿者", "area_code": HERE, "places": 2, "open_from": TODAY,
    }),
    "post_update": act(FRONT, "post", sent={"places": 4, "open_until": None}),
    "post_fill": act(FRONT, "post", near=201, sent={"volunteer_id": "volunteer", "starts_on": TODAY}),
    "post_vacate": act(FRONT, "post_holder", sent={"ends_on": TODAY}),
    "facility_list": many(REGISTERS),
    "facility": read(REGISTERS, "facility"),
    "facility_open": act(f"{FRONT} district_manager", near=201, far=422, sent={
        "name": "翠屏助餐点", "kind": "meal_point", "area_code": HERE, "longitude": 106.64, "latitude": 30.47,
        "opened_on": TODAY,
    }),
    "facility_update": act(f"{FRONT} district_manager", "facility", sent={"star": 3, "weekdays": "12345"}),
    "room_list": many(REGISTERS, "facility", far=404),
    "room_add": act(f"{FRONT} district_manager", "facility", near=201, sent={"name": "102室", "use": "bedroom", "beds": 2}),
    "room_update": act(f"{FRONT} district_manager", "room", sent={"taken": 1}),
    "room_close": act(f"{FRONT} district_manager", "room"),
    "facility_close": act(f"{FRONT} district_manager", "facility", sent={"closed_on": DAY_ONE}),
    "facility_reopen": act(f"{FRONT} district_manager", "facility", near=409),
}  # fmt: skip
CATALOGUE = {
    "edition_list": many(READERS),
    "edition": many(READERS, "edition"),
    "item_list": many(READERS, "edition"),
    "edition_diff": many(READERS, "old_edition", "edition"),
    "item": many(READERS, "item"),
    "package_list": many(READERS),
    "edition_begin": act(EDITORS, near=409, far=409, sent={
        "title": "再次修订", "effective_from": "2027-02-01", "source": "试行",
    }),
    "edition_publish": act(EDITORS, "draft", far=200),
    "item_change": act(EDITORS, "draft_item", far=200, sent={"minutes": 45}),
    "item_drop": act(EDITORS, "draft_item", far=200),
}  # fmt: skip
CHAIN_START = {
    "hotline_list": many(f"{CHAIN} verifier"),
    "hotline_order": read(f"{CHAIN} verifier", "hotline_order"),
    "hotline_receive": act(f"{DESK} street_manager district_manager", near=201, far=422, sent={
        "kind": "ask", "topic": "elder", "words": "高龄津贴怎么领", "area_code": HERE, "urgency": "week",
    }),
    "hotline_assign": act(f"{DESK} street_manager district_manager", "hotline_order", near=409, sent={
        "unit": "翠屏路社区", "owner_name": "刘社区",
    }),
    "hotline_contact": act(FRONT, "hotline_order", sent={"note": "问清了"}),
    "hotline_answer": act(FRONT, "hotline_order", near=409, sent={"answer": "已清理"}),
    "hotline_call": act("verifier", "hotline_order", near=409, sent={"reached": False}),
    "need_list": many(f"{NEEDS} resident"),
    "need": read(f"{NEEDS} resident", "need"),
    "need_timeline": read(f"{NEEDS} resident", "need"),
    "need_suggestions": read(DESK, "recorded_need"),
    "need_duplicates": read(f"{NEEDS} resident", "need"),
    "linkage_list": read(f"{CHAIN} settlement_clerk charity_officer", "need", but={
        "settlement_clerk": 403, "settlement_clerk far": 403,
    }),
    "need_record": act(f"{DESK} resident", near=201, sent={
        "person_id": "person", "channel": "phone", "words": "想找人打扫卫生",
    }),
    "need_triage": act(DESK, "recorded_need", sent={
        "item_id": "item", "urgency": "week", "responsible_party": "society",
    }),
    "need_refer": act(DESK, "recorded_need", sent={"where": "街道民政办"}),
    "need_close": act(f"{FRONT} resident", "recorded_need", sent=REASON),
    "need_reopen": act(FRONT, "closed_need", sent=REASON),
    "need_link": act(f"{FRONT} charity_officer", "triaged_need", near=201, sent={
        "society": "=organisation", "organisation_id": "organisation",
    }),
    "project_list": many(f"{PROJECTS} {MANAGER}"),
    "project": read(f"{PROJECTS} {MANAGER}", "project"),
    "budget_line_list": read(f"{PROJECTS} {MANAGER}", "project"),
    "project_design": act(FRONT, near=201, far=422, sent={
        "title": "邻里守望", "area_code": HERE, "purpose": "独居老人有人看望",
    }),
    "project_needs": act(FRONT, "designed_project", sent={"need_ids": ["recorded_need"]}),
    "project_carrier": act(FRONT, "designed_project", sent={"organisation_id": "organisation"}),
    "project_approve": act(EDITORS, "designed_project"),
    "project_return": act(EDITORS, "designed_project", near=409, sent=REASON),
    "project_start": act(FRONT, "designed_project", near=409),
    "project_close": act(EDITORS, "project", sent=REASON),
    "budget_line_add": act(FRONT, "project", near=201, sent={
        "title": "上门服务", "source_class": "raised", "amount_fen": 100000,
    }),
    "resource_list": many(f"{CHAIN} settlement_clerk charity_officer"),
    "resource": read(f"{CHAIN} settlement_clerk charity_officer", "resource"),
    "resource_offer": act("social_worker charity_officer", near=201, far=422, sent={
        "owner_id": "charity", "area_code": HERE, "kind": "goods", "title": "棉被", "quantity": 20, "unit": "床",
        "available_from": TODAY,
    }),
    "donor_list": many(f"{CHAIN} settlement_clerk charity_officer"),
    "donor": read(f"{CHAIN} settlement_clerk charity_officer", "api_donor"),
    "donor_enter": act("social_worker charity_officer", near=201, far=422, sent={
        "name": "好心人李先生", "kind": "=person", "area_code": HERE,
    }),
    "donor_update": act("social_worker charity_officer", "api_donor", sent={"wishes": "助学", "unnamed": True}),
    "donor_end": act("social_worker charity_officer", "api_donor", sent={"ended_on": TODAY}),
    "donor_return": act("social_worker charity_officer", "api_donor", near=409),
}  # fmt: skip
ORDERING = {
    "order_list": many(f"{ORDERS} {MANAGER} resident"),
    "order": read(f"{ORDERS} {MANAGER} resident", "order"),
    "order_takers": read(DESK, "placed_order"),
    "offer_list": many(MANAGER),
    "order_place": act(
        DESK,
        near=201,
        sent={
            "need_id": "linked_need",
            "visits_ordered": 2,
            "starts_on": DAY_ONE,
            "window_start": 480,
            "window_end": 720,
        },
    ),
    "order_send": act(DESK, "placed_order", sent={"organisation_ids": ["organisation"]}),
    "order_accept": act(MANAGER, "sent_order"),
    "order_refuse": act(MANAGER, "sent_order", sent=REASON),
    "order_withdraw": act(MANAGER, "order", sent=REASON),
    "order_cancel": act(DESK, "order", sent=REASON),
}
DISPATCH = {
    "appointment_list": many(f"{DAY} {MANAGER} {PERFORMERS}"),
    "appointment": read(f"{DAY} {MANAGER} {PERFORMERS}", "appointment"),
    "appointment_alternatives": read(f"dispatcher {MANAGER}", "appointment"),
    "appointment_preview": read(f"dispatcher {MANAGER}", "appointment", query="?worker_id={worker}&planned_start=960"),
    "appointment_change": act(f"dispatcher {MANAGER}", "appointment", sent={
        "worker_id": "worker", "planned_start": 960, "reason": "老人要求",
    }),
    "appointment_lock": act(f"dispatcher {MANAGER}", "appointment", sent={"locked": True}),
    "appointment_reschedule": act(f"dispatcher {MANAGER}", "missed_appointment", sent={"day": DAY_ONE}),
    "plan_list": many(
        f"{DAY} {MANAGER} {PERFORMERS}", query=f"?area_code={HERE}&day={DAY_ONE}"
    ),
    "plan": read(f"{DAY} {MANAGER} {PERFORMERS}", "plan", but={MANAGER: 404, "carer": 404, "volunteer": 404}),
    "plan_changes": read(f"{DAY} {MANAGER} {PERFORMERS}", "plan", but={MANAGER: 404, "carer": 404, "volunteer": 404}),
    "search_ask": act("dispatcher", near=202, sent={"area_code": HERE, "day": DAY_ONE}),
    "search": read(f"{DAY} {MANAGER} {PERFORMERS}", "search", but={MANAGER: 404, "carer": 404, "volunteer": 404}),
    "plan_confirm": act("dispatcher", "proposed_plan"),
    "plan_discard": act("dispatcher", "proposed_plan"),
}  # fmt: skip
VISITS = {
    "visit_list": many(f"{ORDERS} {MANAGER} {PERFORMERS} resident"),
    "visit": read(f"{ORDERS} {MANAGER} {PERFORMERS} resident", "visit", but={"volunteer": 404}),
    "round_list": many(PERFORMERS),
    "visit_sign_in": act(PERFORMERS, near=201, sent={**AT_DOOR, "appointment_id": "appointment"}),
    "visit_evidence": act(PERFORMERS, "visit", near=201, but={"volunteer": 404}, sent={
        "client_id": "6b7d1f5e-0000-4000-8000-00000000000b", "kind": "signature", "taken_at": AT_DOOR["device_at"],
        "content": "picture",
    }),
    "visit_sign_out": act(PERFORMERS, "visit", near=409, but={"volunteer": 404}, sent=AT_DOOR),
    "visit_rate": act("resident", "visit", near=201, sent={"score": 5}),
    "check_list": many(CHECKS),
    "check": read(CHECKS, "visit"),
    "error_rate": many(CHECKS, query=f"?first={TODAY}&last={TODAY}"),
    "visit_accept": act("verifier", "visit"),
    "visit_reject": act("verifier", "visit", sent=REASON),
    "visit_appeal": act(MANAGER, "rejected_visit", sent=REASON),
    "check_accept_clean": act("verifier", near=409, sent={"visit_ids": ["rejected_visit"]}),
    "call_back_list": many("verifier"),
    "call_back": read("verifier", "call"),
    "call_back_record": act("verifier", "call", sent={"reached": True, "came": True, "satisfied": True}),
    "visit_settle": act("settlement_clerk", "passed_visit", near=409),
}  # fmt: skip
MONEY = {
    "settlement_list": many(SETTLEMENTS),
    "settlement": read(SETTLEMENTS, "settlement"),
    "month_statement": read(SETTLEMENTS, "organisation"),
    "settlement_batch": act("settlement_clerk", sent={"area_code": HERE}),
    "settlement_reverse": act("settlement_clerk", "settlement", sent=REASON),
    "account_list": many(BOOKS),
    "account_statement": read(BOOKS, "ledger_account"),
    "trial_balance": many(BOOKS),
}
WATCHING = {
    "preset_list": many(OVERSIGHT),
    "preset_history": many(OVERSIGHT, "=orders.leg.accept"),
    "preset_set": act("street_manager district_manager", "=orders.offer.rounds", near=201, far=403, sent={
        "region": HERE, "value": 5, "effective_from": "2027-01-01", "source": "街道〔2026〕5号",
    }),
    "indicator_list": many(OVERSIGHT),
    "indicator_rows": many(OVERSIGHT, "=needs_recorded"),
    "break_list": many(OVERSIGHT),
    "break_rows": many(OVERSIGHT, "=orders_without_taker"),
    "journal": many(JOURNAL),
    "geo_facilities": many(REGISTERS),
    "geo_areas": many(OVERSIGHT),
    "geo_breaks": many(OVERSIGHT, "=orders_without_taker"),
}  # fmt: skip
DIRECTORY = {
    "hsds_meta": many(ANYBODY),
    "hsds_organizations": many(REGISTERS),
    "hsds_organization": read(REGISTERS, "hsds_organization"),
    "hsds_services": many(REGISTERS),
    "hsds_service": read(REGISTERS, "hsds_service"),
    "hsds_service_at_locations": many(REGISTERS),
    "hsds_service_at_location": read(REGISTERS, "hsds_at_location"),
    "hsds_taxonomies": many(REGISTERS),
    "hsds_taxonomy": many(REGISTERS, "hsds_taxonomy"),
    "hsds_taxonomy_terms": many(REGISTERS),
    "hsds_taxonomy_term": many(REGISTERS, "hsds_term"),
}
OPEN = {"calendar": "the secret in the address opens it; see test_calendars.py"}
TABLE: dict[str, Call] = (
    AREAS
    | PEOPLE
    | COMMUNITIES
    | ORGANISATIONS
    | CATALOGUE
    | CHAIN_START
    | ORDERING
    | DISPATCH
    | VISITS
    | MONEY
    | WATCHING
    | DIRECTORY
)
