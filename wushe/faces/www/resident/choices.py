"""What a resident can ask for with one tap, in the words that residents use, and when."""

from dataclasses import dataclass
from datetime import date, timedelta

NOON = 12 * 60


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of help."""

    code: str
    title: str
    hint: str
    icon: str
    words: str


KINDS = [
    Kind("bath", "洗澡理发", "助浴、理发、剪指甲", "bath", "想请人上门帮忙洗澡、理发、剪指甲"),
    Kind("meal", "吃饭", "送餐、上门做饭", "soup", "想要送餐上门或者请人做饭"),
    Kind("doctor", "看病拿药", "陪看病、拿药、量血压", "stethoscope", "想请人陪着去看病、拿药，或者量血压"),
    Kind("clean", "打扫洗衣", "打扫屋子、洗衣服被子", "wash", "屋里想请人打扫卫生、洗衣服"),
    Kind("care", "照料身体", "起床、翻身、喂饭、陪护", "bed", "身体不方便，想请人照料起床、翻身、喂饭"),
    Kind(
        "company", "陪伴代办", "聊天、陪走走、买东西", "heart-handshake", "想请人陪着聊天、走走，或者代买东西、代办事情"
    ),
    Kind("other", "别的事", "写下来或说给社区听", "message", ""),
]


@dataclass(frozen=True, slots=True)
class When:
    """One answer to "when"."""

    code: str
    title: str
    hint: str
    icon: str
    day: date | None
    start: int | None
    until: int | None


def kind_of(code: str) -> Kind | None:
    """Return the kind of help with this code."""
    return next((kind for kind in KINDS if kind.code == code), None)


def whens(today: date) -> list[When]:
    """Return the answers to "when", seen from today."""
    tomorrow, after = today + timedelta(days=1), today + timedelta(days=2)
    return [
        When("soon", "越快越好", "今天就想有人来", "bolt", today, None, None),
        When("tomorrow-am", "明天上午", _named(tomorrow), "sun", tomorrow, 8 * 60, NOON),
        When("tomorrow-pm", "明天下午", _named(tomorrow), "moon", tomorrow, NOON, 18 * 60),
        When("after-am", "后天上午", _named(after), "sun", after, 8 * 60, NOON),
        When("after-pm", "后天下午", _named(after), "moon", after, NOON, 18 * 60),
        When("any", "哪天都行", "社区来安排", "calendar", None, None, None),
    ]


def when_of(code: str, today: date) -> When | None:
    """Return the answer with this code."""
    return next((when for when in whens(today) if when.code == code), None)


def _named(day: date) -> str:
    return f"{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
