"""Which role may open which address, and what it answers near its things, far from them, and to a bare POST.

A row reads: who may enter; the things that fill the address (of tests.factories.showcase, "=word" as it stands); what
a GET and an empty POST answer where the things are in scope. Elsewhere a thing is not found (404), unless `far` says
that it belongs to everybody. Roles that are not named are refused (403).
"""

from dataclasses import dataclass, field

from wushe.foundation.roles import ROLES

CHAIN = "community_worker social_worker dispatcher street_manager district_manager auditor"
FRONT = "community_worker social_worker"
DESK = "community_worker social_worker dispatcher"
NEEDS = f"{CHAIN} verifier charity_officer"
PROJECTS = f"{CHAIN} settlement_clerk charity_officer"
ORDERS = f"{CHAIN} verifier settlement_clerk"
DAY = f"{CHAIN} verifier"
OVERSIGHT = f"{CHAIN} verifier settlement_clerk charity_officer"
CHECKS = f"{CHAIN} verifier settlement_clerk organisation_manager"
SETTLEMENTS = f"{CHAIN} settlement_clerk charity_officer organisation_manager"
BOOKS = "settlement_clerk charity_officer street_manager district_manager auditor"
JOURNAL = "street_manager district_manager auditor"
PERFORMERS = "carer volunteer"
EDITORS = "social_worker district_manager"
READERS = " ".join(code for code in ROLES if code not in {"system", "account_admin"})
ANYBODY = " ".join(code for code in ROLES if code != "system")
PUBLIC = "public"


@dataclass(frozen=True)
class Row:
    """What one address answers to whom."""

    roles: str
    things: tuple[str, ...] = ()
    get: int = 200
    post: int = 405
    far: int | None = None
    far_post: int | None = None
    data: dict[str, str] = field(default_factory=dict)
    query: str = ""
    but: dict[str, int] = field(default_factory=dict)
    """What single roles get instead, by "role METHOD": the thing is not theirs, or they may do more."""

    @property
    def permitted(self) -> set[str]:
        """Return the roles that may enter."""
        return set((ANYBODY if self.roles == PUBLIC else self.roles).split())


def read(roles: str, *things: str, get: int = 200, **more: object) -> Row:
    """Return a row of a page that is only read."""
    return Row(roles, things, get=get, **more)  # type: ignore[arg-type]


def act(roles: str, *things: str, post: int, **more: object) -> Row:
    """Return a row of an address that only acts."""
    return Row(roles, things, get=405, post=post, **more)  # type: ignore[arg-type]


def form(roles: str, *things: str, post: int = 422, **more: object) -> Row:
    """Return a row of a page with a form that is sent to itself."""
    return Row(roles, things, post=post, **more)  # type: ignore[arg-type]


