"""The receipt of a donation as an office prints it; its QR code leads the giver to where their money went."""

from wushe.foundation.documents.render import pdf, qr
from wushe.foundation.documents.sums import in_words
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
