"""Lay the lanes of the journal and forbid changes of its rows."""

from django.db import migrations

from wushe.foundation.immutable import append_only


def lay_lanes(apps, schema_editor):
    lane = apps.get_model("journal", "Lane")
    lane.objects.bulk_create([lane(pk=number) for number in range(1, 17)])


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        migrations.RunPython(lay_lanes, migrations.RunPython.noop),
        append_only("journal_entry", "journal_anchor"),
    ]