ACCOUNT = {
    "home": read(ANYBODY, get=302),
    "login": form(PUBLIC, post=422),
    "logout": act(ANYBODY, post=302),
    "choose_role": act(ANYBODY, post=302),
    "care_mode": act(PUBLIC, post=302),
    "feed": form(f"{PERFORMERS} resident", post=200),
    "close_feed": act(f"{PERFORMERS} resident", post=404),
    "styleguide": read(PUBLIC),
}
FOLLOWERS = f"{PROJECTS} organisation_manager"
APPROVERS = "social_worker district_manager"
FOLLOWED_PROJECTS = {
    "projects:tranches": read(FOLLOWERS),
    "projects:export": act(FOLLOWERS, post=200, far_post=200),
    "projects:project": read(FOLLOWERS, "granted_project"),
    "projects:agree": form(APPROVERS, "granted_project"),
    "projects:rectify": form(APPROVERS, "granted_project"),
    "projects:standard": form(APPROVERS, "granted_project"),
    "projects:outcome": form(FRONT, "granted_project"),
    "projects:add_measure": act(FRONT, "granted_project", post=422),
    "projects:tranche_act": act(APPROVERS, "tranche", "=stop", post=302, data={"reason": "承接机构退出"}),
    "projects:rectification_act": act(
        "organisation_manager", "rectification", "=answer", post=302, data={"answer": "已经补签"}
    ),
    "projects:report": read(FOLLOWERS, "project_report"),
    "projects:file_report": act("organisation_manager", "project_report", post=422),
    "projects:report_act": act(APPROVERS, "filed_report", "=accept", post=302),
}
COMMUNITY = {
    "community:home": read(NEEDS),
    "community:needs": form(NEEDS, post=302),
    "community:matching": read("community_worker social_worker charity_officer"),
    "community:accept_matching": act("community_worker social_worker charity_officer", post=302),
    "community:export_needs": act(NEEDS, post=200),
    "community:find_resident": form(DESK, post=200),
    "community:suggestions": act(DESK, post=200),
    "community:record_need": form(DESK, "person"),
    "community:need": read(NEEDS, "need"),
    "community:triage": form(DESK, "recorded_need"),
    "community:refer": act(DESK, "recorded_need", post=302, data={"where": "街道民政办"}),
    "community:close": act(FRONT, "recorded_need", post=302, data={"reason": "不再需要"}),
    "community:reopen": act(FRONT, "closed_need", post=302, data={"reason": "又需要了"}),
    "community:link": form(f"{FRONT} charity_officer", "triaged_need"),
    "community:place_order": form(DESK, "linked_need"),
    "community:send_order": form(DESK, "placed_order"),
    "community:cancellations": read(DESK),
    "community:grant_cancel": act(DESK, "cancel_request", post=302),
    "community:keep_order": act(DESK, "cancel_request", post=302, data={"note": "电话里说定照常服务"}),
    "community:people": form(DAY, post=302),
    "community:new_person": form(FRONT),
    "community:person": read(DAY, "person"),
    "community:edit_person": form(FRONT, "person"),
    "community:reveal": act(f"{DESK} verifier", "person", post=200, data={"field": "phone", "reason": "contact"}),
    "community:add_tag": form(FRONT, "person"),
    "community:end_tag": act(FRONT, "person", "tag", post=302),
    "community:add_relative": form(FRONT, "person", post=200),
    "community:end_relative": act(FRONT, "person", "relation", post=302),
    "community:review": form(FRONT, "person", "tag"),
    "community:add_consent": form(FRONT, "person"),
    "community:withdraw_consent": act(FRONT, "person", post=302, data={"purpose": "photo"}),
    "community:move_person": form(FRONT, "person"),
    "community:leave_person": form(FRONT, "person"),
    "community:return_person": form(FRONT, "departed"),
    "community:death": form(FRONT, "person"),
    "community:retract_death": act(FRONT, "deceased", post=302),
    "community:households": form(DAY, post=302),
    "community:household": read(DAY, "household"),
    "community:split_household": form(FRONT, "household"),
    "community:join_household": form(FRONT, "household", post=200),
    "community:join_other": act(FRONT, "household", post=422),
    "community:reviews": read(DAY),
    "community:export_reviews": act(DAY, post=200),
    "community:projects": read(PROJECTS),
    "community:new_project": form(FRONT),
    "community:project": read(PROJECTS, "project"),
    "community:fund_project": act(FRONT, "project", post=422),
    "community:choose_carrier": act(FRONT, "designed_project", post=422),
    "community:approve_project": act(EDITORS, "designed_project", post=302),
    "community:return_project": act(EDITORS, "designed_project", post=409, data={"reason": "预算不足"}),
    "community:start_project": act(FRONT, "designed_project", post=409),
    "community:close_project": act(EDITORS, "project", post=302, data={"reason": "到期"}),
}
DUPLICATES = {
    "duplicates:duplicates": form(DAY, post=302),
    "duplicates:export": act(DAY, post=200),
    "duplicates:ticket": read(DAY, "ticket"),
    "duplicates:merge": act(FRONT, "ticket", post=302),
    "duplicates:unmerge": act(FRONT, "ticket", post=409),
    "duplicates:apart": act(FRONT, "ticket", post=422),
    "duplicates:ask": act(FRONT, "ticket", post=422),
    "duplicates:answer": act(FRONT, "ticket", post=422),
    "duplicates:reopen": act(FRONT, "ticket", post=409),
}
# A community is reorganised by who stands above it, so nobody near the things may act on theirs.
AREAS = {
    "areas:areas": read(OVERSIGHT),
    "areas:area": read(OVERSIGHT, "area"),
    "areas:add": act("district_manager", "area", post=422),
    "areas:rename": act("district_manager", "area", post=422),
    "areas:split": act("district_manager", "area", post=422),
    "areas:merge": act("district_manager", "area", post=422),
    "areas:place": act("district_manager", "area", post=422),
}
CENTRE = {
    "centre:home": read(DAY),
    "centre:dispatch": read(DAY),
    "centre:propose": act("dispatcher", post=422),
    "centre:mend": act("dispatcher", post=422),
    "centre:search": read(DAY, "search"),
    "centre:plan": read(DAY, "plan"),
    "centre:compare": read(DAY, "plan", "proposed_plan"),
    "centre:confirm": act("dispatcher", "proposed_plan", post=302),
    "centre:discard": act("dispatcher", "proposed_plan", post=302),
    "centre:replay": act("dispatcher", "plan", post=302),
    "centre:plan_file": read("dispatcher", "plan"),
    "centre:appointment": read(DAY, "appointment"),
    "centre:change": form("dispatcher", "appointment"),
    "centre:lock": act("dispatcher", "appointment", post=302),
    "centre:reschedule": act("dispatcher", "missed_appointment", post=422),
    "centre:orders": read(ORDERS),
    "centre:export_orders": act(ORDERS, post=200),
    "centre:visits": read(ORDERS),
    "centre:export_visits": act(ORDERS, post=200),
    "centre:pool": read(DESK),
    "centre:order": read(ORDERS, "order"),
    "centre:send": form(DESK, "placed_order"),
    "centre:cancel": act(DESK, "order", post=302, data={"reason": "老人住院"}),
    "centre:workers": read(DAY),
    "centre:worker": read(DAY, "worker"),
    "centre:absence": form("dispatcher"),
    "centre:absent": read("dispatcher", "absence"),
    "centre:withdraw_absence": act("dispatcher", "absence", post=302),
}
ORGANISATION = {
    "organisation:home": read("organisation_manager"),
    "organisation:orders": read("organisation_manager"),
    "organisation:order": read("organisation_manager", "order"),
    "organisation:accept": act("organisation_manager", "sent_order", post=302),
    "organisation:refuse": form("organisation_manager", "sent_order"),
    "organisation:withdraw": act("organisation_manager", "order", post=302, data={"reason": "人手不足"}),
    "organisation:dispatch": read("organisation_manager"),
    "organisation:appointment": read("organisation_manager", "appointment"),
    "organisation:change": form("organisation_manager", "appointment"),
    "organisation:report": form("organisation_manager", "appointment"),
    "organisation:settlement": read("organisation_manager"),
    "organisation:settlement_file": act("organisation_manager", post=200),
    "organisation:workers": read("organisation_manager"),
    "organisation:absence": form("organisation_manager"),
    "organisation:visits": read("organisation_manager"),
    "organisation:appeal": form("organisation_manager", "rejected_visit"),
}
QUALITY = {
    "quality:home": read(CHECKS),
    "quality:verification": read(CHECKS),
    "quality:clean": form("verifier", post=422),
    "quality:check": read(CHECKS, "visit"),
    "quality:accept": act("verifier", "visit", post=302),
    "quality:reject": act("verifier", "visit", post=302, data={"reason": "照片不符"}),
    "quality:calls": read("verifier"),
    "quality:call": form("verifier", "call"),
    "quality:phone": act("verifier", "call", post=200),
}
ACCOUNTS = {
    "accounts:home": read(SETTLEMENTS),
    "accounts:settlement": read(SETTLEMENTS),
    "accounts:export": act(SETTLEMENTS, post=200),
    "accounts:settle_area": act("settlement_clerk", post=302),
    "accounts:one": read(SETTLEMENTS, "settlement"),
    "accounts:settle_one": act("settlement_clerk", "settlement", post=302),
    "accounts:reverse_one": act("settlement_clerk", "settlement", post=302, data={"reason": "金额有误"}),
    "accounts:statements": read(SETTLEMENTS),
    "accounts:statement": read(SETTLEMENTS, "organisation"),
    "accounts:statement_file": act(SETTLEMENTS, "organisation", post=200),
    "accounts:ledgers": read(BOOKS),
    "accounts:balance": read(BOOKS),
    "accounts:account": read(BOOKS, "ledger_account"),
}
WORKER = {
    "worker:home": read(PERFORMERS),
    "worker:today": read(PERFORMERS),
    "worker:week": read(PERFORMERS),
    "worker:past": read(PERFORMERS),
    "worker:hours": read(PERFORMERS),
    "worker:me": read(PERFORMERS),
    "worker:visit": read(PERFORMERS, "appointment"),
    "worker:door": act(PERFORMERS, "appointment", post=200),
    "worker:record": act(PERFORMERS, "appointment", post=302, data={
        "kind": "sign_in", "client_id": "6b7d1f5e-0000-4000-8000-000000000001",
    }),
    "worker:evidence": read(
        f"{CHAIN} {PERFORMERS} verifier settlement_clerk organisation_manager resident", "evidence",
        but={"resident GET": 404},
    ),
    "worker:service_worker": read(PUBLIC),
    "worker:offline": read(PUBLIC),
}  # fmt: skip
RESIDENT = {
    "resident:home": read("resident"),
    "resident:order": read("resident"),
    "resident:order_when": read("resident", "=bath", far=200),
    "resident:order_confirm": form("resident", "=other", "=soon", far=200, far_post=422),
    "resident:mine": read("resident"),
    "resident:need": read("resident", "need"),
    "resident:cancel": form("resident", "recorded_need", post=302),
    "resident:ratings": read("resident"),
    "resident:rate": form("resident", "visit"),
    "resident:activities": read("resident"),
    "resident:activity": read("resident", "course", far=200),
    "resident:enrol": act("resident", "club", post=302, far_post=302, far=405),
    "resident:leave": act("resident", "attendee", post=302),
    "resident:rate_activity": form("resident", "attendee"),
    "resident:activity_photo": read("resident", "open_photo"),
}
TIME_READERS = "community_worker social_worker street_manager district_manager auditor"
TIME_DECIDERS = "social_worker street_manager district_manager"
TIME_OWN = "volunteer resident"
TIME_BANK = {
    "time_bank:time_bank": read(TIME_READERS),
    "time_bank:solvency_file": act(TIME_READERS, post=200),
    "time_bank:open_bank": form("district_manager"),
    "time_bank:reserve": act("district_manager", post=422),
    "time_bank:accounts": read(TIME_READERS),
    "time_bank:accounts_file": act(TIME_READERS, post=200),
    "time_bank:account": read(TIME_READERS, "holding"),
    "time_bank:send": form(FRONT, "holding"),
    "time_bank:inherit": form(FRONT, "holding"),
    "time_bank:close_account": act(FRONT, "holding", post=302),
    "time_bank:sent": read(TIME_READERS),
    "time_bank:received": read(TIME_READERS),
    "time_bank:take_file": form(FRONT),
    "time_bank:sent_wire": read(TIME_READERS, "sent_wire"),
    "time_bank:wire_message": read(TIME_READERS, "sent_wire"),
    "time_bank:received_wire": read(TIME_READERS, "received_wire", far=200),
    "time_bank:decide_wire": act(TIME_DECIDERS, "received_wire", post=302, far=405, far_post=302),
    "time_bank:wire_answer": read(TIME_READERS, "answered_wire", far=200),
    "time_bank:partners": read(TIME_READERS),
    "time_bank:file_partner": act(TIME_DECIDERS, post=422),
    "time_bank:confirm_partner": act(TIME_DECIDERS, "partner", post=302, far=405, far_post=302),
    "time_bank:coin": read(TIME_READERS, "coin"),
    "time_bank:earnings": read(TIME_READERS),
    "time_bank:seals": read(TIME_READERS),
    "time_bank:verify": act(TIME_READERS, post=200),
    "time_bank:requests": read(TIME_READERS),
    "time_bank:request": read(TIME_READERS, "disputed_request"),
    "time_bank:decide_request": act(TIME_DECIDERS, "disputed_request", post=422),
    "time_bank:gifts": read(TIME_READERS),
    "time_bank:gift": read(TIME_READERS, "time_gift"),
    "time_bank:decide_gift": act(TIME_DECIDERS, "time_gift", post=422),
    "time_bank:grant": form(FRONT),
    "time_bank:rules": read(PUBLIC),
    "time_bank:check": form(PUBLIC),
    "time_bank:mine": read(TIME_OWN),
    "time_bank:ask": form(TIME_OWN),
    "time_bank:open": read(TIME_OWN),
    "time_bank:own_request": read(TIME_OWN, "time_request"),
    "time_bank:act": act(TIME_OWN, "time_request", "=dispute", post=422, but={"volunteer POST": 404}),
    "time_bank:give": form(TIME_OWN),
    "time_bank:withdraw": act(TIME_OWN, "time_gift", post=302, but={"resident POST": 404}),
    "time_bank:donate": form(TIME_OWN),
    "time_bank:statement_file": read(TIME_OWN, far=404),
}
CHARITY = "charity_officer community_worker social_worker settlement_clerk street_manager district_manager auditor"
FREEZERS = "street_manager district_manager"
CHARITY_DESK = {
    "charity:funds": read(CHARITY),
    "charity:new_fund": form("charity_officer"),
    "charity:fund": read(CHARITY, "fund"),
    "charity:fund_act": act(FREEZERS, "fund", "=freeze", post=302, data={"reason": "核查"}),
    "charity:seat": form("charity_officer street_manager", "fund"),
    "charity:leave_seat": act("charity_officer street_manager", "fund", "committee_seat", post=302),
    "charity:receive": form("charity_officer", "fund"),
    "charity:request": form(FRONT, "fund"),
    "charity:donations": read(CHARITY),
    "charity:donation": read(CHARITY, "donation"),
    "charity:donation_act": act("charity_officer", "donation", "=ask_refund", post=302, data={"reason": "转错了"}),
    "charity:receipt": read(CHARITY, "donation"),
    "charity:expenses": read(CHARITY),
    "charity:expense": read(CHARITY, "expense"),
    "charity:expense_act": act(FREEZERS, "expense", "=freeze", post=302, data={"reason": "核查"}),
    "charity:duties": read(CHARITY),
    "charity:fulfil": act("charity_officer", "fund", post=422),
    "charity:ratios": read(CHARITY),
    "charity:questions": read(CHARITY),
    "charity:question": form(f"{FRONT} charity_officer street_manager district_manager", "book_question"),
    "charity:declarations": form("charity_officer street_manager district_manager"),
    "charity:export": act(CHARITY, "=funds", post=200, far=405, far_post=200),
}
GOODS = f"{FRONT} organisation_manager charity_officer street_manager district_manager auditor"
KEEPERS = f"{FRONT} organisation_manager charity_officer"
SECOND = f"{KEEPERS} street_manager district_manager"
STOCK = {
    "goods:goods_home": read(GOODS),
    "goods:stock": form(GOODS, post=302),
    "goods:receive": form(KEEPERS),
    "goods:position": read(GOODS, "goods_position"),
    "goods:position_act": act(KEEPERS, "goods_position", "=write_off", post=422),
    "goods:distribute": form(f"{FRONT} charity_officer"),
    "goods:give": form(f"{FRONT} charity_officer"),
    "goods:handouts": form(GOODS, post=302),
    "goods:handout": read(GOODS, "handout"),
    "goods:handout_act": act(KEEPERS, "handout", "=hand", post=422),
    "goods:proof": read(GOODS, "goods_proof"),
    "goods:counts": read(GOODS),
    "goods:begin_count": form(KEEPERS),
    "goods:count": read(GOODS, "stock_count"),
    "goods:write_count": act(KEEPERS, "stock_count", post=422),
    "goods:count_act": act(KEEPERS, "stock_count", "=cancel", post=302),
    "goods:count_sheet": act(GOODS, "stock_count", post=200),
    "goods:write_offs": read(GOODS),
    "goods:write_off_act": act(SECOND, "write_off", "=refuse", post=422),
    "goods:recalls": read(GOODS),
    # A recall concerns everybody; whom it reached is seen within scope.
    "goods:recall": read(GOODS, "recall", far=200),
    "goods:close_recall": act("charity_officer district_manager", "recall", post=302, far=405, far_post=302),
    "goods:contact_act": act(KEEPERS, "recall_contact", "=unreached", post=422),
    "goods:export": act(GOODS, "=counts", post=200, far=405, far_post=200),
}
PAY = "settlement_clerk district_manager auditor organisation_manager"
PAYING_BANK = "settlement_clerk district_manager auditor"
PAYERS = "settlement_clerk district_manager"
PAYMENTS = {
    "payments:pay_home": read(PAY),
    "payments:pay_statements": read(PAY),
    "payments:issue": act("settlement_clerk", post=422),
    "payments:pay_statement": read(PAY, "pay_statement"),
    "payments:statement_act": act("organisation_manager", "pay_statement", "=agree", post=422),
    "payments:printed_statement": read(PAY, "pay_statement"),
    "payments:statement_file": act(PAY, "pay_statement", post=200),
    "payments:dispute": form("organisation_manager", "pay_line"),
    "payments:pay_disputes": read(PAY),
    "payments:disputes_act": act("settlement_clerk", "pay_dispute", "=answer", post=422),
    "payments:pay_payees": read(PAY),
    "payments:propose_payee": form("settlement_clerk"),
    "payments:payees_act": act(PAYERS, "payee", "=refuse", post=422),
    "payments:pay_batches": read(PAYING_BANK),
    "payments:draft": act("settlement_clerk", post=302),
    "payments:pay_batch": read(PAYING_BANK, "pay_batch"),
    "payments:batch_act": act(PAYERS, "pay_batch", "=cancel", post=422),
    "payments:bank_file": act("settlement_clerk", "pay_batch", post=200),
    "payments:payment_act": act("settlement_clerk district_manager", "payment", "=bounce", post=422),
    "payments:bank_lines": read(PAYING_BANK),
    "payments:read_bank": form("settlement_clerk"),
    "payments:bank_line": read(PAYING_BANK, "bank_line"),
    "payments:resolve": act("settlement_clerk", "bank_line", post=422),
    "payments:hold_releases": read(PAY),
    "payments:score": form("settlement_clerk"),
    "payments:year_end_act": act(PAYERS, "hold_release", "=refuse", post=422),
    "payments:vouchers": read(BOOKS),
    "payments:voucher_file": act(BOOKS, post=422),
    "payments:export": act(PAY, "=statements", post=200, far=405, far_post=200),
}
# Who holds the secret of a receipt or a question sees it; all the rest is everybody's.
DISCLOSURE = {
    "disclosure:home": read(PUBLIC),
    "disclosure:fund": read(PUBLIC, "fund", far=200),
    "disclosure:lines": read(PUBLIC, "fund", far=200),
    "disclosure:package": read(PUBLIC, "fund", far=200),
    "disclosure:ask": form(PUBLIC, "fund", far=200, far_post=422),
    "disclosure:project": read(PUBLIC, "project", far=200),
    "disclosure:goods": read(PUBLIC),
    "disclosure:goods_lines": read(PUBLIC),
    "disclosure:question": read(PUBLIC, "question_token", far=200),
    "disclosure:gift": read(PUBLIC, "gift_token", far=200),
    "disclosure:answer": act(PUBLIC, "gift_token", post=422, far=405, far_post=422),
    "disclosure:receipt": read(PUBLIC, "gift_token", far=200),
}
HOTLINE_SEES = f"{CHAIN} verifier"
HOTLINE_TAKES = f"{DESK} street_manager district_manager"
HOTLINE_DECIDES = "street_manager district_manager"
HOTLINE = {
    "hotline:hotline": form(HOTLINE_SEES, post=302),
    "hotline:export": act(HOTLINE_SEES, post=200),
    "hotline:receive": form(HOTLINE_TAKES),
    "hotline:import": form(HOTLINE_TAKES),
    "hotline:import_template": read(HOTLINE_TAKES),
    "hotline:overdue": read(HOTLINE_SEES),
    "hotline:rates": read(HOTLINE_SEES),
    "hotline:export_rates": act(HOTLINE_SEES, post=200),
    "hotline:topics": form(
        HOTLINE_SEES,
        post=422,
        but={f"{role} POST": 403 for role in HOTLINE_SEES.split() if role not in HOTLINE_DECIDES},
    ),
    "hotline:order": read(HOTLINE_SEES, "hotline_order"),
    "hotline:reveal": act(f"{FRONT} verifier", "hotline_order", post=200),
    **{f"hotline:{name}": act(HOTLINE_TAKES, "hotline_order", post=422) for name in ("assign", "tell", "redirect")},
    **{
        f"hotline:{name}": act(FRONT, "hotline_order", post=422)
        for name in ("contact", "answer", "helper", "report", "extend", "pause", "resume", "dispute")
    },
    **{
        f"hotline:{name}": act(HOTLINE_DECIDES, "hotline_order", post=422)
        for name in ("decide_dispute", "decide_extension", "exclude")
    },
    "hotline:call": act("verifier", "hotline_order", post=422),
}
WISHES = {
    "registers:wishes": form(CHAIN, post=302),
    "registers:wish": read(CHAIN, "wish"),
    "wishes:wall": read(PUBLIC),
    "wishes:one": read(PUBLIC, "wish", far=200),
    "wishes:mine": read("volunteer"),
    "wishes:claim": act("volunteer", "wish", post=302, far=405, far_post=302),
    "wishes:follow": form("volunteer", "wish_claim"),
    "wishes:called": act("volunteer", "wish_claim", post=302),
    "wishes:drop": act("volunteer", "wish_claim", post=302),
    "wishes:add_photo": form(f"{FRONT} volunteer", "wish_claim"),
    "wishes:photo": read(CHAIN, "wish_photo"),
}
SELECTIONS_SEEN = f"{CHAIN} charity_officer organisation_manager"
JURORS = "community_worker social_worker resident"
SELECTIONS = {
    "registers:selections": form(SELECTIONS_SEEN, post=302),
    # Organisations everywhere see what is announced.
    "registers:selection": read(SELECTIONS_SEEN, "selection", far=404, but={"organisation_manager GET": 200}),
    "registers:proposals": form(SELECTIONS_SEEN, post=302),
    "registers:proposal": read(SELECTIONS_SEEN, "bid"),
    "registers:bans": form(SELECTIONS_SEEN, post=302),
    "registers:ban": read(SELECTIONS_SEEN, "ban"),
    "selections:home": read(PUBLIC),
    "selections:one": read(PUBLIC, "selection", far=200),
    "selections:object": form(PUBLIC, "selection", far=200, far_post=422),
    "selections:objection": read(PUBLIC, "objection", far=200),
    "selections:contract": read(SELECTIONS_SEEN, "contracted"),
    "selections:mine": read(JURORS),
    "selections:score": form(JURORS, "juror", "bid"),
    "selections:recuse": form(JURORS, "juror", "bid"),
}
CHECK_IN = {
    "registers:check_in_units": form(CHAIN, post=302),
    "registers:check_in_unit": read(CHAIN, "check_in_unit"),
    "registers:check_in_members": form(CHAIN, post=302),
    "registers:check_in_member": read(CHAIN, "check_in_member"),
    "check_in:bulletin": read(CHAIN),
    "check_in:export_bulletin": act(CHAIN, post=200, far_post=200),
    "check_in:community": read(CHAIN, "check_in_place"),
    "check_in:export_community": act(CHAIN, "check_in_place", post=200),
    "check_in:own": form("volunteer"),
    "check_in:unit": form("organisation_manager"),
}
SCOUTS = {
    "registers:leads": form(CHAIN, post=302),
    "registers:lead": read(CHAIN, "lead"),
    "scouts:own": form(PERFORMERS),
    "scouts:scout_rates": read(CHAIN),
    "scouts:export_rates": act(CHAIN, post=200, far_post=200),
}
GRID = {
    "registers:grid_cases": form(CHAIN, post=302),
    "registers:grid_case": read(CHAIN, "grid_case"),
}
ON_BEHALF = {
    "registers:applications": form(DESK, post=302),
    "registers:application": read(DESK, "application"),
}
JUDGING = {
    "registers:meetings": form(CHAIN, post=302),
    "registers:meeting": read(CHAIN, "meeting"),
    "registers:questions": form(CHAIN, post=302),
    "registers:question": read(CHAIN, "question"),
    "judging:answers": read(PUBLIC),
    "judging:answer": read(PUBLIC, "answered_question", far=200),
    "judging:years": read(PUBLIC),
    "judging:own": read("resident"),
    "judging:year": form("resident"),
    "judging:grade": form("resident", "answered_question"),
}
VISITING = {
    "registers:due_visits": form(CHAIN, post=302),
    "registers:due_visit": read(CHAIN, "due_visit"),
    "registers:no_answers": form(CHAIN, post=302),
    "registers:no_answer": read(CHAIN, "no_answer"),
    "registers:pairs": form(CHAIN, post=302),
    "registers:pair": read(CHAIN, "pair"),
    "due_visits:mine": read("volunteer resident"),
    "due_visits:look_in": form("volunteer resident", "pair", but={"resident GET": 404, "resident POST": 404}),
    "due_visits:rates": read(CHAIN),
    "due_visits:export_rates": act(CHAIN, post=200),
    "due_visits:periods": form(CHAIN, but={"auditor POST": 403}),
    "due_visits:end_period": act(f"{DESK} street_manager district_manager", "care_period", post=302),
}
DISTRICT = {
    "district:home": read(OVERSIGHT),
    "district:export_ranking": act(OVERSIGHT, post=200),
    "district:indicators": read(OVERSIGHT),
    "district:map": read(OVERSIGHT),
    "district:breaks": read(OVERSIGHT),
    "district:rows": read(OVERSIGHT, "=figure", "=needs_recorded", far=200),
    "district:export_rows": act(OVERSIGHT, "=figure", "=needs_recorded", post=200, far_post=200, far=405),
    "district:journal": read(JOURNAL),
    "district:export_journal": act(JOURNAL, post=200),
    "district:verify_journal": act(JOURNAL, post=302),
    "district:presets": read(OVERSIGHT),
    "district:preset": Row(
        OVERSIGHT, ("preset",), post=404, far=200, far_post=404,
        but={"street_manager POST": 422, "district_manager POST": 422},
    ),
    "district:holidays": Row(
        OVERSIGHT, post=403, but={"street_manager POST": 422, "district_manager POST": 422},
    ),
    "district:clear_holiday": act("street_manager district_manager", "special_day", post=302),
    "chain:need": read(f"{NEEDS} resident", "need"),
}  # fmt: skip
KNOCKED = "community_worker social_worker dispatcher street_manager district_manager auditor"
DOOR_KNOCK = {
    "door_knock:campaigns": read(KNOCKED),
    "door_knock:export_campaigns": act(KNOCKED, post=200),
    "door_knock:new_campaign": form(FRONT),
    "door_knock:campaign": read(KNOCKED, "campaign"),
    "door_knock:share": form(FRONT, "campaign"),
    "door_knock:close": act(FRONT, "campaign", post=302),
    "door_knock:cancel": act(FRONT, "campaign", post=302),
    "door_knock:doors": read(KNOCKED, "campaign"),
    "door_knock:export_doors": act(KNOCKED, "campaign", post=200),
    "door_knock:proposals": read(KNOCKED, "campaign"),
    "door_knock:settle_proposal": act(FRONT, "proposal", post=302),
    "door_knock:target": read(KNOCKED, "door"),
    "door_knock:answers": act(FRONT, "door", post=404),
    "door_knock:settle": act(FRONT, "door", post=302),
    "door_knock:reason": act(FRONT, "door", post=422),
    "door_knock:photo": read(KNOCKED, "door_photo"),
    "door_knock:lists": form(KNOCKED, post=200),
    "door_knock:export_lists": act(KNOCKED, post=200),
    "door_knock:project": act(FRONT, post=302),
    "door_knock:line": read(KNOCKED, "list_line"),
    "door_knock:agree": act(FRONT, "list_line", post=422),
    "door_knock:finish": act(FRONT, "list_line", post=422),
    "door_knock:drop": act(FRONT, "list_line", post=422),
    "door_knock:reopen": act(FRONT, "list_line", post=422),
    "door_knock:forms": read(KNOCKED),
    "door_knock:new_form": form(FRONT),
    "door_knock:upload_form": form(FRONT),
    "door_knock:form": read(KNOCKED, "form"),
    "door_knock:edit_form": form(FRONT, "draft_form", post=302),
    "door_knock:publish_form": act(FRONT, "draft_form", post=302),
    "door_knock:begin_version": act(FRONT, "form", post=302),
    "door_knock:end_form": act(FRONT, "form", post=302),
    "worker:doors": read(FRONT),
    "worker:packet": act(FRONT, post=200),
    "worker:report": act(FRONT, "door", post=422),
    "worker:door_photo": act(FRONT, "door", post=422),
    "children:report_child": form(f"{CHAIN} verifier organisation_manager {PERFORMERS}".replace(" auditor", "")),
    "children:child_reports": read("street_manager district_manager"),
    "children:danger": read("street_manager district_manager", "danger"),
    "children:open_danger": act("street_manager district_manager", "danger", post=200),
    "children:step": act("street_manager district_manager", "danger", post=422),
    "children:child_records": read("social_worker street_manager district_manager"),
    "children:new_record": form("social_worker"),
    "children:record": read("social_worker street_manager district_manager", "child_record"),
    "children:read": act("social_worker street_manager", "child_record", post=404),
    "children:note": act("social_worker", "child_record", post=422),
    "children:ask": act("social_worker street_manager", "child_record", post=422),
    "children:grant": act("street_manager district_manager", "leave", post=422),
    "children:refuse": act("street_manager district_manager", "leave", post=302),
    "children:end": act("street_manager district_manager", "leave", post=422),
    "worker:pieces": form(f"{FRONT} {PERFORMERS}", "=3f2b8c1e-5a47-4d27-9c80-6f1d2b7a9e10", far=200, far_post=422),
    "worker:collecting": form(FRONT, post=200),
    "worker:close_collecting": act(FRONT, post=404),
    "worker:outbox": read(f"{FRONT} {PERFORMERS}"),
    "worker:devices": read(f"{FRONT} {PERFORMERS}"),
    "worker:device": act(f"{FRONT} {PERFORMERS}", post=200),
    "worker:wipe_device": act(f"{FRONT} {PERFORMERS}", "device", post=404),
}
CATALOGUE = {
    "catalogue:catalogue": read(READERS),
    "catalogue:packages": read(READERS),
    "catalogue:edition": read(READERS, "edition", far=200),
    "catalogue:diff": read(READERS, "old_edition", "edition", far=200),
    "catalogue:item": read(READERS, "item", far=200),
    "catalogue:begin": form(EDITORS),
    "catalogue:head": form(EDITORS, "draft", far=200, far_post=422),
    "catalogue:add": form(EDITORS, "draft", far=200, far_post=422),
    "catalogue:successors": form(EDITORS, "draft", "withdrawn_item", post=302, far=200, far_post=302),
    "catalogue:restore": act(EDITORS, "draft", "withdrawn_item", post=302, far=405, far_post=302),
    "catalogue:publish": act(EDITORS, "draft", post=302, far=405, far_post=302),
    "catalogue:change": form(EDITORS, "draft_item", far=200, far_post=422),
    "catalogue:drop": act(EDITORS, "draft_item", post=302, far=405, far_post=302),
}
IMPORTERS = f"{FRONT} district_manager"
# A round is its uploader's own: each importer of the showcase has one, but for the district, which has none.
NOT_THEIR_ACT = {"district_manager POST": 404}
NOT_THEIRS = {"district_manager GET": 404, **NOT_THEIR_ACT}
ROUNDS = {
    "rounds:rounds": read(IMPORTERS),
    "rounds:start": form(FRONT, "=residents", far=200, far_post=422),
    "rounds:form": read(FRONT, "=residents", far=200),
    "rounds:round": read(IMPORTERS, "round", but={"district_manager GET": 404}),
    "rounds:columns": form(IMPORTERS, "round", post=302, but=NOT_THEIRS),
    "rounds:commit": act(IMPORTERS, "round", post=302, but=NOT_THEIR_ACT),
    "rounds:discard": act(IMPORTERS, "round", post=302, but=NOT_THEIR_ACT),
    "rounds:take_back": act(IMPORTERS, "round", post=409, but=NOT_THEIR_ACT),
    "rounds:result": act(IMPORTERS, "round", post=200, but=NOT_THEIR_ACT),
}
REGISTRY = f"{DAY} organisation_manager"
LISTS = f"{REGISTRY} settlement_clerk charity_officer"
NOT_OWN = {"organisation_manager GET": 404}
REGISTERS = {
    "registers:home": read(LISTS),
    "registers:organisations": form(REGISTRY, post=302),
    "registers:organisation": read(REGISTRY, "organisation"),
    "registers:social_workers": form(REGISTRY, post=302),
    "registers:social_worker": read(REGISTRY, "social_worker"),
    "registers:volunteers": form(REGISTRY, post=302),
    "registers:volunteer": read(REGISTRY, "volunteer", but=NOT_OWN),
    "registers:teams": form(REGISTRY, post=302),
    "registers:team": read(REGISTRY, "team", but=NOT_OWN),
    "registers:posts": form(REGISTRY, post=302),
    "registers:post": read(REGISTRY, "post", but=NOT_OWN),
    "registers:facilities": form(REGISTRY, post=302),
    "registers:facility": read(REGISTRY, "facility"),
    "registers:communities": form(REGISTRY, post=302),
    "registers:community": read(REGISTRY, "community", but=NOT_OWN),
    "registers:seats": form(REGISTRY, post=302),
    "registers:seat": read(REGISTRY, "seat", but=NOT_OWN),
    "registers:resources": form(PROJECTS, post=302),
    "registers:resource": read(PROJECTS, "resource"),
    "registers:donors": form(PROJECTS, post=302),
    "registers:donor": read(PROJECTS, "donor"),
    "registers:export": act(REGISTRY, "=organisations", post=200, far=405, far_post=200),
    "registers:keep_view": act(REGISTRY, "=organisations", post=302, far=405, far_post=302, data={"name": "四A"}),
    "registers:drop_view": act(ANYBODY, "saved_view", post=404),
    "registers:bulk": act(EDITORS, "=organisations", "=hub", post=422, far=405, far_post=422),
    "registers:undo": act(ANYBODY, "bulk_change", post=404),
    "registers:new": form(EDITORS, "=organisations", far=200, far_post=422),
    "registers:edit": form(EDITORS, "=organisations", "organisation"),
    "registers:act": form(EDITORS, "=organisations", "organisation", "=leave"),
}
ADMIN = {
    "admin:home": read("account_admin"),
    "admin:users": read("account_admin"),
    "admin:open": form("account_admin"),
    "admin:account": read("account_admin", "account"),
    "admin:close": act("account_admin", "account", post=302),
    "admin:reopen": act("account_admin", "account", post=409),
    "admin:password": act("account_admin", "account", post=200),
    "admin:give": form("account_admin", "account", post=200),
    "admin:end": act("account_admin", "grant", post=302),
    "admin:interfaces": read("account_admin"),
    "admin:token": form("account_admin", "grant"),
    "admin:revoke": act("account_admin", "token", post=302),
    "admin:subscribe": form("account_admin", "grant"),
    "admin:webhook": read("account_admin", "subscription"),
    "admin:stop_webhook": act("account_admin", "subscription", post=302),
    "admin:resume_webhook": act("account_admin", "subscription", post=409),
    "admin:webhook_secret": act("account_admin", "subscription", post=302),
    "admin:end_webhook": act("account_admin", "subscription", post=302),
    "admin:send_again": act("account_admin", "delivery", post=302),
}
VOLUNTEERING_SEES = "community_worker social_worker street_manager district_manager auditor"
VOLUNTEERING = {
    "volunteering:volunteering": read(VOLUNTEERING_SEES),
    "volunteering:export": act(VOLUNTEERING_SEES, post=200),
    "volunteering:new": form(FRONT),
    "volunteering:activity": read(VOLUNTEERING_SEES, "activity"),
    "volunteering:edit": form(FRONT, "activity"),
    "volunteering:open": act(FRONT, "draft_activity", post=302),
    "volunteering:shifts": act(FRONT, "activity", post=422),
    "volunteering:cancel": act(FRONT, "activity", post=422),
    "volunteering:close": act(FRONT, "activity", post=422),
    "volunteering:photos": act(FRONT, "activity", post=422),
    "volunteering:people": read(VOLUNTEERING_SEES, "course"),
    "volunteering:export_people": act(VOLUNTEERING_SEES, "course", post=200),
    "volunteering:enrol": form(FRONT, "course"),
    "volunteering:take_out": act(FRONT, "attendee", post=302),
    "volunteering:opinion": act(FRONT, "attendee", post=422),
    "volunteering:session": act(FRONT, "session", post=302),
    "volunteering:attendance": act(FRONT, "session", post=422),
    "volunteering:calendar": read(VOLUNTEERING_SEES),
    "volunteering:photo": read(VOLUNTEERING_SEES, "activity_photo"),
    "volunteering:hold_photo": act(FRONT, "open_photo", post=302),
    "volunteering:shift": read(VOLUNTEERING_SEES, "shift"),
    "volunteering:place": act(FRONT, "shift", post=422),
    "volunteering:capacity": act(FRONT, "shift", post=422),
    "volunteering:code": read(FRONT, "shift"),
    "volunteering:roll": act(FRONT, "sign_up", post=422),
    "volunteering:off": act(FRONT, "sign_up", post=302),
    "volunteering:paper": act(FRONT, "sign_up", post=409),
    "volunteering:praise": act(FRONT, "sign_up", post=422),
    "volunteering:tomorrow": form(FRONT, post=302),
    "volunteering:seasons": read(VOLUNTEERING_SEES),
    "volunteering:stars": read(VOLUNTEERING_SEES),
    "volunteering:export_stars": act(VOLUNTEERING_SEES, post=200),
    "volunteering:exchange": form(VOLUNTEERING_SEES),
    "volunteering:imports": form(FRONT),
    "volunteering:import_template": read(FRONT),
    "volunteering:accept_import": act(FRONT, "=1", post=302, far=405, far_post=302),
    "volunteering:checks": read(VOLUNTEERING_SEES),
    "volunteering:type_hours": form(FRONT),
    "volunteering:accept": act(FRONT, "held_hours", post=302),
    "volunteering:strike": act(FRONT, "held_hours", post=422),
    "volunteering:answer": act(FRONT, "correction", post=422),
    "volunteering:figures": read(VOLUNTEERING_SEES),
    "volunteering:certificates": read(VOLUNTEERING_SEES),
    "volunteering:export_certificates": act(VOLUNTEERING_SEES, post=200),
    "volunteering:post_certificate": act(FRONT, "applied_certificate", post=422),
    "volunteering:end_certificate": act(FRONT, "certificate", post=422),
}
# Every volunteer of the district sees its posts; a place in a shift, and hours, are one's own.
VOLUNTEER = {
    "volunteer:service": read("volunteer"),
    "volunteer:posts": read("volunteer"),
    "volunteer:post": read("volunteer", "shift", far=200),
    "volunteer:sign_up": act("volunteer", "free_shift", post=302, far_post=302, far=405),
    "volunteer:shifts": read("volunteer"),
    "volunteer:one_sign_up": read("volunteer", "sign_up"),
    "volunteer:leave": act("volunteer", "sign_up", post=302),
    "volunteer:swap": act("volunteer", "sign_up", post=422),
    "volunteer:answer_swap": act("volunteer", "swap", post=302),
    "volunteer:rate": act("volunteer", "served_sign_up", post=422),
    "volunteer:code": read("volunteer", "shift", "=0123456789abcdef0123", far=200),
    "volunteer:arrive": act("volunteer", "shift", post=302, far=405),
    "volunteer:hours": read("volunteer"),
    "volunteer:correct": act("volunteer", "own_hours", post=422),
    "volunteer:record": read("volunteer"),
    "volunteer:messages_read": act("volunteer", post=302),
    "volunteer:certificates": form("volunteer"),
    "volunteer:certificate": read(f"volunteer {VOLUNTEERING_SEES}", "certificate"),
    "volunteer:verify": read(PUBLIC),
}
TABLE: dict[str, Row] = (
    ACCOUNT
    | COMMUNITY
    | DUPLICATES
    | AREAS
    | FOLLOWED_PROJECTS
    | CENTRE
    | ORGANISATION
    | QUALITY
    | ACCOUNTS
    | WORKER
    | DOOR_KNOCK
    | VOLUNTEER
    | VOLUNTEERING
    | RESIDENT
    | TIME_BANK
    | DISTRICT
    | HOTLINE
    | WISHES
    | SELECTIONS
    | CHECK_IN
    | SCOUTS
    | GRID
    | ON_BEHALF
    | JUDGING
    | VISITING
    | CHARITY_DESK
    | STOCK
    | PAYMENTS
    | DISCLOSURE
    | CATALOGUE
    | REGISTERS
    | ROUNDS
    | ADMIN
)
