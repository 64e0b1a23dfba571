"""What a phone sends about a visit, checked for shape only; whether it may be is the domain's answer."""

from typing import Any

from django import forms

from wushe.chain.visits.models import EvidenceKind
from wushe.chain.visits.services import LONGEST_NOTE


class RecordForm(forms.Form):
    """One record of a visit: a sign-in, a piece of evidence or a sign-out.

    A phone without scripts sends no time of its own; then the time of arrival counts.
    """

    kind = forms.ChoiceField(choices=[("sign_in", "签到"), ("evidence", "照片"), ("sign_out", "签退")])
    client_id = forms.UUIDField()
    device_at = forms.DateTimeField(required=False)
    longitude = forms.FloatField(required=False)
    latitude = forms.FloatField(required=False)
    accuracy = forms.FloatField(required=False, min_value=0, max_value=10_000_000)
    evidence_kind = forms.ChoiceField(required=False, choices=EvidenceKind.choices)
    note = forms.CharField(
        label="服务情况", required=False, max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(required=False, allow_empty_file=True)
    # Instead of the photo itself, if it was sent in pieces before.
    photo_digest = forms.CharField(required=False, max_length=64)

    def clean_accuracy(self) -> int | None:
        """Return whole metres."""
        accuracy = self.cleaned_data["accuracy"]
        return None if accuracy is None else round(accuracy)

    def clean(self) -> dict[str, Any]:
        """Ask for the picture where there must be one."""
        cleaned = super().clean() or {}
        if cleaned.get("kind") == "evidence" and not (cleaned.get("photo") or cleaned.get("photo_digest")):
            self.add_error("photo", "请先拍照。")
        return cleaned
