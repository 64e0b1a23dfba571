"""Facilities: stations, centres, meal points, day care; what they do, how many they hold, when they open."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation


class FacilityKind(models.TextChoices):
    """Types of facility after the source policies."""

    DISPATCH_CENTRE = "dispatch_centre", "指挥调度中心"
    DISTRICT_CENTRE = "district_centre", "区社会工作指导中心"
    STREET_STATION = "street_station", "街道（乡镇）社工站"
    COMMUNITY_STATION = "community_station", "社区（村）社工室"
    CARE_CENTRE = "care_centre", "养老照料中心"
    CARE_STATION = "care_station", "养老服务驿站"
    DAY_CARE = "day_care", "日间照料中心"
    MEAL_POINT = "meal_point", "助餐点"
    CHILDREN_HOME = "children_home", "儿童之家"
    SERVICE_COMPLEX = "service_complex", "党群服务综合体"
    NURSING_HOME = "nursing_home", "养老院"
    FAMILY_BEDS = "family_beds", "家庭照护床位"
    VOLUNTEER_SITE = "volunteer_site", "志愿服务站点"


class Function(models.TextChoices):
    """What a facility does, after the source policies."""

    DISPATCH = "dispatch", "派单调度"
    CALL_BACK = "call_back", "电话回访"
    AUDIT = "audit", "服务核验"
    EMERGENCY_CALL = "emergency_call", "紧急呼叫"
    SOCIAL_WORK = "social_work", "社会工作"
    CASE = "case", "个案服务"
    TRAINING = "training", "培训"
    SUPERVISION = "supervision", "督导"
    GUIDANCE = "guidance", "对下指导"
    RESIDENTIAL = "residential", "集中入住"
    SHORT_STAY = "short_stay", "临时托养"
    DAY_CARE = "day_care", "日间照料"
    TEKUN = "tekun", "特困供养"
    HOME_SERVICE = "home_service", "上门服务"
    VISIT = "visit", "走访探访"
    MEAL = "meal", "助餐"
    DELIVERY = "delivery", "送餐"
    BATHING = "bathing", "助浴"
    OUTING = "outing", "助行"
    REHABILITATION = "rehabilitation", "康复"
    HEALTH = "health", "健康服务"
    COMFORT = "comfort", "精神慰藉"
    CALL = "call", "电话问候"
    ACTIVITY = "activity", "文体活动"
    LEARNING = "learning", "学习教育"
    CHILDREN = "children", "儿童服务"
    TUTORING = "tutoring", "课业辅导"
    POLICY = "policy", "政策咨询"
    COUNTER = "counter", "窗口办事"
    MEDIATION = "mediation", "矛盾调解"
    MEETING = "meeting", "议事协商"
    CHARITY = "charity", "慈善物资"
    VOLUNTEERING = "volunteering", "志愿服务"
    PARTY = "party", "党群服务"


class Facility(Placed):
    """A place of service."""

    SCOPE = Scope(area="", organisation="operator_id")

    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=20, choices=FacilityKind.choices)
    operator = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="facilities")
    functions = models.JSONField("功能", default=list)
    capacity = models.IntegerField("容量", null=True, blank=True)
    opening = models.CharField("开放时间", max_length=80, blank=True, default="")
    longitude = models.FloatField("经度")
    latitude = models.FloatField("纬度")
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    address = models.CharField("地址", max_length=120, blank=True, default="")
    phone = models.CharField("服务电话", max_length=20, blank=True, default="")
    star = models.IntegerField("星级", default=0)
    weekdays = models.CharField("开放日（1-7）", max_length=7, default="1234567")
    guide = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="guided", verbose_name="上级指导设施"
    )
    opened_on = models.DateField("启用日期", null=True, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "facilities_facility"
        indexes = [models.Index(fields=["district_code", "kind"], name="facilities_district_kind")]
        constraints = [models.CheckConstraint(condition=Q(star__gte=0, star__lte=5), name="facilities_star_bounds")]

    def __str__(self) -> str:
        return self.name


class Room(models.Model):
    """A room of a facility: beds of a care level with how many are taken, or a place for so many people."""

    class Use(models.TextChoices):
        BEDROOM = "bedroom", "居室"
        DAY_ROOM = "day_room", "日间照料室"
        CANTEEN = "canteen", "老年食堂"
        GAMES = "games", "棋牌室"
        CINEMA = "cinema", "影音室"
        GYM = "gym", "健身房"
        REHABILITATION = "rehabilitation", "康复室"
        MEETING = "meeting", "会议室"
        CLASSROOM = "classroom", "教室"
        OTHER = "other", "其他"

    class Care(models.TextChoices):
        NONE = "", "不分"
        SELF = "self", "自理"
        PARTIAL = "partial", "半自理"
        FULL = "full", "全护理"

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="rooms")
    name = models.CharField("名称", max_length=40)
    use = models.CharField("用途", max_length=16, choices=Use.choices)
    care = models.CharField("护理等级", max_length=8, choices=Care.choices, blank=True, default="")
    beds = models.IntegerField("床位", default=0)
    taken = models.IntegerField("已住", default=0)
    holds = models.IntegerField("可容人数", default=0)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        db_table = "facilities_room"
        constraints = [
            models.CheckConstraint(
                condition=Q(beds__gte=0, taken__gte=0, holds__gte=0, taken__lte=models.F("beds")),
                name="facilities_room_bounds",
            ),
            models.UniqueConstraint(
                fields=["facility", "name"], condition=Q(closed_on=None), name="facilities_room_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
