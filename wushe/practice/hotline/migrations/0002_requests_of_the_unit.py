"""What a unit asks of the street has one shape: a dispute and an extension are agreed to, or not."""

from django.db import migrations, models
from django.db.models import Q

_FIELDS = {
    "order": models.ForeignKey("hotline.hotlineorder", models.CASCADE, related_name="%(class)ss"),
    "reason": models.CharField("理由", max_length=300),
    "agreed": models.BooleanField("同意", null=True),
    "decision": models.CharField("意见", blank=True, default="", max_length=300),
    "decided_at": models.DateTimeField("决定时间", blank=True, null=True),
    "decided_by": models.BigIntegerField("决定账号", blank=True, null=True),
}


def _reshaped(model: str, answer: str) -> list[migrations.operations.base.Operation]:
    constraint = f"hotline_one_open_{model}"
    return [
        migrations.RemoveConstraint(model, constraint),
        migrations.RenameField(model, answer, "agreed"),
        *(migrations.AlterField(model, name, field) for name, field in _FIELDS.items()),
        migrations.AddConstraint(
            model, models.UniqueConstraint(fields=["order"], condition=Q(agreed=None), name=constraint)
        ),
    ]


class Migration(migrations.Migration):
    """Dispute.upheld and Extension.granted become `agreed`."""

    dependencies = [("hotline", "0001_initial")]
    operations = [*_reshaped("dispute", "upheld"), *_reshaped("extension", "granted")]
