"""Code lists of the register of people."""

from django.db import models


class RevealField(models.TextChoices):
    """The protected values of a person."""

    ID_NUMBER = "id_number", "身份证号"
    PHONE = "phone", "联系电话"
    ADDRESS = "address", "详细地址"


class RevealReason(models.TextChoices):
    """Why a protected value is looked at. A code and no free text: the journal holds no personal data."""

    CONTACT = "contact", "联系本人或家属"
    VISIT = "visit", "上门服务需要"
    IDENTITY = "identity", "核对身份"
    APPLICATION = "application", "代办申请"
    EMERGENCY = "emergency", "紧急情况"


class ConsentPurpose(models.TextChoices):
    """What personal data may be used for, each agreed to on its own."""

    SERVICE = "service", "建档和提供服务"
    SHARING = "sharing", "与服务机构共享必要信息"
    PHOTO = "photo", "服务过程拍照存证"
    LOCATION = "location", "定位"
    HEALTH = "health", "健康信息"
    PUBLICITY = "publicity", "宣传展示"
    ON_BEHALF = "on_behalf", "由别人代办申请"
