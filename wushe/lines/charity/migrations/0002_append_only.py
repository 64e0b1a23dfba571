"""Forbid changes of signatures, allocations and votes: what was signed, paid or voted stays."""

from django.db import migrations

from wushe.foundation.immutable import append_only


class Migration(migrations.Migration):
    dependencies = [("charity", "0001_initial")]
    operations = [append_only("charity_signing", "charity_allocation", "charity_relief_vote", "charity_relief_visit")]
