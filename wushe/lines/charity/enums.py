"""The words of charity money: what it may be used for, where things stand, who signs at which level."""

from django.db import models


class UseCategory(models.TextChoices):
    """What money is used for. The last ten are named so that a rule can forbid them."""

    SERVICE = "service", "服务费"
    ACTIVITY = "activity", "活动费"
    GOODS = "goods", "物资"
    RELIEF = "relief", "困难救助"
    TRAINING = "training", "培训"
    VENUE = "venue", "场地设施"
    ADAPTATION = "adaptation", "适老化改造"
    ADMIN = "admin", "管理费"
    OVERSEAS_TRAVEL = "overseas_travel", "出国出境"
    OFFICIAL_RECEPTION = "official_reception", "公务接待"
    OFFICIAL_VEHICLE = "official_vehicle", "公务用车"
    WAGES = "wages", "工资"
    BONUS = "bonus", "奖金补贴"
    BASIC_EXPENDITURE = "basic_expenditure", "单位基本支出"
    OFFICE_BUILDING = "office_building", "楼堂馆所"
    PROFIT_MAKING = "profit_making", "营利活动"
    INVESTMENT = "investment", "股权投资"
    HIRING = "hiring", "用工和劳务派遣"


class FundState(models.TextChoices):
    """Whether a fund may take and give money."""

    DRAFTED = "drafted", "待共管方确认"
    OPEN = "open", "使用中"
    FROZEN = "frozen", "已冻结"
    CLOSING = "closing", "申请终止"
    CLOSED = "closed", "已终止"


class Side(models.TextChoices):
    """For whom a member sits in the committee of a fund."""

    DONOR = "donor", "捐赠人"
    HOST = "host", "托管慈善组织"
    STREET = "street", "街道"
    COMMITTEE = "committee", "社区两委"
    FIRM = "firm", "驻区单位"
    RESIDENT = "resident", "居民"


class DonationState(models.TextChoices):
    """Where a donation stands."""

    RECEIVED = "received", "已入账"
    REFUND_ASKED = "refund_asked", "申请退回"
    REFUNDED = "refunded", "已退回"


class Way(models.TextChoices):
    """How money came in."""

    BANK = "bank", "银行转账"
    CASH = "cash", "现金"
    ONLINE = "online", "网络捐赠"
    GRANT = "grant", "拨款"
    MOVED = "moved", "余款转入"


class ExpenseState(models.TextChoices):
    """Where an expense stands: whose signature it waits for, or what became of it."""

    AT_COMMUNITY = "at_community", "待社区审核"
    AT_STREET = "at_street", "待街道复核"
    AT_DISTRICT = "at_district", "待区级审批"
    APPROVED = "approved", "待付款"
    PAID = "paid", "已付款待回执"
    RECEIPTED = "receipted", "已收讫"
    REFUSED = "refused", "未通过"
    FROZEN = "frozen", "已冻结"


class SignLevel(models.TextChoices):
    """The three levels of supervision."""

    COMMUNITY = "community", "社区"
    STREET = "street", "街道"
    DISTRICT = "district", "区"


class Choice(models.TextChoices):
    """How a member votes."""

    FOR = "for", "同意"
    AGAINST = "against", "不同意"
    RECUSED = "recused", "回避"


class QuestionState(models.TextChoices):
    """Where a resident's question stands."""

    ASKED = "asked", "待答复"
    ANSWERED = "answered", "已答复"


class ChangeState(models.TextChoices):
    """What the giver says to another use."""

    ASKED = "asked", "等捐赠人答复"
    AGREED = "agreed", "捐赠人同意"
    DECLINED = "declined", "捐赠人不同意"
