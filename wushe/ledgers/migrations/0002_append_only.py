"""Forbid changes of entries and legs: books are corrected only by reversal."""

from django.db import migrations

from wushe.foundation.immutable import append_only


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_initial")]
    operations = [append_only("ledgers_entry", "ledgers_leg")]
