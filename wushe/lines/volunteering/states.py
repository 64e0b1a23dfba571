"""The words of volunteering: kinds of activities, how hours came about, what looks wrong about them, and all states."""

from django.db import models


class ActivityKind(models.TextChoices):
    """What an activity is; all kinds have shifts, and all may have seats for residents."""

    PROJECT = "project", "公益项目"
    ACTIVITY = "activity", "志愿活动"
    STANDING = "standing", "常设岗位"
    COURSE = "course", "课程"
    CLUB = "club", "文体社团"
    LECTURE = "lecture", "讲座沙龙"
    CAMPAIGN = "campaign", "集中宣传"


class ActivityState(models.TextChoices):
    """Where an activity stands."""

    DRAFT = "draft", "筹备中"
    OPEN = "open", "招募中"
    CLOSED = "closed", "已结项"
    CANCELLED = "cancelled", "已取消"


class Season(models.TextChoices):
    """The festivals and months that call for volunteers each year (handbook: 节庆志愿, 学雷锋)."""

    NONE = "", "平时"
    NEW_YEAR = "new_year", "春节"
    LANTERN = "lantern", "元宵节"
    LEI_FENG = "lei_feng", "学雷锋月"
    QINGMING = "qingming", "清明节"
    LABOUR = "labour", "劳动节"
    CHILDREN = "children", "儿童节"
    DRAGON_BOAT = "dragon_boat", "端午节"
    MID_AUTUMN = "mid_autumn", "中秋节"
    NATIONAL = "national", "国庆节"
    DOUBLE_NINTH = "double_ninth", "重阳节"
    VOLUNTEER_DAY = "volunteer_day", "国际志愿者日"


class AgreementCase(models.TextChoices):
    """The seven cases in which a written agreement is signed first (北京市志愿服务促进条例第十八条)."""

    DANGER = "danger", "有人身危险"
    MONTH = "month", "连续一个月以上"
    LARGE = "large", "大型活动"
    OUTSIDE = "outside", "到市外服务"
    FOREIGN = "foreign", "有外国人参加"
    ASKED = "asked", "一方要求签"
    LAW = "law", "法律法规要求签"


class SignUpState(models.TextChoices):
    """Where a sign-up stands."""

    TAKEN = "taken", "已报上"
    QUEUED = "queued", "候补中"
    WITHDRAWN = "withdrawn", "已退出"
    SERVED = "served", "已到岗"
    ABSENT = "absent", "没有来"


class AttendeeState(models.TextChoices):
    """Where a resident who takes part stands."""

    QUEUED = "queued", "候补中"
    ENROLLED = "enrolled", "已报名"
    LEFT = "left", "已退出"


class SwapState(models.TextChoices):
    """Where the wish to swap shifts stands."""

    ASKED = "asked", "等对方答复"
    AGREED = "agreed", "已换班"
    DECLINED = "declined", "对方没同意"
    LAPSED = "lapsed", "已作废"


class Origin(models.TextChoices):
    """How an hour came about; it stays with the record for good."""

    QR = "qr", "扫码签到"
    PLACE = "place", "位置签到"
    ROLL = "roll", "组织者点名"
    VISIT = "visit", "上门服务"
    HAND = "hand", "人工补记"
    IMPORTED = "imported", "外部导入"


class HourState(models.TextChoices):
    """Where an hour record stands."""

    RUNNING = "running", "服务中"
    HELD = "held", "待核对"
    COUNTED = "counted", "已计入"
    STRUCK = "struck", "不计入"


class Oddity(models.TextChoices):
    """What looks wrong about a record."""

    OVERLAP = "overlap", "和另一段服务时间重叠"
    FAR = "far", "签到的地方离活动太远"
    SPEED = "speed", "两次签到之间走不了这么远"
    DEVICE = "device", "同一部手机给多人签到"
    LONG = "long", "一次时间过长"
    WORK_TIME = "work_time", "工作日上班时间"
    NO_SIGN_OUT = "no_sign_out", "没有签退"


class CorrectionState(models.TextChoices):
    """Where the wish for a correction stands."""

    ASKED = "asked", "待答复"
    GRANTED = "granted", "已更正"
    DECLINED = "declined", "没有更正"


class CertificateState(models.TextChoices):
    """Where a certificate stands: 申请 → 受理 → 开具 → 公示."""

    APPLIED = "applied", "待受理"
    POSTED = "posted", "公示中"
    ISSUED = "issued", "已生效"
    DECLINED = "declined", "没有开具"
    REVOKED = "revoked", "已撤销"
