"""The receipt of a donation as an office prints it; its QR code leads the giver to where their money went."""

from wushe.foundation.documents.render import pdf, qr
from wushe.foundation.quantities import show_fen

from .enums import UseCategory
from .models import Donation


def receipt_pdf(lot: Donation, *, address: str, handler: str) -> bytes:
    """Return the receipt as PDF: giver, sum in figures and words, aim, handler and date (慈善法第三十八条)."""
    giver = lot.donor.name if lot.donor else "爱心人士"
    limits = [UseCategory(lot.only_category).label] if lot.only_category else []
    limits += [f"{lot.use_until:%Y年%-m月%-d日}前使用"] if lot.use_until else []
    facts = [
        ["捐赠人", lot.payer or giver],
        ["金额（小写）", show_fen(lot.amount_fen)],
        ["金额（大写）", in_words(lot.amount_fen)],
        ["方式", lot.get_way_display()],
        ["用于", f"{lot.fund.title}：{lot.fund.purpose}"],
        ["捐赠人限定", "，".join(limits) or lot.wishes or "无"],
        ["到账日期", f"{lot.received_on:%Y年%-m月%-d日}"],
        ["经手人", handler],
    ]
    return pdf(
        template="letter",
        data={
            "title": "捐赠收据", "number": lot.number, "issuer": lot.fund.host.name,
            "on": f"{lot.received_on:%Y年%-m月%-d日}", "facts": facts, "qr": qr(address),
            "verify": "扫码可以看到这笔钱用在了哪里",
            "paragraphs": ["感谢您的爱心。这笔捐赠已经入账，每一分钱的去向都可以查到。"],
        },
    )  # fmt: skip


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ["", "拾", "佰", "仟"]
_GROUPS = ["", "万", "亿", "万亿"]


def in_words(fen: int) -> str:
    """Return a sum in the words of cheques: 壹仟贰佰叁拾肆元伍角整."""
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{words or '零元'}整"
    words += f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
    return words + (f"{_DIGITS[last]}分" if last else "整")


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            continue
        if words and (group < 1000 or groups[place + 1] == 0):
            words += "零"
        words += _thousand(group) + _GROUPS[place]
    return words


def _thousand(group: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words
